package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/jwt/v2"
	natsserver "github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nkeys"
	"go.uber.org/goleak"

	"netsplit/sim"
)

// TestTwoServersOnNATS: two servers with a connection each to one NATS have the same rooms.
func TestTwoServersOnNATS(t *testing.T) {
	c := NATSConfig{URL: startNATS(t).url()}
	_, urlA := startWith(t, openNATS(t, c))
	_, urlB := startWith(t, openNATS(t, c))
	testTwoServers(t, urlA, urlB)
}

// TestServerGone: who was at a server that has gone carries on at another one, with all that was acknowledged.
func TestServerGone(t *testing.T) {
	c := NATSConfig{URL: startNATS(t).url()}
	ctx, end := context.WithCancel(context.Background())
	logA := openNATS(t, c)
	a, err := New(ctx, Config{Logger: discard(), Log: logA})
	if err != nil {
		t.Fatal(err)
	}
	hs := httptest.NewServer(a)
	defer hs.Close()
	_, urlB := startWith(t, openNATS(t, c))
	p := dial(t, hs.URL)
	first := p.enter(ClientMessage{Run: sim.Pack("regions us-east-1 eu-west-1\nlane a gossip\n")})
	for i := range int64(5) {
		p.done(ClientMessage{Type: "command", ID: fmt.Sprint("w", i), Command: &sim.Command{Verb: sim.VerbWrite, Region: "us-east-1", Key: "balance", Value: i + 1}})
	}
	p.say(ClientMessage{Type: "pause"})
	p.await("the pause", func(in incoming) bool { return in.Type == "delta" && !in.Clock.Playing })
	was := p.saved()
	end()
	p.closed()
	a.rooms.close()
	other, state := back(t, urlB, first.Room, first.Key)
	is := other.saved()
	if state.Clock.Playing || is.Text != was.Text || is.At != was.At || is.Trace != was.Trace {
		t.Errorf("at %s there was\n%s\nand at %s there is\n%s", was.At, was.Text, is.At, is.Text)
	}
	other.done(ClientMessage{Type: "command", ID: "w4", Command: &sim.Command{Verb: sim.VerbWrite, Region: "us-east-1", Key: "balance", Value: 5}})
	other.done(ClientMessage{Type: "command", ID: "w5", Command: &sim.Command{Verb: sim.VerbWrite, Region: "us-east-1", Key: "balance", Value: 6}})
	if n := strings.Count(other.saved().Text, " write "); n != 6 {
		t.Errorf("there are %d writes", n)
	}
}

// readiness returns what /readyz says.
func readiness(t testing.TB, url string) int {
	t.Helper()
	res, err := http.Get(url + "/readyz")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	io.Copy(io.Discard, res.Body) //nolint:errcheck // nobody reads it
	return res.StatusCode
}

// TestNATSAway: while NATS is away the server is unready and says so, commands are refused with a reason; when it is back all
// goes on, and what was refused stands once at most.
func TestNATSAway(t *testing.T) {
	n := startNATS(t)
	l := openNATS(t, NATSConfig{URL: n.url()})
	_, url := startWith(t, l)
	p := dial(t, url)
	p.enter(ClientMessage{Run: sim.Pack("regions us-east-1 eu-west-1\nlane a gossip\n")})
	heal := ClientMessage{Type: "command", ID: "heal", Command: &sim.Command{Verb: sim.VerbHeal}}
	crash := ClientMessage{Type: "command", ID: "crash", Command: &sim.Command{Verb: sim.VerbCrash, Node: "eu-west-1/1"}}
	p.done(heal)
	if got := readiness(t, url); got != http.StatusOK {
		t.Errorf("readyz says %d", got)
	}
	n.stop()
	eventually(t, "the server is unready", func() bool { return readiness(t, url) == http.StatusServiceUnavailable })
	seq := p.say(crash)
	refused := p.await("reject", func(in incoming) bool { return in.Type == "reject" && in.Of == seq })
	if !strings.Contains(refused.Reason, "the log does not answer at present") {
		t.Errorf("it is refused with %q", refused.Reason)
	}
	n.start(t)
	eventually(t, "the server is ready", func() bool { return readiness(t, url) == http.StatusOK })
	p.done(crash)
	p.done(heal)
	text := p.saved().Text
	if strings.Count(text, " crash ") != 1 || strings.Count(text, " heal") != 1 {
		t.Errorf("there is\n%s", text)
	}
}

