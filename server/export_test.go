package server

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"netsplit/sim"
	"netsplit/sim/foreign"
)

// TestExportOfHistories: a page gets the history of the run whose text it sends, and a reason where it cannot.
func TestExportOfHistories(t *testing.T) {
	const text = "seed 1\nregions us-east-1 eu-west-1\nlane a gossip\nlane b raft\nworkload bank rate=4/s staggered\nend 5s\n"
	s, err := New(t.Context(), Config{Logger: discard()})
	if err != nil {
		t.Fatal(err)
	}
	post := func(query, body, origin string) *httptest.ResponseRecorder {
		req := httptest.NewRequest(http.MethodPost, "http://localhost/export?"+query, strings.NewReader(body))
		if origin != "" {
			req.Header.Set("Origin", origin)
		}
		w := httptest.NewRecorder()
		s.ServeHTTP(w, req)
		return w
	}
	w := post("as=jepsen&lane=b", text, "http://localhost")
	if h, err := foreign.Read(w.Body.Bytes()); w.Code != http.StatusOK || err != nil || len(h.Ops) < 10 {
		t.Errorf("status %d: %v, %v", w.Code, h, err)
	}
	if got := w.Header().Get("Content-Disposition"); got != `attachment; filename=netsplit-b.edn` {
		t.Errorf("kept as %s", got)
	}
	for _, c := range []struct {
		query, body, origin string
		code                int
		want                string
	}{
		{"as=jepsen", text, "", http.StatusUnprocessableEntity, "jepsen is of one lane; name one of a b"},
		{"as=pdf", text, "", http.StatusUnprocessableEntity, `unknown form "pdf"`},
		{"as=jsonl", "seed x", "", http.StatusUnprocessableEntity, "1:6: "},
		{"as=jsonl", strings.Repeat("#", sim.MaxScenarioSize+1), "", http.StatusRequestEntityTooLarge, "a scenario has at most"},
		{"as=jsonl", text, "http://evil.example", http.StatusForbidden, "may not do this"},
	} {
		if w := post(c.query, c.body, c.origin); w.Code != c.code || !strings.Contains(w.Body.String(), c.want) {
			t.Errorf("%s from %q: %d %s, want %d %s", c.query, c.origin, w.Code, w.Body, c.code, c.want)
		}
	}
	for _, as := range []string{"shiviz", "jsonl", "porcupine&lane=a"} {
		if w := post("as="+as, text, ""); w.Code != http.StatusOK || w.Body.Len() < 1000 {
			t.Errorf("%s: %d, %d bytes", as, w.Code, w.Body.Len())
		}
	}
}
