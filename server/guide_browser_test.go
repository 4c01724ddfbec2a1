package server

import (
	"testing"

	"netsplit/sim"
)

const (
	lookedAt = store + ".clock.value.at === 2000000 && !" + store + ".clock.value.live && !" + store + ".clock.value.coming"
	apart1   = watchLine + `.includes("Looking around by yourself")`
)

// TestFollowersInThePast: who follows sees the presenter's moment and plays on with it, by no seek of its own; who moves the playhead
// looks around, and is back at the presenter's moment when it returns; with the presenter live all are.
func TestFollowersInThePast(t *testing.T) {
	_, url := start(t)
	host := open(t, url+"/?lang=en#run="+sim.Pack(split), 1440, 900, "light")
	guest := open(t, host.address("viewKey"), 1440, 900, "light")
	phone := open(t, host.address("viewKey"), 390, 844, "dark")
	for _, p := range []*page{guest, phone} {
		p.eval(`(window.sent = [], WebSocket.prototype.send = (send => function (m) { window.sent.push(JSON.parse(m).type); return send.call(this, m) })(WebSocket.prototype.send))`)
	}
	host.faster("5")
	host.wait("four seconds", store+".clock.value.edge > 4000000")
	host.halt()
	host.press(`[data-action="audience"]`, `[data-action="present"]`)
	host.wait("that one presents", store+".presenting.value")
	both := func(what, expression string) {
		t.Helper()
		guest.wait(what, expression)
		phone.wait(what+", on the phone", expression)
	}
	both("that one follows", followed)
	host.scrub(2)
	host.wait("the moment, at the presenter's", lookedAt)
	both("the moment", lookedAt)
	host.faster("0.2")
	host.press(`[data-action="play"]`)
	both("to play on", store+".clock.value.at > 2100000 && "+store+".clock.value.playing && !"+store+".clock.value.live")
	host.press(`[data-action="play"]`)
	host.wait("a stop", "!"+store+".clock.value.playing && !"+store+".clock.value.coming")
	stop := host.eval(store + ".clock.value.at")
	both("the moment of the stop", "!"+store+".clock.value.playing && "+store+".clock.value.at === "+stop)
	for name, p := range map[string]*page{"guest": guest, "phone": phone} {
		if got := p.eval(`JSON.stringify(window.sent.filter(t => t === "seek" || t === "live" || t === "follow"))`); got != `["follow"]` {
			t.Errorf("the %s has asked for %s", name, got)
		}
	}

	guest.scrub(1)
	guest.wait("a moment of its own", store+".clock.value.at === 1000000 && "+apart1)
	phone.press("#tab-story")
	phone.wait("to look around", apart1+" && "+store+".clock.value.at === "+stop+" && !"+store+".clock.value.coming")
	host.scrub(3)
	host.wait("another moment", store+".clock.value.at === 3000000")
	if got := guest.eval(store + ".clock.value.at"); got != "1000000" {
		t.Errorf("who looks around is at %s", got)
	}
	if got := phone.eval(store + ".clock.value.at"); got != stop {
		t.Errorf("who has opened a tab is at %s", got)
	}
	guest.press(returns)
	phone.press(returns)
	both("to be back", followed+" && "+store+".clock.value.at === 3000000 && !"+store+".clock.value.coming")
	host.press(`[data-action="live"]`)
	both("the live edge", store+".clock.value.live && "+followed)
	host.quiet()
	guest.quiet()
	phone.quiet()
}

// TestRefusedFollower: where too many look around by themselves, who moves the playhead is told so, and follows on.
func TestRefusedFollower(t *testing.T) {
	_, url := start(t)
	host := open(t, url+"/?lang=en#run="+sim.Pack(split), 1440, 900, "light")
	guest := open(t, host.address("viewKey"), 1440, 900, "light")
	host.faster("5")
	host.wait("four seconds", store+".clock.value.edge > 4000000")
	host.halt()
	host.press(`[data-action="audience"]`, `[data-action="present"]`)
	guest.wait("that one follows", followed)
	host.scrub(2)
	guest.wait("the moment", lookedAt)
	room, key := host.eval(store+".world.value.room"), host.eval(store+".viewKey.value")
	for range MaxPasts - 1 {
		b, _ := back(t, url, room, key)
		b.say(ClientMessage{Type: "seek", At: sim.Second})
		b.await("its moment", func(in incoming) bool { return in.Type == "state" && in.Clock.At == sim.Second && in.Clock.Coming == 0 })
	}
	guest.scrub(1)
	guest.toast("8 viewers of this room look at its past")
	guest.wait("to follow still", followed+" && "+lookedAt)
	host.scrub(3)
	guest.wait("the next moment", store+".clock.value.at === 3000000")
}