// TestNATSStays: what was appended, and the latest mark, is there after a new start of NATS.
func TestNATSStays(t *testing.T) {
	n := startNATS(t)
	l, room := openNATS(t, NATSConfig{URL: n.url()}), randomID()
	long := "# " + strings.Repeat("x", MaxEntry-2)
	one := mustAppend(t, l, room, 0, "one", "# begin {}")
	two := mustAppend(t, l, room, 1, "two", long)
	m := Mark{Seq: 2, At: 2500 * sim.Millisecond, Time: two.Time}
	l.Mark(room, m)
	eventually(t, "the mark is there", func() bool { _, got, _ := readAll(t, l, room, 1); return got == m })
	n.stop()
	n.start(t)
	entries, got, damage := readAll(t, l, room, 1)
	if len(entries) != 2 || entries[0] != one || entries[1] != two || got != m || damage != nil {
		t.Errorf("%d entries, %+v, %v", len(entries), got, damage)
	}
	if again := mustAppend(t, l, room, 0, "one", "# begin {}"); again != one {
		t.Errorf("%+v", again)
	}
	mustAppend(t, l, room, 2, "three", "at 1s heal")
}

// TestNATSDamage: what is no entry, or does not continue the log, is named and passed over; who appends carries on before it.
func TestNATSDamage(t *testing.T) {
	l, room := openNATS(t, NATSConfig{URL: startNATS(t).url()}), randomID()
	mustAppend(t, l, room, 0, "a", "# begin {}")
	mustAppend(t, l, room, 1, "b", "at 1s heal")
	good := &natsRoom{name: room, cursor: natsCursor{seq: 2, chain: chainOf(room).sumWith(1, "a", "# begin {}").sumWith(2, "b", "at 1s heal")}}
	whole, _ := l.message(good, "c", "at 2s heal")
	bomb := l.packer.EncodeAll([]byte(strings.Repeat(" ", 100*MaxEntry)), nil)
	last := uint64(2)
	for name, spoil := range map[string]func(m *nats.Msg){
		"text": func(m *nats.Msg) { m.Data = []byte("at 3s heal") }, "bit": func(m *nats.Msg) { m.Data[5] ^= 1 }, "nothing": func(m *nats.Msg) { m.Data, m.Header = nil, nil },
		"number": func(m *nats.Msg) { m.Header.Set(natsSeq, "4") }, "no number": func(m *nats.Msg) { m.Header.Set(natsSeq, "-1") }, "id": func(m *nats.Msg) { m.Header.Set(natsID, "../c") },
		"another id": func(m *nats.Msg) { m.Header.Set(natsID, "d") }, "packing": func(m *nats.Msg) { m.Header.Set(natsCoding, "rar") }, "bytes": func(m *nats.Msg) { m.Data = []byte("\x00\xff\n\n") },
		"unpacked": func(m *nats.Msg) { m.Header.Set(natsCoding, natsPacked) }, "bomb": func(m *nats.Msg) { m.Header.Set(natsCoding, natsPacked); m.Data = bomb },
	} {
		msg := nats.NewMsg(whole.Subject)
		msg.Data = append([]byte(nil), whole.Data...)
		for k, v := range whole.Header {
			msg.Header[k] = append([]string(nil), v...)
		}
		if spoil(msg); msg.Header == nil {
			msg.Header = nats.Header{}
		}
		if _, err := l.js.PublishMsg(t.Context(), msg); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		entries, _, damage := readAll(t, l, room, 1)
		if uint64(len(entries)) != last || damage == nil || damage.Seq != last || damage.Reason == "" {
			t.Errorf("%s: %d entries, %v", name, len(entries), damage)
		}
	}
	last++
	c := mustAppend(t, l, room, 2, "carried-on", "at 2s heal")
	if entries, _, damage := readAll(t, l, room, 1); damage != nil || uint64(len(entries)) != last || entries[2] != c {
		t.Errorf("after that: %+v, %v", entries, damage)
	}
	l.nc.Publish(natsMarkSubject+room, []byte("nonsense -1 x")) //nolint:errcheck // the next line waits for it
	eventually(t, "a mark that is none is none", func() bool { _, m, _ := readAll(t, l, room, 1); return m == Mark{} })
}

