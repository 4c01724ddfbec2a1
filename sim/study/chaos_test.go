package study

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"netsplit/sim"
	"netsplit/sim/preset"
)

// chaos writes scenarios in which anything may happen at any time, wipes and links without delay among it.
type chaos struct {
	*rand.Rand
	regions []string
}

func (c *chaos) of(list ...string) string { return list[c.IntN(len(list))] }

func (c *chaos) time(most int) string { return fmt.Sprintf("%dms", c.IntN(most)) }

func (c *chaos) node() string   { return fmt.Sprintf("%s/%d", c.of(c.regions...), 1+c.IntN(2)) }
func (c *chaos) client() string { return fmt.Sprintf("%s@%d", c.of(c.regions...), 1+c.IntN(2)) }

func (c *chaos) links() string {
	end := func() string { return c.of(c.of(c.regions...), c.node(), c.client()) }
	return c.of("everywhere", end()+" "+end(), end()+" > "+end())
}

// lane writes a lane of a protocol with a few of its knobs set, to values that may make no sense together.
func (c *chaos) lane(p sim.Protocol) string {
	words := []string{"lane", p.Name, p.Name, c.of("transport=stream", "transport=datagram")}
	for _, k := range p.Knobs {
		if c.IntN(4) > 0 {
			continue
		}
		value := k.Default
		switch {
		case len(k.Words) > 0:
			value = c.of(k.Words...)
		case k.Kind == sim.KnobNumber:
			value = fmt.Sprint(k.Min + c.Int64N(min(k.Max-k.Min, 6)+1))
		case k.Kind == sim.KnobRegion:
			value = c.of(c.regions...)
		}
		if value != "" {
			words = append(words, k.Name+"="+value)
		}
	}
	return strings.Join(words, " ")
}

// command writes something that happens, to which the world may have an objection.
func (c *chaos) command() string {
	key := c.of("balance", "cart-1", "k")
	switch verb := sim.Verbs[c.IntN(len(sim.Verbs))]; verb {
	case sim.VerbPartition:
		return "partition " + c.of(c.regions...)
	case sim.VerbHeal:
		return "heal"
	case sim.VerbReseed:
		return fmt.Sprintf("reseed %d", c.IntN(1000))
	case sim.VerbRead, sim.VerbDelete:
		return fmt.Sprintf("%s %s %s", verb, c.client(), key)
	case sim.VerbLike:
		return fmt.Sprintf("%s %s %s", verb, c.client(), c.of(key, "likes-2"))
	case sim.VerbDeliver, sim.VerbLose:
		return fmt.Sprintf("lane %s %s %d", c.of("raft", "quorum", "gossip", "primary"), verb, 1+c.IntN(2000))
	case sim.VerbPostpone:
		return fmt.Sprintf("lane %s %s %d %s", c.of("raft", "quorum", "gossip", "primary"), verb, 1+c.IntN(2000), c.time(2000))
	case sim.VerbDeposit, sim.VerbWithdraw, sim.VerbBuy, sim.VerbPut, sim.VerbPost, sim.VerbSwap, sim.VerbCreate:
		return fmt.Sprintf("%s %s %s %d", verb, c.client(), c.of(key, "stock", "cart", "feed", "x"), c.IntN(9))
	case sim.VerbWrite, sim.VerbIncrement, sim.VerbAdd, sim.VerbRemove:
		return fmt.Sprintf("%s %s %s %d", verb, c.client(), key, c.IntN(9))
	case sim.VerbCut, sim.VerbMend, sim.VerbHold, sim.VerbRelease:
		return fmt.Sprintf("%s %s", verb, c.links())
	case sim.VerbDrop, sim.VerbDuplicate:
		return fmt.Sprintf("%s %d%% %s", verb, c.IntN(101), c.links())
	case sim.VerbReorder:
		return fmt.Sprintf("%s %d%% %dms %s", verb, 1+c.IntN(100), 1+c.IntN(2000), c.links())
	case sim.VerbDelay:
		return fmt.Sprintf("%s %s %s", verb, c.time(3000), c.links())
	case sim.VerbSlow, sim.VerbFsync, sim.VerbSkew:
		return fmt.Sprintf("%s %s %s", verb, c.node(), c.time(2000))
	case sim.VerbDrift:
		return fmt.Sprintf("%s %s %s%dppm", verb, c.node(), c.of("", "-"), c.IntN(sim.MaxDrift))
	default:
		return fmt.Sprintf("%s %s", verb, c.node())
	}
}

// text writes a scenario; lines that the world refuses are left out.
func (c *chaos) text(seed int) string {
	c.regions = []string{"us-east-1", "eu-west-1", "berlin"}[:1+c.IntN(3)]
	text := fmt.Sprintf("seed %d\nregions %s\nreplicas 2 per region\nclients 2 per region\n", seed, strings.Join(c.regions, " "))
	text += fmt.Sprintf("link everywhere %s\n", c.of("constant 0s", "constant 1ms", "uniform 0ms 300ms", "exponential 20ms"))
	text += "workload " + c.of("bank rate=2/s staggered", "likes rate=3/s poisson skew=1 keys=3", "cart closed think=50ms",
		"inventory closed think=300ms retry=elsewhere retries=4 session=roam", "feed rate=1/s poisson timeout=100ms retry=same",
		"register rate=2/s poisson reads=60%") + "\n"
	lanes := 0
	for _, p := range preset.Protocols() {
		for range 20 {
			if more := text + c.lane(p) + "\n"; accepted(more) {
				text = more
				lanes++
				break
			}
		}
	}
	for range 40 {
		more := fmt.Sprintf("at %s %s\n", c.time(9000), c.command())
		if c.IntN(8) == 0 {
			more = fmt.Sprintf("at %s fsync %s stuck\n", c.time(9000), c.node())
		}
		if accepted(text + more) {
			text += more
		}
	}
	return text + "end 12s\n"
}

func accepted(text string) bool {
	_, err := Parse(text)
	return err == nil
}

// TestChaos: whatever happens, nothing panics, time goes on, and the run is the same in other steps.
func TestChaos(t *testing.T) {
	t.Parallel()
	n := seeds(60, 5_000)
	commands := 0
	for seed := range n {
		c := &chaos{Rand: rand.New(rand.NewPCG(uint64(seed), 5))}
		text := c.text(seed)
		if trace := playChaos(t, text, nil); trace != playChaos(t, text, c.Rand) {
			t.Fatalf("seed %d: other steps make another run\n%s", seed, sim.Replay(text))
		}
		commands += strings.Count(text, "\nat ")
	}
	t.Logf("%d worlds, %d commands", n, commands)
}

// playChaos runs a scenario in one step, or in random ones, and returns its trace.
func playChaos(t *testing.T, text string, steps *rand.Rand) string {
	t.Helper()
	defer func() {
		if broken := recover(); broken != nil {
			t.Fatalf("%v\n%s", broken, sim.Replay(text))
		}
	}()
	s := mustParse(t, text)
	r, err := New(s)
	if err != nil {
		t.Fatal(err)
	}
	for r.Now() < s.End {
		next := s.End
		if steps != nil {
			next = min(r.Now()+sim.Time(1+steps.IntN(700_000)), s.End)
		}
		r.AdvanceTo(next)
	}
	if r.Report().Trace == "" || !slices.IsSortedFunc(s.Commands, func(a, b sim.Command) int { return int(a.At - b.At) }) {
		t.Fatal("no trace, or commands out of order")
	}
	return r.Trace()
}
