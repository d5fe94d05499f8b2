"""The shapes of answers and questions, as the schema shows them and the answers are made."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers as s

from cases.complaints.rules.limits import NARRATIVE_LIMIT
from cases.kinds import all_kinds
from cases.models import Case
from jike.api.cursors import DEFAULT, LARGEST

EMAIL = r"^[A-Za-z0-9._+-]{1,60}@([A-Za-z0-9]{1,20}\.){1,3}[A-Za-z]{2,10}$"
NUMBER = r"[A-Z]{2}[0-9]{8}-[0-9]{5,12}"


class Paged(s.Serializer):
    """What every list may be asked."""

    cursor = s.CharField(required=False, max_length=200, help_text="`next` of the page before.")
    limit = s.IntegerField(required=False, min_value=1, max_value=LARGEST, default=DEFAULT)


class CaseFilter(Paged):
    """Which cases."""

    kind = s.ChoiceField(choices=[], required=False)
    state = s.RegexField(r"^[a-z_]{1,20}$", required=False)
    open = s.BooleanField(required=False, help_text="true: still to be done; false: ended.")
    mine = s.BooleanField(required=False, help_text="true: assigned to whoever asks.")
    received_from = s.DateTimeField(required=False)
    received_before = s.DateTimeField(required=False)

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        fields["kind"] = s.ChoiceField(choices=[k.code for k in all_kinds()], required=False)
        return fields


class MerchantHead(s.Serializer):
    name = s.CharField()
    uscc = s.CharField()


class CaseHead(s.Serializer):
    """A case as lists show it. People appear as masks."""

    number = s.CharField()
    kind = s.CharField()
    state = s.CharField()
    state_label = s.CharField()
    version = s.IntegerField(help_text="Send it back with a verb to be refused when somebody was faster.")
    channel = s.CharField(source="source_channel")
    consumer = s.CharField(source="consumer_mask", help_text="Masked.")
    merchant = MerchantHead(allow_null=True)
    business_code = s.CharField()
    cause_code = s.CharField()
    amount_cny = s.DecimalField(max_digits=18, decimal_places=2, allow_null=True)
    unit = s.CharField(source="unit.code")
    assignee = s.SerializerMethodField()
    is_historical = s.BooleanField()
    received_at = s.DateTimeField()
    registered_at = s.DateTimeField()
    ended_at = s.DateTimeField(allow_null=True)
    next_due_at = s.DateTimeField(allow_null=True)
    next_due_code = s.CharField()
    last_verb = s.CharField()
    last_event_at = s.DateTimeField(allow_null=True)

    def get_assignee(self, case: Case) -> str | None:
        return case.assignee.staff_no if case.assignee else None


class CasePage(s.Serializer):
    results = CaseHead(many=True)
    next = s.CharField(allow_null=True)


class PartyRow(s.Serializer):
    role = s.CharField()
    name = s.CharField(allow_null=True, help_text="In full for whoever sees the whole case, else masked.")
    phone = s.CharField(help_text="Always masked.")


class DocumentRow(s.Serializer):
    code = s.CharField()
    kind = s.CharField()
    created_at = s.DateTimeField()


class Words(s.Serializer):
    claim = s.CharField(required=False)
    narrative = s.CharField(required=False)
    merchant_named = s.CharField(required=False)


class CaseWhole(CaseHead):
    """One case. `words`, parties and documents are there for whoever sees the whole case and may read words."""

    sight = s.ChoiceField(choices=["full", "masked"])
    words = Words(allow_null=True)
    parties = PartyRow(many=True, source="party_rows")
    documents = DocumentRow(many=True, source="document_rows")


class EventRow(s.Serializer):
    seq = s.IntegerField()
    verb = s.CharField()
    label = s.CharField()
    category = s.CharField()
    before = s.CharField(source="before_state")
    after = s.CharField(source="after_state")
    actor = s.CharField(source="actor_label")
    actor_kind = s.CharField()
    at = s.DateTimeField()


class EventPage(s.Serializer):
    results = EventRow(many=True)
    next = s.CharField(allow_null=True)


class MessageRow(s.Serializer):
    direction = s.ChoiceField(choices=["in", "out"])
    channel = s.CharField()
    purpose = s.CharField()
    subject = s.CharField(allow_null=True)
    body = s.CharField(allow_null=True, help_text="null for a key without the scope cases.words.")
    created_at = s.DateTimeField()
    sent_at = s.DateTimeField(allow_null=True)
    provider = s.CharField(allow_null=True)


class MessageList(s.Serializer):
    results = MessageRow(many=True)


class ClockLineRow(s.Serializer):
    key = s.CharField()
    label = s.CharField()
    days = s.IntegerField()
    day = s.DateField()
    counts = s.BooleanField()
    provisional = s.BooleanField()
    source = s.CharField()


class ClockRow(s.Serializer):
    code = s.CharField()
    label = s.CharField()
    rule = s.CharField()
    state = s.CharField()
    duty = s.CharField()
    started = s.CharField()
    due = s.CharField(allow_null=True)
    days_left = s.IntegerField(allow_null=True)
    provisional = s.BooleanField()
    stopped = s.CharField(allow_null=True)
    breached = s.CharField(allow_null=True)
    lines = ClockLineRow(many=True)


class ClockList(s.Serializer):
    results = ClockRow(many=True)


class Reason(s.Serializer):
    code = s.CharField()
    message = s.CharField()
    source = s.CharField()
    field = s.CharField()


class VerbRow(s.Serializer):
    verb = s.CharField(help_text="The last part of the address that does it.")
    name = s.CharField()
    label = s.CharField()
    possible = s.BooleanField()
    blockers = Reason(many=True)
    input = s.JSONField(help_text="JSON Schema of the body, with the choices this case has now.")


class VerbList(s.Serializer):
    version = s.IntegerField()
    results = VerbRow(many=True)


class MerchantRow(MerchantHead):
    scene = s.CharField()
    city = s.CharField()


class MerchantPage(s.Serializer):
    results = MerchantRow(many=True)
    next = s.CharField(allow_null=True)


class SourceGiven(s.Serializer):
    """Where a complaint came from, and its number there: the same one is registered once."""

    name = s.RegexField(r"^[A-Za-z0-9_.-]{1,60}$", max_length=60)
    id = s.RegexField(r"^[A-Za-z0-9_.:/-]{1,80}$", max_length=80)


class Filing(s.Serializer):
    """A complaint as another system sends it. Nothing is asked that the house can look up."""

    name = s.RegexField(r"\S", max_length=60)
    phone = s.RegexField(r"^(\+?86)?1[3-9][0-9]{9}$", max_length=14, help_text="A mainland mobile number.")
    claim = s.RegexField(r"\S", max_length=2_000)
    narrative = s.RegexField(r"\S", max_length=NARRATIVE_LIMIT)
    email = s.RegexField(EMAIL, max_length=120, required=False)
    channel = s.ChoiceField(choices=Case.Channel.values, required=False, default=Case.Channel.PLATFORM.value)
    received_at = s.DateTimeField(required=False, help_text="When it first arrived anywhere; the clock starts there.")
    merchant = s.RegexField(r"^[0-9A-Z]{18}$", max_length=18, required=False, help_text="Unified social credit code.")
    merchant_named = s.RegexField(r"\S", max_length=120, required=False, help_text="In the consumer's words.")
    amount_cny = s.RegexField(r"^[1-9][0-9]{0,9}(\.[0-9]{1,2})?$", max_length=13, required=False)
    source = SourceGiven(required=False)


class Filed(s.Serializer):
    """What the house made of it. The receipt code goes to the consumer alone."""

    number = s.CharField()
    state = s.CharField()
    version = s.IntegerField()
    received_at = s.DateTimeField()
    next_due_at = s.DateTimeField(allow_null=True)
    next_due_code = s.CharField()


class YearQuery(s.Serializer):
    year = s.IntegerField(min_value=2000, max_value=2100)


class CalendarDay(s.Serializer):
    date = s.DateField()
    name = s.CharField()
    is_off_day = s.BooleanField()


class CalendarYear(s.Serializer):
    """Days that differ from the ordinary week. Without a notice of the year, counting is provisional."""

    year = s.IntegerField()
    version = s.IntegerField()
    source = s.CharField()
    days = CalendarDay(many=True)


class EntryQuery(Paged):
    case = s.RegexField(
        rf"^{NUMBER}$",
        required=False,
        help_text="The seals of one case. Left out: every sealed entry, in the order of the tree.",
    )


class EntryRow(s.Serializer):
    """One seal. Hashes are hexadecimal; the key of the mac is not in the database. `leaf` is the exact text the tree holds:
    `hash` is the SHA-256 of a zero byte and that text (RFC 9162). `position` counts from 0, null while the entry waits."""

    id = s.UUIDField()
    seq = s.IntegerField()
    topic = s.CharField()
    at = s.DateTimeField()
    digest = s.CharField()
    previous = s.CharField()
    mac = s.CharField()
    key_version = s.IntegerField()
    position = s.IntegerField(allow_null=True)
    leaf = s.CharField()
    hash = s.CharField()


class EntryPage(s.Serializer):
    results = EntryRow(many=True)
    next = s.CharField(allow_null=True)


class HeadRow(s.Serializer):
    """A head of the tree over all entries. `body` is the text that `signature` signs with `public_key` (Ed25519), `stamp` an
    RFC 3161 token over it, empty without one; these four are base64. `root` is hexadecimal."""

    size = s.IntegerField()
    root = s.CharField()
    at = s.DateTimeField()
    body = s.CharField()
    signature = s.CharField()
    key = s.IntegerField()
    public_key = s.CharField()
    stamp = s.CharField(allow_blank=True)
    stamped_at = s.DateTimeField(allow_null=True)


class HeadPage(s.Serializer):
    results = HeadRow(many=True)
    next = s.CharField(allow_null=True)


class InclusionQuery(s.Serializer):
    entry = s.UUIDField(help_text="`id` of an entry.")
    size = s.IntegerField(
        required=False,
        min_value=1,
        max_value=2**53,
        help_text="Under this head; left out: the newest that is stamped, else the newest.",
    )


class SignedHead(s.Serializer):
    body = s.CharField()
    signature = s.CharField()
    key = s.IntegerField()
    public_key = s.CharField()
    stamp = s.CharField(allow_blank=True)


class InclusionRow(s.Serializer):
    """What shows that an entry is under a signed head. `jike/ledger/tree.py` checks it with nothing but Python and openssl."""

    form = s.CharField()
    entry = s.UUIDField()
    leaf = s.CharField()
    position = s.IntegerField()
    path = s.ListField(child=s.CharField())
    head = SignedHead()


class ConsistencyQuery(s.Serializer):
    first = s.IntegerField(min_value=1, max_value=2**53, help_text="Size of the earlier head.")
    second = s.IntegerField(min_value=1, max_value=2**53, help_text="Size of the later head.")


class ConsistencyRow(s.Serializer):
    """What shows that the earlier tree is the beginning of the later one: nothing was changed, taken out or put in between."""

    first = HeadRow()
    second = HeadRow()
    path = s.ListField(child=s.CharField())


class ProofRow(s.Serializer):
    """The chain of one case, recomputed now with the key."""

    number = s.CharField()
    length = s.IntegerField()
    head = s.CharField()
    intact = s.BooleanField()
    breaches = s.ListField(child=s.CharField())