// TestNATSSweep: logs that nobody has used for long go when there is no room; none that is in use here or elsewhere, or young.
func TestNATSSweep(t *testing.T) {
	c := NATSConfig{URL: startNATS(t).url()}
	l, other := openNATS(t, c), openNATS(t, c)
	names := map[string]string{}
	for _, name := range []string{"old", "held here", "held there", "marked"} {
		names[name] = randomID()
		mustAppend(t, l, names[name], 0, "a", "# begin {}")
	}
	defer l.Hold(names["held here"])()
	defer other.Hold(names["held there"])()
	other.tellHeld()
	l.Mark(names["marked"], Mark{Seq: 1, Time: time.Now()})
	eventually(t, "that is known", func() bool {
		held, err1 := l.ask(t.Context(), natsMarks, natsQuery{LastFor: natsHeldSubject + names["held there"]})
		mark, err2 := l.ask(t.Context(), natsMarks, natsQuery{LastFor: natsMarkSubject + names["marked"]})
		return errors.Join(err1, err2) == nil && held != nil && mark != nil
	})
	list, err := l.unused(t.Context(), time.Now())
	if err != nil || len(list) != 4 || list[0].name != names["old"] || list[0].size == 0 {
		t.Fatalf("%+v, %v", list, err)
	}
	if young, err := l.unused(t.Context(), time.Now().Add(-time.Hour)); err != nil || len(young) != 0 {
		t.Errorf("older than an hour: %+v, %v", young, err)
	}
	for _, k := range list {
		gone, err := l.purge(t.Context(), k, RoomKeptLeast)
		if err != nil || gone != (k.name == names["old"]) {
			t.Errorf("%+v goes: %v, %v", k, gone, err)
		}
	}
	if err := l.sweep(t.Context()); err != nil || l.kept != 3 {
		t.Errorf("%d are left, %v", l.kept, err)
	}
	if _, err := l.Append(t.Context(), names["old"], 1, "b", "# x"); !errors.Is(err, ErrMoved) {
		t.Errorf("what has gone: %v", err)
	}
	mustAppend(t, l, names["old"], 0, "again", "# begin {}")
	l.mu.Lock()
	l.kept = MaxKeptRooms
	l.mu.Unlock()
	if _, err := l.Append(t.Context(), randomID(), 0, "a", "# begin {}"); !errors.Is(err, ErrFull) {
		t.Errorf("where there are too many: %v", err)
	}
}

// TestNATSConfigs: what cannot be is refused with its reason, and without secrets.
func TestNATSConfigs(t *testing.T) {
	for url, good := range map[string]bool{"nats://a": true, "tls://u:p@a:1,nats://b:2": true, "nats://[::1]:4222": true, "": false, "a:4222": false, "http://a": false, "nats://": false,
		"nats://u:hunter2@a:x": false, "nats://a:0": false, "nats://a/b": false, "nats://a,": false, "nats://u:hunter2@a b": false, "nats://a?x=1": false} {
		err := NATSConfig{URL: url, Replicas: 1}.Check()
		if (err == nil) != good || err != nil && strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: %v", url, err)
		}
	}
	n := newNATSNode(t, "closed")
	n.options.Username, n.options.Password = "user", "right"
	n.start(t)
	t.Cleanup(n.stop)
	address := strings.TrimPrefix(n.url(), "nats://")
	if _, err := OpenNATSLog(t.Context(), NATSConfig{URL: "nats://user:hunter2@" + address, Replicas: 1}, discard()); !errors.Is(err, nats.ErrAuthorization) || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("with a wrong password: %v", err)
	}
	l := openNATS(t, NATSConfig{URL: "nats://user:right@" + address})
	mustAppend(t, l, randomID(), 0, "a", "# begin {}")
	if _, err := OpenNATSLog(t.Context(), NATSConfig{URL: "tls://user:right@" + address, Replicas: 1}, discard()); !errors.Is(err, nats.ErrSecureConnWanted) {
		t.Errorf("with TLS where there is none: %v", err)
	}
	if _, err := OpenNATSLog(t.Context(), NATSConfig{URL: "nats://user:right@" + address, Replicas: 3}, discard()); err == nil || !strings.Contains(err.Error(), "replicas") {
		t.Errorf("with more replicas than servers: %v", err)
	}
}

