package sim

import "testing"

// TestTopology lists the endpoints of a world whose regions differ, and the home of each client.
func TestTopology(t *testing.T) {
	s := &Scenario{Regions: []string{"a", "b", "c"}, Replicas: 3, ReplicasIn: []RegionReplicas{{"b", 1}}, Clients: 2}
	top := s.Topology()
	want := []string{"a/1", "a/2", "a/3", "b/1", "c/1", "c/2", "c/3", "a@1", "a@2", "b@1", "b@2", "c@1", "c@2"}
	if top.Nodes() != 7 || top.Clients() != 6 || top.Endpoints() != len(want) {
		t.Fatalf("%d nodes, %d clients, %d endpoints", top.Nodes(), top.Clients(), top.Endpoints())
	}
	for i, name := range want {
		a := Addr(i)
		if got := top.NameOf(a); got != name {
			t.Errorf("endpoint %d is %s, want %s", i, got, name)
		}
		if all := top.named(name); len(all) != 1 || all[0] != a {
			t.Errorf("%s stands for %v, want %d", name, all, i)
		}
	}
	homes := map[string]string{"a@1": "a/1", "a@2": "a/2", "b@1": "b/1", "b@2": "b/1", "c@2": "c/2"}
	for client, home := range homes { // order does not matter: each is checked by itself
		if got := top.NameOf(top.Home(top.client(client))); got != home {
			t.Errorf("%s asks %s, want %s", client, got, home)
		}
	}
	if all := top.named("c"); len(all) != 5 {
		t.Errorf("c stands for %v", all)
	}
	for _, name := range []string{"d", "a/4", "a/0", "a/01", "b@3", "a/", "/1", ""} {
		if all := top.named(name); all != nil {
			t.Errorf("%q stands for %v", name, all)
		}
	}
}
