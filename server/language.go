package server

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"netsplit/templates"
)

// languageCookie remembers which language a visitor has chosen.
const languageCookie = "netsplit-lang"

// maxLanguages is how many of the languages that a browser names are looked at.
const maxLanguages = 16

// languageOf is the language in which a request is answered: that of its address, or else the one chosen before, or
// else the first of the browser's that we have.
func languageOf(req *http.Request) string {
	asked := []string{req.URL.Query().Get("lang")}
	if c, err := req.Cookie(languageCookie); err == nil {
		asked = append(asked, c.Value)
	}
	for _, code := range append(asked, accepted(req.Header.Get("Accept-Language"))...) {
		if slices.Contains(templates.Languages, code) {
			return code
		}
	}
	return templates.Languages[0]
}

// accepted lists the languages of an Accept-Language header without their regions, best first.
func accepted(header string) []string {
	type choice struct {
		code    string
		quality float64
	}
	var list []choice
	for _, part := range strings.SplitN(header, ",", maxLanguages+1) {
		tag, option, _ := strings.Cut(strings.TrimSpace(part), ";")
		code, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(tag)), "-")
		quality := 1.0
		if q, ok := strings.CutPrefix(strings.TrimSpace(option), "q="); ok {
			quality, _ = strconv.ParseFloat(q, 64) // what is no number counts as 0
		}
		if quality > 0 && len(list) < maxLanguages {
			list = append(list, choice{code, quality})
		}
	}
	slices.SortStableFunc(list, func(a, b choice) int { return cmp.Compare(b.quality, a.quality) })
	codes := make([]string, len(list))
	for i, c := range list {
		codes[i] = c.code
	}
	return codes
}
