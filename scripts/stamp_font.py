"""Make `static/fonts/NotoSansSC-Stamp.otf`, the few characters printed on the pages of bundles, from the vendored face.

.venv/bin/python scripts/stamp_font.py
"""

from __future__ import annotations

import io
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont, woff2

FONTS = Path(__file__).resolve().parents[1] / "static" / "fonts"
CHARACTERS = "证据第页共封面目录材料时间线哈希清单附件补充 0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ/·-."
DROPPED = ["GPOS", "GSUB", "BASE", "vhea", "vmtx", "VORG", "GDEF", "DSIG"]


def main() -> None:
    unpacked = io.BytesIO()
    woff2.decompress(io.BytesIO((FONTS / "NotoSansSC-Regular.woff2").read_bytes()), unpacked)
    options = subset.Options(layout_features=[], hinting=False, notdef_outline=True)
    options.drop_tables += DROPPED
    font = TTFont(unpacked, recalcTimestamp=False)
    chosen = subset.Subsetter(options)
    chosen.populate(text=CHARACTERS)
    chosen.subset(font)
    font.save(FONTS / "NotoSansSC-Stamp.otf")


if __name__ == "__main__":
    main()
