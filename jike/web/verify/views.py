"""Answering whether a paper is ours."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.decorators import decorator_from_middleware
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from jike.accounts.access import public
from jike.base.ids import normalise_code
from jike.web.csrf import SpaceCsrfMiddleware
from jike.web.verify import issued, signed
from jike.web.verify.hashing import LIMIT_BYTES, Fingerprint, HashingHandler

_PUNCTUATION = str.maketrans("", "", " :-\t")


class CodeForm(forms.Form):
    """The code that is printed on the document, or the SHA-256 of its file: that answers for files of any size.

    `from_file` says that our page computed it from a chosen file. One that was typed may have been read off a forgery.
    """

    use_required_attribute = False

    from_file = forms.BooleanField(required=False, widget=forms.HiddenInput)
    code = forms.CharField(
        label=_("Document code, or SHA-256 of the file"),
        max_length=200,
        help_text=_("The code stands at the foot of every page of a letter and on the cover of a bundle."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        error_messages={"required": _("Please type the document code first.")},
    )

    def clean_code(self) -> str | bytes:
        typed = unicodedata.normalize("NFKC", self.cleaned_data["code"])
        digest = typed.translate(_PUNCTUATION).lower().removeprefix("sha256")
        if re.fullmatch("[0-9a-f]{64}", digest):
            return bytes.fromhex(digest)
        return normalise_code(typed)


class FileForm(forms.Form):
    """The document as a file."""

    use_required_attribute = False

    file = forms.FileField(
        label=_("The file itself"),
        help_text=_(
            "The file is only compared; we keep nothing of it. Of one over 20 MB your device computes the SHA-256."
        ),
        allow_empty_file=True,
        error_messages={"required": _("Please choose the file first.")},
    )

    def clean_file(self) -> Fingerprint:
        upload: Fingerprint = self.cleaned_data["file"]
        if upload.is_too_large:
            raise ValidationError(
                _(
                    "This file is larger than 20 MB. Please type its document code above, or its SHA-256: Windows tells it with"
                    " “certutil -hashfile FILE SHA256”, Mac and Linux with “shasum -a 256 FILE”."
                ),
                code="too_large",
            )
        return upload


@public
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponseBase:
    """Put the hashing handler in place before anything reads the form, then check the form's token like everywhere else."""
    request.upload_handlers = [HashingHandler(request)]
    return _verify(request)


@decorator_from_middleware(SpaceCsrfMiddleware)
def _verify(request: HttpRequest) -> HttpResponse:
    shown: dict[str, Any] = {
        "code_form": CodeForm(auto_id="code-%s", initial={"code": request.GET.get("code", "")[:60]}),
        "file_form": FileForm(auto_id="file-%s"),
        "result": None,
        "limit": LIMIT_BYTES,
    }
    if request.method != "POST":
        scanned = CodeForm({"code": request.GET.get("code", "")})
        result = _answer_by_code(scanned.cleaned_data) if scanned.is_valid() else None
        return _page(request, {**shown, "result": result}, None)
    if "code" in request.POST:
        form: forms.Form = CodeForm(request.POST, auto_id="code-%s")
        name, answer = "code_form", _answer_by_code
    else:
        form = FileForm(request.POST, request.FILES, auto_id="file-%s")
        name, answer = "file_form", _answer_by_file
    if form.is_valid():
        return _page(request, {**shown, "result": answer(form.cleaned_data)}, None)
    return _page(request, {**shown, name: form}, form)


def _page(request: HttpRequest, shown: dict[str, Any], invalid: forms.Form | None) -> HttpResponse:
    return render(request, "portal/verify.html", {**shown, "form": invalid}, status=400 if invalid else 200)


def _answer_by_code(typed: dict[str, Any]) -> dict[str, Any]:
    if isinstance(typed["code"], bytes):
        digest = typed["code"]
        return {"found": issued.by_hash(digest), "is_file": typed["from_file"], "sha256": digest.hex(), "verdict": None}
    return {"found": issued.by_code(typed["code"]), "is_file": False, "sha256": "", "verdict": None}


def _answer_by_file(typed: dict[str, Any]) -> dict[str, Any]:
    upload: Fingerprint = typed["file"]
    found, verdict = issued.by_hash(upload.digest), signed.verdict_on(upload.pdf)
    return {"found": found, "is_file": True, "sha256": upload.digest.hex(), "verdict": verdict}
