package server

import (
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// The size of an embed whose page does not say, in pixels. An embed gets by with any width; what is higher scrolls.
const (
	oembedWidth, oembedHeight       = 760, 620
	oembedLeastWide, oembedLeastTop = 240, 200
)

// oembedAnswer is what https://oembed.com calls a rich answer.
type oembedAnswer struct {
	Type            string `json:"type"`
	Version         string `json:"version"`
	Title           string `json:"title"`
	ProviderName    string `json:"provider_name"`
	ProviderURL     string `json:"provider_url"`
	CacheAge        int    `json:"cache_age"` // seconds
	HTML            string `json:"html"`
	Width           int    `json:"width"`  // pixels
	Height          int    `json:"height"` // pixels
	ThumbnailURL    string `json:"thumbnail_url"`
	ThumbnailWidth  int    `json:"thumbnail_width"`
	ThumbnailHeight int    `json:"thumbnail_height"`
}

// oembed serves /oembed: for an address of an embed, or of a scenario's or a shared run's own page, what shows it in a page.
func (s *Server) oembed(w http.ResponseWriter, req *http.Request) {
	q := req.URL.Query()
	if format := q.Get("format"); format != "" && format != "json" {
		http.Error(w, fmt.Sprintf("format %q: only json is there", format), http.StatusNotImplemented)
		return
	}
	to, err := oembedTarget(q.Get("url"), req.Host)
	if err != nil {
		http.Error(w, err.Error(), http.StatusNotFound)
		return
	}
	width, err := oembedSize(q, "maxwidth", oembedWidth, oembedLeastWide)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	height, err := oembedSize(q, "maxheight", oembedHeight, oembedLeastTop)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	options := to.Query()
	fragment, _ := url.ParseQuery(to.EscapedFragment()) // what cannot be read is not there
	if run := fragment.Get("run"); run != "" {
		options.Set("share", run)
	}
	o := s.readOptions(options, languageOf(req), req.Host)
	if len(o.bad) > 0 && (strings.HasPrefix(o.bad[0], "scenario=") || strings.HasPrefix(o.bad[0], "share=")) {
		http.Error(w, "there is nothing to show: "+o.bad[0], http.StatusNotFound)
		return
	}
	base := to.Scheme + "://" + to.Host
	title := posterText(o.scenario.Title, posterTitle)
	a := oembedAnswer{Type: "rich", Version: "1.0", Title: title, ProviderName: "Netsplit", ProviderURL: base + "/", CacheAge: 3600,
		Width: width, Height: height, ThumbnailURL: base + "/embed/poster.svg?" + o.query(), ThumbnailWidth: 960, ThumbnailHeight: 540,
		HTML: fmt.Sprintf(`<iframe src="%s" width="%d" height="%d" title="%s" loading="lazy" style="border:0;max-width:100%%"></iframe>`,
			html.EscapeString(base+"/embed?"+oembedQuery(options, &o)), width, height, html.EscapeString(title))}
	h := w.Header()
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("Access-Control-Allow-Origin", "*") // it is public
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	json.NewEncoder(w).Encode(a) //nolint:errcheck // the browser has gone
}

// oembedTarget reads the address that is asked about, which must be one of ours.
func oembedTarget(address, host string) (*url.URL, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.User != nil || !strings.EqualFold(u.Host, host) || u.Path != "/" && u.Path != "" && u.Path != "/embed" {
		return nil, fmt.Errorf("url %q: expected the address of an embed or of a scenario's page on %s", address, host)
	}
	return u, nil
}

// oembedSize reads how wide or high the answer may be.
func oembedSize(q url.Values, name string, usual, least int) (int, error) {
	v := q.Get(name)
	if v == "" {
		return usual, nil
	}
	n, err := strconv.Atoi(v)
	if err != nil || n < least {
		return 0, fmt.Errorf("%s %q: expected a number of at least %d", name, v, least)
	}
	return min(n, usual), nil
}

// oembedQuery writes those options that an embed knows, and the run that it is to show.
func oembedQuery(asked url.Values, o *embedOptions) string {
	q := url.Values{}
	for _, name := range []string{"lanes", "view", "controls", "theme", "run", "speed", "t", "lang"} {
		if v := asked.Get(name); v != "" {
			q.Set(name, v)
		}
	}
	if o.share != "" {
		q.Set("share", o.share)
	} else {
		q.Set("scenario", o.name)
	}
	return q.Encode()
}

// oembedOf is the address of what a link to a page of ours can be shown as.
func oembedOf(req *http.Request, path string) string {
	scheme := "http"
	if req.TLS != nil || req.Header.Get("X-Forwarded-Proto") == "https" { // who lies is answered so itself
		scheme = "https"
	}
	base := scheme + "://" + req.Host
	return base + "/oembed?" + url.Values{"url": {base + path}}.Encode()
}
