"""One question a page: what depends on what, going on another day, what the house knows, and who complains for whom."""

from __future__ import annotations

from copy import deepcopy
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.test import Client

from cases.attachments.models import Attachment
from cases.complaints.models import Complaint
from cases.complaints.portal import questions, submission
from cases.complaints.portal.models import Draft
from jike.base.dates import pinned
from jike.privacy import open_sealed
from lending.actions import register_person
from lending.models import Funder, Loan, Merchant
from tests.attachments.samples import photo
from tests.complaints.portal_walk import CONTACT, LATER, NOW, address_of, code_just_sent, file, tell, write_down
from tests.complaints.test_portal_papers import send, upload
from tests.factories import complaints as factory

pytestmark = pytest.mark.usefixtures("cast")


def codes(**answers: Any) -> list[str]:
    return [question.code for question in questions.asked_of(answers)]


@pytest.mark.parametrize(
    ("matter", "asked", "not_asked"),
    [
        ("medical_aesthetics", {"served", "signed_how", "merchant", "amount"}, {"home", "collection_kinds"}),
        ("rental", {"served", "home", "merchant"}, {"signed_how"}),
        ("return7", {"loan_on", "merchant"}, {"served"}),
        ("collection", {"collection_kinds"}, {"merchant", "amount", "served"}),
        ("credit", {"credit_kind"}, {"merchant"}),
        ("data", {"data_kind"}, {"amount"}),
        ("fee", {"fee_kinds", "amount"}, {"merchant"}),
        ("other", {"merchant"}, {"served", "fee_kinds"}),
    ],
)
def test_questions_follow_the_matter(matter: str, asked: set[str], not_asked: set[str]) -> None:
    assert asked <= set(codes(matter=matter))
    assert not not_asked & set(codes(matter=matter))


def test_a_question_that_does_not_fit_is_not_answered(client: Client) -> None:
    client.post("/complain/", {"matter": "credit"})

    answer = client.post("/complain/q/home/", {"home": "living"})
    assert answer.status_code == 302
    assert "home" not in Draft.objects.get().answers
    assert client.get("/complain/q/nonsense/").status_code == 404


def test_the_server_judges_choices_and_dates(client: Client) -> None:
    for path, typed in (
        ("/complain/", {"matter": "robbery"}),
        ("/complain/q/fee_kinds/", {"fee_kinds": ["higher", "nonsense"]}),
        ("/complain/q/loan_on/", {"loan_on": "2126-01-01"}),
    ):
        client.post("/complain/", {"matter": "fee" if "fee" in path else "return7"})
        assert client.post(path, typed).status_code == 400, path


def test_answers_reach_the_handler_in_words(client: Client) -> None:
    case = file(client, matter="collection", collection_kinds=["night", "threats"])

    words = open_sealed(case, "answers")
    assert "晚上十点到早上八点打电话、威胁、辱骂" in words
    assert "催收电话或上门" in words
    assert open_sealed(case, "narrative") not in words


def test_a_changed_answer_leaves_no_trace_of_the_other_way(client: Client) -> None:
    tell(client, matter="rental", home="locked_out")
    client.post("/complain/", {"matter": "credit"})

    with pinned(NOW):
        case = file(client, matter="credit", credit_kind="wrong")
    assert "被赶出来" not in open_sealed(case, "answers")


@pytest.mark.rule("R16")
@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"code": "loan_number", "kind": "text", "zh": "x", "en": "x"}, "art 13"),
        ({"code": "x", "kind": "text", "zh": "x", "en": "x", "we_hold": True}, "art 13"),
        ({"code": "x", "kind": "text", "zh": "x", "en": "x", "when": {"later": ["a"]}}, "no earlier question"),
        ({"code": "matter", "kind": "text", "zh": "x", "en": "x"}, "twice"),
        ({"code": "x", "kind": "oracle", "zh": "x", "en": "x"}, "no kind"),
    ],
)
def test_a_bad_definition_is_refused(change: dict[str, Any], fault: str) -> None:
    content = yaml.safe_load((Path(settings.BASE_DIR) / "config" / "questions.yaml").read_text(encoding="utf-8"))
    questions.read_definition(deepcopy(content))

    with pytest.raises(questions.QuestionsInvalid, match=fault):
        questions.read_definition({**content, "questions": [*content["questions"], change]})


