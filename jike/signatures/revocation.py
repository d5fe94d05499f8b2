"""Lists of revoked certificates, fetched from where our own certificates say they lie."""

from __future__ import annotations

import http.client
import logging
from collections.abc import Iterable
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

logger = logging.getLogger(__name__)

TIMEOUT_SECONDS = 20
LARGEST_LIST = 8 * 1024 * 1024


def lists_for(certificates: Iterable[x509.Certificate]) -> list[bytes]:
    """The lists (DER) that could be had. One that cannot be had is left out: the signature then goes without it."""
    found: dict[str, bytes] = {}
    for certificate in certificates:
        for url in _places(certificate):
            if url not in found and (content := _fetch(url)):
                found[url] = content
    return list(found.values())


def _places(certificate: x509.Certificate) -> list[str]:
    try:
        points = certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    except x509.ExtensionNotFound:
        return []
    return [
        name.value
        for point in points
        for name in point.full_name or ()
        if isinstance(name, x509.UniformResourceIdentifier)
    ]


def _fetch(url: str) -> bytes:
    """Lists are signed, so that plain HTTP is usual and no harm."""
    place = urlsplit(url)
    if place.scheme not in ("http", "https") or not place.hostname:
        return b""
    make = http.client.HTTPSConnection if place.scheme == "https" else http.client.HTTPConnection
    connection = make(place.hostname, place.port, timeout=TIMEOUT_SECONDS)
    try:
        connection.request("GET", f"{place.path or '/'}{'?' if place.query else ''}{place.query}")
        response = connection.getresponse()
        content = response.read(LARGEST_LIST + 1)
        is_usable = response.status == 200 and len(content) <= LARGEST_LIST
        return bytes(x509.load_der_x509_crl(content).public_bytes(Encoding.DER)) if is_usable else b""
    except (OSError, http.client.HTTPException, ValueError):
        logger.warning("signatures.no_revocation_list %s", place.hostname)
        return b""
    finally:
        connection.close()
