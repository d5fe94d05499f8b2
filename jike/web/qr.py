"""QR codes as pictures that need no request of their own."""

from __future__ import annotations

import base64
import io

import qrcode
from qrcode.image.svg import SvgPathImage


def qr_data_uri(text: str) -> str:
    """`text` as an SVG image in a `data:` address, for `<img src>`. Survives a fold or a stain of about 15 % of its area."""
    picture = io.BytesIO()
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=2)
    code.add_data(text)
    code.make_image(image_factory=SvgPathImage).save(picture)
    return "data:image/svg+xml;base64," + base64.b64encode(picture.getvalue()).decode()
