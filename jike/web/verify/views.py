"""Answering whether a paper is ours."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.decorators import decorator_from_middleware
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from jike.accounts.access import public
from jike.base.ids import normalise_code
from jike.web.csrf import SpaceCsrfMiddleware
from jike.web.verify import issued
from jike.web.verify.hashing import HashingHandler


class VerifyForm(forms.Form):
    """A document code or a file; with both, both must belong to one document."""

    use_required_attribute = False

    code = forms.CharField(
        label=_("Document code"),
        required=False,
        max_length=60,
        help_text=_("It stands at the foot of every page of the document."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "class": "code-input"}),
    )
    file = forms.FileField(
        label=_("Or the file itself"),
        required=False,
        help_text=_("Up to 20 MB. The file is only compared; we keep nothing of it."),
        allow_empty_file=True,
    )

    def clean_code(self) -> str:
        return normalise_code(self.cleaned_data["code"])

    def clean(self) -> dict[str, Any]:
        upload = self.cleaned_data.get("file")
        if upload and upload.is_too_large:
            self.add_error("file", _("This file is larger than 20 MB. Please type the document code instead."))
        elif not self.errors and not upload and not self.cleaned_data.get("code"):
            self.add_error("code", _("Please type the document code, or choose the file."))
        return self.cleaned_data


@public
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Put the hashing handler in place before anything reads the form, then check the form's token like everywhere else."""
    request.upload_handlers = [HashingHandler(request)]
    return _verify(request)


@decorator_from_middleware(SpaceCsrfMiddleware)
def _verify(request: HttpRequest) -> HttpResponse:
    form = VerifyForm(request.POST, request.FILES) if request.method == "POST" else VerifyForm()
    if not form.is_bound or not form.is_valid():
        return render(request, "portal/verify.html", {"form": form, "result": None}, status=400 if form.is_bound else 200)
    return render(request, "portal/verify.html", {"form": VerifyForm(), "result": _answer(form.cleaned_data)})


def _answer(typed: dict[str, Any]) -> dict[str, Any]:
    """`found` is the document or None; `sha256` the fingerprint of the uploaded file, empty when there was none."""
    code, upload = typed["code"], typed["file"]
    found = issued.by_hash(upload.digest) if upload else issued.by_code(code)
    if found and upload and code:
        named = issued.by_code(code)
        found = found if named and named.sha256 == found.sha256 else None
    return {"found": found, "sha256": upload.digest.hex() if upload else "", "code": code, "is_file": bool(upload)}
