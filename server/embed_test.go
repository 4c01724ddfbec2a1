package server

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/coder/websocket"

	"netsplit/sim"
)

// visit answers a request to a path as a browser would make it.
func visit(s *Server, path string) *httptest.ResponseRecorder {
	req := httptest.NewRequest(http.MethodGet, path, nil)
	req.Host = "localhost:8080"
	w := httptest.NewRecorder()
	s.ServeHTTP(w, req)
	return w
}

// roomsOf counts the rooms that are open.
func roomsOf(s *Server) int {
	s.rooms.mu.Lock()
	defer s.rooms.mu.Unlock()
	return len(s.rooms.byID)
}

// TestFramers: whose pages may show embeds, and drive them, is what the list says, exactly.
func TestFramers(t *testing.T) {
	for _, c := range []struct{ list, policy, speak, silent string }{
		{"", "'self' http://localhost:* http://127.0.0.1:*", "http://localhost http://localhost:8000 http://127.0.0.1:99 http://lab.example:8080",
			"https://localhost:8000 http://docs.example http://localhost.evil.example http://127.0.0.2:80 null http://localhost:8000/ http://LOCALHOST:8000"},
		{"none", "'none'", "", "http://localhost:8000 http://lab.example:8080"},
		{"https://docs.example", "'self' https://docs.example", "https://docs.example http://lab.example:8080",
			"http://docs.example https://docs.example:8443 https://docs.example.evil.example https://sub.docs.example http://localhost:8000 null"},
		{" https://a.example , http://b.example:81,null", "'self' https://a.example http://b.example:81", "https://a.example http://b.example:81", "http://b.example null"},
		{"*", "*", "https://docs.example http://localhost:8000", "null * javascript:alert(1) https://docs.example/path https://docs.example:443"},
	} {
		f, err := ParseFramers(c.list)
		if err != nil {
			t.Fatalf("%q: %v", c.list, err)
		}
		if got := f.policy(); got != "frame-ancestors "+c.policy {
			t.Errorf("%q: policy %q, want %q", c.list, got, c.policy)
		}
		if want := strings.Contains(c.list, "null") || c.list == "*"; f.opaque != want {
			t.Errorf("%q: sandboxed frames: %v, want %v", c.list, f.opaque, want)
		}
		for _, origin := range strings.Fields(c.speak) {
			if !f.speaks(origin, "lab.example:8080") {
				t.Errorf("%q: %s may not speak", c.list, origin)
			}
		}
		for _, origin := range strings.Fields(c.silent) {
			if f.speaks(origin, "lab.example:8080") {
				t.Errorf("%q: %s may speak", c.list, origin)
			}
		}
	}
	for _, bad := range []string{"docs.example", "https://docs.example/", "https://docs.example/x", "https://*.example", "https://docs.example:443", "ftp://a.example",
		"https://Docs.example", "https://a.example; script-src *", "https://a.example,,", "'self'", "https://u@a.example", "https://a.example\nX: y"} {
		if _, err := ParseFramers(bad); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}

// TestEmbedOptions: each option is read by itself, and what makes no sense has its default and is named.
func TestEmbedOptions(t *testing.T) {
	s, _ := start(t)
	crowded := sim.Pack(crowd)
	for _, c := range []struct{ query, want, bad string }{
		{"", "europe-away [] all system click 0 0s en", ""},
		{"scenario=healthy&lanes=strong,quorum&view=why,charts&controls=none&theme=dark&run=paused&speed=2.5&t=3.5&lang=de&origin=http://localhost:8000",
			"healthy [strong quorum] none dark paused 2.5 3.5s de at=3.5s&lane=strong&view=why,charts http://localhost:8000", ""},
		{"scenario=PG1&t=2s&run=auto", "PG1 [] all system auto 0 2s en at=2s", ""},
		{"view=why:lost-write.3", "europe-away [] all system click 0 0s en lane=strong&view=why:lost-write.3", ""},
		{"run=paused", "europe-away [] all system paused 0 0s en at=0.000001s", ""},
		{"share=" + crowded, " [] all system click 0 0s en run=" + crowded, ""},
		{"share=" + crowded + "%26at=3s", " [] all system click 0 0s en run=" + crowded, ""},
		{"scenario=nowhere", "europe-away [] all system click 0 0s en", "scenario=nowhere"},
		{"share=2.abc&scenario=healthy", "healthy [] all system click 0 0s en", "share=2.abc"},
		{"share=at.nothing", "europe-away [] all system click 0 0s en", "share=at.nothing"},
		{"lanes=No,strong,a%20b&view=moon&controls=some&theme=blue&run=now&speed=0&t=-1&lang=fr&origin=https://evil.example",
			"europe-away [strong] all system click 0 0s en", "lang=fr controls=some theme=blue run=now lanes=No lanes=a b view=moon speed=0 t=-1 origin=https://evil.example"},
		{"speed=NaN&t=1e3", "europe-away [] all system click 0 0s en", "speed=NaN t=1e3"},
		{"speed=Inf&t=3601", "europe-away [] all system click 0 0s en", "speed=Inf t=3601"},
		{"speed=101&t=0x10", "europe-away [] all system click 0 0s en", "speed=101 t=0x10"},
		{"lanes=" + strings.Repeat("a", 200), "europe-away [] all system click 0 0s en", "lanes=" + strings.Repeat("a", 54) + "…"},
		{"utm_source=mail", "europe-away [] all system click 0 0s en", ""},
	} {
		q, err := url.ParseQuery(c.query)
		if err != nil {
			t.Fatal(err)
		}
		o := s.readOptions(q, "en", "lab.example")
		got := fmt.Sprint(o.name, " ", o.lanes, " ", o.controls, " ", o.theme, " ", o.run, " ", o.speed, " ", o.at, " ", o.lang)
		got = strings.TrimSuffix(got+" "+o.fragment(), " ")
		if o.origin != "" {
			got += " " + o.origin
		}
		if got != c.want || strings.Join(o.bad, " ") != c.bad {
			t.Errorf("%s:\n%s, bad %q, want\n%s, bad %q", c.query, got, strings.Join(o.bad, " "), c.want, c.bad)
		}
	}
}

var landPath = regexp.MustCompile(`<path id="land"[^>]*/>`)

// TestPosterGolden draws posters, and holds them to those that somebody has looked at. The land is the same in all.
func TestPosterGolden(t *testing.T) {
	s, _ := start(t)
	for name, query := range map[string]string{
		"default": "lang=en", "away-dark": "scenario=europe-away&t=3&theme=dark&lang=de", "one-lane": "scenario=healthy&lanes=eventual&theme=light&lang=en",
		"crowd": "lang=en&t=0.25&share=" + sim.Pack(crowd), "database": "scenario=PG1&lang=en",
	} {
		w := visit(s, "/embed/poster.svg?"+query)
		got := w.Body.String()
		if w.Code != http.StatusOK || w.Header().Get("Content-Type") != "image/svg+xml" || !landPath.MatchString(got) {
			t.Fatalf("%s: %d %s", name, w.Code, w.Header())
		}
		got = strings.ReplaceAll(landPath.ReplaceAllString(got, "<!-- land -->"), "><", ">\n<") + "\n"
		file := filepath.Join("testdata", "poster", name+".svg")
		if *update {
			if err := os.WriteFile(file, []byte(got), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		if want, err := os.ReadFile(file); err != nil || string(want) != got {
			t.Errorf("%s is not what it was (%v): look at it, then run go test ./server -run TestPosterGolden -update\n%s", file, err, got)
		}
	}
	if n := roomsOf(s); n != 0 {
		t.Errorf("%d rooms for pictures", n)
	}
}

// wellFormed reads a text as XML and returns the names of its elements.
func wellFormed(t *testing.T, what, text string) map[string]int {
	t.Helper()
	names := map[string]int{}
	d := xml.NewDecoder(strings.NewReader(text))
	for {
		token, err := d.Token()
		if err == io.EOF {
			return names
		}
		if err != nil {
			t.Errorf("%s: %v", what, err)
			return names
		}
		if e, ok := token.(xml.StartElement); ok {
			names[e.Name.Local]++
		}
	}
}

// TestPosterIsHarmless: whatever stands in a scenario's text or in an address, a poster is XML without scripts, and an
// embed's page has no element that it should not have.
func TestPosterIsHarmless(t *testing.T) {
	s, _ := start(t)
	shown := 0
	for _, evil := range []string{"<script>alert(1)</script>", `"><svg onload=alert(1)>`, "]]><!--", "&amp;&lt;&#0;", "</title></svg><script>", "\u202egnp.exe", strings.Repeat("W", 150)} {
		text := strings.Replace(crowd, "seed 7", "title "+evil+"\nseed 7", 1)
		q := url.Values{"share": {sim.Pack(text)}, "lanes": {evil}, "scenario": {evil}, "theme": {evil}, "origin": {evil}}.Encode()
		poster := visit(s, "/embed/poster.svg?"+q).Body.String()
		names := wellFormed(t, evil, poster)
		if names["script"] > 0 || names["svg"] != 1 || names["title"] != 1 || strings.Contains(poster, "onload=alert(1)>") {
			t.Errorf("%s: %v", evil, names)
		}
		page := visit(s, "/embed?"+q).Body.String()
		if n := strings.Count(page, "<script"); n != 1 || strings.Contains(page, "<svg onload") || strings.Count(page, "</title>") != 1 {
			t.Errorf("%s: the page has %d scripts", evil, n)
		}
		if start := html.EscapeString(evil[:min(len(evil), 20)]); strings.Contains(poster, ">"+start) && strings.Contains(page, start) {
			shown++ // else the title is none that a scenario may have
		}
	}
	if shown < 5 {
		t.Errorf("%d of the titles were shown", shown)
	}
}

// TestEmbedPage: an embed may be framed by whom the server is told, and no other page by anybody else; nothing in it is
// inline; and to show it opens no room.
func TestEmbedPage(t *testing.T) {
	s, _ := start(t)
	f, err := ParseFramers("https://docs.example")
	if err != nil {
		t.Fatal(err)
	}
	s.config.Embeds = f
	for path, want := range map[string]string{
		"/": "'none'", "/?scenario=healthy": "'none'", "/compare": "'none'", "/which": "'none'", "/?bare=1": "'self'",
		"/embed": "'self' https://docs.example", "/embed?scenario=healthy&run=auto": "'self' https://docs.example", "/embed/poster.svg": "'none'",
	} {
		policy := visit(s, path).Header().Get("Content-Security-Policy")
		_, got, _ := strings.Cut(policy, "frame-ancestors ")
		if got != want {
			t.Errorf("%s may be framed by %q, want %q", path, got, want)
		}
		if strings.Contains(policy, "unsafe") {
			t.Errorf("%s: %s", path, policy)
		}
	}
	page := visit(s, "/embed?speed=fast&theme=dark&t=3").Body.String()
	for _, want := range []string{`data-bad="speed=fast"`, `data-theme="dark"`, `data-fragment="at=3s"`, `href="/?scenario=europe-away"`, `src="/embed/poster.svg?lang=en&amp;scenario=europe-away&amp;t=3s&amp;theme=dark"`} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	if inline := regexp.MustCompile(`<script[^>]*>[^<]|<style|\son[a-z]+=|\sstyle=`).FindString(page); inline != "" {
		t.Errorf("inline: %s", inline)
	}
	if n := roomsOf(s); n != 0 {
		t.Errorf("%d rooms before anybody has clicked", n)
	}
}

// TestEmbedWeight: the element's script has at most 1.5 kB, and what a reader fetches who starts nothing is little.
func TestEmbedWeight(t *testing.T) {
	s, url := start(t)
	size := func(path string) int {
		resp, body := get(t, url+path, "gzip", "")
		if resp.StatusCode != http.StatusOK || resp.Header.Get("Content-Encoding") != "gzip" {
			t.Fatalf("%s: %s, encoding %q", path, resp.Status, resp.Header.Get("Content-Encoding"))
		}
		return len(body)
	}
	script := size("/embed.js")
	if script > 1500 {
		t.Errorf("/embed.js has %d bytes as gzip, over 1500", script)
	}
	page, poster := size("/embed"), size("/embed/poster.svg")
	own, look := size(s.page.Assets["embed_page.js"]), size(s.page.Assets["embed.css"])
	if all := page + poster + own + look; all > 40_000 {
		t.Errorf("an embed that nobody starts has %d bytes", all)
	}
	t.Logf("embed.js %d; page %d, its script %d, its style %d, poster %d: %d before a click; after it app.js %d and app.css %d", script,
		page, own, look, poster, page+poster+own+look, size(s.page.Assets["app.js"]), size(s.page.Assets["app.css"]))
}

// TestEmbedSocket: a sandboxed frame's socket is taken for embeds alone, and only where the server is told so.
func TestEmbedSocket(t *testing.T) {
	for _, c := range []struct {
		list, path, origin string
		want               bool
	}{
		{"", "/embed/socket", "own", true}, {"", "/embed/socket", "", true},
		{"", "/embed/socket", "null", false}, {"https://docs.example", "/embed/socket", "null", false},
		{"null", "/embed/socket", "null", true}, {"*", "/embed/socket", "null", true},
		{"*", "/socket", "null", false}, {"*", "/embed/socket", "https://docs.example", false}, {"https://docs.example,null", "/embed/socket", "https://docs.example", false},
		{"*", "/embed/socket", "null, null", false}, {"*", "/embed/socket", "NULL", false},
	} {
		s, address := start(t)
		f, err := ParseFramers(c.list)
		if err != nil {
			t.Fatal(err)
		}
		s.config.Embeds = f
		header := http.Header{}
		if c.origin == "own" {
			header.Set("Origin", address)
		} else if c.origin != "" {
			header.Set("Origin", c.origin)
		}
		conn, resp, err := websocket.Dial(t.Context(), address+c.path, &websocket.DialOptions{HTTPHeader: header})
		if err == nil {
			conn.CloseNow() //nolint:errcheck // it is not needed
		}
		if (err == nil) != c.want || !c.want && resp.StatusCode != http.StatusForbidden {
			t.Errorf("embeds %q: %s from %q: %v, want %v", c.list, c.path, c.origin, err, c.want)
		}
	}
}

// TestOEmbed: an address of ours is answered with a frame that shows the same, any other with 404.
func TestOEmbed(t *testing.T) {
	s, _ := start(t)
	about := func(address, more string) *httptest.ResponseRecorder {
		return visit(s, "/oembed?"+url.Values{"url": {address}}.Encode()+more)
	}
	link := sim.Pack(crowd)
	for address, want := range map[string]string{
		"http://localhost:8080/":                                                "/embed?scenario=europe-away",
		"https://localhost:8080/?scenario=healthy":                              "/embed?scenario=healthy",
		"http://localhost:8080/embed?scenario=PG1&lanes=pg&theme=dark&origin=x": "/embed?lanes=pg&amp;scenario=PG1&amp;theme=dark",
		"http://localhost:8080/#run=" + link + "&at=3s":                         "/embed?share=" + link,
	} {
		w := about(address, "&maxwidth=500&format=json")
		var a oembedAnswer
		if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil || w.Code != http.StatusOK {
			t.Errorf("%s: %d %s", address, w.Code, w.Body)
			continue
		}
		scheme, _, _ := strings.Cut(address, "://")
		if src := `src="` + scheme + "://localhost:8080" + want + `"`; !strings.Contains(a.HTML, src) || a.Width != 500 || a.Height != oembedHeight || a.Type != "rich" || a.Version != "1.0" {
			t.Errorf("%s: %+v, want %s", address, a, src)
		}
		wellFormed(t, address, a.HTML)
		if poster := visit(s, strings.TrimPrefix(a.ThumbnailURL, scheme+"://localhost:8080")); poster.Code != http.StatusOK || !bytes.HasPrefix(poster.Body.Bytes(), []byte("<svg")) {
			t.Errorf("%s: its picture %s: %d", address, a.ThumbnailURL, poster.Code)
		}
	}
	for _, c := range []struct {
		address, more string
		want          int
	}{
		{"", "", 404}, {"http://evil.example/", "", 404}, {"http://localhost:8080@evil.example/", "", 404}, {"http://localhost:8080/catalog.json", "", 404},
		{"javascript://localhost:8080/", "", 404}, {"http://u@localhost:8080/", "", 404}, {"http://localhost:8080/?scenario=nowhere", "", 404}, {"http://localhost:8080/#run=2.x", "", 404},
		{"http://localhost:8080/", "&format=xml", 501}, {"http://localhost:8080/", "&maxwidth=10", 400}, {"http://localhost:8080/", "&maxheight=high", 400},
	} {
		if w := about(c.address, c.more); w.Code != c.want {
			t.Errorf("%s %s: %d %s, want %d", c.address, c.more, w.Code, w.Body, c.want)
		}
	}
	for _, path := range []string{"/?scenario=healthy", "/embed?scenario=healthy"} {
		found := regexp.MustCompile(`href="http://localhost:8080(/oembed\?[^"]*)"`).FindStringSubmatch(visit(s, path).Body.String())
		if found == nil {
			t.Fatalf("%s names no oembed", path)
		}
		if w := visit(s, strings.ReplaceAll(found[1], "&amp;", "&")); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "scenario=healthy") {
			t.Errorf("%s: %s: %d %s", path, found[1], w.Code, w.Body)
		}
	}
}

// TestTitlesStayInPlace: no title turns round the text of a page that shows it.
func TestTitlesStayInPlace(t *testing.T) {
	if got := posterText("a\u202eb\u2067c\x00d", posterTitle); got != "a b c d" {
		t.Errorf("%q", got)
	}
}
