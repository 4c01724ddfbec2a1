package server

import (
	"strings"
	"testing"
)

// TestPageWaitsForARoom: a page whose room is refused because too many are being opened says so, and when it tries again, and does so by
// itself, in the visitor's language.
func TestPageWaitsForARoom(t *testing.T) {
	s, url := start(t)
	p := open(t, url, 1280, 800, "light")
	s.gate.opening.SetBurst(0)
	for _, in := range [][3]string{{"en", "The server has no room free yet: too many rooms are being opened", "Trying again in "},
		{"de", "Der Server hat noch keinen Raum frei: too many rooms are being opened", "Neuer Versuch in "}} {
		p.eval(`(location.href = "/?lang=` + in[0] + `", 0)`)
		p.wait("why it waits", `document.body.textContent.includes("`+in[1]+`")`)
		if said := p.eval(`document.querySelector("[role=timer]").textContent`); !strings.Contains(said, in[2]) {
			t.Errorf("it says %q", said)
		}
	}
	s.gate.opening.SetBurst(MaxOpeningsBurst)
	p.wait("the room", `netsplit.modules.store.connection.value.state === "open" && location.hash.includes("room=")`)
}
