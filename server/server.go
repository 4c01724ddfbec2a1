// Package server is the HTTP side of the playground: the page, the rooms and their sockets. It simulates nothing
// itself and stores nothing: rooms live in memory.
package server

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/base64"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"regexp"
	"time"

	"github.com/a-h/templ"
	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"

	"netsplit/sim"
	"netsplit/templates"
)

// Server serves the playground.
type Server struct {
	ctx     context.Context // ends rooms and sockets
	rooms   *rooms
	gallery *gallery
	handler http.Handler
	page    templates.PageData // all but the nonce and the current scenario
	framers Framers            // of embeds
}

// New makes a server that answers to some hosts and whose rooms live until ctx ends.
func New(ctx context.Context, hosts Hosts, logger *slog.Logger) (*Server, error) {
	g, err := loadGallery()
	if err != nil {
		return nil, err
	}
	s := &Server{ctx: ctx, gallery: g, rooms: &rooms{ctx: ctx, logger: logger, gallery: g, shelf: newShelf(), jobs: newJobs(ctx), byID: map[string]*Room{}}}
	files, err := loadAssets()
	if err != nil {
		return nil, err
	}
	s.page, err = pageData(g, files)
	if err != nil {
		return nil, err
	}
	r := chi.NewRouter()
	r.Use(middleware.Recoverer, secure, hosts.check, middleware.GetHead)
	r.Get("/", s.index)
	r.Get("/compare", s.compare)
	r.Get("/which", s.which)
	r.Get("/socket", s.socket)
	r.Get("/embed", s.embed)
	r.Get("/embed.js", s.embedScript(files))
	r.Get("/embed/poster.svg", s.poster)
	r.Get("/embed/socket", s.embedSocket)
	r.Get("/oembed", s.oembed)
	known, err := newCatalog(g)
	if err != nil {
		return nil, err
	}
	r.Get("/catalog.json", known.ServeHTTP)
	r.With(http.NewCrossOriginProtection().Handler).Method(http.MethodPost, "/export", newExporter())
	r.Get("/scenarios/{name}.txt", s.scenario)
	r.Handle("/static/*", http.StripPrefix("/static/", files))
	s.handler = r
	return s, nil
}

// ServeHTTP serves one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, req *http.Request) { s.handler.ServeHTTP(w, req) }

// Serve serves on a listener until the server's context ends, then closes every socket and waits a little.
func (s *Server) Serve(l net.Listener) error {
	hs := &http.Server{Handler: s, ReadHeaderTimeout: 5 * time.Second, IdleTimeout: time.Minute}
	failed := make(chan error, 1)
	go func() { failed <- hs.Serve(l) }()
	select {
	case err := <-failed:
		return err
	case <-s.ctx.Done():
	}
	drain, cancel := context.WithTimeout(context.Background(), drainTime)
	defer cancel()
	s.rooms.close()
	return hs.Shutdown(drain)
}

// secure sets the headers that every answer has.
func secure(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		next.ServeHTTP(w, req)
	})
}

// pageData gathers what the page needs, once.
func pageData(g *gallery, files assets) (templates.PageData, error) {
	p := templates.PageData{Engine: sim.Engine}
	for _, name := range g.names {
		link := templates.ScenarioLink{Name: name, Title: g.byKey[name].Title}
		if ofDatabases(g.byKey[name]) {
			p.Databases = append(p.Databases, link)
		} else {
			p.Scenarios = append(p.Scenarios, link)
		}
	}
	p.Assets = map[string]string{}
	for _, file := range append(embedAssets, "app.js", "app.de.js", "app.css", "drawer.js", "drawer.de.js", "compare.js", "compare.de.js", "which.js", "which.de.js", "which.css") {
		if files[file] == nil {
			return p, fmt.Errorf("there is no static/%s", file)
		}
		p.Assets[file] = "/static/" + file + "?v=" + files[file].sum
	}
	if files["map.svg"] == nil {
		return p, fmt.Errorf("there is no static/map.svg")
	}
	path := regexp.MustCompile(`<path[^>]*/>`).Find(files["map.svg"].plain)
	if path == nil {
		return p, fmt.Errorf("static/map.svg has no path")
	}
	p.Land = string(path)
	return p, nil
}

func (s *Server) index(w http.ResponseWriter, req *http.Request) {
	page := s.page
	page.Nonce = nonce()
	page.Lang = languageOf(req)
	_, page.Current, _ = s.gallery.find("")
	if name := req.URL.Query().Get("scenario"); s.gallery.get(name) != nil {
		page.Current = name
	}
	if story := s.gallery.stories[page.Current]; story != nil {
		page.Story = &templates.ScenarioLink{Name: page.Current, Title: story.Title}
	}
	page.OEmbed = oembedOf(req, req.URL.RequestURI())
	if page.Bare = req.URL.Query().Get("bare") == "1"; page.Bare {
		answerPage(w, req, templates.Page(page), page.Nonce, "connect-src 'self'; frame-ancestors 'self'")
		return
	}
	answerPage(w, req, templates.Page(page), page.Nonce, "connect-src 'self'; frame-ancestors 'none'")
}

// compare serves the page that shows two runs side by side, in frames.
func (s *Server) compare(w http.ResponseWriter, req *http.Request) {
	page := s.page
	page.Nonce, page.Lang = nonce(), languageOf(req)
	answerPage(w, req, templates.Compare(page), page.Nonce, "frame-src 'self'; frame-ancestors 'none'")
}

// which serves the page that measures every database in a visitor's world.
func (s *Server) which(w http.ResponseWriter, req *http.Request) {
	page := s.page
	page.Nonce, page.Lang = nonce(), languageOf(req)
	answerPage(w, req, templates.Which(page), page.Nonce, "connect-src 'self'; frame-ancestors 'none'")
}

// answerPage answers with a page that may do what its policy says.
func answerPage(w http.ResponseWriter, req *http.Request, page templ.Component, nonce, policy string) {
	var body bytes.Buffer
	if err := page.Render(req.Context(), &body); err != nil {
		http.Error(w, "the page could not be rendered", http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", fmt.Sprintf("default-src 'none'; script-src 'nonce-%s'; style-src 'self' 'nonce-%s'; "+
		"img-src 'self' data:; base-uri 'none'; form-action 'self'; %s", nonce, nonce, policy))
	h.Set("Cache-Control", "no-store")
	h.Add("Vary", "Accept-Encoding")
	if text, err := squeeze(body.Bytes(), gzip.DefaultCompression); err == nil && unpacks(req) {
		h.Set("Content-Encoding", "gzip")
		w.Write(text) //nolint:errcheck // the browser has gone
		return
	}
	w.Write(body.Bytes()) //nolint:errcheck // the browser has gone
}

func nonce() string {
	return base64.RawStdEncoding.EncodeToString([]byte(randomID()))
}

// scenario serves the text of a gallery scenario, or of a row's story, so that it can be run headless.
func (s *Server) scenario(w http.ResponseWriter, req *http.Request) {
	sc := s.gallery.get(chi.URLParam(req, "name"))
	if sc == nil {
		http.NotFound(w, req)
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	fmt.Fprint(w, sc.String()) //nolint:errcheck // the browser has gone
}
