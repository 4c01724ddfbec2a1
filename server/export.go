package server

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"time"

	"netsplit/sim"
	"netsplit/sim/study"
)

// exporter runs scenarios that pages send and answers with what happened, for other tools.
type exporter struct {
	server *Server
	slots  chan struct{} // as many as may run at once
}

func newExporter(s *Server) exporter { return exporter{s, make(chan struct{}, MaxExports)} }

// exportTypes are the content types of the forms.
var exportTypes = map[study.Form]string{study.Jepsen: "application/edn", study.Porcupine: "text/html; charset=utf-8",
	study.ShiViz: "text/plain; charset=utf-8", study.Events: "application/jsonl"}

// ServeHTTP answers POST /export?as=FORM&lane=NAME, whose body is a scenario's text. What it refuses it gives a reason for,
// as a line of plain text.
func (e exporter) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	form, lane := study.Form(req.URL.Query().Get("as")), req.URL.Query().Get("lane")
	text, err := io.ReadAll(http.MaxBytesReader(w, req.Body, sim.MaxScenarioSize))
	if err != nil {
		http.Error(w, fmt.Sprintf("a scenario has at most %d bytes", sim.MaxScenarioSize), http.StatusRequestEntityTooLarge)
		return
	}
	s, err := study.Parse(string(text))
	if err == nil {
		err = study.Exportable(s, form, lane)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusUnprocessableEntity)
		return
	}
	select {
	case e.slots <- struct{}{}:
		defer func() { <-e.slots }()
	default:
		e.server.refuse(w, full("exports", 5*time.Second, "%d others are exporting; try again in a few seconds", MaxExports))
		return
	}
	ctx, cancel := context.WithTimeout(req.Context(), ExportTime)
	defer cancel()
	var out bytes.Buffer
	if err := study.Export(ctx, s, form, lane, &limited{&out, MaxExport}); err != nil {
		reason := err.Error()
		if errors.Is(err, context.DeadlineExceeded) {
			reason = fmt.Sprintf("the run takes longer than %s here; netsplit export has no such limit", ExportTime)
		}
		http.Error(w, reason, http.StatusServiceUnavailable)
		return
	}
	h := w.Header()
	h.Set("Content-Type", exportTypes[form])
	h.Set("Content-Security-Policy", "sandbox allow-scripts") // should a browser show the page rather than keep it
	name := "netsplit"
	if lane != "" {
		name += "-" + lane
	}
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name + form.Extension()}))
	w.Write(out.Bytes()) //nolint:errcheck // the browser has gone
}

// limited writes until there is too much.
type limited struct {
	w    io.Writer
	left int
}

func (l *limited) Write(p []byte) (int, error) {
	if l.left -= len(p); l.left < 0 {
		return 0, fmt.Errorf("the history is longer than %d MB, which is the most here; netsplit export has no such limit", MaxExport>>20)
	}
	return l.w.Write(p)
}
