"""How a case number stands in an address."""

from django.urls import register_converter
from django.urls.converters import StringConverter


class NumberConverter(StringConverter):
    """A case number: letters, date, hyphen, counter."""

    regex = "[A-Z]{2}[0-9]{8}-[0-9]{5,}"


register_converter(NumberConverter, "number")
