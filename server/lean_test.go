package server

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"net/http"
	"testing"
	"testing/synctest"
	"time"
)

// pipeWriter is a response whose connection is one end of a pipe.
type pipeWriter struct {
	http.ResponseWriter
	end net.Conn
}

func (w pipeWriter) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	return w.end, bufio.NewReadWriter(bufio.NewReader(w.end), bufio.NewWriter(w.end)), nil
}

// TestIntake: pings, which nobody counts, are read no faster than MaxIntake, and a whole text comes at once.
func TestIntake(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		near, far := net.Pipe()
		conn, _, err := lean{pipeWriter{end: near}}.Hijack()
		if err != nil {
			t.Fatal(err)
		}
		const flood = 10 // seconds of MaxIntake, after the burst
		go func() {
			ping := []byte{0x89, 0x80, 0, 0, 0, 0}
			far.Write(bytes.Repeat(ping, (MaxIntakeBurst+flood*MaxIntake)/len(ping))) //nolint:errcheck // the reader finds out
			far.Close()
		}()
		begun := time.Now()
		if _, err := io.CopyN(io.Discard, conn, MaxScript); err != nil || time.Since(begun) != 0 {
			t.Errorf("a text took %s, %v", time.Since(begun), err)
		}
		if _, err := io.Copy(io.Discard, conn); err != nil || time.Since(begun) < (flood-1)*time.Second {
			t.Errorf("the flood was taken in %s, %v", time.Since(begun), err)
		}
		conn.Close()
	})
}
