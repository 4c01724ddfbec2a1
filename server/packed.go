package server

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"sync"

	"netsplit/static"
)

// packed is a text that is kept as it is and as gzip, with a name for its content.
type packed struct {
	kind        string // the Content-Type
	sum         string
	plain, gzip []byte
}

func pack(kind string, plain []byte) (*packed, error) {
	return packAt(kind, plain, gzip.BestCompression)
}

func packAt(kind string, plain []byte, level int) (*packed, error) {
	small, err := squeeze(plain, level)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(plain)
	return &packed{kind: kind, sum: hex.EncodeToString(sum[:8]), plain: plain, gzip: small}, nil
}

func squeeze(plain []byte, level int) ([]byte, error) {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, level)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(plain); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// unpacks reports whether whoever asks takes gzip.
func unpacks(req *http.Request) bool {
	for _, part := range strings.Split(req.Header.Get("Accept-Encoding"), ",") {
		name, weight, _ := strings.Cut(strings.TrimSpace(part), ";")
		weight = strings.ReplaceAll(weight, " ", "")
		if name == "gzip" && weight != "q=0" && weight != "q=0.0" {
			return true
		}
	}
	return false
}

// write answers with the text, as small as whoever asks takes it, or with nothing if it is known there already.
func (p *packed) write(w http.ResponseWriter, req *http.Request) {
	h := w.Header()
	h.Set("Content-Type", p.kind)
	h.Add("Vary", "Accept-Encoding")
	h.Set("ETag", `W/"`+p.sum+`"`)
	if strings.Contains(req.Header.Get("If-None-Match"), p.sum) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	body := p.plain
	if len(p.gzip) < len(p.plain) && unpacks(req) {
		h.Set("Content-Encoding", "gzip")
		body = p.gzip
	}
	w.Write(body) //nolint:errcheck // the browser has gone
}

// assets are the files of package static, by name.
type assets map[string]*packed

// loadAssets packs them, once: they do not change while the program runs.
var loadAssets = sync.OnceValues(func() (assets, error) {
	found := assets{}
	err := fs.WalkDir(static.FS, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(static.FS, name)
		if err != nil {
			return err
		}
		found[name], err = pack(mime.TypeByExtension(path.Ext(name)), data)
		return err
	})
	return found, err
})

// ServeHTTP serves a file by its name. What is asked for by its hash, browsers may keep.
func (a assets) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	file := a[req.URL.Path]
	if file == nil {
		http.NotFound(w, req)
		return
	}
	if req.URL.Query().Has("v") {
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	file.write(w, req)
}
