package server

import (
	"testing"

	"netsplit/sim"
)

// led enters the room of a message, or a new one, as a guest who comes from where a lead says.
func led(t *testing.T, url, token string, lead Address, to ClientMessage) (*browser, incoming) {
	t.Helper()
	to.Guest, to.Lead = token, &lead
	return company(t, url, to)
}

// TestPresenterOpensAnotherRoom: a presenter who opens a new run takes those who follow along, and presents there; by hand as by key.
func TestPresenterOpensAnotherRoom(t *testing.T) {
	_, url := start(t)
	owner, room := standing(t, url)
	token, id := guestToken(t)
	owner.answer("on", ClientMessage{Type: "hand", To: id, On: true})
	follower, _ := company(t, url, ClientMessage{Room: room.Room, Key: room.ViewKey})
	left := Address{Room: room.Room, Key: room.ViewKey}
	host, _ := company(t, url, ClientMessage{Room: left.Room, Key: left.Key, Guest: token})
	guestIn(t, host)
	follower.audience("a presenter", func(in incoming) bool { return in.Presenter == id })
	for _, to := range []ClientMessage{{Scenario: "presets/etcd/lease-lock"}, {Run: sim.Pack(split)}} {
		host.conn.CloseNow() //nolint:errcheck // as a page that is left
		next, s := led(t, url, token, left, to)
		if s.Room == left.Room || s.Right != RightControl {
			t.Fatalf("%+v opens %s with %q", to, s.Room, s.Right)
		}
		next.audience("itself as the presenter", func(in incoming) bool { return in.Presenter == id && in.Guest == id })
		told := follower.until("where the presenter is", func(in incoming) bool { return in.Type == "glance" && in.Shown.Room != nil })
		if *told.Shown.Room != (Address{Room: s.Room, Key: s.ViewKey}) {
			t.Errorf("it is led to %+v, not to %s", told.Shown.Room, s.Room)
		}
		key := s.Key
		follower, s = company(t, url, ClientMessage{Room: told.Shown.Room.Room, Key: told.Shown.Room.Key})
		if s.Right != RightView {
			t.Errorf("who is led there has %q", s.Right)
		}
		host, left = next, Address{Room: told.Shown.Room.Room, Key: key}
	}
}

// TestLeadsNowhere: a guest who does not present, or has lost control, a wrong key, a room that is not there, or one that the guest may only look
// at: nobody is led, nobody presents, and nothing is refused.
func TestLeadsNowhere(t *testing.T) {
	_, url := start(t)
	owner, room := standing(t, url)
	_, other := standing(t, url)
	token, id := guestToken(t)
	stranger, _ := guestToken(t)
	host, _ := company(t, url, ClientMessage{Room: room.Room, Key: room.Key, Guest: token})
	guestIn(t, host)
	follower, _ := company(t, url, ClientMessage{Room: room.Room, Key: room.ViewKey})
	host.conn.CloseNow() //nolint:errcheck // as a page that is left
	here := Address{Room: room.Room, Key: room.Key}
	for what, c := range map[string]struct {
		token string
		lead  Address
		to    ClientMessage
	}{
		"another guest":           {stranger, here, ClientMessage{}},
		"nobody":                  {"", here, ClientMessage{}},
		"a wrong key":             {token, Address{room.Room, other.Key}, ClientMessage{}},
		"no such room":            {token, Address{randomID(), room.Key}, ClientMessage{}},
		"no room":                 {token, Address{}, ClientMessage{}},
		"a key to look, no hand":  {token, Address{room.Room, room.ViewKey}, ClientMessage{}},
		"a room to look at alone": {token, here, ClientMessage{Room: other.Room, Key: other.ViewKey}},
		"the same room":           {token, here, ClientMessage{Room: room.Room, Key: room.ViewKey}},
	} {
		b, s := led(t, url, c.token, c.lead, c.to)
		seq := b.say(ClientMessage{Type: "text"})
		b.until(what+", an answer", func(in incoming) bool {
			if in.Type == "reject" || in.Type == "audience" && in.Presenter != "" && s.Room != room.Room {
				t.Errorf("%s: %q, %s presents", what, in.Reason, in.Presenter)
			}
			return in.Type == "script" && in.Of == seq
		})
	}
	// What is told next is the test's own: nothing has been told before it.
	next, s := led(t, url, token, here, ClientMessage{})
	next.audience("itself as the presenter", func(in incoming) bool { return in.Presenter == id })
	told := follower.until("where the presenter is", func(in incoming) bool { return in.Type == "glance" && in.Shown.Room != nil })
	if told.Shown.Room.Room != s.Room {
		t.Errorf("it is led to %s, not to %s", told.Shown.Room.Room, s.Room)
	}
	owner.conn.CloseNow() //nolint:errcheck // it has not been needed
}
