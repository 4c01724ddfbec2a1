package server

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// messageRights says of each message type which right it takes at the moment at which it is carried out. What is not here
// is carried out for nobody. To cancel is to look: a viewer's job is nobody else's, and may outlast its right.
var messageRights = []struct {
	kind  string
	takes Right
}{
	{"command", RightControl}, {"script", RightControl}, {"edit", RightControl}, {"flap", RightControl}, {"text", RightView}, {"share", RightView},
	{"series", RightView}, {"timeline", RightView}, {"play", RightControl}, {"pause", RightControl}, {"speed", RightControl}, {"step", RightControl},
	{"until", RightControl}, {"seek", RightView}, {"live", RightView}, {"inspect", RightView}, {"follow", RightView}, {"fork", RightControl}, {"undo", RightControl},
	{"redo", RightControl}, {"luck", RightControl}, {"turning", RightControl}, {"find", RightControl}, {"matrix", RightControl}, {"cancel", RightView},
	{"ask", RightView}, {"hand", RightControl}, {"present", RightControl}, {"glance", RightControl}, {"hello", RightView},
}

// errWatching refuses what takes control.
var errWatching = errors.New("you are watching: acting takes the control link")

// allow says whether a viewer may have a message of a type carried out now.
func (r *Room) allow(v *viewer, kind string) error {
	var names []string
	for _, m := range messageRights {
		if m.kind == kind {
			if m.takes == RightControl && r.rightOf(v) != RightControl {
				return errWatching
			}
			return nil
		}
		if names = append(names, m.kind); m.kind == "hello" {
			names = names[:len(names)-1] // it has been said
		}
	}
	last := len(names) - 1
	return fmt.Errorf("unknown message type %q; expected %s or %s", trim(kind), strings.Join(names[:last], ", "), names[last])
}

// rightOf returns a viewer's right at present.
func (r *Room) rightOf(v *viewer) Right {
	if v.holder || v.guest != "" && slices.Contains(r.hands, v.guest) {
		return RightControl
	}
	return RightView
}

// keySums are the SHA-256 sums of a room's keys, in hexadecimal: all that a log has of them. View is "" in old logs.
type keySums struct{ control, view string }

func sumsOf(control string) keySums { return keySums{sumOf(control), sumOf(viewKeyOf(control))} }

// rightBy returns the right that a key gives, and "" for none. How long it takes does not tell how much of a key is right.
func (s keySums) rightBy(key string) Right {
	sum := []byte(sumOf(key))
	control, view := subtle.ConstantTimeCompare(sum, []byte(s.control)), subtle.ConstantTimeCompare(sum, []byte(s.view))
	switch {
	case control == 1:
		return RightControl
	case view == 1:
		return RightView
	}
	return ""
}

// viewKeyOf returns the view key of a room: whoever has the control key can name it, and not the other way round.
func viewKeyOf(control string) string {
	if control == "" {
		return ""
	}
	sum := sha256.Sum256([]byte("view " + control))
	return base64.RawURLEncoding.EncodeToString(sum[:16])
}

// lock is what a room knows of its keys, and of those of its kin.
type lock struct {
	sums    keySums
	viewKey string
	veiled  map[string]string // of rooms of its kin that its log names: the control key, see veil
	hands   []string          // guests to whom control was handed over
}

// lockOf returns the lock of a room with a control key.
func lockOf(control string) lock {
	return lock{sums: sumsOf(control), viewKey: viewKeyOf(control), veiled: map[string]string{}}
}

// reopen sets the lock of a room that wakes for somebody who has come with one of its keys. By a view key alone nobody knows
// its control key, nor those of its kin.
func (r *Room) reopen(key string, rec *roomRecord) {
	r.Key, r.lock = "", lock{sums: keySums{rec.Control, rec.View}, viewKey: key, veiled: map[string]string{}, hands: rec.hands}
	if r.sums.rightBy(key) == RightControl {
		r.Key, r.viewKey = key, viewKeyOf(key)
		r.sums.view = sumOf(r.viewKey)
	}
}

// learn takes note of the control key, when somebody comes with it to a room that was woken without.
func (r *Room) learn(key string) {
	if r.Key == "" && r.sums.rightBy(key) == RightControl {
		r.Key = key
		r.tellBranches()
	}
}

// unveil returns the control key of a room of the kin, as the log names it; "" while the room's own is not known.
func (r *Room) unveil(k kin) string {
	r.veiled[k.Room] = k.Veiled
	return r.kinKey(k.Room, "")
}

// kinKey returns the control key of a room of the kin, of which it may be known already; "" while it is not.
func (r *Room) kinKey(room, known string) string {
	if known != "" || r.Key == "" {
		return known
	}
	return veil(r.Key, room, r.veiled[room])
}

// keyFor returns the key of a room of the kin as a viewer may know it: who came with the control key may have that of the
// kin, and others look on there too.
func (r *Room) keyFor(holder bool, room, known string) string {
	if holder {
		return r.kinKey(room, known)
	}
	return viewKeyOf(r.kinKey(room, known))
}

var guestName = regexp.MustCompile(`^[0-9a-f]{64}$`)

// guestOf returns the guest id of a token, and "" for none.
func guestOf(token string) (string, error) {
	if token == "" {
		return "", nil
	}
	if bits, err := base64.RawURLEncoding.Strict().DecodeString(token); err != nil || len(bits) != 16 {
		return "", errors.New("hello: guest: expected a token of 128 bits, as 22 letters, digits, - and _")
	}
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:]), nil
}

// opensFor returns the right with which a hello enters the room, which was found or opened for it.
func (r *Room) opensFor(hello ClientMessage) Right {
	if hello.Room != r.ID {
		return RightControl // it is new
	}
	return r.sums.rightBy(hello.Key)
}

// kindOf returns the metric's reason for a message that is not carried out.
func kindOf(err error) string {
	if errors.Is(err, errWatching) {
		return "right"
	}
	return "command"
}

// own returns of two messages the one that is for a viewer: for those who have come with the control key, or for others.
func (v *viewer) own(keys, looks []byte) []byte {
	if v.holder {
		return keys
	}
	return looks
}
