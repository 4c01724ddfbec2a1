package server

import (
	"net"
	"net/http/httptest"
	"strings"
	"testing"
)

// serveAt serves the playground at an address with a data directory, and returns what ends that.
func serveAt(t *testing.T, addr, dir string) (url string, end func()) {
	t.Helper()
	s, stop := newIn(t, dir)
	l, err := net.Listen("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	hs := httptest.NewUnstartedServer(s)
	hs.Listener.Close()
	hs.Listener = l
	hs.Start()
	end = func() {
		stop()
		hs.CloseClientConnections()
		hs.Close()
	}
	t.Cleanup(end)
	return hs.URL, end
}

// TestPageComesBack: a page whose server goes away and starts again is in its room again, by itself, with a notice meanwhile;
// and what the server had not acknowledged is done, once.
func TestPageComesBack(t *testing.T) {
	dir := t.TempDir()
	url, end := serveAt(t, "127.0.0.1:0", dir)
	p := open(t, url, 1280, 800, "light")
	const store, actions = "netsplit.modules.store", "netsplit.modules.actions"
	p.wait("the line to be open", store+`.connection.value.state === "open"`)
	p.eval(actions + `.part("eu-west-1", true)`)
	count := `netsplit.modules.store.commands.value.filter((c) => c.verb === "partition").length`
	p.wait("the partition", count+" === 1")
	p.eval(`(() => { const send = WebSocket.prototype.send; window.mute = true; WebSocket.prototype.send = function (m) { if (!(window.mute && m.includes('"command"'))) send.call(this, m) } })()`)
	room := p.eval("location.hash")
	p.eval(actions + `.write("eu-west-1", 77)`) // nobody gets it
	end()
	p.wait("the notice", `document.body.textContent.includes("No connection to the server.")`)
	p.eval("(window.mute = false, 0)")
	_, _ = serveAt(t, strings.TrimPrefix(url, "http://"), dir)
	p.wait("the line again", store+`.connection.value.state === "open"`)
	p.wait("what was not acknowledged", `netsplit.modules.store.commands.value.filter((c) => c.verb === "write" && c.value === 77).length === 1`)
	if again := p.eval("location.hash"); again != room {
		t.Errorf("it was in %s and is in %s", room, again)
	}
	if n := p.eval(count); n != "1" {
		t.Errorf("there are %s partitions", n)
	}
}