def saved(client: Client) -> tuple[str, str]:
    """(address, code) of going on later."""
    page = client.post("/complain/later/")
    return page.context["address"].removeprefix(settings.PUBLIC_BASE_URL), page.context["ticket"].code


def test_going_on_another_day_on_another_device(client: Client) -> None:
    with pinned(NOW):
        tell(client, narrative="第一天写的经过")
        send(client, upload("照片.jpg", photo()))
        address, code = saved(client)
    other = Client()
    with pinned(NOW + timedelta(days=29)):
        page = other.get(address)
        assert page.status_code == 200
        answer = other.post(address, {"code": code.lower()})
        assert answer.headers["Location"] == "/complain/papers/"
        assert "第一天写的经过" in other.get("/complain/q/narrative/").content.decode()
        assert len(other.get("/complain/papers/").context["papers"]) == 1


def test_the_link_alone_shows_nothing(client: Client) -> None:
    tell(client, narrative="第一天写的经过")
    client.post("/complain/you/", CONTACT)
    address, _code = saved(client)

    real = Client().get(address).content.decode()
    none = Client().get("/complain/resume/2222-2222-2222-2222/").content.decode()
    for word in ("第一天写的经过", CONTACT["name"], "8000", "138"):
        assert word not in real
    assert len(real) == len(none)


def test_a_draft_is_gone_after_thirty_days_and_a_new_ticket_ends_the_old(client: Client) -> None:
    with pinned(NOW):
        tell(client)
        address, code = saved(client)
        second, second_code = saved(client)
        assert Client().post(address, {"code": code}).status_code == 400
    with pinned(NOW + timedelta(days=31)):
        assert Client().post(second, {"code": second_code}).status_code == 400


def test_guessing_the_code_is_stopped(client: Client) -> None:
    with pinned(NOW):
        tell(client)
        address, code = saved(client)
        for _try in range(5):
            assert Client().post(address, {"code": "2222-2222-2222"}).status_code == 400
        locked = Client().post(address, {"code": code})
        assert (locked.status_code, locked.context["form"].errors.as_data()["code"][0].message[:2]) == (400, "输错")
    with pinned(NOW + timedelta(hours=2)):
        assert Client().post(address, {"code": code}).status_code == 302


@pytest.mark.parametrize(("phone", "opens"), [(CONTACT["phone"], True), ("13900139000", False)])
def test_a_text_message_to_the_own_number_opens_it(client: Client, phone: str, opens: bool) -> None:
    with pinned(NOW):
        tell(client)
        client.post("/complain/you/", CONTACT)
        address, _code = saved(client)
    other = Client()
    with pinned(LATER):
        assert other.post(f"{address}phone/", {"phone": phone}).headers["Location"] == "/complain/resume/code/"
        answer = other.post("/complain/resume/code/", {"code": code_just_sent()})
        assert answer.status_code == (302 if opens else 400)
        assert (other.get("/complain/check/").status_code == 200) == opens


def loan_of(name: str, phone: str, number: str = "JK2026091800012345") -> Loan:
    person = register_person(name=name, phone=phone, actor=None, now=NOW)
    return Loan.objects.create(
        number=number,
        person=person,
        merchant=Merchant.objects.first(),
        funder=Funder.objects.filter(speaks_for_platform=False).first(),
        principal_cny=12800,
        term_months=12,
        disbursed_at=NOW,
    )


def test_own_loans_are_offered_masked_once_the_phone_has_answered(client: Client) -> None:
    loan = loan_of(CONTACT["name"], "13800138000")
    tell(client)
    client.post("/complain/you/", CONTACT)
    assert client.get("/complain/loan/").headers["Location"] == "/complain/you/"

    answer = client.post("/complain/code/", {"code": code_just_sent()})
    assert answer.headers["Location"] == "/complain/loan/"
    page = client.get("/complain/loan/").content.decode()
    assert loan.merchant.name in page and "2345" in page and loan.number not in page
    assert client.post("/complain/loan/", {"loan": str(loan.pk)}).headers["Location"] == "/complain/check/"
    with pinned(NOW):
        client.post("/complain/send/", {"token": Draft.objects.get().token})
    case = Complaint.objects.get()
    assert (case.loan, case.responsible_institution) == (loan, loan.funder)


