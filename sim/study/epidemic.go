package study

import (
	"fmt"
	"math"
	"math/rand/v2"
)

// epidemics are the published figures for push gossip on a complete graph: Doerr and Künnemann, Tight analysis of
// randomized rumor spreading in complete graphs (ANALCO 2014). Their bounds of the expected number of rounds are
// floor(log2 n) + ln n - 1.116 and ceil(log2 n) + ln n + 2.765.
var epidemics = []struct {
	nodes     int
	reference float64 // rounds, by an independent simulation
}{{16, 7.4}, {64, 11.14}}

// pushRounds counts the rounds until all of n nodes know what one knew: in each round, every node that knows tells
// one other, chosen by chance.
func pushRounds(n int, rnd *rand.Rand) int {
	knows := make([]bool, n)
	knows[0] = true
	rounds := 0
	for known := 1; known < n; rounds++ {
		before := make([]bool, n)
		copy(before, knows)
		for i, knew := range before {
			if !knew {
				continue
			}
			to := rnd.IntN(n - 1)
			if to >= i {
				to++
			}
			if !knows[to] {
				knows[to] = true
				known++
			}
		}
	}
	return rounds
}

// epidemicTable holds push gossip, over trials runs for each size, to the bounds and, within 1 %, to the reference.
func epidemicTable(trials int) Table {
	t := Table{Title: fmt.Sprintf("Push gossip: mean rounds until all know, %d trials; bounds by Doerr and Künnemann", trials),
		Head: []string{"nodes", "least", "most", "reference", "ours", "error", "verdict"}}
	for _, e := range epidemics {
		rnd := rand.New(rand.NewPCG(uint64(e.nodes), 1))
		sum := 0
		for range trials {
			sum += pushRounds(e.nodes, rnd)
		}
		ours, n := float64(sum)/float64(trials), float64(e.nodes)
		least := math.Floor(math.Log2(n)) + math.Log(n) - 1.116
		most := math.Ceil(math.Log2(n)) + math.Log(n) + 2.765
		off := ours/e.reference - 1
		verdict := "within"
		if ours < least || ours > most || math.Abs(off) > 0.01 {
			verdict = "OUT"
			t.Out++
		}
		t.Rows = append(t.Rows, []string{fmt.Sprint(e.nodes), fmt.Sprintf("%.2f", least), fmt.Sprintf("%.2f", most),
			fmt.Sprint(e.reference), fmt.Sprintf("%.2f", ours), fmt.Sprintf("%+.2f %%", 100*off), verdict})
	}
	return t
}
