package server

import (
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// ParseProxies reads addresses and networks, parted by commas, of proxies whose X-Forwarded-For is believed.
func ParseProxies(list string) ([]netip.Prefix, error) {
	var proxies []netip.Prefix
	for _, word := range strings.FieldsFunc(list, func(r rune) bool { return r == ',' }) {
		network, err := netip.ParsePrefix(strings.TrimSpace(word))
		if err != nil {
			ip, bad := netip.ParseAddr(strings.TrimSpace(word))
			if bad != nil {
				return nil, fmt.Errorf("trusted-proxy %q: expected an address or a network such as 10.0.0.0/8", word)
			}
			network = netip.PrefixFrom(ip.Unmap(), ip.Unmap().BitLen())
		}
		proxies = append(proxies, network.Masked())
	}
	return proxies, nil
}

// addressOf returns who a request is counted to: the address that it comes from, or where that is a trusted proxy, the
// last one in X-Forwarded-For that is none, since what is before it anybody may have written. Of IPv6 it is the /64, for
// who has one address there has them all.
func addressOf(req *http.Request, proxies []netip.Prefix) netip.Prefix {
	ip := parseAddress(req.RemoteAddr)
	passed := strings.Split(strings.Join(req.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(passed) - 1; i >= 0 && trusted(ip, proxies); i-- {
		before := parseAddress(strings.TrimSpace(passed[i]))
		if !before.IsValid() {
			break
		}
		ip = before
	}
	bits := 32
	if ip.Is6() {
		bits = 64
	}
	p, _ := ip.Prefix(bits) // of no address: the zero Prefix, which all of them share
	return p
}

// parseAddress reads an address that may have a port, and returns the zero Addr for what is none.
func parseAddress(s string) netip.Addr {
	if ap, err := netip.ParseAddrPort(s); err == nil {
		return ap.Addr().Unmap().WithZone("")
	}
	ip, _ := netip.ParseAddr(strings.Trim(s, "[]"))
	return ip.Unmap().WithZone("")
}

func trusted(ip netip.Addr, proxies []netip.Prefix) bool {
	return slices.ContainsFunc(proxies, func(p netip.Prefix) bool { return p.Contains(ip) })
}
