"""Which column is which field: by the header, in the words of the usual exports, or as the caller says."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from cases.imports import remarks
from cases.imports.headers import Cell
from cases.imports.reader import Unreadable
from cases.imports.remarks import Remark

# Neutral facts, kept as the source has them under the names of the public complaint database. Source: CFPB-CCDB
FACTS = (
    "product",
    "sub_product",
    "issue",
    "sub_issue",
    "company",
    "company_response",
    "company_public_response",
    "timely",
    "consumer_disputed",
    "consumer_consent_provided",
    "submitted_via",
    "date_sent_to_company",
    "state",
    "zip_code",
    "tags",
)
FIELDS = (
    *(
        "external_id",
        "received_at",
        "closed_at",
        "name",
        "phone",
        "email",
        "claim",
        "narrative",
        "merchant",
        "channel",
        "amount_cny",
        "source",
    ),
    *FACTS,
)

_ALIASES = {
    "external_id": "complaint id|case id|投诉编号|投诉单号|编号|工单号|工单编号|受理编号|流水号|投訴編號|編號",
    "received_at": "date received|received at|received on|投诉日期|投诉时间|收到日期|收到时间|受理日期|受理时间|登记日期|登记时间|投訴日期|投訴時間|收到日期",
    "closed_at": "date closed|closed at|closed on|办结日期|办结时间|结案日期|结案时间|完成日期|辦結日期",
    "name": "name|consumer name|姓名|投诉人|投诉人姓名|客户姓名|消费者姓名|投訴人|投訴人姓名",
    "phone": "phone|mobile|telephone|手机|手机号|手机号码|联系电话|联系方式|电话|投诉人电话|手機|手機號|手機號碼|聯絡電話",
    "email": "email|email address|邮箱|电子邮箱|电子邮件|郵箱|電子郵件",
    "claim": "claim|诉求|投诉诉求|客户诉求|投诉请求|訴求|投訴訴求",
    "narrative": "narrative|facts|consumer complaint narrative|complaint what happened|事实|投诉事实|事实与理由|投诉内容|内容|问题描述|事實|投訴內容",
    "merchant": "merchant|商户|商户名称|商家|商家名称|商戶|商戶名稱",
    "channel": "channel|渠道|投诉渠道|受理渠道|来源|投訴渠道|來源",
    "amount_cny": "amount|amount cny|金额|涉及金额|涉诉金额|金額|涉及金額",
    "source": "source|来源平台|数据来源|投诉平台|來源平台",
    "product": "product|产品|产品类型|业务类别|业务类型|產品",
    "sub_product": "sub product|产品小类|业务小类",
    "issue": "issue|问题|投诉原因|投诉类别|投诉类型|問題|投訴原因",
    "sub_issue": "sub issue|问题小类|投诉小类",
    "company": "company|机构|被投诉机构|资金方|放款机构|被投訴機構",
    "company_response": "company response|company response to consumer|处理结果|办理结果|處理結果",
    "company_public_response": "company public response",
    "timely": "timely|timely response|是否及时|是否按时",
    "consumer_disputed": "consumer disputed|是否有异议",
    "consumer_consent_provided": "consumer consent provided",
    "submitted_via": "submitted via|提交方式",
    "date_sent_to_company": "date sent to company|转办日期|转送日期",
    "state": "state|地区|省份|所在省份|地區",
    "zip_code": "zip code|zip|邮编|邮政编码|郵遞區號",
    "tags": "tags|标签|標籤",
}


def plain(header: str) -> str:
    """A header for comparing: half width, small letters, no spaces and signs."""
    return "".join(c for c in unicodedata.normalize("NFKC", header).casefold() if c.isalnum())


_BY_HEADER = {plain(alias): name for name, aliases in _ALIASES.items() for alias in [name, *aliases.split("|")]}


@dataclass(slots=True)
class Mapping:
    """Header → field. `chosen` comes from the caller and wins; `ignored` headers belong to no field.

    `is_fixed` when a person has decided about every column that was there: nothing is recognised any more.
    """

    chosen: dict[str, str] = field(default_factory=dict)
    columns: dict[str, str] = field(default_factory=dict)
    ignored: list[Remark] = field(default_factory=list)
    _seen: set[str] = field(default_factory=set)
    is_fixed: bool = False

    def field_of(self, header: str) -> str:
        """The field of a header, or an empty string."""
        return self.chosen.get(plain(header)) or ("" if self._taken(header) else _BY_HEADER.get(plain(header), ""))

    def _taken(self, header: str) -> bool:
        """Whether the caller gave the field this header would mean to another column."""
        return _BY_HEADER.get(plain(header), "") in self.chosen.values()

    def score(self, headers: list[str]) -> int:
        """How many fields a row of headers names; 0 unless it has at least two, one of them a date or a number."""
        found = {name for header in headers if (name := self.field_of(header))}
        return len(found) if len(found) >= 2 and found & {"received_at", "external_id"} else 0

    def learn(self, headers: list[str]) -> None:
        """Take in headers not seen before (all at once for tables, row by row for JSONL)."""
        for header in headers:
            if header in self._seen:
                continue
            self._seen.add(header)
            name = "" if self.is_fixed else self.field_of(header)
            if not name:
                self.ignored.append(remarks.column_left_out(header[:40]))
            elif name in self.columns.values():
                self.ignored.append(remarks.column_twice(header[:40]))
            else:
                self.columns[header] = name

    def fields(self, cells: dict[str, Cell]) -> dict[str, Cell]:
        """The cells of a row by field; columns that mean nothing are left out."""
        self.learn(list(cells))
        return {self.columns[header]: value for header, value in cells.items() if header in self.columns}

    @property
    def source(self) -> str:
        """The name of the source when the headers give it away: the public database of the CFPB; else `import`."""
        return "cfpb" if {"date_sent_to_company", "product", "issue"} <= set(self.columns.values()) else "import"


def mapping_from(text: str) -> Mapping:
    """A mapping from `field=Header,field=Header`. Raises `Unreadable` naming a field that does not exist."""
    chosen: dict[str, str] = {}
    for pair in filter(None, (part.strip() for part in text.split(","))):
        name, sign, header = (part.strip() for part in pair.partition("="))
        if not sign or name not in FIELDS or not header:
            raise Unreadable(
                _("--map {pair}: write field=Header; the fields are {fields}").format(
                    pair=pair, fields=", ".join(FIELDS)
                )
            )
        chosen[plain(header)] = name
    return Mapping(chosen)


def fixed_mapping(columns: dict[str, str], headers: list[str]) -> Mapping:
    """The mapping as a person decided it on the screen: `columns` is header → field, the other `headers` are left out."""
    mapping = Mapping(columns={header: name for header, name in columns.items() if name}, is_fixed=True)
    mapping._seen = {*headers, *columns}
    return mapping


def suggested(headers: list[str]) -> dict[str, str]:
    """Header → field for the headers whose words are known; the first of two that mean the same."""
    mapping = Mapping()
    mapping.learn(headers)
    return dict(mapping.columns)
