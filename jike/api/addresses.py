"""Where a webhook may go: https to the open internet, never into the house. The address is resolved once and then kept to."""

from __future__ import annotations

import ipaddress
import socket
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from jike.base.errors import Blocker


def blockers_to_reach(url: str) -> list[Blocker]:
    """Why this address may not be subscribed. The resolved address is judged again at every sending."""
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        parts, host = SplitResult("", "", "", "", ""), ""
    found = []
    if not host or not url.isascii() or any(c <= " " for c in url) or parts.username or parts.fragment:
        found.append(Blocker("url.malformed", _("Give an address like https://example.com/hooks."), field="url"))
    elif (parts.scheme != "https" and not settings.WEBHOOKS_TO_PRIVATE) or parts.scheme not in ("https", "http"):
        found.append(Blocker("url.not_https", _("The address must begin with https://."), field="url"))
    elif not settings.WEBHOOKS_TO_PRIVATE and not _may_be_public(host):
        found.append(Blocker("url.private", _("This address lies inside a private network."), field="url"))
    return found


def _may_be_public(host: str) -> bool:
    try:
        return is_public(host)
    except ValueError:
        return "." in host and not host.endswith((".local", ".internal", ".localhost", ".lan"))


def is_public(address: str) -> bool:
    """Whether packets to this IP address leave for the open internet. Raises ValueError for what is no address."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    inner = getattr(ip, "ipv4_mapped", None) or getattr(ip, "sixtofour", None)
    if inner is not None:
        return bool(inner.is_global) and not inner.is_multicast
    return ip.is_global and not ip.is_multicast and ip not in ipaddress.ip_network("64:ff9b::/96")


def resolve(host: str, port: int) -> str:
    """One IP address of `host`, to connect to and to nothing else. Raises OSError when there is none or any is private:
    a name that points inside as well as outside is not trusted."""
    found = sorted({str(row[4][0]) for row in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)})
    if not found or not (settings.WEBHOOKS_TO_PRIVATE or all(is_public(address) for address in found)):
        raise PermissionError("private address")
    return found[0]
