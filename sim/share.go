package sim

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strings"
)

// RunMark comes before a packed text in the address of a page, and in place of a file's name.
const RunMark = "#run="

// Pack makes of a scenario's text what a link carries: "1." and the base64url of its raw deflate.
func Pack(text string) string {
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.BestCompression)
	if err == nil {
		if _, err = io.WriteString(w, text); err == nil {
			err = w.Close()
		}
	}
	if err != nil {
		panic(fmt.Sprintf("sim: packing a text: %v", err)) // a buffer takes everything
	}
	return "1." + base64.RawURLEncoding.EncodeToString(b.Bytes())
}

// Unpack reads what Pack made. It inflates no more than MaxScenarioSize and one byte, which Parse then refuses.
func Unpack(run string) (string, error) {
	payload, ok := strings.CutPrefix(run, "1.")
	if !ok {
		return "", errors.New(`it does not begin with "1."`)
	}
	packed, err := base64.RawURLEncoding.DecodeString(payload)
	if err != nil {
		return "", errors.New("it is not base64url")
	}
	text, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(packed)), MaxScenarioSize+1))
	if err != nil {
		return "", errors.New("it is damaged")
	}
	return string(text), nil
}

// Replay says how to see a scenario again: one command, and a link to the page that "go run ." serves.
func Replay(text string) string {
	run := RunMark + Pack(text)
	return "replay: go run . run '" + run + "'\nsee it: http://127.0.0.1:8080/" + run
}
