package server

import (
	"strings"
	"testing"
	"time"

	natsserver "github.com/nats-io/nats-server/v2/server"
)

// TestNotesOnNATS holds the notes of a log on NATS to what any log's are held to.
func TestNotesOnNATS(t *testing.T) {
	node := startNATS(t)
	log := openNATS(t, NATSConfig{URL: node.url()})
	notesHold(t, log)
	log.Tell("no room.*", []byte("to nobody"))
	for range log.Hear(t.Context(), ">") {
		t.Fatal("every room is heard")
	}
	for node.hears(t, natsNoteSubject) > 0 { // or the test takes too long
		time.Sleep(10 * time.Millisecond)
	}
}

// hears counts what NATS is subscribed to for subjects that begin so.
func (n *natsNode) hears(t *testing.T, subject string) (count int) {
	t.Helper()
	all, err := n.server.Subsz(&natsserver.SubszOptions{Subscriptions: true, Limit: 1000})
	if err != nil {
		t.Fatal(err)
	}
	for _, sub := range all.Subs {
		if strings.HasPrefix(sub.Subject, subject) {
			count++
		}
	}
	return count
}

// TestCompanyOnNATS: who is there, who presents and what is looked at is known at every server on one NATS, and those who follow are
// guided into the past at each. A server hears once of each room.
func TestCompanyOnNATS(t *testing.T) {
	node := startNATS(t)
	c := NATSConfig{URL: node.url()}
	_, urlA := startWith(t, openNATS(t, c))
	_, urlB := startWith(t, openNATS(t, c))
	testGuests(t, urlA, urlB)
	testGuides(t, urlA, urlB)
	if n := node.hears(t, natsNoteSubject); n < 2 || n > 2*3 { // a room of each test, and a branch
		t.Errorf("%d subscriptions of two servers, with three rooms", n)
	}
}
