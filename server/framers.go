package server

import (
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// Framers are the origins whose pages may show embeds. The zero value is the default: the server's own, and pages of this
// machine, so that whoever writes a page sees there what readers will, and nobody else does until told.
type Framers struct {
	told    bool     // a list was given
	any     bool     // all may
	opaque  bool     // a frame without an origin of its own (sandboxed) may open sockets
	origins []string // as browsers write them
}

// ParseFramers reads origins such as https://docs.example, parted by commas; beside them or in their place "null" lets
// sandboxed frames open sockets, "*" is every origin and null, and "none" is nobody, not even the server's own pages.
func ParseFramers(list string) (Framers, error) {
	f := Framers{told: list != ""}
	for word := range strings.SplitSeq(list, ",") {
		switch word = strings.TrimSpace(word); {
		case list == "" || list == "none":
		case word == "*":
			f.any, f.opaque = true, true
		case word == "null":
			f.opaque = true
		case exactOrigin(word):
			f.origins = append(f.origins, word)
		default:
			return Framers{}, fmt.Errorf("embed-origins %q: expected an origin such as https://docs.example, null, * or none", word)
		}
	}
	return f, nil
}

// exactOrigin reports whether a text is an origin as browsers write it: a scheme and a host in lower case, a port where
// it is not the scheme's.
func exactOrigin(s string) bool {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || s != u.Scheme+"://"+u.Host || s != strings.ToLower(s) {
		return false
	}
	host, port := u.Hostname(), u.Port()
	plain := !strings.ContainsFunc(host, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9') && !strings.ContainsRune("-.:_", r)
	})
	usual := map[string]string{"http": "80", "https": "443"}[u.Scheme]
	return host != "" && plain && port != usual && !strings.HasSuffix(u.Host, ":")
}

// policy is what an embed's Content-Security-Policy says of who may frame it.
func (f Framers) policy() string {
	switch {
	case !f.told:
		return "frame-ancestors 'self' http://localhost:* http://127.0.0.1:*"
	case f.any:
		return "frame-ancestors *"
	case len(f.origins) == 0 && !f.opaque:
		return "frame-ancestors 'none'"
	}
	return strings.Join(append([]string{"frame-ancestors 'self'"}, f.origins...), " ")
}

// speaks reports whether pages of an origin may drive an embed that they show, on a server that is asked under a host.
func (f Framers) speaks(origin, host string) bool {
	if !exactOrigin(origin) || f.policy() == "frame-ancestors 'none'" {
		return false
	}
	_, there, _ := strings.Cut(origin, "://")
	if f.any || there == host || slices.Contains(f.origins, origin) {
		return true
	}
	ip, err := netip.ParseAddr(hostOf(there))
	return !f.told && strings.HasPrefix(origin, "http://") && (hostOf(there) == "localhost" || err == nil && ip == netip.AddrFrom4([4]byte{127, 0, 0, 1}))
}
