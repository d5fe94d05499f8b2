"""Checks an evidence package without a network: python3 check.py [FOLDER]. Only Python's standard library and `openssl` are used.

It says of every file whether it is what the package says, of every original whether it has the hash that the ledger sealed when it was
received, and of the document whether its signature holds. It ends with 0 when everything fits, with 1 when anything does not.
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import tree

BLOCK = 1024 * 1024
TIME_STAMP = bytes.fromhex("060b2a864886f70d0109100104")  # a stamp holds the hash of the document, a signature does not
SIGNED = re.compile(rb"/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]")


class Report:
    def __init__(self) -> None:
        self.faults = 0

    def fits(self, what: str) -> None:
        print(f"  OK     {what}")

    def fails(self, what: str) -> None:
        self.faults += 1
        print(f"  WRONG  {what}")

    def judge(self, what: str, *, good: bool, why: str = "") -> None:
        if good:
            self.fits(what)
        else:
            self.fails(f"{what}{': ' if why else ''}{why}")


def digest_of(path: Path, name: str = "sha256") -> str:
    taken = hashlib.new(name)
    with path.open("rb") as file:
        while piece := file.read(BLOCK):
            taken.update(piece)
    return taken.hexdigest()


def sm3_of(path: Path) -> str:
    """By openssl; empty where it cannot."""
    done = subprocess.run(["openssl", "dgst", "-sm3", str(path)], capture_output=True, text=True, check=False)
    return done.stdout.strip().rpartition(" ")[2] if done.returncode == 0 else ""


def canonical(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def check_files(folder: Path, report: Report) -> None:
    print("Files of the package")
    listed = {}
    for line in (folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines():
        digest, _space, name = line.partition("  ")
        listed[name] = digest
    for name, digest in listed.items():
        path = folder / name
        report.judge(name, good=path.is_file() and digest_of(path) == digest, why="missing or changed")
    there = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    for name in sorted(there - set(listed) - {"SHA256SUMS"}):
        if "__pycache__" not in name:
            report.fails(f"{name}: not of this package")


def check_items(folder: Path, report: Report) -> None:
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    print(f"Items of {manifest['case']}; manifest {hashlib.sha256(canonical(manifest)).hexdigest()}")
    originals = {path.name.partition(" ")[0]: path for path in (folder / "originals").glob("*")}
    keys = set()
    for item in manifest["items"]:
        label = item["label"]
        if path := originals.pop(label, None):
            report.judge(
                f"{label} original",
                good=digest_of(path) == item["sha256"],
                why="its SHA-256 is not that of the manifest",
            )
            if sm3 := sm3_of(path):
                report.judge(
                    f"{label} original, SM3", good=sm3 == item["sm3"], why="its SM3 is not that of the manifest"
                )
        try:
            keys.add(check_proof(folder / "proofs" / f"{label}.json", item, report))
        except (OSError, ValueError, KeyError, TypeError, tree.Unproven) as reason:
            report.fails(f"{label} proof: {reason}")
    for label in originals:
        report.fails(f"original {label}: not in the manifest")
    for key in sorted(keys):
        print(f"  Compare this public key of the ledger with the one published: {key}")


def check_proof(path: Path, item: dict, report: Report) -> str:
    """The hash of the original is in the facts, the facts are in the entry, the entry is under the head, the head is signed."""
    found = json.loads(path.read_text(encoding="utf-8"))
    proof, facts = found["proof"], found["facts"]
    if facts["sha256"] != item["sha256"]:
        raise tree.Unproven("it is of another file")
    if hashlib.sha256(canonical(facts)).hexdigest() != json.loads(proof["leaf"])["digest"]:
        raise tree.Unproven("the entry is not of these facts")
    _size, _root, at = tree.check_proof(proof)
    report.judge(
        f"{item['label']} sealed in the ledger before {at}",
        good=tree.check_signature(proof["head"]),
        why="the head is not signed with its key",
    )
    return str(proof["head"]["public_key"])


def check_document(path: Path, report: Report) -> None:
    """Every signature in the document, and whether anything was added after the last one."""
    print("Document")
    content = path.read_bytes()
    ranges = [tuple(int(number) for number in found.groups()) for found in SIGNED.finditer(content)]
    if not ranges:
        print("  The document carries no signature; its hash is in SHA256SUMS.")
        return
    for number, (start, length, after, rest) in enumerate(ranges, start=1):
        signed = content[start : start + length] + content[after : after + rest]
        blob = bytes.fromhex(content[start + length + 1 : after - 1].decode("ascii", "replace"))
        report.judge(f"signature {number}", good=is_signed(signed, blob), why="it does not fit the document")
    last = ranges[-1]
    whole = last[2] + last[3] == len(content)
    report.judge("nothing was added after the last signature", good=whole, why="something was added")


def is_signed(content: bytes, blob: bytes) -> bool:
    """Integrity alone: who the signer is, or the authority of a time stamp, says the certificate, which the reader judges."""
    is_stamp = TIME_STAMP in blob[:200]
    if is_stamp and not any(hashlib.new(name, content).digest() in blob for name in ("sha256", "sha384", "sha512")):
        return False
    with tempfile.TemporaryDirectory() as folder:
        names = {name: Path(folder) / name for name in ("content", "blob")}
        names["content"].write_bytes(content)
        names["blob"].write_bytes(blob)
        order = ["openssl", "cms", "-verify", "-binary", "-noverify", "-inform", "DER", "-in", str(names["blob"])]
        order += ["-out", "/dev/null"] if is_stamp else ["-content", str(names["content"]), "-out", "/dev/null"]
        return subprocess.run(order, capture_output=True, check=False).returncode == 0


def main(words: list[str]) -> int:
    folder = Path(words[0] if words else Path(__file__).resolve().parent)
    report = Report()
    check_files(folder, report)
    check_items(folder, report)
    check_document(folder / "bundle.pdf", report)
    print("EVERYTHING FITS" if not report.faults else f"{report.faults} THINGS ARE WRONG")
    return 1 if report.faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
