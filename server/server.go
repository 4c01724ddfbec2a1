// Package server is the HTTP side of the playground: the page, the rooms and their sockets. It simulates nothing
// itself; what it stores are rooms' logs, and texts that were shared.
package server

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"regexp"
	"sync/atomic"

	"github.com/a-h/templ"
	"github.com/coder/websocket"
	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"

	"netsplit/sim"
	"netsplit/templates"
)

// Server serves the playground.
type Server struct {
	ctx     context.Context // ends rooms and sockets
	stop    context.CancelFunc
	config  Config
	rooms   *rooms
	gate    *gate
	sockets sockets
	metrics *metrics
	unready atomic.Bool // the server is about to end
	gallery *gallery
	handler http.Handler
	page    templates.PageData // all but the nonce and the current scenario
}

// New makes a server whose rooms are awake until ctx ends, or Serve does.
func New(ctx context.Context, config Config) (*Server, error) {
	config, err := config.complete()
	if err != nil {
		return nil, err
	}
	g, err := loadGallery()
	if err != nil {
		return nil, err
	}
	s := &Server{config: config, gallery: g, gate: newGate(config), sockets: sockets{open: map[*websocket.Conn]bool{}}}
	s.ctx, s.stop = context.WithCancel(ctx)
	s.metrics = newMetrics(s.gate, s.ready)
	s.rooms = &rooms{ctx: s.ctx, logger: config.Logger, gallery: g, shelf: newShelf(), jobs: newJobs(s.ctx), log: config.Log, gate: s.gate, metrics: s.metrics, name: randomID(), byID: map[string]*Room{}}
	if shared(config.Log) {
		s.rooms.clock, s.rooms.shelf = newLogClock(), newLogShelf(s.ctx, config.Log)
	} else if config.Shelf != "" {
		if s.rooms.shelf, err = openShelf(config.Shelf); err != nil {
			return nil, err
		}
	}
	files, err := loadAssets()
	if err != nil {
		return nil, err
	}
	s.page, err = pageData(g, files)
	if err != nil {
		return nil, err
	}
	known, err := newCatalog(g)
	if err != nil {
		return nil, err
	}
	s.handler = s.routes(files, known)
	return s, nil
}

// routes says what is where. Probes of health ask by whatever address the server has, and learn nothing else.
func (s *Server) routes(files assets, known http.Handler) http.Handler {
	r := chi.NewRouter()
	r.Use(s.recover, secure, middleware.GetHead)
	r.Get("/healthz", s.healthz)
	r.Get("/readyz", s.readyz)
	named := r.With(s.checkHost)
	named.NotFound(http.NotFound)
	named.With(public).Handle("/static/*", http.StripPrefix("/static/", files))
	counted := named.With(s.count)
	counted.Get("/embed", s.embed)
	counted.Get("/embed.js", s.embedScript(files))
	counted.Get("/embed/poster.svg", s.poster)
	counted.Get("/embed/socket", s.embedSocket) // checks the origin itself
	counted.Get("/oembed", s.oembed)
	counted.Get("/", s.index)
	counted.Get("/compare", s.compare)
	counted.Get("/which", s.which)
	counted.With(s.checkOrigin).Get("/socket", s.socket)
	counted.Get("/catalog.json", known.ServeHTTP)
	counted.With(s.checkOrigin).Method(http.MethodPost, "/export", newExporter(s))
	counted.Get("/scenarios/{name}.txt", s.scenario)
	return r
}

// ServeHTTP serves one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, req *http.Request) { s.handler.ServeHTTP(w, req) }

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
	for _, file := range append(embedAssets, "app.js", "app.de.js", "app.css", "drawer.js", "drawer.de.js", "company.js", "company.de.js", "compare.js", "compare.de.js", "which.js", "which.de.js", "which.css") {
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
	h.Set("Content-Security-Policy", pagePolicy(nonce, policy))
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
