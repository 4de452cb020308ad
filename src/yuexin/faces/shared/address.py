"""From where a request comes."""

from __future__ import annotations

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest

FORWARDED = "X-Forwarded-For"


def address_of(request: HttpRequest) -> str:
    """The address of whoever asks: of the connection, unless a trusted proxy stands there.

    What anybody may write into a header is believed from the proxies of `YUEXIN_PROXIES` only,
    and of it only what the nearest of them wrote.
    """
    address = str(request.META.get("REMOTE_ADDR", ""))
    hops = [part.strip() for part in request.headers.get(FORWARDED, "").split(",")]
    while hops and _is_trusted(address):
        hop = hops.pop()
        if not _is_address(hop):
            break
        address = hop
    return address


def _is_trusted(address: str) -> bool:
    if not _is_address(address):
        return False
    return any(ip_address(address) in network for network in settings.TRUSTED_PROXIES)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
