"""The program: `binding IN OUT < order > answer`, both numbers of open files. The order and the answer are JSON.

An order has `parts` in their sequence, each a PDF in IN (`at`, `size`) with what stands on its pages (`stamp`), in the outline
(`title`, `level`) and, for a page that others point to, its `name`; `attached` files; `title`; `at`, the moment of the document as
PDF writes it; and the `font` of the stamps. The answer says on which page each part begins.
"""

from __future__ import annotations

import io
import json
import os
import sys
from pathlib import Path
from typing import Any, BinaryIO, cast

sys.path.append(str(Path(__file__).resolve().parents[3]))

from jike.files.binding.parts import Part
from jike.files.looking import confines

MEMORY_BYTES = 3 * 1024**3
CPU_SECONDS = 900
MOST_BYTES = 4 * 1024**3
POINTER = "https://page.invalid/"
"""A link on a page of the house that names a part: it becomes a link to that part's first page."""


def bind(order: dict[str, Any], source: int, target: Any) -> dict[str, Any]:
    import pikepdf  # noqa: PLC0415 - loaded after the limits are set

    from jike.files.binding.stamps import Face, stamp  # noqa: PLC0415

    with pikepdf.new() as bound:
        font = order["font"]
        face = Face(bound, os.pread(source, font["size"], font["at"]), font["codes"])
        opened: dict[int, Any] = {}  # their streams are read when the whole is written
        starts = []
        for part in order["parts"]:
            if part["at"] not in opened:
                opened[part["at"]] = pikepdf.open(cast("BinaryIO", Part(source, part["at"], part["size"])))
            pages, first = opened[part["at"]].pages, part["first"]
            starts.append(len(bound.pages))
            bound.pages.extend(pages[first : first + part["count"]] if part["count"] else pages)
        total = len(bound.pages)
        ends = [*starts[1:], total]
        for part, start, end in zip(order["parts"], starts, ends, strict=True):
            for number in range(start, end):
                right = order["numbering"].format(page=number + 1, pages=total)
                stamp(bound, bound.pages[number], face, part["stamp"], right)
        _point(bound, order["parts"], starts)
        _outline(bound, order["parts"], starts)
        _attach(bound, order["attached"], source)
        _describe(bound, order)
        bound.save(
            target,
            deterministic_id=True,
            stream_decode_level=pikepdf.StreamDecodeLevel.none,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
        )
        for pages in opened.values():
            pages.close()
    return {"pages": total, "starts": [start + 1 for start in starts]}


def _point(bound: Any, parts: list[dict[str, Any]], starts: list[int]) -> None:
    import pikepdf  # noqa: PLC0415

    named = {part["name"]: start for part, start in zip(parts, starts, strict=True) if part["name"]}
    for page in bound.pages:
        for link in page.obj.get("/Annots", []):
            address = str(link.get("/A", {}).get("/URI", ""))
            if address.startswith(POINTER) and (name := address.removeprefix(POINTER)) in named:
                del link["/A"]
                link["/Dest"] = _place(bound, named[name])
                link["/Border"] = pikepdf.Array([0, 0, 0])


def _place(bound: Any, number: int) -> Any:
    import pikepdf  # noqa: PLC0415

    return pikepdf.Array([bound.pages[number].obj, pikepdf.Name.Fit])


def _outline(bound: Any, parts: list[dict[str, Any]], starts: list[int]) -> None:
    import pikepdf  # noqa: PLC0415

    with bound.open_outline() as outline:
        above = outline.root
        for part, start in zip(parts, starts, strict=True):
            if not part["title"]:
                continue
            item = pikepdf.OutlineItem(part["title"], _place(bound, start))
            if part["level"] == 0:
                outline.root.append(item)
                above = item.children
            else:
                above.append(item)


def _attach(bound: Any, attached: list[dict[str, Any]], source: int) -> None:
    import pikepdf  # noqa: PLC0415

    for file in attached:
        content = os.pread(source, file["size"], file["at"])
        kind = pikepdf.Name("/" + file["kind"])
        held = pikepdf.Stream(bound, content, Type=pikepdf.Name.EmbeddedFile, Subtype=kind)
        held["/Params"] = pikepdf.Dictionary(Size=file["size"])
        spec = pikepdf.Dictionary(
            Type=pikepdf.Name.Filespec, F=pikepdf.String(file["name"]), UF=pikepdf.String(file["name"]),
            Desc=pikepdf.String(file["note"]), AFRelationship=pikepdf.Name("/" + file["relation"]),
            EF=pikepdf.Dictionary(F=bound.make_indirect(held)),
        )  # fmt: skip
        _name(bound, file["name"], bound.make_indirect(spec))


def _name(bound: Any, name: str, spec: Any) -> None:
    """Files are listed in the order given, which is that of their numbers."""
    import pikepdf  # noqa: PLC0415

    names = bound.Root.get("/Names")
    if names is None:
        bound.Root.Names = names = pikepdf.Dictionary()
    if "/EmbeddedFiles" not in names:
        names.EmbeddedFiles = pikepdf.Dictionary(Names=pikepdf.Array())
        bound.Root.AF = pikepdf.Array()
    names.EmbeddedFiles.Names.extend([pikepdf.String(name), spec])
    bound.Root.AF.append(spec)


def _describe(bound: Any, order: dict[str, Any]) -> None:
    import pikepdf  # noqa: PLC0415

    bound.docinfo["/Title"] = pikepdf.String(order["title"])
    bound.docinfo["/CreationDate"] = bound.docinfo["/ModDate"] = pikepdf.String(order["at"])
    bound.Root.Lang = pikepdf.String(order["lang"])
    bound.Root.PageMode = pikepdf.Name.UseOutlines
    bound.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
    bound.Root.PageLabels = pikepdf.Dictionary(Nums=pikepdf.Array([0, pikepdf.Dictionary(S=pikepdf.Name.D)]))


if __name__ == "__main__":
    target = io.FileIO(int(sys.argv[2]), "r+", closefd=False)
    confines.confine(memory_bytes=MEMORY_BYTES, cpu_seconds=CPU_SECONDS, file_bytes=MOST_BYTES)
    told = bind(json.load(sys.stdin), int(sys.argv[1]), target)
    target.flush()
    sys.stdout.write(json.dumps(told))
