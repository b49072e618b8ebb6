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

    True for localhost and for every literal that is not a global address (RFC 6890), in all
    the spellings that the resolver takes: 127.1, 0x7f000001, 2130706433, ::ffff:127.0.0.1.
    Names are not looked up.
    """
    name = host.rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    address = _literal(name.strip("[]"))
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return address is not None and not address.is_global


def _literal(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(name)
    except ValueError:
        pass
    try:
        return ipaddress.IPv4Address(socket.inet_aton(name))
    except (OSError, ValueError):
        return None
