package sim

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"errors"
	"strings"
	"testing"
)

func TestPack(t *testing.T) {
	for _, text := range []string{"", "regions a\n", strings.Repeat("lane x gossip\n", 1000)} {
		if got, err := Unpack(Pack(text)); err != nil || got != text {
			t.Errorf("%d bytes come back as %d (%v)", len(text), len(got), err)
		}
		if got, err := Unpack(Pack(text) + "&at=5s"); err != nil || got != text {
			t.Errorf("with more behind it, %d bytes come back as %d (%v)", len(text), len(got), err)
		}
	}
	if got, err := Unpack("1.S03MTU0t5uLiAgA"); err != nil || !strings.HasPrefix(got, "e") {
		t.Errorf("a link of the format before: %q, %v", got, err)
	}
}

// TestBadLinks: what is wrong with a link is said, and the lines that can be read are kept.
func TestBadLinks(t *testing.T) {
	text := strings.Repeat("at 1s read us-east-1 a\nat 2s write eu-west-1 b 4\n", 40)
	good := Pack(text)
	flipped := []byte(good)
	if flipped[20]++; strings.IndexByte(base64url, flipped[20]) < 0 {
		flipped[20] = 'A'
	}
	swapped := base64.RawURLEncoding.EncodeToString(append([]byte{1, 2, 3, 4}, deflated(text)...))
	for _, c := range []struct{ name, run, want, saved string }{
		{"empty", "", "does not begin", ""},
		{"foreign", "hello", "does not begin", ""},
		{"not a number", "x.abc", "does not begin", ""},
		{"newer", "3.abc", "newer Netsplit: its format is 3, and this one knows up to 2", ""},
		{"no payload", "2.", "damaged", ""},
		{"cut short", good[:len(good)-8], "damaged", "at 1s read us-east-1 a\n"},
		{"cut in a group of four", good[:len(good)-7], "", "at 1s"},
		{"flipped", string(flipped), "damaged", ""},
		{"another text's sum", "2." + swapped, "not what it was made of", text},
		{"a blank in it", good[:len(good)-6] + " " + good[len(good)-6:], "base64url", "at 1s read"},
	} {
		_, err := Unpack(c.run)
		var bad *LinkError
		if !errors.As(err, &bad) || !strings.Contains(bad.Reason, c.want) || !strings.HasPrefix(bad.Saved, c.saved) {
			t.Errorf("%s: %#v", c.name, err)
		}
	}
}

// TestBombs: a link of 230 kB that stands for 95 MB is refused, and inflates no further than a scenario goes.
func TestBombs(t *testing.T) {
	bomb := Pack(strings.Repeat(" ", 95<<20))
	allocated := testing.AllocsPerRun(1, func() {
		if _, err := Unpack(bomb); err == nil || !strings.Contains(err.Error(), "over 65536 bytes") {
			t.Errorf("%v", err)
		}
	})
	if allocated > 1000 {
		t.Errorf("%.0f allocations", allocated)
	}
}

// TestRenew: only texts of older engines are changed, and in their engine alone.
func TestRenew(t *testing.T) {
	for _, c := range []struct {
		text, want string
		engine     int
	}{
		{"engine 1\nseed 7\n", "engine 2\nseed 7\n", 1},
		{"engine 2\nseed 7\n", "engine 2\nseed 7\n", 0},
		{"engine 3\nseed 7\n", "engine 3\nseed 7\n", 0},
		{"engine 0\n", "engine 0\n", 0},
		{"seed 7\nengine 1\n", "seed 7\nengine 1\n", 0},
		{"", "", 0},
	} {
		if got, n := Renew(c.text); got != c.want || n != c.engine {
			t.Errorf("%q: %q, %d", c.text, got, n)
		}
	}
}

// TestLinksAreShort: the link of a run with 50 commands has at most 1,500 characters.
func TestLinksAreShort(t *testing.T) {
	var b strings.Builder
	b.WriteString("engine 2\ntitle Europe drifts away while both sides spend from one account\nseed 7\nregions us-east-1 eu-west-1 ap-south-1\nreplicas 1 per region\nclients 1 per region\nlane strong raft leader=eu-west-1\nlane quorum quorum n=3 r=2 w=2\nlane eventual gossip\nworkload bank rate=1/s staggered\n")
	luck := mix(1, 2)
	for i := range 50 {
		luck = mix(luck, uint64(i))
		verbs := []string{"partition eu-west-1 | us-east-1 ap-south-1", "heal", "write us-east-1 balance 315", "read ap-south-1 balance", "crash us-east-1/1",
			"restart us-east-1/1", "cut us-east-1 > eu-west-1", "mend us-east-1 eu-west-1", "deposit eu-west-1 balance 40"}
		b.WriteString("at " + Time(uint64(i)*700_000+luck%700_000).String() + " " + verbs[luck%uint64(len(verbs))] + "\n")
	}
	link := "https://netsplit.example/" + RunMark + Pack(b.String()) + "&at=12.345678s&lane=quorum&view=spacetime"
	if len(link) > 1500 {
		t.Errorf("%d characters", len(link))
	}
	t.Logf("%d characters", len(link))
}

func deflated(text string) []byte {
	var b bytes.Buffer
	w, _ := flate.NewWriter(&b, flate.BestCompression)
	w.Write([]byte(text)) //nolint:errcheck // a buffer takes everything
	w.Close()
	return b.Bytes()
}
