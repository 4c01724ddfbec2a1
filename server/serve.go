package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"
	"strings"
	"time"
)

// NewHTTP returns what serves a handler to strangers: nobody may take longer than they need, or say more.
func NewHTTP(h http.Handler, logger *slog.Logger) *http.Server {
	return &http.Server{Handler: h, ReadHeaderTimeout: ReadHeaderTimeout, ReadTimeout: ReadTimeout, WriteTimeout: AnswerTimeout,
		IdleTimeout: IdleTimeout, MaxHeaderBytes: MaxHeader, ErrorLog: slog.NewLogLogger(logger.Handler(), slog.LevelDebug)}
}

// Serve serves on a listener until ctx ends. Then it says that it is not ready, waits for load balancers to notice, closes
// every socket, not all at once, and ends within MaxDrain and EndTimeout.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	hs := NewHTTP(s, s.config.Logger)
	failed := make(chan error, 1)
	go func() { failed <- hs.Serve(l) }()
	select {
	case err := <-failed:
		s.stop()
		s.rooms.close()
		return err
	case <-ctx.Done():
	case <-s.ctx.Done():
	}
	s.drain()
	end, cancel := context.WithTimeout(context.Background(), EndTimeout)
	defer cancel()
	if err := hs.Shutdown(end); err != nil {
		return errors.Join(err, hs.Close())
	}
	return nil
}

// drain sends everybody away.
func (s *Server) drain() {
	s.unready.Store(true)
	rooms, viewers := s.gate.counts()
	s.config.Logger.Info("draining", "rooms", rooms, "viewers", viewers, "wait", s.config.Wait.String(), "spread", s.config.Spread.String())
	select {
	case <-time.After(s.config.Wait):
	case <-s.ctx.Done():
	}
	s.sockets.closeAll(s.config.Spread)
	s.stop()
	s.rooms.close()
	s.sockets.running.Wait()
	s.config.Logger.Info("drained")
}

// healthz says that the process answers.
func (s *Server) healthz(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	fmt.Fprintln(w, "ok") //nolint:errcheck // who asked has gone
}

// readyz says whether viewers may be sent here.
func (s *Server) readyz(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	if s.unready.Load() || s.ctx.Err() != nil {
		http.Error(w, leaving().text, http.StatusServiceUnavailable)
		return
	}
	if !s.ready() {
		w.Header().Set("Retry-After", "1")
		http.Error(w, "the log does not answer", http.StatusServiceUnavailable)
		return
	}
	fmt.Fprintln(w, "ready") //nolint:errcheck // who asked has gone
}

// ready reports whether the server takes new viewers: it does not end, and its log takes entries.
func (s *Server) ready() bool {
	l, ok := s.config.Log.(interface{ Ready() error })
	return !s.unready.Load() && (!ok || l.Ready() == nil)
}

// recover answers for a handler that has panicked. What was asked for is not logged: it may hold a token.
func (s *Server) recover(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		defer func() {
			broken := recover()
			if broken == nil {
				return
			}
			if broken == http.ErrAbortHandler {
				panic(broken)
			}
			s.config.Logger.Error("handler broke", "method", req.Method, "error", fmt.Sprint(broken), "stack", string(debug.Stack()))
			http.Error(w, "the server made a mistake", http.StatusInternalServerError)
		}()
		next.ServeHTTP(w, req)
	})
}

// checkHost refuses what is meant for another host.
func (s *Server) checkHost(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if !s.config.Hosts.allow(req.Host) {
			s.refuse(w, &refusal{kind: "host", status: http.StatusMisdirectedRequest,
				text: fmt.Sprintf("this server is not told to answer to %q: start it with --host", req.Host)})
			return
		}
		next.ServeHTTP(w, req)
	})
}

// checkOrigin refuses what another site's page asks for, with the visitor's hands.
func (s *Server) checkOrigin(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		site := req.Header.Get("Sec-Fetch-Site")
		if !s.config.Origins.allow(req) || req.Header.Get("Origin") == "" && site != "" && site != "same-origin" && site != "none" {
			s.refuse(w, &refusal{kind: "origin", status: http.StatusForbidden,
				text: fmt.Sprintf("pages of %q may not do this here: start the server with --origin", req.Header.Get("Origin"))})
			return
		}
		next.ServeHTTP(w, req)
	})
}

// count refuses what an address asks for too often.
func (s *Server) count(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if err := s.gate.request(addressOf(req, s.config.Proxies)); err != nil {
			s.refuseErr(w, err)
			return
		}
		next.ServeHTTP(w, req)
	})
}

// secure sets the headers that every answer has. What is no page may do nothing.
func secure(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
		h.Set("Content-Security-Policy", "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
		next.ServeHTTP(w, req)
	})
}

// public lets pages of other origins load an answer, such as our own in a sandboxed frame: it is the same for everybody.
func public(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
		next.ServeHTTP(w, req)
	})
}

// pagePolicy is the Content-Security-Policy of a page: scripts run by their nonce only, and nothing is inline without.
func pagePolicy(nonce, more string) string {
	return strings.Join([]string{"default-src 'none'", "script-src 'nonce-" + nonce + "'", "style-src 'self' 'nonce-" + nonce + "'",
		"img-src 'self' data:", "object-src 'none'", "base-uri 'none'", "form-action 'self'", more}, "; ")
}
