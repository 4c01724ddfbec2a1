package server

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"github.com/chromedp/chromedp"

	"netsplit/sim"
)

// presents has a page present.
func (p *page) presents(on bool) {
	p.t.Helper()
	p.press(`[data-action="audience"]`, `[data-action="present"]`)
	p.wait("whether one presents", fmt.Sprintf("%s.presenting.value === %t", store, on))
	p.do(chromedp.KeyEvent(escape))
}

// comesAlong waits until a follower is where the presenter is, in another room than one, and sees what that one opens.
func (p *page) comesAlong(host *page, than, open string) (room string) {
	p.t.Helper()
	host.wait("a new page, which presents", fmt.Sprintf(`document.body?.dataset.ready === "1" && %s.presenting.value && %s.world.value.room !== %q`, store, store, than))
	room = host.eval(store + ".world.value.room")
	p.wait("the presenter's room", fmt.Sprintf("%s.world.value.room === %q && %s && %s.right.value === 'view'", store, room, followed, store))
	host.press("#tab-" + open)
	p.wait("the presenter's tab", tab(open))
	return room
}

// TestClassComesAlong: a presenter chooses the next story, or opens a link, and those who follow see it there; when it stops they are told, until
// they do something or dismiss it.
func TestClassComesAlong(t *testing.T) {
	_, url := start(t)
	host := open(t, url+"/?lang=en#run="+sim.Pack(split), 1440, 900, "light")
	guest := open(t, host.address("viewKey"), 1440, 900, "light")
	phone := open(t, host.address("viewKey"), 390, 844, "dark")
	host.presents(true)
	guest.wait("that one follows", followed)
	phone.wait("that the phone follows", followed)
	first := host.eval(store + ".world.value.room")
	host.fill(`[data-action="scenario"]`, "old-primary")
	second := guest.comesAlong(host, first, "charts")
	phone.wait("the phone, too", fmt.Sprintf("%s.world.value.room === %q && %s", store, second, followed))
	host.eval(fmt.Sprintf("location.hash = 'run=%s'", sim.Pack(split)))
	third := guest.comesAlong(host, second, "story")
	phone.wait("the phone, too", fmt.Sprintf("%s.world.value.room === %q && %s", store, third, followed))
	if got := guest.eval("sessionStorage.length"); got != "0" {
		t.Error("a tab that is duplicated would take this page's token along")
	}

	host.presents(false)
	for _, p := range []*page{guest, phone} {
		p.wait("a word", watchLine+`.includes("The presenter has left.")`)
	}
	if got := phone.eval("document.documentElement.scrollWidth <= 390 && document.querySelector('.company').getBoundingClientRect().height <= 48"); got != "true" {
		t.Error("the line takes more than one line of a telephone")
	}
	guest.press("#tab-script")
	guest.wait("no word", "!"+watchLine+`.includes("has left")`)
	phone.wait("the button in sight", `(b => { const r = b.getBoundingClientRect(); return document.elementFromPoint(r.x + r.width / 2, r.y + r.height / 2) === b })(document.querySelector('[data-action="parted"]'))`)
	phone.press(`[data-action="parted"]`)
	phone.wait("no word", "!"+watchLine+`.includes("has left")`)
	host.quiet()
	guest.quiet()
	phone.quiet()
}

// startAgain serves a directory at an address that stays, and returns what ends the server and starts another.
func startAgain(t *testing.T) (url string, again func()) {
	t.Helper()
	var now atomic.Pointer[Server]
	hs := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if s := now.Load(); s != nil {
			s.ServeHTTP(w, req)
			return
		}
		w.WriteHeader(http.StatusServiceUnavailable)
	}))
	dir, end := t.TempDir(), func() {}
	again = func() {
		end()
		s, stop := newIn(t, dir)
		now.Store(s)
		end = func() {
			now.Store(nil)
			stop()
		}
	}
	t.Cleanup(func() { end(); hs.Close() })
	again()
	return hs.URL, again
}

// TestPresentingOutlivesTheServer: the presenter's page presents again when it is back in its room after the server has started anew, and is
// followed; who has stopped does not.
func TestPresentingOutlivesTheServer(t *testing.T) {
	url, again := startAgain(t)
	host := open(t, url+"/?lang=en#run="+sim.Pack(split), 1440, 900, "light")
	guest := open(t, host.address("viewKey"), 1440, 900, "light")
	for _, p := range []*page{host, guest} {
		p.eval(`(window.lost = 0, ` + store + `.connection.subscribe(c => { if (c.state === "closed") window.lost++ }))`)
	}
	restart := func() {
		t.Helper()
		for _, p := range []*page{host, guest} {
			p.eval("(window.lost = 0)")
		}
		again()
		for _, p := range []*page{host, guest} {
			p.wait("the server again", `window.lost > 0 && `+store+`.connection.value.state === "open"`)
		}
	}
	room := host.eval(store + ".world.value.room")
	host.presents(true)
	guest.wait("that one follows", followed)
	restart()
	host.wait("that one presents again", store+".presenting.value")
	guest.wait("that one follows again", followed)
	host.press("#tab-charts")
	guest.wait("the presenter's tab", tab("charts"))
	if got := guest.eval(store + ".world.value.room"); got != room {
		t.Errorf("it follows in %s, not in %s", got, room)
	}
	host.presents(false)
	restart()
	host.wait("both", store+".audience.value.viewers === 2")
	if got := host.eval(store + ".presenting.value"); got != "false" {
		t.Error("who has stopped presents again")
	}
}
