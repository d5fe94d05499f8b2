"""What a person types and chooses for an import: the file, how to read it, which column is which field."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.imports.labels import choices

ENCODINGS = (
    ("", _("found by itself")),
    ("utf-8", "UTF-8"),
    ("gb18030", "GBK / GB 18030"),
    ("big5hkscs", "Big5"),
    ("utf-16", "UTF-16"),
)


class UploadForm(forms.Form):
    """The file as it came. Its name may be anything."""

    use_required_attribute = False

    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "CSV, Excel (.xlsx, .xls), a web page called .xls, or JSON lines; up to 60 MB. It is kept encrypted."
        ),
        allow_empty_file=True,
        max_length=10_000,
        error_messages={"required": _("Please choose the file first.")},
    )


class ReadForm(forms.Form):
    """How the file is to be read, where it was read wrongly."""

    encoding = forms.ChoiceField(label=_("Encoding"), choices=ENCODINGS, required=False)
    sheet = forms.ChoiceField(label=_("Sheet"), required=False)
    header_line = forms.IntegerField(label=_("Line of the header"), required=False, min_value=1, max_value=500)

    def __init__(self, *args: Any, sheets: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sheet"].choices = [("", _("found by itself")), *((name, name) for name in sheets)]
        if not sheets:
            del self.fields["sheet"]

    def wishes(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if value}


class ColumnsForm(forms.Form):
    """One choice for each column of the file, where it comes from, and what is to become of its rows."""

    use_required_attribute = False

    source = forms.CharField(
        label=_("Where the file comes from"),
        help_text=_("The same number from the same place is the same complaint: it is imported once."),
        max_length=60,
        error_messages={"required": _("Say where the file comes from.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "list": "sources"}),
    )
    is_live = forms.ChoiceField(
        label=_("What the rows become"),
        choices=(
            ("history", _("Records of the past: no clock, no message")),
            ("live", _("Real complaints: clock and acknowledgement, from the date of receipt")),
        ),
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, headers: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.headers = headers
        for n, header in enumerate(headers):
            self.fields[f"column{n}"] = forms.ChoiceField(label=header, choices=choices(), required=False)

    @property
    def columns(self) -> dict[str, str]:
        """Header → field as chosen; only those that were given one."""
        chosen = {header: self.cleaned_data[f"column{n}"] for n, header in enumerate(self.headers)}
        return {header: name for header, name in chosen.items() if name}

    def inputs(self) -> dict[str, Any]:
        return {
            "columns": self.columns,
            "source": self.cleaned_data["source"].strip(),
            "is_live": self.cleaned_data["is_live"] == "live",
        }
