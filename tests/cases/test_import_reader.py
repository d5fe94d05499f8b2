"""Files as people send them: encodings, junk before the header, bad quotation marks, Excel, JSON lines."""

import csv
import io
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from cases.imports.mapping import Mapping, mapping_from
from cases.imports.reader import Row, Unreadable, open_table

HEADERS = ["投诉编号", "投诉日期", "姓名", "手机号", "诉求", "事实", "商户", "渠道"]
ROW = [
    "A1",
    "2026-03-01",
    "张三",
    "13800138000",
    "退款",
    "我在医美机构办理了分期贷款，商家停业了，\n第二行“引号”",
    "悦颜",
    "电话",
]
TRADITIONAL_HEADERS = ["投訴編號", "投訴日期", "姓名", "手機號", "訴求", "事實", "商戶", "渠道"]
TRADITIONAL_ROW = [
    "A1",
    "2026-03-01",
    "張三",
    "13800138000",
    "退款",
    "我在醫美機構辦理了分期貸款，商家停業了",
    "悅顏",
    "電話",
]


def written(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def as_csv(*rows: list[str], delimiter: str = ",") -> str:
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter).writerows(rows)
    return stream.getvalue()


def read(path: Path, columns: str = "", **options: str) -> tuple[Mapping, list[Row]]:
    mapping = mapping_from(columns)
    table = open_table(path, score=mapping.score, **options)
    mapping.learn(table.headers)
    return mapping, list(table.rows)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be"])
def test_every_encoding_of_a_simplified_file_is_read(tmp_path, encoding):
    path = written(tmp_path / "file.csv", as_csv(HEADERS, *[ROW] * 3), encoding)

    mapping, rows = read(path)

    assert [mapping.fields(row.cells)["narrative"] for row in rows] == [ROW[5]] * 3
    assert [row.line for row in rows] == [2, 4, 6]


def test_big5_is_not_taken_for_gb18030(tmp_path):
    path = written(tmp_path / "file.csv", as_csv(TRADITIONAL_HEADERS, *[TRADITIONAL_ROW] * 5), "big5")

    mapping, rows = read(path)

    assert list(rows[0].cells.values()) == TRADITIONAL_ROW
    assert mapping.fields(rows[0].cells)["phone"] == "13800138000"


def test_a_damaged_place_does_not_change_the_encoding(tmp_path):
    content = as_csv(HEADERS, *[ROW] * 40).encode()
    path = tmp_path / "file.csv"
    path.write_bytes(content[:-30] + b"\xff" + content[-30:])

    _, rows = read(path)

    assert [row.warnings[0].code for row in rows if row.warnings] == ["row.characters_lost"]
    assert rows[0].cells["姓名"] == "张三"


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_the_delimiter_is_found(tmp_path, delimiter):
    path = written(tmp_path / "file.csv", as_csv(HEADERS, ROW, delimiter=delimiter))

    assert list(read(path)[1][0].cells.values()) == ROW


def test_lines_before_the_header_are_reported_not_read(tmp_path):
    path = written(tmp_path / "file.csv", "Archive:  x.zip\n  inflating: x.csv\n\n" + as_csv(HEADERS, ROW))

    table = open_table(path, score=Mapping().score)

    assert [str(w.message) for w in table.warnings if "1" in str(w)] != []
    assert [w.code for w in table.warnings] == ["file.before_header"] * 2
    assert [row.line for row in table.rows] == [5]


def test_bad_quotation_marks_cost_only_their_own_rows(tmp_path):
    text = (
        "Complaint ID,Date received,narrative\n"
        '1,2020-01-01,"open\n'
        '2,2020-01-02,"fine"\n'
        '3,2020-01-03,"two\nlines"\n'
        '4,2020-01-04,he said "no" again\n'
        '5,2020-01-05,"he said "no" again"\n'
        "6,2020-01-06\n"
        "7,2020-01-07,a,b\n"
        "\n"
        "8,2020-01-08,z\0z\n"
        '9,2020-01-09,"never closed\n'
        "10,2020-01-10,x\n"
    )

    _, rows = read(written(tmp_path / "file.csv", text))

    found = [
        (
            row.line,
            row.cells.get("Complaint ID"),
            row.problem and row.problem.code,
            row.warnings[0].code if row.warnings else None,
        )
        for row in rows
    ]
    assert found == [
        (2, None, "row.quote_open", None),
        (3, "2", None, None),
        (4, "3", None, None),
        (6, "4", None, None),
        (7, "5", None, "row.quotes_loose"),
        (8, "6", None, "row.too_few_cells"),
        (9, None, "row.too_many_cells", None),
        (11, "8", None, "row.zero_bytes"),
        (12, None, "row.quote_open", None),
        (13, "10", None, None),
    ]
    assert rows[3].cells["narrative"] == 'he said "no" again'


