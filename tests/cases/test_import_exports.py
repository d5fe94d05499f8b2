"""Exports of Chinese systems as they really are: printed pages as tables, HTML called Excel, spoilt encodings, old workbooks."""

from __future__ import annotations

import io
import time
import tracemalloc
import zipfile
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from cases.imports import garbled, rows, values
from cases.imports.content import InMemory
from cases.imports.mapping import Mapping, mapping_from
from cases.imports.reader import Choice, Row, Table, Unreadable, open_table
from jike.base.dates import CST

LEGACY = Path(__file__).parent.parent / "data" / "legacy"
HEADERS = ["投诉编号", "投诉日期", "姓名", "手机号", "诉求"]
RECEIVED = datetime(2026, 9, 28, 10, 30, tzinfo=CST)
NOW = datetime(2026, 11, 1, tzinfo=CST)


def opened(content: bytes, name: str = "file.csv", **choice: object) -> tuple[Mapping, Table, list[Row]]:
    mapping = mapping_from("")
    table = open_table(InMemory(content, name), score=mapping.score, choice=Choice(**choice))
    mapping.learn(table.headers)
    return mapping, table, list(table.rows)


def book(*sheets: tuple[str, list[list[object]]], epoch: datetime | None = None) -> openpyxl.Workbook:
    made = openpyxl.Workbook()
    made.remove(made.active)
    if epoch:
        made.epoch = epoch
    for title, lines in sheets:
        sheet = made.create_sheet(title)
        for line in lines:
            sheet.append(line)
    return made


def saved(made: openpyxl.Workbook) -> bytes:
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def codes(table: Table) -> list[str]:
    return [warning.code for warning in table.warnings]


def test_a_printed_register_is_read_without_its_pages() -> None:
    page = ["投诉登记表,,,,", ",".join(HEADERS)]
    lines = [
        *page,
        "A1,2026-09-28,张三,13800138000,退款",
        "本页小计,,,,1",
        "第1页 共2页,,,,",
        *page,
        "A2,2026-09-29,李四,13800138001,退款",
        "合　计：,,,,2",
        "制表人：王五,,,,打印时间：2026-10-01",
    ]

    _, table, found = opened("\n".join(lines).encode("gb18030"))

    assert codes(table) == ["file.before_header"]
    assert [(row.line, row.left_out.code if row.left_out else row.cells["投诉编号"]) for row in found] == [
        (3, "A1"),
        (4, "row.total"),
        (5, "row.foot"),
        (6, "row.title_again"),
        (7, "row.header_again"),
        (8, "A2"),
        (9, "row.total"),
        (10, "row.foot"),
    ]


def test_a_record_that_only_resembles_a_foot_is_kept() -> None:
    text = "投诉编号,投诉日期,姓名,手机号,诉求\n合计001,2026-09-28,合计,13800138000,第1页写错了\n,2026-09-28,,,备注：退款\n"

    _, _, found = opened(text.encode())

    assert [row.left_out for row in found] == [None, None]


def test_a_header_on_two_lines_with_merged_cells() -> None:
    made = book(
        (
            "明细",
            [["投诉登记"], ["投诉编号", "投诉人信息", None, None, "投诉日期"], [None, "姓名", "手机号", "性别", None]],
        )
    )
    sheet = made.active
    sheet.append(["A1", "张三", "13800138000", "男", "2026-09-28"])
    for place in ("A2:A3", "B2:D2", "E2:E3"):
        sheet.merge_cells(place)

    mapping, table, found = opened(saved(made), "登记.xlsx")

    assert table.headers == ["投诉编号", "姓名", "手机号", "投诉人信息性别", "投诉日期"]
    assert table.header_line == 3
    assert mapping.fields(found[0].cells) == {
        "external_id": "A1",
        "name": "张三",
        "phone": "13800138000",
        "received_at": "2026-09-28",
    }
    assert [row.line for row in found] == [4]


