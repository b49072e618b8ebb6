"""The proxies that the environment names (http_proxy, https_proxy, all_proxy, no_proxy)."""

import ipaddress
import re
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import urlsplit

from nordic_tui.errors import Unreachable

_SCHEMES = ("http", "https", "socks5", "socks5h")
_PORTS = {"http": 80, "https": 443}


class Proxy(NamedTuple):
    """What stands between this program and a server."""

    address: str
    """With the name and password to log in with."""
    name: str
    """Host and port, as they may be shown."""

    def answers_for(self, scheme: str) -> bool:
        """Whether an answer may be the proxy's own; what a tunnel gives is the server's."""
        return scheme == "http" and self.address.lower().startswith("http")


def unusable() -> Unreachable:
    # The address is not shown: what is wrong with it may be its password.
    return Unreachable(
        "could not be reached: the proxy of the environment is unusable", at_this_end=True
    )


def proxies_of_environment() -> Callable[[str, str, int | None], Proxy | None]:
    """Return what gives the proxy for a scheme, host and port (None: the usual one), or None.

    It raises Unreachable for a proxy whose address nobody can use.
    """
    from urllib.request import getproxies, proxy_bypass

    proxies = getproxies()
    exceptions = proxies.get("no", "")

    def proxy_for(scheme: str, host: str, port: int | None) -> Proxy | None:
        address = proxies.get(scheme) or proxies.get("all") or ""
        if not address:
            return None
        bare = host.strip("[]").rstrip(".")
        at = f"[{bare}]" if ":" in bare else bare
        if proxy_bypass(f"{at}:{port or _PORTS[scheme]}") or _is_excepted(bare, exceptions):
            return None
        return _proxy_at(address if "://" in address else f"http://{address}")

    return proxy_for


def _is_excepted(host: str, exceptions: str) -> bool:
    """Whether a host is an address that no_proxy has, or of whose network it has (10.0.0.0/8)."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    for each in exceptions.split(","):
        try:
            network = ipaddress.ip_network(
                each.strip().replace("[", "").replace("]", ""), strict=False
            )
        except ValueError:
            continue  # a name
        if address in network:
            return True
    return False


def _proxy_at(address: str) -> Proxy:
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise unusable() from error
    if parts.scheme not in _SCHEMES or not re.fullmatch(r"[\w.:-]+", host):
        raise unusable()
    if ":" in host:
        host = f"[{host}]"
    return Proxy(address, host if port is None else f"{host}:{port}")
