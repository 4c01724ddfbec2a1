package server

import (
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Origins are the origins whose pages may open sockets, each as scheme://host or scheme://host:port. A page of the
// server's own, which has the Host that the request names, may always, unless others are told for that host.
type Origins []string

// ParseOrigins reads origins, parted by commas.
func ParseOrigins(list string) (Origins, error) {
	var origins Origins
	for _, word := range strings.FieldsFunc(list, func(r rune) bool { return r == ',' }) {
		origin, ok := canonicalOrigin(strings.TrimSpace(word))
		if !ok {
			return nil, fmt.Errorf("origin %q: expected one such as https://demo.example", word)
		}
		origins = append(origins, origin)
	}
	return origins, nil
}

// canonicalOrigin returns the one form of an origin that is compared, with its port.
func canonicalOrigin(s string) (string, bool) {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || !strings.EqualFold(s, u.Scheme+"://"+u.Host) {
		return "", false
	}
	return u.Scheme + "://" + withPort(u.Host, u.Scheme), true
}

// withPort returns HOST:PORT in canonical form, with the port of a scheme where it has none.
func withPort(hostport, scheme string) string {
	port := map[string]string{"http": "80", "https": "443"}[scheme]
	if _, p, err := net.SplitHostPort(hostport); err == nil && p != "" {
		port = p
	}
	return net.JoinHostPort(hostOf(hostport), port)
}

// allow reports whether a request may come from where it says. What has no Origin is no page: browsers always send one
// where it matters. An opaque origin ("null") is that of anybody's sandboxed frame.
func (o Origins) allow(req *http.Request) bool {
	sent := req.Header.Values("Origin")
	if len(sent) == 0 {
		return true
	}
	origin, ok := canonicalOrigin(sent[0])
	if !ok || len(sent) > 1 {
		return false
	}
	if slices.Contains(o, origin) {
		return true
	}
	scheme, host, _ := strings.Cut(origin, "://")
	told := slices.ContainsFunc(o, func(own string) bool { return hostOf(own[strings.Index(own, "//")+2:]) == hostOf(host) })
	return !told && host == withPort(req.Host, scheme)
}