def test_data_below_a_header_is_never_taken_for_its_second_line() -> None:
    text = "投诉编号,投诉日期,渠道,备注\n电话,2026-09-28,电话,邮箱\nA2,2026-09-29,来访,\n"

    _, table, found = opened(text.encode())

    assert (table.header_line, [row.line for row in found]) == (1, [2, 3])


HTML = """<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta charset="gb2312">
<style>td {mso-number-format:"\\@"}</style></head><body><table border=1>
<tr><td colspan=5>投诉导出</td></tr>
<tr><th>投诉编号<th>投诉日期<th>姓名<th>手机号<th>诉求</tr>
<tr><td rowspan=2>A1</td><td>2026-09-28 10:30:00</td><td>张&nbsp;三</td><td>13800138000</td><td>退款<br>道歉 &amp; 赔偿</td></tr>
<tr><td>2026-09-29</td><td>李四</td><td>13800138001</td><td>退款</td></tr>
</table></body></html>"""
XML = """<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">
<Worksheet ss:Name="投诉"><Table>
<Row><Cell><Data ss:Type="String">投诉编号</Data></Cell><Cell><Data ss:Type="String">投诉日期</Data></Cell>
<Cell ss:Index="4"><Data ss:Type="String">手机号</Data></Cell></Row>
<Row><Cell><Data ss:Type="String">A1</Data></Cell><Cell><Data ss:Type="DateTime">2026-09-28T10:30:00.000</Data></Cell>
<Cell ss:Index="4"><Data ss:Type="Number">13800138000</Data></Cell></Row>
</Table></Worksheet></Workbook>"""


def test_html_called_xls_is_read() -> None:
    mapping, table, found = opened(HTML.encode("gb2312"), "投诉.xls")

    assert (table.file_format, codes(table)) == ("html", ["file.before_header"])
    assert mapping.fields(found[0].cells) == {
        "external_id": "A1",
        "received_at": "2026-09-28 10:30:00",
        "name": "张 三",
        "phone": "13800138000",
        "claim": "退款\n道歉 & 赔偿",
    }
    assert mapping.fields(found[1].cells)["name"] == "李四"


def test_the_xml_of_excel_2003_is_read() -> None:
    mapping, _, found = opened(XML.encode(), "投诉.xls")

    cells = mapping.fields(found[0].cells)
    assert cells["phone"] == "13800138000"
    assert values.moment_of(cells["received_at"]) == RECEIVED


@pytest.mark.parametrize("encoding", ["gbk", "utf-8", "utf-8-sig", "utf-16"])
def test_tabs_and_xlsx_called_xls_are_read(encoding: str) -> None:
    lines = [HEADERS, ["A1", "2026-09-28", "张三", '="13800138000"', "退款"]]

    mapping, table, found = opened("\r\n".join("\t".join(row) for row in lines).encode(encoding), "导出.xls")
    _, other, rows_of_book = opened(saved(book(("一", lines))), "导出.xls")

    assert (table.file_format, other.file_format) == ("csv", "xlsx")
    assert values.text_of(mapping.fields(found[0].cells)["phone"]) == "13800138000"
    assert rows_of_book[0].cells["姓名"] == "张三"


@pytest.mark.parametrize("name", ["complaints_1900.xls", "complaints_1904.xls"])
def test_an_old_workbook_is_read_with_its_dates(name: str) -> None:
    mapping, table, found = opened((LEGACY / name).read_bytes(), "随便什么")

    assert (table.file_format, table.sheet, table.header_line) == ("xls", "投诉明细", 2)
    assert codes(table) == ["file.before_header", "file.column_hidden"]
    assert [values.moment_of(mapping.fields(row.cells)["received_at"]) for row in found[:1]] == [RECEIVED]
    assert mapping.fields(found[2].cells)["phone"] == 13800138002
    assert [row.left_out.code for row in found if row.left_out] == ["row.total"]


def test_numbers_as_dates_follow_the_calendar_of_the_book() -> None:
    for epoch, serial in ((None, 46293.4375), (CALENDAR_MAC_1904, 46293.4375 - 1462)):
        mapping, _, found = opened(saved(book(("一", [HEADERS, ["A1", serial]]), epoch=epoch)))

        assert values.moment_of(mapping.fields(found[0].cells)["received_at"]) == RECEIVED


