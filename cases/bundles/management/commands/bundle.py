"""The evidence bundle of a case, written to a file."""

from __future__ import annotations

import hashlib
import json
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext as _

from cases.bundles import acts, making
from cases.bundles.models import Binding, Bundle
from cases.bundles.page import HALTS
from cases.bundles.profiles import PROFILES
from cases.bundles.queries import bundle_of_these, is_released
from cases.evidence.models import Item
from cases.evidence.queries import papers_to_register
from cases.models import Case
from cases.rules import power_of
from jike.accounts.roles import machine_actor
from jike.base.dates import now as current_instant
from jike.base.errors import Blocker, Refused
from jike.files import store
from jike.files.models import StoredFile
from jike.outbox import jobs
from jike.verbs import VerbUnknown, verb_named

OPERATOR = "operator"
ASK_AGAIN_SECONDS = 1


class Command(BaseCommand):
    help = (
        "Build the evidence bundle of a case, or take the one of exactly the same register, and write it to a file. "
        "Whatever is missing is named, and the exit code is 1."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("number")
        parser.add_argument("--out", type=Path, required=True, metavar="FILE")
        parser.add_argument("--profile", choices=list(PROFILES), default="court", help="for whom (default: court)")
        parser.add_argument("--without", action="append", default=[], metavar="ITEM", help="leave out, like 3 or 2A")
        parser.add_argument("--package", action="store_true", help="the ZIP that checks itself, not the PDF")
        parser.add_argument(
            "--sha256", action="store_true", help="print the SHA-256 of the written file, and only that"
        )
        parser.add_argument("--json", action="store_true", help="the last line is one JSON document")

    def handle(self, **options: Any) -> None:
        out: Path = options["out"]
        try:
            bundle, is_reused = _bundle(options["number"], options["profile"], options["without"])
        except Refused as refused:
            self._refused(refused.blockers, as_json=options["json"])
            return
        made = Binding.objects.select_related("document", "package").get(pk=bundle.pk)
        acts.export(bundle, actor=machine_actor(OPERATOR), to=_("a file of this machine"), now=current_instant())
        digest = _written(made.package if options["package"] else made.document, out)
        told = {
            "number": options["number"],
            "bundle": str(bundle.pk),
            "profile": bundle.profile,
            "version": bundle.version,
            "items": bundle.items,
            "pages": made.pages,
            "signed": made.is_signed,
            "released": is_released(bundle),
            "reused": is_reused,
            "file": str(out),
            "sha256": digest,
        }
        if options["json"]:
            self.stdout.write(json.dumps(told, ensure_ascii=False))
        elif options["sha256"]:
            self.stdout.write(digest)
        else:
            words = {"label": PROFILES[bundle.profile].label, "n": bundle.version, "pages": made.pages, "file": out}
            self.stdout.write(_("%(label)s v%(n)s, %(pages)s pages: %(file)s") % words)

    def _refused(self, blockers: Sequence[Blocker], *, as_json: bool) -> None:
        if not as_json:
            raise CommandError("\n".join(str(blocker.message) for blocker in blockers))
        self.stdout.write(json.dumps({"blockers": [one.as_dict() for one in blockers]}, ensure_ascii=False))
        sys.exit(1)


def _bundle(number: str, profile: str, without: Sequence[str]) -> tuple[Bundle, bool]:
    """The finished bundle of the register as it is now, and whether it was there already. Raises `Refused` with every reason."""
    found = Case.objects.filter(number=number).first()
    if found is None:
        raise CommandError(_("There is no case %(number)s.") % {"number": number})
    try:
        verb = verb_named(power_of(found, "build_bundle"))
    except VerbUnknown:
        raise CommandError(_("Cases of this kind have no register of evidence.")) from None
    case = verb.model.objects.get(pk=found.pk)
    left_out = _items(case, without)
    bundle = bundle_of_these(case, PROFILES[profile], left_out)
    if bundle is not None and Binding.objects.filter(pk=bundle.pk).exists():
        return bundle, True
    if bundle is None or not making.is_being_made(bundle):
        try:
            verb.action(case, actor=machine_actor(OPERATOR), now=current_instant(), profile=profile, without=left_out)
        except Refused as refused:
            raise Refused([*refused.blockers, *_next_step(case, refused)], verb=verb.name) from None
        bundle = bundle_of_these(case, PROFILES[profile], left_out)
        assert bundle is not None
    return _made(bundle), False


def _items(case: Case, labels: Sequence[str]) -> list[Item]:
    known = {item.label: item for item in Item.objects.filter(case_id=case.pk)}
    if unknown := [label for label in labels if label not in known]:
        raise CommandError(_("The register has no item %(label)s.") % {"label": "、".join(unknown)})
    return [known[label] for label in labels]


def _next_step(case: Case, refused: Refused) -> list[Blocker]:
    """Where the register is kept, for a case that has papers and none of them in it."""
    papers = len(papers_to_register(case))
    if not papers or "list.empty" not in {blocker.code for blocker in refused.blockers}:
        return []
    page = reverse("staff:evidence", kwargs={"number": case.number})
    message = _("%(n)s papers of this case can be registered: %(page)s. Describe each, then run this again.")
    return [Blocker("papers.unregistered", message % {"n": papers, "page": page})]


def _made(bundle: Bundle) -> Bundle:
    """Do the making in this process; where a worker was faster, wait for it and take over should it die."""
    job = making.latest(bundle)
    assert job is not None
    halts = bundle.halts.count()
    while True:
        jobs.run_job(job.pk)
        if Binding.objects.filter(pk=bundle.pk).exists():
            return bundle
        job.refresh_from_db()
        if bundle.halts.count() > halts or job.state != jobs.Job.State.RUNNING:
            raise Refused([_stopped(bundle, job)])
        time.sleep(ASK_AGAIN_SECONDS)


def _stopped(bundle: Bundle, job: jobs.Job) -> Blocker:
    halt = bundle.halts.order_by("-at").first()
    if halt is not None and halt.code in HALTS:
        return Blocker(halt.code, format_lazy(HALTS[halt.code], label=halt.label))
    code = halt.code if halt else job.last_error
    message = _(
        "The bundle could not be finished (%(code)s). It waits on the page of operations and goes on from there."
    )
    return Blocker("bundle.stopped", message % {"code": code})


def _written(stored: StoredFile, out: Path) -> str:
    """Write the whole file or none of it; its SHA-256, which was compared while it was read."""
    taken = hashlib.sha256()
    try:
        with tempfile.NamedTemporaryFile(dir=out.absolute().parent, prefix=".bundle-", delete=False) as draft:
            try:
                for piece in store.stream(stored):
                    taken.update(piece)
                    draft.write(piece)
                draft.flush()
                os.fsync(draft.fileno())
                Path(draft.name).replace(out)
            except BaseException:
                Path(draft.name).unlink(missing_ok=True)
                raise
    except OSError as error:
        raise CommandError(
            _("The file %(path)s cannot be written: %(why)s") % {"path": out, "why": error.strerror}
        ) from None
    except store.FileDamaged:
        raise CommandError(_("The stored bundle is not what was stored; run verify_evidence.")) from None
    return taken.hexdigest()
