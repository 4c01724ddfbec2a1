package server

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/coder/websocket"
)

// refusal is why something is not done for somebody, in every form in which they may be told.
type refusal struct {
	kind   string // of the metric
	status int    // where it answers a request
	code   websocket.StatusCode
	after  time.Duration // when it is worth another try; 0 for never
	text   string
}

// Error returns the reason.
func (r *refusal) Error() string { return r.text }

// tooMany refuses what an address has too much of.
func tooMany(kind string, after time.Duration, format string, args ...any) *refusal {
	return &refusal{kind, http.StatusTooManyRequests, websocket.StatusTryAgainLater, after, fmt.Sprintf(format, args...)}
}

// full refuses what the server has too much of.
func full(kind string, after time.Duration, format string, args ...any) *refusal {
	return &refusal{kind, http.StatusServiceUnavailable, websocket.StatusTryAgainLater, after, fmt.Sprintf(format, args...)}
}

// leaving refuses what is asked of a server that ends. Another one may be there already.
func leaving() *refusal {
	r := full("leaving", time.Second, "the server is going away; try again")
	r.code = websocket.StatusServiceRestart
	return r
}

// afterOf returns in how many seconds it is worth to try again what was refused; 0 for never.
func afterOf(err error) int {
	if r, ok := errors.AsType[*refusal](err); ok {
		return int((r.after + time.Second - 1) / time.Second)
	}
	return 0
}

// refuse answers a request with the reason why not, and counts it.
func (s *Server) refuse(w http.ResponseWriter, r *refusal) {
	s.metrics.reject(r.kind)
	if after := afterOf(r); after > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(after))
	}
	http.Error(w, r.text, r.status)
}

// refuseErr answers a request with an error of the gate.
func (s *Server) refuseErr(w http.ResponseWriter, err error) {
	if r, ok := errors.AsType[*refusal](err); ok {
		s.refuse(w, r)
		return
	}
	http.Error(w, err.Error(), http.StatusInternalServerError)
}

// codeOf returns the code to close a socket with for an error, and counts the refusal.
func (s *Server) codeOf(err error) websocket.StatusCode {
	if r, ok := errors.AsType[*refusal](err); ok {
		s.metrics.reject(r.kind)
		return r.code
	}
	if errors.Is(err, errLater) {
		s.metrics.reject("wake")
		return websocket.StatusTryAgainLater
	}
	s.metrics.reject("hello")
	return websocket.StatusPolicyViolation
}
