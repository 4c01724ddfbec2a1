package server

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// handNote begins an entry by which control is handed over, or taken back.
const handNote = "# hand "

// joiners are Unicode's zero width non-joiner and joiner.
const joiners = "\u200c\u200d"

// handing is what such an entry says. It names no token: those have control whose token has that sum.
type handing struct {
	Guest string `json:"guest"` // the guest id
	On    bool   `json:"on"`
}

// change returns the guests who have control by a handing, of those who had it before.
func (h handing) change(hands []string) []string {
	rest := slices.DeleteFunc(slices.Clone(hands), func(guest string) bool { return guest == h.Guest })
	if h.On && len(rest) < MaxHands && guestName.MatchString(h.Guest) {
		rest = append(rest, h.Guest)
	}
	return rest
}

// hand hands control over to a guest, or takes it back, once that is written down. Who holds the control key keeps it.
func (r *Room) hand(msg ClientMessage) error {
	has := slices.Contains(r.hands, msg.To)
	switch {
	case !guestName.MatchString(msg.To):
		return errors.New("hand: to: expected a guest id, of 64 hexadecimal digits")
	case msg.On && !has && len(r.hands) >= MaxHands:
		return fmt.Errorf("hand: control has been handed over to %d guests, which is the most; take it back from one first", MaxHands)
	case msg.On == has:
		return nil
	}
	h := handing{Guest: msg.To, On: msg.On}
	if err := r.write(msg.ID, note(handNote, h)); err != nil {
		return fmt.Errorf("hand: %w", err)
	}
	r.setHands(h.change(r.hands))
	return nil
}

// setHands has those guests have control, and no others but who holds the control key.
func (r *Room) setHands(hands []string) {
	if slices.Equal(r.hands, hands) {
		return
	}
	r.hands = hands
	r.asks = slices.DeleteFunc(r.asks, func(g Guest) bool { return slices.Contains(hands, g.Guest) })
	present, may := false, false
	for v := range r.viewers { // order does not matter: any will do
		if v.guest != "" && v.guest == r.floor.Guest {
			present, may = true, may || r.rightOf(v) == RightControl
		}
	}
	if present && !may {
		r.giveFloor("")
	}
	r.stir(true)
}

// askFor has a viewer ask for control, or ask no more.
func (r *Room) askFor(v *viewer, msg ClientMessage) error {
	i := slices.IndexFunc(r.asks, func(g Guest) bool { return g.Guest == v.guest })
	switch {
	case v.guest == "":
		return errors.New("ask: this page has said no guest token: control could not be handed over to it")
	case !msg.On && i < 0:
		return nil
	case !msg.On:
		r.asks = slices.Delete(r.asks, i, i+1)
		r.stir(true)
		return nil
	case r.rightOf(v) == RightControl:
		return errors.New("ask: you have control")
	case i < 0 && len(r.asking()) >= MaxAsks:
		return fmt.Errorf("ask: %d guests ask for control, which is the most; try again later", MaxAsks)
	}
	if err := checkName(msg.Name); err != nil {
		return fmt.Errorf("ask: %w", err)
	}
	g := Guest{Guest: v.guest, Name: msg.Name}
	if i >= 0 {
		r.asks[i] = g
	} else {
		r.asks = append(r.asks, g)
	}
	r.stir(true)
	return nil
}

// checkName refuses names that are not what they look like, or too long.
func checkName(name string) error {
	switch n := utf8.RuneCountInString(name); {
	case n > MaxName:
		return fmt.Errorf("name: it has %d characters; the most is %d", n, MaxName)
	case !utf8.ValidString(name) || strings.ContainsFunc(name, unseen) || name != "" && strings.Trim(name, joiners) == "":
		return errors.New("name: expected printable characters only")
	case name != strings.TrimSpace(name):
		return errors.New("name: expected no blanks at its ends")
	}
	return nil
}

// unseen are characters that show nothing, or change how others show; joiners are not, which Persian, Indic scripts and emoji
// are written with. Letters that are blank (fillers of Hangul, the empty pattern of Braille) pass for printable in Unicode.
func unseen(c rune) bool {
	return !unicode.IsPrint(c) && !strings.ContainsRune(joiners, c) || strings.ContainsRune("\u115f\u1160\u2800\u3164\uffa0", c)
}

// asking lists who asks for control, here and elsewhere, each once and at most MaxAsks.
func (r *Room) asking() []Guest {
	all := slices.Clone(r.asks)
	for _, from := range r.instances() {
		for _, g := range r.elsewhere[from].note.Asks {
			same := func(other Guest) bool { return other.Guest == g.Guest }
			if len(all) < MaxAsks && !slices.ContainsFunc(all, same) && !slices.Contains(r.hands, g.Guest) {
				all = append(all, g)
			}
		}
	}
	return all
}

// named lists guests to whom control was handed over, with the names by which they asked, as far as anybody remembers.
func (r *Room) named() []Guest {
	list := []Guest{}
	for _, guest := range r.hands {
		list = append(list, Guest{Guest: guest, Name: r.names[guest]})
	}
	return list
}

// remember keeps the names of those who ask or have control, and no others.
func (r *Room) remember() {
	names := map[string]string{}
	for _, guest := range r.hands {
		names[guest] = r.names[guest]
	}
	for _, g := range r.asking() {
		names[g.Guest] = g.Name
	}
	r.names = names
}