def test_what_a_sheet_hides_is_told() -> None:
    made = book(
        ("一", [HEADERS, ["A1", "=TODAY()", "张三", 13800138000, "退款"], ["A2", "2026-09-28", "李四", None, None]])
    )
    made.active.column_dimensions["C"].hidden = True
    made.active.row_dimensions[3].hidden = True
    made.active.merge_cells("E2:E3")

    _, table, found = opened(saved(made))

    assert codes(table) == ["file.column_hidden", "file.rows_hidden", "file.cells_merged"]
    assert [w.code for w in found[0].warnings] == ["row.formula_without_value"]
    assert found[1].warnings == ()


@pytest.mark.parametrize(("wrong", "right"), [("gb18030", "utf-8"), ("latin-1", "utf-8"), ("latin-1", "gbk")])
def test_a_file_saved_in_a_wrong_encoding_is_restored(wrong: str, right: str) -> None:
    text = "投诉编号,投诉日期,姓名,投诉内容\nA1,2026-09-28,张三,商户没有提供服务\n".encode(right)
    spoilt = text.decode(wrong).encode()

    mapping, table, found = opened(spoilt)

    assert codes(table) == ["file.text_mended"]
    assert mapping.fields(found[0].cells)["narrative"] == "商户没有提供服务"
    assert found[0].warnings == ()


def test_a_single_spoilt_cell_is_restored_or_told() -> None:
    sure = "商户没有提供服务".encode().decode("gbk")
    lost = "商户没有提供服务吗".encode().decode("gbk", errors="replace").replace("\ufffd", "?")
    text = f"投诉编号,投诉日期,投诉内容\nA1,2026-09-28,{sure}\nA2,2026-09-28,{lost}\nA3,2026-09-28,商户没有提供服务\n"

    _, _, found = opened(text.encode())

    assert [row.cells["投诉内容"] for row in found] == ["商户没有提供服务", lost, "商户没有提供服务"]
    assert [[w.code for w in row.warnings] for row in found] == [["row.text_mended"], ["row.text_garbled"], []]


@pytest.mark.parametrize(
    "text", ["联通", "Müller", "Zoë Čapek", "張三", "咱们", "€ 100", "é", "ÀÉÎÕÜ", "喆堃珺", "ＡＢＣ", "🙂"]
)
def test_sound_text_is_never_mended(text: str) -> None:
    assert garbled.mended(text) is None
    assert not garbled.is_garbled(text)


@pytest.mark.parametrize(
    "cell",
    [
        "2026年9月28日 上午10:30",
        "2026年9月28日 10时30分",
        "2026年9月28日（星期一）10:30",
        "2026/9/28 星期一 10:30:00",
        "2026/9/28 10:30:00 AM",
        "２０２６－０９－２８　１０：３０",
        "20260928103000",
        "202609281030",
        "20260928 10:30",
        "2026-09-28T10:30:00+08:00",
        "2026-09-28 10:30:00 +0800",
        "2026-09-28T02:30:00Z",
        "2026-09-28 10:30 GMT+8",
        "2026-09-28 10:30:00.000",
        "\ufeff2026-09-28 10点30分",
        '="2026-09-28 10:30"',
        46293.4375,
    ],
)
def test_a_moment_is_read_as_people_write_it(cell: object) -> None:
    assert values.moment_of(cell) == RECEIVED


@pytest.mark.parametrize(
    ("cell", "hour"),
    [
        ("下午2:05", 14),
        ("晚上9:05", 21),
        ("中午12:05", 12),
        ("中午1:05", 13),
        ("12:05 AM", 0),
        ("12:05 PM", 12),
        ("下午14:05", 14),
    ],
)
def test_parts_of_the_day_are_read(cell: str, hour: int) -> None:
    found = values.moment_of(f"2026年9月28日 {cell}")
    assert found is not None
    assert (found.hour, found.minute) == (hour, 5)


