"""What must always be true of the stored cases, asked of the database in sets. Each answer names the rows that break it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection
from django.utils.translation import gettext_lazy as _

from jike.base.errors import Text


@dataclass(frozen=True, slots=True)
class Invariant:
    """A statement that must select nothing; the first column of what it selects is the case number or row."""

    code: str
    says: Text
    sql: str


@dataclass(frozen=True, slots=True)
class Breach:
    code: str
    rows: list[str]


INVARIANTS = (
    Invariant(
        "events.dense",
        _("The events of a case are numbered 1 to its version without gaps."),
        """SELECT c.number FROM cases_case c LEFT JOIN cases_event e ON e.case_id = c.id
           GROUP BY c.id HAVING count(e.id) <> c.version OR max(e.seq) <> c.version OR min(e.seq) <> 1""",
    ),
    Invariant(
        "events.fold",
        _("Each event starts in the state the one before it left, and the last one leaves the state of the row."),
        """SELECT DISTINCT number FROM (
             SELECT c.number, c.state, c.version, e.seq, e.before_state, e.after_state,
                    lag(e.after_state, 1, '') OVER (PARTITION BY e.case_id ORDER BY e.seq) AS earlier
             FROM cases_event e JOIN cases_case c ON c.id = e.case_id) walked
           WHERE before_state <> earlier OR (seq = version AND after_state <> state)""",
    ),
    Invariant(
        "events.sealed",
        _("Every event has exactly one ledger entry, written in the same transaction."),
        """SELECT e.case_id || ' ' || e.seq FROM cases_event e
           LEFT JOIN ledger_entry l ON l.source = 'cases.event' AND l.source_id = e.id
           WHERE l.id IS NULL OR l.txid <> e.txid OR l.subject <> e.case_id OR l.seq <> e.seq""",
    ),
    Invariant(
        "clocks.nearest",
        _("The due date of the row is its nearest running clock."),
        """SELECT c.number FROM cases_case c
           LEFT JOIN (SELECT case_id, min(due_at) AS due_at FROM clocks_clock WHERE state = 'running' AND duty = 'ours' GROUP BY case_id) r ON r.case_id = c.id
           WHERE c.next_due_at IS DISTINCT FROM r.due_at""",
    ),
    Invariant(
        "notices.proven",
        _("A complaint that was told has proof of sending or a waiver."),
        """SELECT c.number FROM cases_case c JOIN complaints_complaint p ON p.case_ptr_id = c.id
           WHERE c.state IN ('notified', 'closed') AND NOT c.is_historical AND p.notice_id IS NULL AND p.notice_waiver = ''""",
    ),
    Invariant(
        "declines.told",
        _("A declined complaint was confirmed by a second person, its notice is written, and it ends only with proof."),
        """SELECT c.number FROM cases_case c JOIN complaints_complaint p ON p.case_ptr_id = c.id
           WHERE c.state = 'declined' AND NOT c.is_historical AND (
             NOT EXISTS (SELECT 1 FROM cases_approval a WHERE a.case_id = c.id AND a.verb = 'complaints.confirm_decline' AND a.verdict = 'approved')
             OR (c.ended_at IS NOT NULL AND p.notice_id IS NULL AND p.notice_waiver = '')
             OR (p.notice_id IS NULL AND NOT EXISTS (SELECT 1 FROM cases_message m WHERE m.case_id = c.id AND m.purpose = 'decline')))""",
    ),
    Invariant(
        "extensions.approved",
        _("A longer limit stands on an approved extension, and 60 days on a notice sent in time."),
        """SELECT k.id::text FROM clocks_clock k WHERE k.code IN ('CMP30', 'CMP60') AND NOT EXISTS (
             SELECT 1 FROM complaints_extension x JOIN cases_approval a ON a.id = x.approval_id
             WHERE x.case_id = k.case_id AND x.code = k.code AND x.outcome = 'effective' AND a.verdict = 'approved'
               AND a.voter_person <> a.maker_person AND (k.code = 'CMP30' OR x.notice_id IS NOT NULL))""",
    ),
    Invariant(
        "approvals.two_people",
        _("Nobody approved their own work, and nothing is decided without an approval."),
        """SELECT a.id::text FROM cases_approval a
           WHERE a.voter_person = a.maker_person OR a.voter_person = a.handler_person
           UNION ALL
           SELECT c.number FROM cases_case c JOIN complaints_complaint p ON p.case_ptr_id = c.id
           LEFT JOIN cases_approval a ON a.decision_id = p.decision_id AND a.verdict = 'approved'
           LEFT JOIN complaints_review r ON r.decision_id = p.decision_id
           WHERE c.state IN ('decided', 'notified', 'closed') AND NOT c.is_historical AND a.id IS NULL AND r.id IS NULL
           UNION ALL
           SELECT r.id::text FROM complaints_review r JOIN cases_approval a ON a.decision_id = r.reviewed_id
           WHERE r.decider_person IN (a.maker_person, a.voter_person, a.handler_person)""",
    ),
    Invariant(
        "redress.kept",
        _("No complaint is closed while a promise of its decision is not confirmed."),
        """SELECT c.number FROM cases_case c JOIN complaints_complaint p ON p.case_ptr_id = c.id
           JOIN complaints_redress r ON r.decision_id = p.decision_id
           WHERE c.state = 'closed' AND NOT c.is_historical AND r.confirmed_at IS NULL""",
    ),
    Invariant(
        "reviews.open",
        _("A complaint is under review exactly while one of its reviews waits for its decision."),
        """SELECT c.number FROM cases_case c LEFT JOIN complaints_review r ON r.case_id = c.id AND r.decision_id IS NULL
           WHERE c.kind = 'complaint' AND (c.state = 'reviewing') <> (r.id IS NOT NULL)""",
    ),
    Invariant(
        "merges.linked",
        _("A merged complaint and its link to the other stand and fall together."),
        """SELECT c.number FROM cases_case c JOIN complaints_complaint p ON p.case_ptr_id = c.id
           LEFT JOIN cases_link l ON l.case_id = c.id AND l.kind = 'merged_into' AND l.ended_at IS NULL
           WHERE (c.state = 'merged') <> (l.id IS NOT NULL) OR (c.state = 'merged' AND l.other_id IS DISTINCT FROM p.merged_into_id)""",
    ),
    Invariant(
        "inquiries.told",
        _("A question or report is closed only after the person was told, and no statutory clock ever ran on it."),
        """SELECT c.number FROM cases_case c JOIN inquiries_inquiry i ON i.case_ptr_id = c.id
           LEFT JOIN cases_delivery d ON d.id = i.told_id AND d.case_id = c.id
           WHERE (c.state = 'closed' AND i.nature <> 'clue' AND d.id IS NULL)
              OR EXISTS (SELECT 1 FROM clocks_clock k WHERE k.case_id = c.id AND k.family = 'CMP')""",
    ),
    Invariant(
        "inquiries.counted_from_receipt",
        _(
            "What was registered as a question and became a complaint was received when the question was, unless that was corrected."
        ),
        """SELECT c.number FROM cases_case c LEFT JOIN cases_link l ON l.case_id = c.id AND l.kind = 'escalated_to'
           LEFT JOIN cases_case o ON o.id = l.other_id
           WHERE c.kind = 'inquiry' AND c.state = 'converted' AND o.received_at IS DISTINCT FROM c.received_at
             AND NOT EXISTS (SELECT 1 FROM cases_event e WHERE e.case_id = o.id AND e.data ? 'was_received')""",
    ),
    Invariant(
        "mediations.signed",
        _("What counts as agreed in a mediation was accepted as an offer and signed by both sides."),
        """SELECT c.number FROM cases_case c
           WHERE c.kind = 'mediation' AND c.state IN ('agreed', 'performing', 'performed', 'breached') AND NOT EXISTS (
             SELECT 1 FROM mediation_signature s JOIN mediation_agreement a ON a.id = s.agreement_id
             JOIN mediation_offer o ON o.id = a.offer_id AND o.answer = 'accepted'
             WHERE a.case_id = c.id AND s.side IN ('consumer', 'merchant') AND s.sha256 = a.sha256
             GROUP BY a.id HAVING count(*) = 2)""",
    ),
    Invariant(
        "mediations.count",
        _("While a mediation stops the count, a pause of its complaint goes on."),
        """SELECT c.number FROM cases_case c JOIN mediation_mediation m ON m.case_ptr_id = c.id
           WHERE m.stopped_count AND NOT EXISTS (
             SELECT 1 FROM complaints_clockpause p WHERE p.case_id = m.origin_id AND p.kind = 'mediation' AND p.resumed_at IS NULL)""",
    ),
    Invariant(
        "litigations.final",
        _("What went to a court was confirmed by the consumer and stands on a bound bundle of the matter."),
        """SELECT c.number FROM cases_case c JOIN litigation_litigation l ON l.case_ptr_id = c.id
           WHERE c.state IN ('sealed', 'filed', 'docketed', 'hearing', 'judged', 'appealing', 'effective', 'enforcing', 'court_rejected')
             AND NOT EXISTS (
               SELECT 1 FROM litigation_seal s JOIN litigation_confirmation k ON k.id = s.confirmation_id AND k.sha256 = s.papers_sha256
               JOIN bundles_bundle b ON b.id = s.bundle_id AND b.case_id = l.matter_id JOIN bundles_binding d ON d.bundle_id = b.id
               WHERE s.case_id = c.id)""",
    ),
    Invariant(
        "litigations.clocks",
        _("While the court looks at the papers its seven days run, and no limitation runs while a suit goes on."),
        """SELECT c.number FROM cases_case c WHERE c.kind = 'litigation' AND (
             (c.state = 'filed') <> EXISTS (SELECT 1 FROM clocks_clock k WHERE k.case_id = c.id AND k.family = 'FILE7' AND k.state = 'running')
             OR (EXISTS (SELECT 1 FROM litigation_limitationfact f WHERE f.case_id = c.id AND f.kind = 'suit' AND f.until IS NULL)
                 AND EXISTS (SELECT 1 FROM clocks_clock k WHERE k.case_id = c.id AND k.family = 'LIM' AND k.state = 'running')))""",
    ),
    Invariant(
        "police.reported",
        _(
            "What counts as reported to the police has a receipt and an officer, and a refusal names its notice and its day."
        ),
        """SELECT c.number FROM cases_case c JOIN police_policereport p ON p.case_ptr_id = c.id
           WHERE (c.state IN ('reported', 'reviewing', 'docketed', 'not_docketed', 'reconsidering', 'rereviewing', 'closed')
                  AND (p.receipt_no = '' OR coalesce(p.officer, '') = '' OR p.accepted_on IS NULL))
              OR (c.state IN ('not_docketed', 'reconsidering', 'rereviewing') AND (p.refusal_no = '' OR p.refused_on IS NULL))""",
    ),
    Invariant(
        "police.remedies",
        _("Only an accuser has a reconsideration, and days for one."),
        """SELECT c.number FROM cases_case c JOIN police_policereport p ON p.case_ptr_id = c.id
           WHERE p.capacity <> 'accuser' AND (c.state IN ('reconsidering', 'rereviewing')
              OR EXISTS (SELECT 1 FROM clocks_clock k WHERE k.case_id = c.id AND k.family IN ('RECON', 'REREV')))""",
    ),
    Invariant(
        "police.packs",
        _("A pack left the house only after a second person let it out, and holds words the consumer confirmed."),
        """SELECT k.id::text FROM police_pack k WHERE NOT EXISTS (SELECT 1 FROM police_confirmation f WHERE f.statement_id = k.statement_id)
           UNION ALL
           SELECT t.id::text FROM police_packtaking t LEFT JOIN police_packrelease r ON r.pack_id = t.pack_id
           LEFT JOIN cases_approval a ON a.id = r.approval_id AND a.verdict = 'approved' AND a.voter_person <> a.maker_person
           WHERE a.id IS NULL""",
    ),
    Invariant(
        "returns.closed",
        _("The books of every return close: each party ends where it began, unless only a part went back."),
        """SELECT DISTINCT c.number FROM cases_case c JOIN refunds_refund r ON r.case_ptr_id = c.id
           JOIN (SELECT case_id, party, unit, sum(cents) AS cents FROM refunds_journalline GROUP BY case_id, party, unit) j ON j.case_id = c.id
           WHERE j.cents <> 0 AND r.basis <> 'partly'
           UNION SELECT c.number FROM cases_case c JOIN (SELECT case_id, entry FROM refunds_journalline GROUP BY case_id, entry HAVING sum(cents) <> 0) e
           ON e.case_id = c.id""",
    ),
    Invariant(
        "returns.paid_once",
        _(
            "What a return pays was ordered once and confirmed as ordered; nothing is paid without a clean check or a second person."
        ),
        """SELECT g.key FROM refunds_leg g JOIN lending_order o ON o.id = g.order_id
           WHERE coalesce(o.amount_cents, 0) <> g.cents OR (g.state IN ('confirmed', 'failed') AND o.state <> g.state)
           UNION SELECT c.number FROM cases_case c JOIN refunds_refund r ON r.case_ptr_id = c.id
           WHERE r.basis <> '' AND NOT EXISTS (SELECT 1 FROM refunds_screening s WHERE s.case_id = c.id AND s.is_automatic)
             AND NOT EXISTS (SELECT 1 FROM cases_approval a WHERE a.case_id = c.id AND a.verb = 'refunds.approve' AND a.verdict = 'approved'
                             AND a.voter_person <> a.maker_person)""",
    ),
    Invariant(
        "masses.flagged",
        _("A case is marked as of a mass event exactly while it is in one that has not ended."),
        """SELECT c.number FROM cases_case c
           LEFT JOIN (SELECT m.case_id FROM ties_masscase m JOIN ties_massevent e ON e.id = m.event_id
                      WHERE m.left_at IS NULL AND e.ended_at IS NULL) inside ON inside.case_id = c.id
           WHERE ('mass' = ANY(c.flags)) <> (inside.case_id IS NOT NULL)""",
    ),
    Invariant(
        "letters.once",
        _("Every approved decision has one letter or one letter job that waits."),
        """SELECT c.number FROM cases_case c JOIN complaints_complaint p ON p.case_ptr_id = c.id
           WHERE p.decision_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM cases_document d WHERE d.decision_id = p.decision_id)
             AND NOT EXISTS (SELECT 1 FROM outbox_job j WHERE j.subject = c.id AND j.topic = 'complaints.render_letter' AND j.state <> 'done')""",
    ),
    Invariant(
        "messages.going",
        _("Every outgoing message was delivered or printed, has a job that will do it, or waits for its letter."),
        # NOT EXISTS: of a LEFT JOIN with IS NULL the planner expects one row, and then compares every message with every delivery.
        """SELECT m.id::text FROM cases_message m JOIN cases_case c ON c.id = m.case_id
           WHERE NOT m.is_incoming
             AND NOT EXISTS (SELECT 1 FROM cases_delivery d WHERE d.message_id = m.id)
             AND NOT EXISTS (SELECT 1 FROM cases_document p WHERE p.message_id = m.id)
             AND NOT EXISTS (SELECT 1 FROM outbox_job j WHERE j.state <> 'done' AND j.dedupe_key
                             = CASE m.channel WHEN 'letter' THEN 'cases.print_letter:' ELSE 'cases.send_message:' END || m.id)
             AND NOT (m.purpose = 'decision' AND (c.state = 'withdrawn'
                      OR NOT EXISTS (SELECT 1 FROM cases_document o WHERE o.decision_id = m.decision_id)))""",
    ),
)


def breaches() -> Iterator[Breach]:
    """Every invariant that does not hold, with at most 20 of the rows that break it. Reads one consistent snapshot."""
    with connection.cursor() as cursor:
        for invariant in INVARIANTS:
            cursor.execute(f"SELECT * FROM ({invariant.sql}) broken LIMIT 20")  # noqa: S608 - statements of this module
            rows = [str(row[0]) for row in cursor.fetchall()]
            if rows:
                yield Breach(invariant.code, rows)
