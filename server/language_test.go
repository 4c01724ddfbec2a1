package server

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestLanguage: the address decides, then what was chosen before, then the browser.
func TestLanguage(t *testing.T) {
	_, url := start(t)
	for _, c := range []struct{ query, cookie, header, want string }{
		{"", "", "", "en"},
		{"", "", "de-AT,en;q=0.8", "de"},
		{"", "", "en;q=0.3, fr, de;q=0.5", "de"},
		{"", "", "de;q=0", "en"},
		{"", "en", "de", "en"},
		{"?lang=de", "en", "en", "de"},
		{"?lang=xx", "", "", "en"},
	} {
		req, err := http.NewRequest("GET", url+"/"+c.query, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Accept-Language", c.header)
		if c.cookie != "" {
			req.AddCookie(&http.Cookie{Name: languageCookie, Value: c.cookie})
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(res.Body)
		res.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		script := map[string]string{"en": "/static/app.js", "de": "/static/app.de.js"}[c.want]
		if !strings.Contains(string(body), `<html lang="`+c.want+`"`) || !strings.Contains(string(body), script) {
			t.Errorf("%+v: not in %s", c, c.want)
		}
	}
}

// TestGerman: the page speaks German, and changes to English and back in the same room.
func TestGerman(t *testing.T) {
	_, url := start(t)
	p := open(t, url+"/?lang=de", 1024, 768, "light")
	p.wait("German on the stage", `/du hast|Kontostand/.test(document.querySelector(".above").textContent)`)
	p.wait("German around it", `document.querySelector('[data-action="heal"]').textContent === "Heilen" && /linearisierbar/.test(document.querySelector("button.verdict").textContent)`)
	p.accessible("in German, light")
	english := englishOnly(t)
	p.german("the page", english)
	for _, tab := range []string{"story", "charts", "spacetime", "inspect", "script"} {
		p.press(`[data-tab-of="` + tab + `"]`)
		p.wait("the tab "+tab, `document.querySelector('.drawer .panel[data-panel="`+tab+`"]').textContent.length > 0`)
		p.wait("its script", `!document.querySelector(".drawer .panel").textContent.includes("Lädt")`)
		p.german("the tab "+tab, english)
	}
	p.press(`[data-action="drawer"]`, `[data-action="legend"]`)
	p.wait("the legend", `document.querySelector("#legend h2")?.textContent === "Legende"`)
	p.german("the legend", english)
	p.press(`[data-action="close-legend"]`)
	room := p.eval("location.hash")
	p.press(`[data-action="language"]`)
	p.wait("English", `document.documentElement?.lang === "en" && document.querySelector('[data-action="heal"]')?.textContent === "Heal"`)
	if again := p.eval("location.hash"); again != room {
		t.Errorf("before %s, after %s", room, again)
	}
	p.quiet()
}

var quoted = regexp.MustCompile(`"([A-Za-z][^"$` + "`" + `]{3,})"`)

// englishOnly lists the texts of the English files of words that the German ones do not have.
func englishOnly(t *testing.T) []string {
	t.Helper()
	texts := func(pattern string) map[string]bool {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %v, %v", pattern, files, err)
		}
		found := map[string]bool{}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range quoted.FindAllSubmatch(text, -1) {
				found[string(m[1])] = true
			}
		}
		return found
	}
	english, german := texts("../web/*words.ts"), texts("../web/de/*.ts")
	maps.DeleteFunc(english, func(text string, _ bool) bool { return german[text] })
	return slices.Sorted(maps.Keys(english))
}

// german checks that no element says one of the English texts, in itself or in what it is called. What the server
// writes, facts and what is marked as English, is left out.
func (p *page) german(where string, english []string) {
	p.t.Helper()
	list, err := json.Marshal(english)
	if err != nil {
		p.t.Fatal(err)
	}
	found := p.eval(`(() => {
		const english = new Set(` + string(list) + `), found = [];
		for (const el of document.querySelectorAll("body *")) {
			if (el.closest("script, .facts, [lang=en]")) continue;
			const said = [...el.childNodes].filter((n) => n.nodeType === 3).map((n) => n.data);
			for (const name of ["aria-label", "title", "placeholder", "aria-valuetext"]) said.push(el.getAttribute(name) ?? "");
			found.push(...said.map((text) => text.trim()).filter((text) => english.has(text)));
		}
		return found.join("; ");
	})()`)
	if found != "" {
		p.t.Errorf("English in %s: %s", where, found)
	}
}
