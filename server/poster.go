package server

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"netsplit/sim"
	"netsplit/templates"
)

// The stage of a poster, in pixels, and how its regions stand on it.
const (
	posterLeft, posterTop     = 32.0, 66.0
	posterWide, posterHigh    = 896.0, 336.0
	posterEdge                = 70.0 // from a region to the stage's edge
	posterApart               = 110.0
	posterFrom, posterTo      = 40.0, 920.0 // of the line
	posterTitle               = 68          // characters
	posterLaneText            = 27          // of what a lane runs, where there are four
	posterSteps               = 60          // of moving regions apart
	posterName, posterLaneGap = 40, 8
)

// posterColours are those of app.css, light and dark.
var posterColours = [2]string{
	"svg{--paper:#fdfdfb;--ink:#1b2631;--muted:#576470;--sea:#f0f4f6;--land:#e1e6e4;--cable:#7f909e;--field:#fff;--node:#0069a8;--bad:#b23c08;--away:#fbe7dc;--line:#d8dee3}",
	"svg{--paper:#12171c;--ink:#e9eef2;--muted:#a3b1bd;--sea:#192027;--land:#26313a;--cable:#70818f;--field:#1a2128;--node:#5ab3f0;--bad:#f96;--away:#3b261b;--line:#313c46}",
}

const posterShapes = `text{font:500 16px Inter,system-ui,"Segoe UI",Roboto,"Noto Sans","DejaVu Sans",sans-serif;fill:var(--ink)}` +
	`.paper{fill:var(--paper)}.title{font-size:24px;font-weight:650}.sea{fill:var(--sea)}.land{fill:var(--land)}` +
	`.cable{fill:none;stroke:var(--cable);stroke-width:2.5}.cut{stroke:var(--bad);stroke-dasharray:4 7}` +
	`.node{fill:var(--field);stroke:var(--node);stroke-width:4}.away{fill:var(--away);stroke:var(--bad);stroke-dasharray:4 4}` +
	`.name,.count{text-anchor:middle}.name{font-size:15px;fill:var(--muted);paint-order:stroke;stroke:var(--sea);stroke-width:4px}` +
	`.lane{font-weight:650}.runs{font-size:15px;fill:var(--muted)}.end{text-anchor:end}` +
	`.line{stroke:var(--cable);stroke-width:4;stroke-linecap:round}.now{fill:var(--paper);stroke:var(--ink);stroke-width:3}` +
	`.band{fill:var(--away);stroke:var(--bad)}.of{font-size:14px;fill:var(--bad)}`

// posterStyle is the style sheet of a poster in a theme, and what a policy names it by.
func posterStyle(theme string) (text, hash string) {
	switch theme {
	case "light":
		text = posterColours[0]
	case "dark":
		text = posterColours[1]
	default:
		text = posterColours[0] + "@media(prefers-color-scheme:dark){" + posterColours[1] + "}"
	}
	text += posterShapes
	sum := sha256.Sum256([]byte(text))
	return text, "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// poster serves /embed/poster.svg.
func (s *Server) poster(w http.ResponseWriter, req *http.Request) {
	o := s.readEmbed(req)
	p := posterOf(&o, s.page.Land)
	var body bytes.Buffer
	if err := templates.PosterPicture(p).Render(req.Context(), &body); err != nil {
		http.Error(w, "the poster could not be drawn", http.StatusInternalServerError)
		return
	}
	_, hash := posterStyle(o.theme)
	h := w.Header()
	h.Set("Content-Security-Policy", "default-src 'none'; style-src "+hash+"; frame-ancestors 'none'")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	h.Set("Cache-Control", "public, max-age=3600")
	text, err := packAt("image/svg+xml", body.Bytes(), gzip.DefaultCompression)
	if err != nil {
		http.Error(w, "the poster could not be packed", http.StatusInternalServerError)
		return
	}
	if len(req.URL.Query().Get("lang")) == 0 {
		h.Set("Vary", "Accept-Language, Cookie")
	}
	text.write(w, req)
}

// posterOf lays a poster out. It simulates nothing: what it shows of a moment is what the scenario's text says has been
// done to regions and cables by then.
func posterOf(o *embedOptions, land string) templates.Poster {
	sc := o.scenario
	style, _ := posterStyle(o.theme)
	p := templates.Poster{Lang: o.lang, Title: posterText(sc.Title, posterTitle), Style: style, Land: land}
	if p.Title == "" {
		p.Title = "Netsplit"
	}
	views := places(sc.Regions)
	at, placing := posterPlaces(views)
	p.Placing = placing
	groups, cut := posterFaults(sc, o.at)
	for i := range views {
		p.Regions = append(p.Regions, templates.PosterRegion{X: px(at[i][0]), Y: px(at[i][1]), Name: posterText(views[i].Name, posterName),
			Replicas: posterReplicas(sc, views[i].Name), Away: posterAway(groups, i)})
		for j := range i {
			p.Cables = append(p.Cables, templates.PosterCable{D: posterCurve(at[j], at[i]), Cut: groups[i] != groups[j] || cut[[2]int{j, i}]})
		}
	}
	p.Lanes = posterLanes(o.shown())
	p.Line = posterLine(sc, o.at)
	p.About = posterAbout(o, p)
	return p
}

func posterReplicas(sc *sim.Scenario, region string) string {
	n := max(sc.Replicas, 1)
	if i := slices.IndexFunc(sc.ReplicasIn, func(r sim.RegionReplicas) bool { return r.Region == region }); i >= 0 {
		n = sc.ReplicasIn[i].Count
	}
	if n == 1 {
		return ""
	}
	return strconv.Itoa(n)
}

// posterText makes a text fit, and fit for XML, which has no control characters.
func posterText(s string, most int) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == utf8.RuneError || r == 0xFFFE || r == 0xFFFF || unicode.Is(unicode.Bidi_Control, r) { // what turns round the text of the page around it, too
			return ' '
		}
		return r
	}, s)
	if list := []rune(s); len(list) > most {
		return string(list[:most-1]) + "…"
	}
	return s
}