def test_an_open_quote_that_closes_in_a_later_row_swallows_nothing(tmp_path):
    text = 'Complaint ID,Date received,issue,narrative\n1,2020-01-01,"a,b\n2,2020-01-02,c,d\n3,2020-01-03,"e",f\n4,2020-01-04,g,h\n'

    _, rows = read(written(tmp_path / "file.csv", text))

    assert [row.line for row in rows] == [2, 3, 4, 5]
    assert rows[0].problem is not None
    assert [row.cells["Complaint ID"] for row in rows[1:]] == ["2", "3", "4"]


def test_excel_gives_sheet_lines_and_typed_cells(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["投诉明细表"])
    book.active.append([])
    book.active.append(HEADERS)
    book.active.append(["A1", datetime(2026, 3, 1), "张三", 13800138000.0, "退款", "事实", None, "电话"])  # noqa: DTZ001 - spreadsheets know no zone
    book.active.append([])
    book.active.append(["A2", 46082, "李四", "#N/A", "", "", "", ""])
    book.create_sheet("别的").append(["x"])
    book.save(tmp_path / "file.xlsx")

    mapping = Mapping()
    table = open_table(tmp_path / "file.xlsx", score=mapping.score)
    rows = list(table.rows)

    assert [w.code for w in table.warnings] == ["file.sheet_left_out", "file.before_header"]
    assert [row.line for row in rows] == [4, 6]
    assert rows[0].cells["投诉日期"] == datetime(2026, 3, 1)  # noqa: DTZ001 - spreadsheets know no zone
    assert [w.code for w in rows[1].warnings] == ["row.error_cell"]


def test_json_lines_carry_their_own_headers(tmp_path):
    text = '{"complaint_id": 1, "date_received": "2020-01-01"}\n\nnonsense\n[1]\n{"complaint_id": {"a": 1}}\n'

    mapping, rows = read(written(tmp_path / "file.jsonl", text))

    assert mapping.fields(rows[0].cells) == {"external_id": 1, "received_at": "2020-01-01"}
    assert [(row.line, row.problem and row.problem.code) for row in rows[1:]] == [
        (3, "row.not_json"),
        (4, "row.not_json"),
        (5, "row.nested"),
    ]


@pytest.mark.parametrize("content", [b"", b"\n\n", b"a,b,c\n1,2,3\n", b"\xd0\xcf\x11\xe0rest", b"PK\x03\x04rest"])
def test_a_file_that_is_no_table_is_refused(tmp_path, content):
    (tmp_path / "file.csv").write_bytes(content)

    with pytest.raises(Unreadable):
        read(tmp_path / "file.csv")


def test_columns_can_be_named_by_the_caller(tmp_path):
    path = written(tmp_path / "file.csv", "Nr,Tag,Was\n1,2020-01-01,x\n")

    mapping, rows = read(path, "external_id=Nr,received_at=Tag,narrative=Was")

    assert mapping.fields(rows[0].cells) == {"external_id": "1", "received_at": "2020-01-01", "narrative": "x"}
    with pytest.raises(Unreadable):
        mapping_from("nothing=Nr")


def test_columns_that_mean_nothing_or_the_same_are_told(tmp_path):
    path = written(tmp_path / "file.csv", "编号,投诉日期,姓名,客户姓名,血型,\n1,2020-01-01,张三,李四,A,9\n")

    mapping, rows = read(path)

    assert [r.code for r in mapping.ignored] == ["file.column_twice", "file.column_left_out", "file.column_left_out"]
    assert mapping.fields(rows[0].cells) == {"external_id": "1", "received_at": "2020-01-01", "name": "张三"}


def test_a_record_over_two_lines_that_does_not_fit_gives_its_second_line_back(tmp_path):
    text = 'Complaint ID,Date received,issue,narrative\n1,2020-01-01,x,"a\n2,2020-01-02,c",d\n3,2020-01-03,e,f\n'

    _, rows = read(written(tmp_path / "file.csv", text))

    assert [(row.line, row.problem and row.problem.code) for row in rows] == [(2, "row.broken"), (3, None), (4, None)]
    assert [row.cells["Complaint ID"] for row in rows[1:]] == ["2", "3"]
