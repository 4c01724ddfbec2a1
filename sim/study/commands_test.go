package study

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"netsplit/sim"
)

// commandExamples has a statement of every form of every command.
var commandExamples = []string{
	"partition eu-west-1 | us-east-1 ap-south-1",
	"lane e partition eu-west-1",
	"heal",
	"write eu-west-1 k -3",
	"write eu-west-1@2 k 4 as r1",
	"read us-east-1@1 k",
	"read us-east-1 k as r2",
	"delete eu-west-1 k",
	"increment eu-west-1@2 k -2 as r3",
	"add us-east-1 k 7",
	"remove us-east-1 k 7",
	"cut us-east-1/1 > eu-west-1",
	"mend us-east-1 eu-west-1",
	"hold everywhere",
	"release everywhere",
	"drop 2.5% us-east-1 eu-west-1@1",
	"duplicate 1% everywhere",
	"reorder 3% 0.02s everywhere",
	"delay 0.5s us-east-1 us-east-1",
	"pause us-east-1/1",
	"resume us-east-1/2",
	"slow us-east-1/1 0.02s",
	"skew us-east-1/1 -1.5s",
	"reseed 9",
	"read us-east-1 k level one as r3",
	"crash us-east-1/1",
	"wipe us-east-1/1",
	"exit us-east-1/1",
	"lane s transfer eu-west-1/1",
	"members us-east-1/1 eu-west-1/2 ap-south-1/1",
	"restart us-east-1/2",
	"drift us-east-1/1 -200ppm",
	"fsync us-east-1/1 0.05s",
	"fsync us-east-1/1 stuck",
	"promote eu-west-1/1",
	"rejoin us-east-1/2",
	"lane p cancel us-east-1/1",
	"deposit us-east-1 balance 20",
	"withdraw us-east-1@2 balance 20 level one as r4",
	"buy us-east-1 k 2",
	"like eu-west-1 k",
	"swap eu-west-1 k 7 as r5",
	"create eu-west-1 k 7 as r6",
	"put eu-west-1 cart 7",
	"post eu-west-1 feed 7 as r6",
	"lane e deliver 12",
	"lane s lose 7",
	"lane q postpone 9 0.25s",
}

// workloadOf is what a command needs whose key must hold documents.
var workloadOf = map[string]string{"put": "workload cart rate=1/s staggered\n", "post": "workload feed rate=1/s staggered\n"}

// TestCommandsAndStatements: what can be said on the wire can be said in the scenario language, and the other way
// round: every verb and every field of a Command has an example, which comes through both unchanged.
func TestCommandsAndStatements(t *testing.T) {
	const world = "regions us-east-1 eu-west-1 ap-south-1\nreplicas 2 per region\nclients 2 per region\nlane e gossip\nlane q quorum\nlane p primary\nlane s raft\n"
	verbs, fields := map[sim.Verb]bool{}, map[string]bool{"At": true}
	for _, text := range commandExamples {
		s := mustParse(t, world+workloadOf[strings.Fields(text)[0]]+"at 1s "+text+"\n")
		cmd := s.Commands[0]
		if again := s.String(); !strings.Contains(again, "\nat 1s "+text+"\n") {
			t.Errorf("%q is not canonical: %s", text, again)
		}
		wire, err := json.Marshal(cmd)
		if err != nil {
			t.Fatal(err)
		}
		var back sim.Command
		if err := json.Unmarshal(wire, &back); err != nil || !reflect.DeepEqual(back, cmd) {
			t.Errorf("%q becomes %s on the wire, which is read as %+v (%v)", text, wire, back, err)
		}
		if err := back.Check(s); err != nil {
			t.Errorf("%s is refused: %v", wire, err)
		}
		verbs[cmd.Verb] = true
		note(reflect.ValueOf(cmd), fields)
	}
	for _, v := range sim.Verbs {
		if !verbs[v] {
			t.Errorf("verb %s has no statement here", v)
		}
	}
	typ := reflect.TypeFor[sim.Command]()
	for _, f := range reflect.VisibleFields(typ) {
		if !f.Anonymous && !fields[f.Name] {
			t.Errorf("no statement sets Command.%s", f.Name)
		}
	}
	t.Logf("%d statements, %d verbs", len(commandExamples), len(verbs))
}

// note adds the names of the fields that are set.
func note(v reflect.Value, fields map[string]bool) {
	for i := range v.NumField() {
		switch f := v.Type().Field(i); {
		case f.Anonymous:
			note(v.Field(i), fields)
		case !v.Field(i).IsZero():
			fields[f.Name] = true
		}
	}
}
