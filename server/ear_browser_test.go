package server

import (
	"context"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"

	"netsplit/sim"
)

// quietRun has clients that do nothing unless they are told to.
const quietRun = `engine 2
seed 7
regions us-east-1 eu-west-1 ap-south-1
lane strong raft leader=us-east-1
lane quorum quorum n=3 r=2 w=2
lane eventual gossip
workload none
end 600s
`

// keys types what somebody presses: letters, or names of keys.
func (p *page) keys(names ...string) {
	p.t.Helper()
	codes := map[string]int64{"Tab": 9, "Enter": 13, "Escape": 27, " ": 32, "ArrowLeft": 37, "ArrowUp": 38, "ArrowRight": 39, "ArrowDown": 40}
	for _, name := range names {
		down := input.DispatchKeyEventParams{Type: "keyDown", Key: name, WindowsVirtualKeyCode: codes[name], NativeVirtualKeyCode: codes[name]}
		if name == "Enter" {
			down.Text = "\r"
		} else if len(name) == 1 {
			down.Text = name
		}
		up := down
		up.Type, up.Text = "keyUp", ""
		for _, e := range []input.DispatchKeyEventParams{down, up} {
			p.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
				_, err := cdp.Call(ctx, target, input.DispatchKeyEvent, e)
				return err
			}))
		}
	}
}

// focused is what a screen reader would say of the element that has the focus.
func (p *page) focused() heard {
	p.t.Helper()
	found := heard{}
	for _, n := range p.tree() {
		if n.focused && n.role != "RootWebArea" {
			found = n
		}
	}
	return found
}

// reach presses a key until what has the focus is called so.
func (p *page) reach(key, name string) {
	p.t.Helper()
	is := regexp.MustCompile(name)
	var passed []string
	for range 120 {
		at := p.focused()
		if is.MatchString(at.name) {
			return
		}
		passed = append(passed, at.role+" "+at.name)
		p.keys(key)
	}
	p.t.Fatalf("%s does not lead to %q; it leads by:\n%s", key, name, strings.Join(passed, "\n"))
}

// hush forgets what has been said aloud.
func (p *page) hush() { p.eval(`(said.length = 0)`) }

// told waits until something has been said aloud.
func (p *page) told(pattern string) {
	p.t.Helper()
	is := regexp.MustCompile(pattern)
	for range 800 {
		all := p.eval(`JSON.stringify(said)`)
		if is.MatchString(all) {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	p.t.Fatalf("nobody was told %s, but %s", pattern, p.eval(`JSON.stringify(said)`))
}

// says waits until something in the tree of accessibility has a name.
func (p *page) says(pattern string) {
	p.t.Helper()
	is := regexp.MustCompile(pattern)
	for range 400 {
		for _, n := range p.tree() {
			if is.MatchString(n.name) {
				return
			}
		}
		time.Sleep(100 * time.Millisecond)
	}
	var names []string
	for _, n := range p.tree() {
		if n.role == "button" {
			names = append(names, n.name)
		}
	}
	p.t.Fatalf("nothing is called %s, but\n%s", pattern, strings.Join(names, "\n"))
}

// listen keeps what live regions say, and of what is told with nobody asking, when.
const listen = `(() => {
	window.said = [];
	window.when = [];
	new MutationObserver((list) => {
		for (const m of list) {
			const live = (m.target.nodeType === 1 ? m.target : m.target.parentElement)?.closest("[role=status], [role=alert], [aria-live=polite], [aria-live=assertive]");
			if (live?.textContent) said.push(live.textContent);
			if (live?.textContent && live.matches("[data-said]")) when.push({at: Math.round(performance.now()), said: live.textContent});
		}
	}).observe(document.body, {subtree: true, childList: true, characterData: true});
})()`

// TestByEar does a whole round with nothing but the tree of accessibility and the keyboard: a region is sent away, a client
// there writes in every mode and is told what became of it, the partition heals, and elsewhere the value is read.
func TestByEar(t *testing.T) {
	_, url := start(t)
	p := open(t, url+"/?lang=en#run="+sim.Pack(quietRun), 1440, 900, "light")
	p.eval(listen)
	p.says(`^us-east-1, Strong: leader, `)
	p.reach("Tab", `^Speed: `)
	p.keys("1", "ArrowDown", "ArrowDown") // faster; the key goes to the list, not to the page

	p.reach("Tab", `^eu-west-1, Strong: follower, .*Enter sends it away$`)
	p.keys("Enter")
	p.told(`eu-west-1 (is|drifts|goes|was)?.*away`)
	p.says(`^eu-west-1, Strong: .*; away. Enter brings it home$`)
	p.says(`^Cable us-east-1 to eu-west-1, Strong: parted$`)

	p.keys("c")
	p.reach("ArrowRight", `^Client in eu-west-1: nothing asked yet$`)
	p.keys("Enter")
	p.reach("Tab", `^Be this client$`)
	p.keys("Enter")
	p.reach("Tab", `^Number$`)
	p.hush()
	p.keys("7") // the amount is selected, or is put before
	p.reach("Tab", `^Write$`)
	p.keys("Enter")
	p.told(`You, in eu-west-1: .*Eventual: wrote \d+`)
	p.told(`You, in eu-west-1: .*(Strong|Quorum): (refused|no answer)`)
	p.keys("Escape")

	p.hush()
	p.keys("h")
	p.told(`All regions are home`)
	p.keys("1")
	p.reach("Tab", `^ap-south-1, Strong: `)
	p.keys("b")
	p.reach("ArrowDown", `^Your region$`)
	p.keys("ArrowDown") // ap-south-1
	p.keys("Tab")
	p.reach("Tab", `^Read$`)
	p.says(`^ap-south-1, Eventual: .*7`)
	p.keys("Enter")
	p.told(`You, in ap-south-1: .*Eventual: it is \d*7`)
	if fast := p.eval(`when.filter((w, i) => i > 0 && w.at - when[i - 1].at < 1000 && w.said !== when[i - 1].said).length`); fast != "0" {
		t.Errorf("%s utterances follow another one at once: %s", fast, p.eval("JSON.stringify(when)"))
	}
	p.quiet()
}
