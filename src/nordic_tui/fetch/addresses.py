"""Which addresses may be asked for."""

import ipaddress
import socket

from nordic_tui.errors import BadAddress


def refuse_unprintable(url: str) -> None:
    """Raise BadAddress for spaces, controls, invisible signs and lone surrogates in a URL.

    Letters of any script are fine: the rest of an IRI (RFC 3987) is encoded when it is asked.
    """
    if not url.isprintable() or " " in url:
        raise BadAddress("has an address with spaces or control characters in it")


def is_private(host: str) -> bool:
    """Tell whether a host is this machine or one of its own network, by its spelling alone.

    True for localhost and for every literal that is not a global address of one machine
    (RFC 6890), in all the spellings that the resolver takes: 127.1, 0x7f000001, 2130706433,
    ::ffff:127.0.0.1. Names are not looked up.
    """
    name = host.rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    address = _literal(name.strip("[]"))
    if isinstance(address, ipaddress.IPv6Address):
        if address.is_site_local or address in _LOCAL_6:
            return True
        address = _ipv4_within(address) or address
    if address is None:
        return False
    if isinstance(address, ipaddress.IPv4Address) and address in _PROTOCOLS_4:
        return True
    return address.is_multicast or not address.is_global


_PROTOCOLS_4 = ipaddress.IPv4Network("192.0.0.0/24")
"""For protocols of the network itself (RFC 6890 section 2.1); `is_global` lets most of it pass."""
_LOCAL_6 = ipaddress.IPv6Network("64:ff9b:1::/48")
"""For what a network translates itself (RFC 8215)."""
_HOLD_IPV4 = (
    ipaddress.IPv6Network("::/96"),  # compatible (RFC 4291 section 2.5.5.1); :: and ::1 as well
    ipaddress.IPv6Network("::ffff:0:0/96"),  # mapped (RFC 4291 section 2.5.5.2)
    ipaddress.IPv6Network("::ffff:0:0:0/96"),  # translated (RFC 2765 section 2.1)
    ipaddress.IPv6Network("64:ff9b::/96"),  # NAT64 (RFC 6052 section 2.1)
)


def _ipv4_within(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The address to which another one leads, or may lead: that of the other protocol in it."""
    if any(address in network for network in _HOLD_IPV4):
        return ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.sixtofour


def _literal(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(name)
    except ValueError:
        pass
    try:
        return ipaddress.IPv4Address(socket.inet_aton(name))
    except (OSError, ValueError):
        return None
