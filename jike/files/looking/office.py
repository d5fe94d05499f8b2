"""Office files that are ZIP containers: Word, Excel, PowerPoint, WPS, OpenDocument and OFD. Read as lists of parts, never rendered."""

from __future__ import annotations

import re
import zipfile
from typing import Any
from xml.etree import ElementTree

from jike.files import kinds
from jike.files.looking import zips
from jike.files.looking.look import Look, Refuse

MOST_XML = 48 * 1024 * 1024
_OUTSIDE = frozenset(
    {"attachedTemplate", "oleObject", "frame", "subDocument", "aFChunk", "externalLink", "externalLinkPath", "package"}
)
_DECLARES = re.compile(rb"<!DOCTYPE|<!ENTITY", re.IGNORECASE)
_MACRO = re.compile(r"(^|/)(vbaProject\.bin|vbaData\.xml|macrosheets/)", re.IGNORECASE)
_CODE_INSIDE = "\x01Ole10Native".encode("utf-16-le")
_FIELDS = re.compile(rb"<w:instrText[^>]*>[^<]*\b(DDEAUTO|DDE|INCLUDETEXT)\b|<ddeLink|\bDDEAUTO\b", re.IGNORECASE)


def look(content: bytes) -> Look:
    with zips.opened(content) as archive:
        entries = {zips.name_of(entry).lstrip("/"): entry for entry in archive.infolist() if not entry.is_dir()}
        found = Look(_kind(entries, archive))
        zips.judge_names([zips.name_of(entry) for entry in archive.infolist() if not entry.is_dir()], found)
        if found.kind == kinds.OFD:
            _look_at_ofd(archive, entries, found)
        elif found.kind in kinds.OPEN_DOCUMENTS:
            _look_at_open_document(archive, entries, found)
        else:
            _look_at_ooxml(archive, entries, found)
    return found


def _kind(entries: dict[str, Any], archive: zipfile.ZipFile) -> str:
    for name, kind in (("word/", kinds.DOCX), ("xl/", kinds.XLSX), ("ppt/", kinds.PPTX)):
        if "[Content_Types].xml" in entries and any(entry.startswith(name) for entry in entries):
            return kind
    if "OFD.xml" in entries:
        return kinds.OFD
    if "mimetype" in entries:
        kind = zips.beginning(archive, entries["mimetype"], 100).decode("ascii", "replace").strip()
        if kind in kinds.OPEN_DOCUMENTS:
            return kind
    raise Refuse("office.damaged")


def _look_at_ooxml(archive: zipfile.ZipFile, entries: dict[str, Any], found: Look) -> None:
    for name, entry in entries.items():
        if _MACRO.search(name):
            found.concern("office.macros")
        if "/activeX/" in name or "/ctrlProps/" in name:
            found.concern("office.controls")
        if name in {"xl/connections.xml"} or name.startswith("xl/externalLinks/"):
            found.concern("office.outside")
        if name.endswith(".rels"):
            _judge_links(_xml(archive, entry, found), found)
        if "/embeddings/" in name and _CODE_INSIDE in zips.beginning(archive, entry, 2_000_000):
            found.concern("office.packages")
        is_words = name.startswith("word/") and name.endswith(".xml") and entry.file_size < MOST_XML
        if is_words and _FIELDS.search(zips.beginning(archive, entry, MOST_XML)):
            found.concern("office.fields")
    if b"macroEnabled" in zips.beginning(archive, entries["[Content_Types].xml"], 1_000_000):
        found.concern("office.macros")
    _count(archive, entries, found)
    inside = [name for name in entries if "/embeddings/" in name]
    if inside:
        found.list_parts([{"name": name.rpartition("/")[2], "size": entries[name].file_size} for name in inside])


def _judge_links(tree: Any, found: Look) -> None:
    """Addresses to click on are words; what is fetched without being asked is not."""
    for link in tree if tree is not None else ():
        kind = link.get("Type", "").rpartition("/")[2]
        if link.get("TargetMode") == "External" and kind in _OUTSIDE:
            found.concern("office.outside")


def _count(archive: zipfile.ZipFile, entries: dict[str, Any], found: Look) -> None:
    sheets = sum(bool(re.fullmatch(r"xl/worksheets/sheet\d+\.xml", name)) for name in entries)
    slides = sum(bool(re.fullmatch(r"ppt/slides/slide\d+\.xml", name)) for name in entries)
    if sheets or slides:
        found.facts["sheets" if sheets else "pages"] = sheets or slides
    elif "docProps/app.xml" in entries:
        told = re.search(rb"<Pages>(\d{1,6})</Pages>", zips.beginning(archive, entries["docProps/app.xml"], 200_000))
        if told:
            found.facts["pages_told"] = int(told[1])


def _look_at_ofd(archive: zipfile.ZipFile, entries: dict[str, Any], found: Look) -> None:
    """The layout format of Chinese invoices and public papers (GB/T 33190)."""
    root = _xml(archive, entries["OFD.xml"], found)
    pages, signatures, attached = 0, 0, []
    for place in (node.text or "" for node in (root.iter() if root is not None else ()) if _tag(node) == "DocRoot"):
        document = entries.get(place.strip().lstrip("/"))
        tree = _xml(archive, document, found) if document is not None else None
        if tree is None:
            raise Refuse("office.damaged")
        for node in tree.iter():
            pages += _tag(node) == "Page" and "BaseLoc" in node.attrib
            if _tag(node) in {"GotoA", "Movie", "Sound"}:
                found.concern("office.fields")
    if not pages:
        raise Refuse("office.damaged")
    for name, entry in entries.items():
        signatures += name.rpartition("/")[2].lower() in {"signature.xml"}
        if "/attach" in name.lower() and not name.endswith("Attachments.xml"):
            kind = kinds.kind_of(zips.beginning(archive, entry, 65_536))
            attached.append({"name": name.rpartition("/")[2], "kind": kind, "size": entry.file_size})
            if kind not in kinds.PICTURES | kinds.TEXTS | {kinds.PDF}:
                found.concern("office.packages")
    found.facts |= {"pages": pages, "signatures": signatures}
    if attached:
        found.list_parts(attached)


def _look_at_open_document(archive: zipfile.ZipFile, entries: dict[str, Any], found: Look) -> None:
    if "META-INF/manifest.xml" in entries:
        manifest = zips.beginning(archive, entries["META-INF/manifest.xml"], 5_000_000)
        if b"encryption-data" in manifest:
            raise Refuse("file.locked")
    if "content.xml" not in entries:
        raise Refuse("office.damaged")
    if any(name.startswith(("Basic/", "Scripts/")) for name in entries):
        found.concern("office.macros")
    if b"<script:event-listener" in zips.beginning(archive, entries["content.xml"], MOST_XML):
        found.concern("office.macros")
    if "meta.xml" in entries:
        told = re.search(rb'meta:page-count="(\d{1,6})"', zips.beginning(archive, entries["meta.xml"], 500_000))
        if told:
            found.facts["pages_told"] = int(told[1])


def _xml(archive: zipfile.ZipFile, entry: Any, found: Look) -> Any:
    """The tree of a part; None when it is no XML. One that declares entities is named and not read."""
    content = zips.beginning(archive, entry, MOST_XML)
    if _DECLARES.search(content.replace(b"\0", b"")):
        found.concern("xml.entities")
        return None
    try:
        return ElementTree.fromstring(content)  # noqa: S314 - without declarations nothing can grow
    except ElementTree.ParseError:
        found.facts["is_damaged"] = True
    return None


def _tag(node: Any) -> str:
    return str(node.tag).rpartition("}")[2]
