package server

import (
	"net/http"
	"strconv"
	"strings"

	"netsplit/templates"
)

// embed serves /embed, a page for frames on other people's pages. It opens no room: its script does, when it is told to.
func (s *Server) embed(w http.ResponseWriter, req *http.Request) {
	o := s.readEmbed(req)
	p := s.embedData(&o)
	p.Nonce, p.OEmbed = nonce(), oembedOf(req, req.URL.RequestURI())
	answerPage(w, req, templates.Embed(p), p.Nonce, "connect-src 'self'; "+s.config.Embeds.policy())
}

// embedData is what an embed's shell needs, but for what differs each time.
func (s *Server) embedData(o *embedOptions) templates.EmbedData {
	p := templates.EmbedData{PageData: s.page, Scenario: o.name, Fragment: o.fragment(), Controls: o.controls, Run: o.run,
		Lanes: strings.Join(o.lanes, ","), Origin: o.origin, Bad: strings.Join(o.bad, "\n"),
		Title: posterText(o.scenario.Title, posterTitle), Poster: "/embed/poster.svg?" + o.query(), Home: o.home()}
	p.Lang = o.lang
	if p.Title == "" {
		p.Title = "Netsplit"
	}
	if o.theme != embedThemes[0] {
		p.Theme = o.theme
	}
	if o.speed != 0 {
		p.Speed = strconv.FormatFloat(o.speed, 'g', -1, 64)
	}
	return p
}

// embedScript serves /embed.js, the element that other people's pages show embeds by. Its address stays the same.
func (s *Server) embedScript(files assets) http.HandlerFunc {
	return func(w http.ResponseWriter, req *http.Request) {
		h := w.Header()
		h.Set("Cross-Origin-Resource-Policy", "cross-origin")
		h.Set("Access-Control-Allow-Origin", "*") // pages may ask for it with a hash, which needs that
		h.Set("Cache-Control", "public, max-age=3600")
		files["embed.js"].write(w, req)
	}
}

// embedSocket serves /embed/socket, which is /socket for embeds. A sandboxed frame has no origin: it says "null", as
// everybody's do. Where that is allowed, such a socket is taken as that of a program, which says none: it can open rooms,
// within the limits, and come back to those whose key it has.
func (s *Server) embedSocket(w http.ResponseWriter, req *http.Request) {
	if sent := req.Header.Values("Origin"); len(sent) == 1 && sent[0] == "null" && s.config.Embeds.opaque {
		req = req.Clone(req.Context())
		req.Header.Del("Origin")
		req.Header.Del("Sec-Fetch-Site")
	}
	s.checkOrigin(http.HandlerFunc(s.socket)).ServeHTTP(w, req)
}

// embedAssets are the files of embeds in package static.
var embedAssets = []string{"embed_page.js", "embed_page.de.js", "embed.css"}
