package server

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"testing"
)

// get asks for a path as a browser does that takes some encodings and has a text by its tag.
func get(t *testing.T, url, encodings, tag string) (*http.Response, []byte) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept-Encoding", encodings)
	if tag != "" {
		req.Header.Set("If-None-Match", tag)
	}
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close() //nolint:errcheck // it has been read
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, body
}

// TestPacked checks that texts come as gzip to those who take it, the same otherwise, and not at all to those who have them.
func TestPacked(t *testing.T) {
	_, url := start(t)
	for _, path := range []string{"/", "/static/app.js?v=1", "/static/app.css", "/static/map.svg", "/catalog.json"} {
		resp, small := get(t, url+path, "br, gzip;q=0.8", "")
		if got := resp.Header.Get("Content-Encoding"); got != "gzip" {
			t.Errorf("%s: encoding %q", path, got)
			continue
		}
		for _, encodings := range []string{"identity", "gzip;q=0", ""} {
			plain, whole := get(t, url+path, encodings, "")
			if plain.Header.Get("Content-Encoding") != "" || len(whole) <= len(small) {
				t.Errorf("%s for those who take %q: encoding %q, %d bytes", path, encodings, plain.Header.Get("Content-Encoding"), len(whole))
			}
			if kind := plain.Header.Get("Content-Type"); kind == "" || kind != resp.Header.Get("Content-Type") {
				t.Errorf("%s: type %q", path, kind)
			}
		}
		if path == "/" {
			continue // it differs each time
		}
		if again, body := get(t, url+path, "gzip", resp.Header.Get("ETag")); again.StatusCode != http.StatusNotModified || len(body) > 0 {
			t.Errorf("%s, known: %s, %d bytes", path, again.Status, len(body))
		}
	}
}

func TestSqueeze(t *testing.T) {
	p, err := pack("text/plain", []byte("a text"))
	if err != nil {
		t.Fatal(err)
	}
	if string(p.plain) != "a text" {
		t.Errorf("plain: %q", p.plain)
	}
	r, err := gzip.NewReader(bytes.NewReader(p.gzip))
	if err != nil {
		t.Fatal(err)
	}
	if text, err := io.ReadAll(r); err != nil || string(text) != "a text" {
		t.Errorf("unpacked: %q, %v", text, err)
	}
}
