package sim

import (
	"fmt"
	"strconv"
	"strings"
)

// Account is the bank's key, where it has one account; and the key that is shown where clients come of nobody's accord.
const Account = "balance"

// OpeningBalance is what an account holds before the first write, in dollars.
const OpeningBalance = 500

// DefaultStock is what there is of each thing before the first sale, where the scenario does not say.
const DefaultStock = 20

// WorkloadKind names a workload.
type WorkloadKind string

// The workloads, and what must stay true in each.
const (
	NoWorkload WorkloadKind = ""          // nobody comes of their own accord
	Bank       WorkloadKind = "bank"      // money is neither made nor lost, and no account is overdrawn
	Inventory  WorkloadKind = "inventory" // no more is sold than there was
	Cart       WorkloadKind = "cart"      // no item that was added vanishes
	Likes      WorkloadKind = "likes"     // the count is that of the acknowledged likes
	Feed       WorkloadKind = "feed"      // no post disappears, and posts keep their order
	Register   WorkloadKind = "register"  // nothing of its own; there are verdicts only
)

// domain is what a workload is about.
type domain struct {
	kind  WorkloadKind
	key   string // its key, where there is one; else the stem of its keys
	unit  string // of what a key holds; "" for plain numbers
	reads Chance // of an Errand that only looks, where the scenario does not say
}

// domains lists the workloads in the order in which they are named to users.
var domains = []domain{
	{Bank, Account, "dollars", 300_000},
	{Inventory, "stock", "pieces", 200_000},
	{Cart, "cart", "items", 300_000},
	{Likes, "likes", "likes", 300_000},
	{Feed, "feed", "posts", 500_000},
	{Register, "x", "", 500_000},
}

// Workloads returns one of each kind, with a single key.
func Workloads() []Workload {
	var all []Workload
	for _, d := range domains {
		all = append(all, Workload{Kind: d.kind, Keys: 1})
	}
	return all
}

func (w Workload) domain() domain {
	for _, d := range domains {
		if d.kind == w.Kind {
			return d
		}
	}
	return domain{NoWorkload, Account, "", 0}
}

// Retry says what a client does about an attempt without success.
type Retry string

// The policies.
const (
	RetryNone      Retry = ""
	RetrySame      Retry = "same"      // it asks the same replica again
	RetryElsewhere Retry = "elsewhere" // it asks the next replica
)

// Workload is what the clients do of their own accord, the same in every lane. In an open loop each client sets out
// on an Errand Rate times a second, whatever became of the one before; in a closed loop it sets out Think after the
// one before has ended. Timeout, Retry and Roam hold for what a visitor asks as well.
type Workload struct {
	Kind WorkloadKind

	Rate    Rate // open loop: Errands of each client; 0 in a closed loop
	Poisson bool // open loop: they come by chance, rather than evenly and staggered over the clients
	Think   Time // closed loop: from the end of an Errand to the next

	Keys  int    // over which Errands are spread, from 1
	Skew  Skew   // how unevenly
	Reads Chance // of an Errand that only looks
	Stock int64  // inventory: what there is of each thing before the first sale

	ReadLevel, WriteLevel string // "" for the protocol's default

	Timeout Time  // of an attempt
	Retry   Retry //
	Retries int   // attempts after the first
	Roam    bool  // each operation goes to some replica, rather than to the one nearby
	Until   Time  // nobody sets out after this instant; 0 for no end

	Main string // the key that viewers see, where that is not the first; see mainKey
}

// Closed reports whether a client waits for the end of an Errand before it sets out on the next.
func (w Workload) Closed() bool { return w.Think != 0 }

// Unit names what a key of the workload holds: dollars, pieces, items, likes, posts, or "" for plain numbers, as where
// nobody comes of their own accord.
func (w Workload) Unit() string { return w.domain().unit }

// Documents reports whether the keys hold lists, each version of which has the OpID of its write as its value.
func (w Workload) Documents() bool { return w.Kind == Cart || w.Kind == Feed }

// Key returns the workload's i-th key, from 0.
func (w Workload) Key(i int) string {
	if w.Keys <= 1 {
		return w.domain().key
	}
	return w.domain().key + "-" + strconv.Itoa(i+1)
}

// MainKey returns the key that viewers see.
func (w Workload) MainKey() string {
	if w.Main != "" {
		return w.Main
	}
	return w.Key(0)
}

// HasKey reports whether a key is one of the workload's.
func (w Workload) HasKey(key string) bool {
	if w.Keys <= 1 {
		return key == w.domain().key
	}
	number, ok := strings.CutPrefix(key, w.domain().key+"-")
	n, err := strconv.Atoi(number)
	return ok && err == nil && n >= 1 && n <= w.Keys && key == w.Key(n-1)
}

// Opening returns the value of a key before the first write.
func (w Workload) Opening(key string) int64 {
	switch {
	case w.Kind == Bank && w.HasKey(key):
		return OpeningBalance
	case w.Kind == Inventory && w.HasKey(key):
		return w.Stock
	}
	return 0
}

// Patience returns how long a client waits for an operation in all, with every attempt.
func (w Workload) Patience() Time {
	return w.AttemptTimeout() + Time(w.Retries)*(w.AttemptTimeout()+RetryPause)
}

// AttemptTimeout returns how long a client waits for the answer to an attempt.
func (w Workload) AttemptTimeout() Time {
	if w.Timeout == 0 {
		return ClientTimeout
	}
	return w.Timeout
}

// String prints the workload as the scenario language writes it.
func (w Workload) String() string {
	if w.Kind == NoWorkload {
		return "none"
	}
	words := []string{string(w.Kind)}
	option := func(differs bool, format string, value any) {
		if differs {
			words = append(words, fmt.Sprintf(format, value))
		}
	}
	if w.Closed() {
		words = append(words, "closed", "think="+w.Think.String())
	} else {
		words = append(words, "rate="+w.Rate.String(), map[bool]string{true: "poisson", false: "staggered"}[w.Poisson])
	}
	option(w.Keys != 1, "keys=%d", w.Keys)
	option(w.Skew != 0, "skew=%s", w.Skew)
	option(w.Reads != w.domain().reads, "reads=%s", w.Reads)
	option(w.Kind == Inventory && w.Stock != DefaultStock, "stock=%d", w.Stock)
	option(w.ReadLevel != "", "read-level=%s", w.ReadLevel)
	option(w.WriteLevel != "", "write-level=%s", w.WriteLevel)
	option(w.Timeout != ClientTimeout, "timeout=%s", w.Timeout)
	option(w.Retry != RetryNone, "retry=%s", w.Retry)
	option(w.Retry != RetryNone && w.Retries != DefaultRetries, "retries=%d", w.Retries)
	option(w.Roam, "session=%s", "roam")
	option(w.Until != 0, "until=%s", w.Until)
	return strings.Join(words, " ")
}