// px writes a length as SVG does, to a tenth.
func px(x float64) string { return strconv.FormatFloat(math.Round(x*10)/10, 'f', -1, 64) }

// posterPlaces brings the regions onto the stage: as large as they fit, then apart where they stand too close. It returns
// where they are and how the map lies below them.
func posterPlaces(views []RegionView) (at [][2]float64, placing string) {
	left, top := math.Inf(1), math.Inf(1)
	right, low := math.Inf(-1), math.Inf(-1)
	for _, v := range views {
		left, right = min(left, v.X), max(right, v.X)
		top, low = min(top, v.Y), max(low, v.Y)
	}
	scale := min((posterWide-2*posterEdge)/max(right-left, 120), (posterHigh-2*posterEdge)/max(low-top, 45))
	dx := posterLeft + posterWide/2 - scale*(left+right)/2
	dy := posterTop + posterHigh/2 - 10 - scale*(top+low)/2
	for _, v := range views {
		at = append(at, [2]float64{dx + float64(scale*v.X), dy + float64(scale*v.Y)})
	}
	for range posterSteps {
		posterPush(at)
	}
	return at, fmt.Sprintf("translate(%s %s) scale(%s)", px(dx), px(dy), strconv.FormatFloat(math.Round(scale*1000)/1000, 'f', -1, 64))
}

// posterPush moves regions that stand too close a little apart, and none off the stage.
func posterPush(at [][2]float64) {
	for i := range at {
		for j := range i {
			x, y := at[i][0]-at[j][0], at[i][1]-at[j][1]
			d := math.Hypot(x, y)
			if d >= posterApart {
				continue
			}
			if d == 0 {
				x, y, d = 1, 0, 1
			}
			by := (posterApart - d) / 4 / d
			at[i][0], at[i][1] = at[i][0]+float64(x*by), at[i][1]+float64(y*by)
			at[j][0], at[j][1] = at[j][0]-float64(x*by), at[j][1]-float64(y*by)
		}
	}
	for i := range at {
		at[i][0] = min(max(at[i][0], posterLeft+posterEdge), posterLeft+posterWide-posterEdge)
		at[i][1] = min(max(at[i][1], posterTop+40), posterTop+posterHigh-54)
	}
}

// posterCurve hangs a cable between two places.
func posterCurve(a, b [2]float64) string {
	sag := math.Hypot(b[0]-a[0], b[1]-a[1]) * 0.12
	return fmt.Sprintf("M%s %sQ%s %s %s %s", px(a[0]), px(a[1]), px((a[0]+b[0])/2), px((a[1]+b[1])/2-sag), px(b[0]), px(b[1]))
}

// posterLanes puts the lanes side by side.
func posterLanes(lanes []sim.Lane) []templates.PosterLane {
	var list []templates.PosterLane
	wide := posterWide / float64(len(lanes))
	for i, l := range lanes {
		words := []string{l.Protocol}
		for _, k := range l.Knobs {
			words = append(words, k.Name+" "+k.Value)
		}
		if words[0] == l.Name {
			words = words[1:]
		}
		most := posterLaneText*4/len(lanes) - posterLaneGap
		list = append(list, templates.PosterLane{X: px(posterLeft + wide*float64(i)), Name: posterText(l.Name, most), Runs: posterText(strings.Join(words, " · "), most)})
	}
	return list
}
