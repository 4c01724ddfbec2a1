package sim

import (
	"bytes"
	"compress/flate"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
)

// RunMark comes before a packed text in the address of a page, and in place of a file's name.
const RunMark = "#run="

// packing is the format that Pack writes; Unpack reads it and those before. 1 had no sum.
const packing = 2

// packSum is how many bytes of the SHA-256 of the text a link carries.
const packSum = 4

// LinkError says why a link's run cannot be opened, and what of its text there is all the same.
type LinkError struct {
	Reason string
	Saved  string // whole lines from the beginning, as far as they could be read; not checked
}

func (e *LinkError) Error() string { return e.Reason }

// Pack makes of a scenario's text what a link carries: "2." and, as base64url, the first four bytes of the text's SHA-256
// and its raw deflate.
func Pack(text string) string {
	sum := sha256.Sum256([]byte(text))
	b := bytes.NewBuffer(sum[:packSum:packSum])
	w, err := flate.NewWriter(b, flate.BestCompression)
	if err == nil {
		if _, err = io.WriteString(w, text); err == nil {
			err = w.Close()
		}
	}
	if err != nil {
		panic(fmt.Sprintf("sim: packing a text: %v", err)) // a buffer takes everything
	}
	return fmt.Sprintf("%d.%s", packing, base64.RawURLEncoding.EncodeToString(b.Bytes()))
}

// Unpack reads what Pack made, as far as the first &, after which a page's address says more. It inflates no more than
// MaxScenarioSize and one byte. Its errors are of type *LinkError.
func Unpack(run string) (string, error) {
	run, _, _ = strings.Cut(run, "&")
	version, payload, ok := strings.Cut(run, ".")
	n, err := strconv.Atoi(version)
	switch {
	case !ok || err != nil || n < 1:
		return "", &LinkError{Reason: `it does not begin with a number and a dot, such as "2."`}
	case n > packing:
		return "", &LinkError{Reason: fmt.Sprintf("it is of a newer Netsplit: its format is %d, and this one knows up to %d", n, packing)}
	}
	packed, err := base64.RawURLEncoding.DecodeString(payload)
	if err != nil {
		good := payload[:strings.IndexFunc(payload+" ", func(r rune) bool { return !strings.ContainsRune(base64url, r) })]
		packed, _ = base64.RawURLEncoding.DecodeString(good[:len(good)-len(good)%4])
		return "", &LinkError{"it is not whole: some of it is not base64url", saved(packed, n)}
	}
	text, err := inflate(packed, n)
	switch {
	case len(text) > MaxScenarioSize:
		return "", &LinkError{Reason: fmt.Sprintf("its text is over %d bytes", MaxScenarioSize)}
	case err != nil:
		return "", &LinkError{"it is damaged", saved(packed, n)}
	}
	if sum := sha256.Sum256([]byte(text)); n > 1 && !bytes.Equal(sum[:packSum], packed[:packSum]) {
		return "", &LinkError{"it is damaged: its text is not what it was made of", saved(packed, n)}
	}
	return text, nil
}

const base64url = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

// inflate returns as much of a text as can be read, but not much more than a scenario may have.
func inflate(packed []byte, version int) (string, error) {
	if version > 1 {
		if len(packed) < packSum {
			return "", io.ErrUnexpectedEOF
		}
		packed = packed[packSum:]
	}
	text, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(packed)), MaxScenarioSize+1))
	return string(text), err
}

// saved returns the whole lines of what can be inflated.
func saved(packed []byte, version int) string {
	text, _ := inflate(packed, version)
	return text[:strings.LastIndexByte(text, '\n')+1]
}

// engineLine is what a canonical text begins with.
var engineLine = regexp.MustCompile(`^engine ([0-9]{1,9})(\n|$)`)

// Renew returns a text of an older engine as one for this engine, and which engine it was made for: the outcome may differ.
// It returns any other text as it is, and 0.
func Renew(text string) (string, int) {
	m := engineLine.FindStringSubmatch(text)
	if m == nil {
		return text, 0
	}
	n, _ := strconv.Atoi(m[1])
	if n < 1 || n >= Engine {
		return text, 0
	}
	return fmt.Sprintf("engine %d%s", Engine, strings.TrimPrefix(text, "engine "+m[1])), n
}

// Replay says how to see a scenario again: one command, and a link to the page that "go run ." serves.
func Replay(text string) string {
	run := RunMark + Pack(text)
	return "replay: go run . run '" + run + "'\nsee it: http://127.0.0.1:8080/" + run
}

// Bare returns a text without its comments and without blanks around its lines, which keep their numbers. A room's log
// has so many that it would be over what a scenario may have.
func Bare(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		ws := split(line)
		lines[i] = ""
		if n := len(ws.list); n > 0 {
			lines[i] = line[ws.list[0].col-1 : ws.end-1]
		}
	}
	return strings.Join(lines, "\n")
}
