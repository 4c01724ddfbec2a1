package server

import (
	"io"
	"net/http"
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
	room := p.eval("location.hash")
	p.press(`[data-action="language"]`)
	p.wait("English", `document.documentElement.lang === "en" && document.querySelector('[data-action="heal"]')?.textContent === "Heal"`)
	if again := p.eval("location.hash"); again != room {
		t.Errorf("before %s, after %s", room, again)
	}
	p.quiet()
}
