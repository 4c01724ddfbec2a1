package server

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
)

// scenes is how many states of the stage there are in web/scenes.ts.
const scenes = 13

// TestWebScenes draws states of the stage in the browser, as web/scenes.ts lays them out, and compares their SVG, in
// whole pixels, with web/testdata. -update rewrites the files.
func TestWebScenes(t *testing.T) {
	_, url := start(t)
	p := open(t, url, 800, 600, "light")
	if _, err := chromedp.Run(p.ctx, chromedp.Evaluate[any]("(() => {"+bundled(t, "scenes")+"})(); null")); err != nil {
		t.Fatal(err)
	}
	var drawn map[string]string
	if err := json.Unmarshal([]byte(p.eval("JSON.stringify(window.scenes)")), &drawn); err != nil {
		t.Fatal(err)
	}
	if len(drawn) != scenes {
		t.Fatalf("%d scenes, want %d", len(drawn), scenes)
	}
	for name, svg := range drawn {
		file := filepath.Join("..", "web", "testdata", name+".svg.txt")
		if *update {
			if err := os.WriteFile(file, []byte(svg), 0o666); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if svg != string(want) {
			t.Errorf("%s: the stage is drawn otherwise than in %s; if it is to be: go test ./server -run TestWebScenes -update", name, file)
		}
	}
	p.quiet()
}

// bundled returns a TypeScript file of web as one script.
func bundled(t *testing.T, name string) string {
	t.Helper()
	out := filepath.Join(t.TempDir(), name+".js")
	build := exec.Command("go", "run", "-modfile=tools.mod", "web/build.go", "web/"+name+".ts", out)
	build.Dir = ".."
	if said, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	script, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	return string(script)
}

// TestWebLegend opens the legend by its key, hides the heartbeats, and finds them hidden after a reload.
func TestWebLegend(t *testing.T) {
	_, url := start(t)
	p := open(t, url, 1024, 768, "dark")
	p.do(chromedp.KeyEvent("l"))
	p.wait("the legend", `document.querySelector("#legend") !== null`)
	p.accessible("with the legend")
	p.do(chromedp.Click(chromedp.CSS(`[data-action="beats"]`)))
	p.wait("heartbeats to be hidden", `localStorage.getItem("netsplit-heartbeats") === "off"`)
	p.do(chromedp.KeyEvent("\x1b"))
	p.wait("the legend to close", `document.querySelector("#legend") === null`)
	p.do(chromedp.Reload())
	p.wait("the state", `document.body.dataset.ready === "1"`)
	p.do(chromedp.Click(chromedp.CSS(`[data-action="legend"]`)))
	p.wait("the choice to be remembered", `document.querySelector('[data-action="beats"]').checked === false`)
	p.quiet()
}
