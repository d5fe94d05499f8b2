"""The assessment as arithmetic and data: the small-claims test, and which courts can be chosen. Pure but for the table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db import models
from django.utils.translation import pgettext_lazy

from cases.litigation.house_rules import CourtRule, Wage, house_rules

COUNTRY = "CN"
# The first two letters of ISO 3166-2:CN, the way provinces are written in addresses of programs.
PROVINCES = {
    "CN": "全国", "BJ": "北京", "TJ": "天津", "HE": "河北", "SX": "山西", "NM": "内蒙古", "LN": "辽宁", "JL": "吉林", "HL": "黑龙江",
    "SH": "上海", "JS": "江苏", "ZJ": "浙江", "AH": "安徽", "FJ": "福建", "JX": "江西", "SD": "山东", "HA": "河南", "HB": "湖北",
    "HN": "湖南", "GD": "广东", "GX": "广西", "HI": "海南", "CQ": "重庆", "SC": "四川", "GZ": "贵州", "YN": "云南", "XZ": "西藏",
    "SN": "陕西", "GS": "甘肃", "QH": "青海", "NX": "宁夏", "XJ": "新疆",
}  # fmt: skip
PLACES = ("plaintiff_place", "defendant_place", "performance_place", "agreed_place", "tort_place", "property_place")


class Band(models.TextChoices):
    """Where a claim stands in the small-claims test. Source: CPL art 165, house R53."""

    MUST = "must", pgettext_lazy("small claims", "Small-claims procedure")
    MAY = "may", pgettext_lazy("small claims", "Small-claims procedure if both sides agree")
    NOT = "not", pgettext_lazy("small claims", "No small-claims procedure")


@dataclass(frozen=True, slots=True)
class SmallClaims:
    """`percent` of the wage, rounded down to a tenth for reading only: the band is judged by the amounts themselves."""

    band: str
    percent: Decimal
    wage: Wage

    @property
    def is_provisional(self) -> bool:
        """The figure was not read in the text of a statistics bureau: counsel checks it before relying on the band."""
        return self.wage.checked != "text"


def wage_for(province: str, *, year: int) -> Wage | None:
    """The wage of the year before `year`, or of the latest one known before it; the country's where the province has none."""
    known = [wage for wage in house_rules().wages if wage.year < year]
    for place in (province, COUNTRY):
        rows = [wage for wage in known if wage.province == place]
        if rows:
            return max(rows, key=lambda wage: wage.year)
    return None


def small_claims(claim_cny: Decimal, wage: Wage, *, is_money_claim: bool) -> SmallClaims:
    """Only plain claims for money: up to half the wage it applies, above that up to twice the wage by agreement. Source: CPL art 165."""
    rules, percent = house_rules(), claim_cny * 100 / wage.cny
    if not is_money_claim or percent > rules.may:
        band = Band.NOT
    else:
        band = Band.MUST if percent <= rules.must else Band.MAY
    return SmallClaims(band.value, percent.quantize(Decimal("0.1"), "ROUND_DOWN"), wage)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A court that can be chosen, by its ground; `place` is empty while nobody has said where that is."""

    ground: str
    place: str
    source: str


def courts(dispute: str, places: Mapping[str, str], *, is_money_claim: bool) -> list[Candidate]:
    """Every court the rules leave open, in the order of the table; an exclusive one leaves only itself."""
    fitting = [rule for rule in house_rules().courts if dispute in rule.disputes and _is_met(rule, places, is_money_claim=is_money_claim)]  # fmt: skip
    exclusive = [rule for rule in fitting if rule.excludes]
    return [Candidate(rule.ground, places.get(rule.place, ""), rule.source) for rule in exclusive or fitting]


def _is_met(rule: CourtRule, places: Mapping[str, str], *, is_money_claim: bool) -> bool:
    if rule.needs == "money_without_place":
        return is_money_claim and not places.get("performance_place")
    return not rule.needs or bool(places.get(rule.needs))
