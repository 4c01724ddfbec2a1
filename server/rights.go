package server

import (
	"crypto/sha256"
	"encoding/base64"
)

// viewKeyOf returns the view key of a room: whoever has the control key can name it, and not the other way round.
func viewKeyOf(control string) string {
	sum := sha256.Sum256([]byte("view " + control))
	return base64.RawURLEncoding.EncodeToString(sum[:16])
}
