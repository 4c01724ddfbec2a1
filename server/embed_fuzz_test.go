package server

import (
	"net/url"
	"strings"
	"testing"

	"netsplit/sim"
	"netsplit/templates"
)

// FuzzEmbed: whatever an embed's address says, there is a page, and a picture that is XML.
func FuzzEmbed(f *testing.F) {
	f.Add("scenario=healthy&lanes=strong&t=3&theme=dark&speed=2&view=why,charts&origin=http://localhost:1")
	f.Add("share=" + sim.Pack(crowd) + "&t=0.25s")
	f.Add("share=" + sim.Pack("title <b>&\x7f\nregions a b\nlane a raft\nat 1s partition a\n"))
	f.Add("t=1e9&speed=-0&lang=%ff&lanes=,,&run=%00")
	s, _ := start(f)
	f.Fuzz(func(t *testing.T, query string) {
		q, _ := url.ParseQuery(query) // what can be read of it, as servers do
		o := s.readOptions(q, "en", "localhost")
		var page, poster strings.Builder
		if err := templates.Embed(s.embedData(&o)).Render(t.Context(), &page); err != nil || strings.Count(page.String(), "<script") != 1 {
			t.Fatalf("%q: %v %s", query, err, &page)
		}
		if err := templates.PosterPicture(posterOf(&o, "")).Render(t.Context(), &poster); err != nil || wellFormed(t, query, poster.String())["svg"] != 1 {
			t.Fatalf("%q: %v %s", query, err, &poster)
		}
	})
}