// TestNATSCreds: a file of credentials lets in.
func TestNATSCreds(t *testing.T) {
	operator, account, system, user := mustKey(t, nkeys.CreateOperator), mustKey(t, nkeys.CreateAccount), mustKey(t, nkeys.CreateAccount), mustKey(t, nkeys.CreateUser)
	claims := jwt.NewAccountClaims(publicKey(t, account))
	claims.Limits.JetStreamLimits = jwt.JetStreamLimits{MemoryStorage: -1, DiskStorage: -1, Streams: -1, Consumer: -1}
	accountJWT, err := claims.Encode(operator)
	if err != nil {
		t.Fatal(err)
	}
	systemJWT, err := jwt.NewAccountClaims(publicKey(t, system)).Encode(operator)
	if err != nil {
		t.Fatal(err)
	}
	userJWT, err := jwt.NewUserClaims(publicKey(t, user)).Encode(account)
	if err != nil {
		t.Fatal(err)
	}
	seed, err := user.Seed()
	if err != nil {
		t.Fatal(err)
	}
	text, err := jwt.FormatUserConfig(userJWT, seed)
	if err != nil {
		t.Fatal(err)
	}
	creds := filepath.Join(t.TempDir(), "netsplit.creds")
	if err := os.WriteFile(creds, text, 0o600); err != nil {
		t.Fatal(err)
	}
	n := newNATSNode(t, "operated")
	known := &natsserver.MemAccResolver{}
	n.options.TrustedKeys, n.options.AccountResolver, n.options.SystemAccount = []string{publicKey(t, operator)}, known, publicKey(t, system)
	if err := errors.Join(known.Store(publicKey(t, account), accountJWT), known.Store(publicKey(t, system), systemJWT)); err != nil {
		t.Fatal(err)
	}
	n.start(t)
	t.Cleanup(n.stop)
	mustAppend(t, openNATS(t, NATSConfig{URL: n.url(), Creds: creds}), randomID(), 0, "a", "# begin {}")
	if _, err := OpenNATSLog(t.Context(), NATSConfig{URL: n.url(), Replicas: 1}, discard()); !errors.Is(err, nats.ErrAuthorization) {
		t.Errorf("without: %v", err)
	}
}

func mustKey(t testing.TB, create func() (nkeys.KeyPair, error)) nkeys.KeyPair {
	t.Helper()
	key, err := create()
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func publicKey(t testing.TB, key nkeys.KeyPair) string {
	t.Helper()
	text, err := key.PublicKey()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// TestNATSEnds: what OpenNATSLog begins ends with Close.
func TestNATSEnds(t *testing.T) {
	n := startNATS(t)
	before := goleak.IgnoreCurrent()
	l, err := OpenNATSLog(t.Context(), NATSConfig{URL: n.url(), Replicas: 1}, discard())
	if err != nil {
		t.Fatal(err)
	}
	room := randomID()
	mustAppend(t, l, room, 0, "a", "# begin {}")
	readAll(t, l, room, 1)
	eventually(t, "new entries are heard of", func() bool {
		s, err := l.js.Stream(t.Context(), natsRooms)
		return err == nil && s.CachedInfo().State.Consumers > 0
	})
	if err := l.Close(); err != nil {
		t.Error(err)
	}
	n.stop()
	goleak.VerifyNone(t, before, goleak.IgnoreAnyFunction("github.com/nats-io/nats-server/v2/server.(*Server).startGoRoutine.func1"))
	n.start(t)
}
