package server

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"netsplit/sim"
	"netsplit/templates"
)

// embedOptions are what the address of an embed, or of its poster, asks for. What makes no sense has its default.
type embedOptions struct {
	scenario *sim.Scenario
	name     string // of a gallery scenario; "" for a run that was shared
	share    string // that run, as a link carries it; "" for a gallery scenario
	lanes    []string
	view     string // as links write it
	controls string
	theme    string
	run      string
	speed    float64 // 0 for the room's own
	at       sim.Time
	lang     string
	origin   string // of the page around, if that may drive the embed; else ""
	bad      []string
}

// The words that options take; the first is the default.
var (
	embedControls = []string{"all", "time", "none"}
	embedThemes   = []string{"system", "light", "dark"}
	embedRuns     = []string{"click", "auto", "paused"}
)

var (
	embedLane   = regexp.MustCompile(`^[a-z][a-z0-9-]{0,31}$`)
	embedView   = regexp.MustCompile(`^(why(:[a-z][a-z-]*\.[0-9]{1,15})?|story|charts|spacetime|inspect|script|luck)$`)
	embedMoment = regexp.MustCompile(`^[0-9]{1,4}(\.[0-9]{1,6})?s?$`)
)

const maxBadOption = 60 // bytes of one that is named

// readEmbed reads the options of a request.
func (s *Server) readEmbed(req *http.Request) embedOptions {
	return s.readOptions(req.URL.Query(), languageOf(req), req.Host)
}

func (s *Server) readOptions(q url.Values, lang, host string) embedOptions {
	o := embedOptions{lang: lang}
	o.readScenario(s, q)
	if v := q.Get("lang"); v != "" && !slices.Contains(templates.Languages, v) {
		o.complain("lang", v)
	} else if v != "" {
		o.lang = v
	}
	o.controls = o.word(q, "controls", embedControls)
	o.theme = o.word(q, "theme", embedThemes)
	o.run = o.word(q, "run", embedRuns)
	o.readLanes(q.Get("lanes"))
	if v := q.Get("view"); v != "" {
		if slices.ContainsFunc(strings.Split(v, ","), func(one string) bool { return !embedView.MatchString(one) }) {
			o.complain("view", v)
		} else {
			o.view = v
		}
	}
	if v := q.Get("speed"); v != "" {
		if n, err := strconv.ParseFloat(v, 64); err == nil && n >= MinSpeed && n <= MaxSpeed {
			o.speed = n
		} else {
			o.complain("speed", v)
		}
	}
	if v := q.Get("t"); v != "" {
		n, err := strconv.ParseFloat(strings.TrimSuffix(v, "s"), 64)
		if at := sim.Time(n*float64(sim.Second) + 0.5); err == nil && embedMoment.MatchString(v) && at <= sim.MaxTime {
			o.at = at
		} else {
			o.complain("t", v)
		}
	}
	if v := q.Get("origin"); v != "" {
		if s.config.Embeds.speaks(v, host) {
			o.origin = v
		} else {
			o.complain("origin", v)
		}
	}
	return o
}

// readScenario finds what is to run: a run that was shared, a gallery scenario, or the default.
func (o *embedOptions) readScenario(s *Server, q url.Values) {
	if share, _, _ := strings.Cut(q.Get("share"), "&"); share != "" {
		run, err := (*sim.Scenario)(nil), error(nil)
		if len(share) <= MaxLink {
			run, _, err = s.rooms.shelf.decodeRun(share)
		}
		if err == nil && run != nil {
			o.scenario, o.share = run, share
			return
		}
		o.complain("share", share)
	}
	name := q.Get("scenario")
	var err error
	if o.scenario, o.name, err = s.gallery.find(name); err != nil {
		o.complain("scenario", name)
		o.scenario, o.name, _ = s.gallery.find("")
	}
}

// readLanes keeps those lanes that the scenario has. The page's own address may carry another run after its #, of which
// the server knows nothing: then the page says which there are not.
func (o *embedOptions) readLanes(list string) {
	if list == "" {
		return
	}
	for name := range strings.SplitSeq(list, ",") {
		if embedLane.MatchString(name) && len(o.lanes) < sim.MaxLanes {
			o.lanes = append(o.lanes, name)
		} else {
			o.complain("lanes", name)
		}
	}
}

// word reads an option that is one of some words.
func (o *embedOptions) word(q url.Values, name string, words []string) string {
	v := q.Get(name)
	if slices.Contains(words, v) {
		return v
	}
	if v != "" {
		o.complain(name, v)
	}
	return words[0]
}

func (o *embedOptions) complain(name, value string) {
	part := name + "=" + strings.ToValidUTF8(value, "\uFFFD")
	if len(part) > maxBadOption {
		part = strings.ToValidUTF8(part[:maxBadOption], "") + "…"
	}
	o.bad = append(o.bad, part)
}

// shown lists the lanes of the scenario that are to be seen: all, where none of those that are asked for is there.
func (o *embedOptions) shown() []sim.Lane {
	list := slices.DeleteFunc(slices.Clone(o.scenario.Lanes), func(l sim.Lane) bool { return !slices.Contains(o.lanes, l.Name) })
	if len(list) == 0 {
		return o.scenario.Lanes
	}
	return list
}

// query writes what a poster depends on, so that those of one picture have one address.
func (o *embedOptions) query() string {
	q := url.Values{"lang": {o.lang}}
	switch {
	case o.share != "":
		q.Set("share", o.share)
	default:
		q.Set("scenario", o.name)
	}
	if len(o.lanes) > 0 {
		q.Set("lanes", strings.Join(o.lanes, ","))
	}
	if o.theme != embedThemes[0] {
		q.Set("theme", o.theme)
	}
	if o.at > 0 {
		q.Set("t", o.at.String())
	}
	return q.Encode()
}

// fragment is what the page's script reads in place of a link's: see web/fragment.ts.
func (o *embedOptions) fragment() string {
	var parts []string
	if o.share != "" {
		parts = append(parts, "run="+o.share)
	}
	if o.at > 0 || o.run == "paused" { // a room cannot stand at 0, where it plays
		parts = append(parts, "at="+max(o.at, sim.Microsecond).String())
	}
	if strings.Contains(o.view, "why") { // which is of a lane
		parts = append(parts, "lane="+append(o.lanes, o.scenario.Lanes[0].Name)[0])
	}
	if o.view != "" {
		parts = append(parts, "view="+o.view)
	}
	return strings.Join(parts, "&")
}

// home is the address of the same run on the page of its own.
func (o *embedOptions) home() string {
	if o.share != "" {
		return "/#run=" + o.share
	}
	return "/?scenario=" + url.QueryEscape(o.name)
}
