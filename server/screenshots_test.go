package server

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// drift is the story that most of the pictures show.
const drift = `engine 2
title Europe drifts away while both sides spend
seed 7
regions us-east-1 eu-west-1 ap-south-1
lane strong raft leader=eu-west-1
lane quorum quorum n=3 r=2 w=2
lane eventual gossip
workload bank rate=1/s staggered
at 2s partition eu-west-1 | us-east-1 ap-south-1
at 6s heal
end 30s
`

// nine has as many regions and replicas as a run may have.
const nine = `engine 2
title Nine regions of three replicas
seed 7
regions us-east-1 us-west-2 sa-east-1 eu-west-1 eu-central-1 ap-south-1 ap-southeast-1 ap-northeast-1 ap-southeast-2
replicas 3 per region
lane strong raft leader=us-east-1
lane eventual gossip
workload bank rate=1/s staggered
at 2s partition eu-west-1 eu-central-1
end 30s
`

// A moment is a state of the page of which pictures are taken: a run at an instant, and what is open.
type moment struct {
	name, text string
	at         int // microseconds
	open       func(p *page)
}

var moments = []moment{
	{"before", drift, 1_450_000, func(*page) {}},
	{"dragging", drift, 1_450_000, func(p *page) {
		x, y := p.middle(region("strong", "eu-west-1"))
		p.do(chromedp.MouseEvent("mouseMoved", x, y), chromedp.MouseEvent("mousePressed", x, y, chromedp.Button("left"), chromedp.ClickCount(1)))
		for i := 1.0; i <= 6; i++ {
			p.do(chromedp.MouseEvent("mouseMoved", x-i*3, y-i*4, chromedp.Button("left")))
		}
		p.wait("a region to be held", `document.querySelector('.region[data-held="1"]') !== null`)
	}},
	{"during", drift, 4_300_000, func(*page) {}},
	{"why", drift, 9_000_000, func(p *page) {
		p.eval(`netsplit.modules.store.explain(2)`)
		p.eval(`netsplit.modules.store.showLane(2)`)
		p.wait("why", `document.querySelectorAll(".diagram .bar").length > 1`)
	}},
	{"spacetime", drift, 0, func(p *page) {
		p.faster("5")
		p.eval(`netsplit.modules.actions.run(true)`)
		p.wait("the moment to have been", `netsplit.modules.store.clock.value.at > 4400000`)
		p.faster("0.2")
		p.halt()
		p.eval(`netsplit.modules.actions.seek(4300000)`)
		p.wait("the moment", `netsplit.modules.store.clock.value.at === 4300000`)
		p.do(chromedp.Click(chromedp.CSS(`[data-tab-of="spacetime"]`)))
		p.wait("arrows", `Number(`+chart+`?.dataset.arrows) > 20`)
		p.eval(`innerWidth < 1280 && document.querySelector(".drawer").scrollIntoView({block: innerHeight < 800 ? "end" : "start"})`)
	}},
	{"crowded", nine, 4_300_000, func(*page) {}},
}

var sizes = [][2]int64{{1440, 900}, {1024, 768}, {390, 844}}

// TestScreenshots takes pictures of the page into the folder that NETSPLIT_SCREENSHOTS names, for people to look at.
func TestScreenshots(t *testing.T) {
	folder := os.Getenv("NETSPLIT_SCREENSHOTS")
	if folder == "" {
		t.Skip("NETSPLIT_SCREENSHOTS names no folder: make screenshots")
	}
	if err := os.MkdirAll(folder, 0o777); err != nil {
		t.Fatal(err)
	}
	for _, m := range moments {
		for _, size := range sizes {
			t.Run(fmt.Sprintf("%s-%d", m.name, size[0]), func(t *testing.T) {
				_, url := start(t)
				p := open(t, url, size[0], size[1], "light")
				p.stand(m.text, m.at)
				m.open(p)
				for _, scheme := range []string{"light", "dark"} {
					p.picture(filepath.Join(folder, fmt.Sprintf("%s-%d-%s.png", m.name, size[0], scheme)), scheme)
				}
				p.quiet()
			})
		}
	}
}

// stand shows a run at an instant, where it stands still and yet is live.
func (p *page) stand(text string, at int) {
	p.t.Helper()
	p.eval(`netsplit.modules.actions.run(false)`)
	p.wait("the room to be paused", `netsplit.modules.store.clock.value.playing === false`)
	p.eval(fmt.Sprintf(`(window.refused = "", netsplit.modules.actions.runScript(%s, %d).then(r => { window.refused = r?.reason ?? "no" }), 0)`, strconv.Quote(text), at))
	p.wait("the run to be there", fmt.Sprintf(`window.refused === "no" && netsplit.modules.store.clock.value.at === %d && netsplit.modules.store.playback.settled()`, at))
	p.eval(`netsplit.modules.store.dismissRestart()`)
}

// picture saves what the page shows, in light or dark, when all movement has come to rest.
func (p *page) picture(file, scheme string) {
	p.t.Helper()
	p.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
		return err
	}))
	p.eval(`(window.frames2 = 0, requestAnimationFrame(() => requestAnimationFrame(() => window.frames2 = 1)), 0)`)
	p.wait("all to be still", `window.frames2 === 1 && document.getAnimations().every(a => a.playState !== "running" || a.effect.getComputedTiming().iterations === Infinity)`)
	png, err := chromedp.Run(p.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(file, png, 0o666); err != nil {
		p.t.Fatal(err)
	}
}
