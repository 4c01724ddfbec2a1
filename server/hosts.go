package server

import (
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
)

// Hosts are the names that a server answers to. A page of another site whose own name has been made to point here
// (DNS rebinding) would pass as ours; so requests for any other name are refused.
type Hosts struct {
	names   []string // in lower case; of addresses, the canonical form
	address bool     // any address will do
}

// NewHosts returns the names of a server that listens on addr and is also reached by some others: those of the
// loopback interface ("on all interfaces" leads there too), the host of addr, and the others. Where addr has none and no others are given, any IP address
// will do, but no name.
func NewHosts(addr string, others []string) (Hosts, error) {
	var h Hosts
	for _, name := range others {
		if name == "" || strings.ContainsAny(name, "/@ ") || hostOf(name) != canonical(name) {
			return h, fmt.Errorf("host %q: expected a name or an address, without a port", name)
		}
		h.names = append(h.names, canonical(name))
	}
	host := hostOf(addr)
	ip, err := netip.ParseAddr(host)
	switch {
	case host == "" || err == nil && ip.IsUnspecified():
		h.address = len(others) == 0
	default:
		h.names = append(h.names, host)
	}
	return h, nil
}

// hostOf returns the host of HOST:PORT or HOST, in canonical form.
func hostOf(hostport string) string {
	host, _, err := net.SplitHostPort(hostport)
	if err != nil {
		host = hostport // it has no port
	}
	return canonical(host)
}

// canonical returns the one form of a host that is compared.
func canonical(host string) string {
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	if inner, ok := strings.CutPrefix(host, "["); ok {
		host = strings.TrimSuffix(inner, "]")
	}
	if ip, err := netip.ParseAddr(host); err == nil {
		return ip.Unmap().WithZone("").String()
	}
	return host
}

// allow reports whether a request's Host is one of the server's.
func (h Hosts) allow(hostport string) bool {
	host := hostOf(hostport)
	ip, err := netip.ParseAddr(host)
	switch {
	case host == "localhost" || err == nil && (ip.IsLoopback() || ip.IsUnspecified()):
		return true
	case err == nil && h.address:
		return true
	}
	return slices.Contains(h.names, host)
}