@pytest.mark.parametrize(
    "cell", ["上午12:05", "晚上12:05", "上午13:05", "10:30 CST", "24:00", "25:00", "10:61", "大约十点"]
)
def test_doubtful_times_are_refused(cell: str) -> None:
    with pytest.raises(ValueError):
        values.moment_of(f"2026年9月28日 {cell}")


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("1.3800138E+10", None),
        ("1.3800138000E+10", "13800138000"),
        ("1.3800138001e+10", "13800138001"),
        ("13800138000.0", "13800138000"),
        ("13800138000", "13800138000"),
        ("2.02609280001230E+17", None),
        ("0571-88880000", "0571-88880000"),
    ],
)
def test_numbers_of_spreadsheets_come_back_only_whole(cell: str, number: str | None) -> None:
    assert values.whole_number(cell) == number


def test_a_cut_telephone_number_is_told_and_a_long_number_refused() -> None:
    made = book(("一", [HEADERS, [202609280001230001, "2026-09-28", "张三", 13800138000.0, "退款"]]))
    mapping, _, found = opened(saved(made))
    judged = rows.judge(found[0], mapping.fields(found[0].cells), source="x", now=NOW)
    row = Row(2)
    cut = rows.judge(row, {"external_id": "A1", "received_at": "2026-09-28", "phone": "1.38E+10"}, source="x", now=NOW)

    assert [problem.code for problem in judged.problems] == ["number.cut"]
    assert ([w.code for w in cut.warnings], cut.complaint and cut.complaint.phone) == (["phone.cut"], "1.38E+10")


def zipped(members: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


@pytest.mark.parametrize("name", ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml", "other.bin"])
def test_a_bomb_is_refused_at_once_with_the_reason(name: str) -> None:
    bomb = zipped({name: b"0" * (200 * 1024 * 1024)})
    began = time.monotonic()

    with pytest.raises(Unreadable, match=r"200"):
        opened(bomb, "file.xlsx")

    assert time.monotonic() - began < 5


def test_a_thousand_parts_and_a_broken_archive_are_refused() -> None:
    many = zipped({f"part{n}": b"x" for n in range(2_001)})
    whole = saved(book(("一", [HEADERS, ["A1", "2026-09-28"]])))

    for content in (
        many,
        whole[: len(whole) // 2],
        b"PK\x03\x04" + b"\0" * 100,
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
    ):
        with pytest.raises(Unreadable):
            opened(content)


def test_the_caller_may_name_sheet_header_and_take_an_unknown_one() -> None:
    made = saved(book(("说明", [["Nr", "Tag"], ["1", "2026-09-28"]]), ("明细", [HEADERS, ["A1", "2026-09-28"]])))

    assert opened(made)[1].sheet == "明细"
    assert opened(made, sheet="说明", guess=True)[1].headers == ["Nr", "Tag"]
    assert not opened(made, sheet="说明", guess=True)[1].is_known
    assert opened(b"x\nNr,Tag,Was\n1,2026-09-28,y\n", guess=True)[1].headers == ["Nr", "Tag", "Was"]
    assert opened(b"a,b\nNr,Tag\n1,2026-09-28\n", header_line=2)[1].header_line == 2


def test_many_rows_take_no_more_memory_than_few() -> None:
    """Rows are read piece by piece, a megabyte each: more pieces take no more than two."""
    assert peak_of_reading(45_000) < peak_of_reading(25_000) + 512 * 1024 < 8 * 1024 * 1024


def peak_of_reading(rows: int) -> int:
    """The most memory that reading a table of so many rows takes, in bytes; its content is held by the caller."""
    line = "A{n},2026-09-28 10:30:00,张三,13800138000,商户没有提供服务，我要求退款并且道歉\n"
    content = (",".join(HEADERS) + "\n" + "".join(line.format(n=n) for n in range(rows))).encode("gb18030")
    mapping = mapping_from("")
    tracemalloc.start()
    table = open_table(InMemory(content), score=mapping.score)
    count = sum(1 for _ in table.rows)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == rows
    return peak
