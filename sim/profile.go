package sim

import "fmt"

// Profile says how long messages between nodes take, by what they are for: the four one-way legs of a quorum
// system in the WARS model.
type Profile struct {
	Name string
	W    Delay // a write to a replica: KindReplicate
	A    Delay // its acknowledgement: KindAck
	R    Delay // a read to a replica: KindRequest; every kind without a leg of its own takes this one too
	S    Delay // its reply: KindReply
	Away Time  // more, each way, between a home and a replica in another region
}

// Profiles are those fitted to production systems in Bailis et al., Probabilistically Bounded Staleness for
// Practical Partial Quorums, VLDB 2012, table 3: LinkedIn's Voldemort on solid-state and on spinning disks, and
// Yammer's Riak. WAN is their LNKD-DISK with replicas in three regions. The paper gives exponential distributions
// by their rates of 1.66, 0.183, 0.0028 and 0.0217 a millisecond; their means here are exact to the nanosecond.
var Profiles = []Profile{
	newProfile("LNKD-SSD", 0, ssdLeg, ssdLeg),
	newProfile("LNKD-DISK", 0, diskWrite, ssdLeg),
	newProfile("YMMR", 0, "mix 0.939 pareto 3ms 3.5, 0.061 exponential 357.142857ms",
		"mix 0.982 pareto 1.5ms 3.8, 0.018 exponential 46.082949ms"),
	newProfile("WAN", 75*Millisecond, diskWrite, ssdLeg),
}

const (
	ssdLeg    = "mix 0.9122 pareto 0.235ms 10, 0.0878 exponential 0.60241ms"
	diskWrite = "mix 0.38 pareto 1.05ms 1.51, 0.62 exponential 5.464481ms"
)

// newProfile makes a profile in which the three legs besides W are alike.
func newProfile(name string, away Time, w, others string) Profile {
	d := make([]Delay, 2)
	for i, text := range []string{w, others} {
		var err error
		if d[i], err = ParseDelay(text); err != nil {
			panic(fmt.Sprintf("sim: profile %s: %v", name, err))
		}
	}
	return Profile{Name: name, W: d[0], A: d[1], R: d[1], S: d[1], Away: away}
}

// FindProfile returns the profile with the given name, or nil.
func FindProfile(name string) *Profile {
	for i := range Profiles {
		if Profiles[i].Name == name {
			return &Profiles[i]
		}
	}
	return nil
}

// Leg returns the distribution of the delay of a kind of message, without Away.
func (p *Profile) Leg(k MessageKind) Delay {
	switch k {
	case KindReplicate:
		return p.W
	case KindAck:
		return p.A
	case KindReply:
		return p.S
	}
	return p.R
}