@pytest.mark.parametrize(("name", "who"), [("别人", "self"), (CONTACT["name"], "heir"), (CONTACT["name"], "agent")])
def test_no_loan_is_offered_to_anybody_else(client: Client, name: str, who: str) -> None:
    loan = loan_of(name, "13800138000")
    tell(client, who=who, person="王大明", relation="女儿")
    client.post("/complain/you/", CONTACT)

    answer = client.post("/complain/code/", {"code": code_just_sent()})
    assert answer.headers["Location"] == "/complain/check/"
    assert str(loan.pk) not in client.get("/complain/loan/").content.decode()
    assert client.post("/complain/loan/", {"loan": str(loan.pk)}).status_code == 400


def test_an_own_open_complaint_is_offered_and_taken(client: Client) -> None:
    case = factory.file()
    with pinned(NOW):
        tell(client, narrative="商户又来催款了。")
        send(client, upload("催款.jpg", photo()))
        client.post("/complain/you/", CONTACT)
        assert client.post("/complain/code/", {"code": code_just_sent()}).headers["Location"] == "/complain/same/"
        assert case.number in client.get("/complain/same/").content.decode()
        answer = client.post("/complain/same/", {"same": str(case.pk)})

    assert answer.headers["Location"] == "/complain/added/"
    assert Complaint.objects.count() == 1
    assert "商户又来催款了。" in open_sealed(case.messages.get(is_incoming=True), "body")
    assert Attachment.objects.get(subject=case.pk).file.scope == case.pk
    assert not Draft.objects.exists()
    assert client.get(f"/track/{case.number}/").status_code == 302


def test_a_new_complaint_may_be_filed_all_the_same(client: Client) -> None:
    factory.file()
    with pinned(NOW):
        write_down(client)
        client.post("/complain/send/", {"token": Draft.objects.get().token})
    assert Complaint.objects.count() == 2


def test_somebody_elses_complaint_is_never_shown(client: Client) -> None:
    theirs = factory.file(name="另一个人")
    with pinned(NOW):
        write_down(client)
        assert theirs.number not in client.get("/complain/same/").content.decode()
        assert client.post("/complain/same/", {"same": str(theirs.pk)}).status_code == 400


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"who": "self"}, []),
        ({"who": "heir", "person": "王大明", "relation": "女儿"}, [("heir", "王小明", "13800138000", "女儿")]),
        ({"who": "agent", "person": "李奶奶", "relation": "孙子"}, [("agent", "王小明", "13800138000", "孙子")]),
        (
            {"who": "joint", "representatives": "李四 139 0013 9000\n赵六，"},
            [("representative", "李四", "13900139000", ""), ("representative", "赵六", "", "")],
        ),
    ],
)
def test_who_takes_part(client: Client, answers: dict[str, str], expected: list[tuple[str, ...]]) -> None:
    write_down(client, **answers)
    typed = submission.clean(Draft.objects.get())

    found = [(o.role, o.name, o.phone, o.relation) for o in submission.others_in(typed)]
    assert found == expected
    assert submission.complainant_in(typed) == ("李奶奶" if answers["who"] == "agent" else "王小明")


def test_five_representatives_and_no_sixth(client: Client) -> None:
    tell(client, who="joint")
    four, five = ("\n".join(f"代表{n}" for n in "甲乙丙丁戊"[:count]) for count in (4, 5))

    assert client.post(address_of("representatives"), {"representatives": four}).status_code == 302
    answer = client.post(address_of("representatives"), {"representatives": five})
    assert (answer.status_code, list(answer.context["form"].errors)) == (400, ["representatives"])


def test_an_heir_is_asked_for_the_proof_of_kinship(client: Client) -> None:
    tell(client, who="heir", person="王大明", relation="女儿")
    assert client.get("/complain/papers/").context["is_needed"]

    send(client, upload("户口本.jpg", photo()), about="kinship")
    page = client.get("/complain/papers/")
    assert not page.context["is_needed"]
    assert Attachment.objects.get().about == "kinship"


def test_changing_an_answer_leads_back_to_the_last_page(client: Client) -> None:
    write_down(client)

    answer = client.post("/complain/q/claim/", {"claim": "道歉", "then": "check"})
    assert answer.headers["Location"] == "/complain/check/"
    assert "道歉" in client.get("/complain/check/").content.decode()
