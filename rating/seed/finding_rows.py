"""Rows of what is printed besides prices: dates, stated products, mentions, notes."""

from collections.abc import Iterable, Mapping

from models import tariff
from rating.seed.findings import AcknowledgedSeed, ClaimSeed, NoteSeed, Printed
from rating.seed.format import ScheduleSeed
from rating.seed.made import Rows, VersionRows


def add_findings(made: VersionRows, ids: Mapping[tuple[str, str], int], utility: str) -> None:
    """The rows of a version's printed dates, stated products and mentions."""
    rows, key = made.rows, {"version_id": made.version_id}
    for ordinal, printed in enumerate(made.seed.printed_dates, start=1):
        rows.add(
            tariff.PrintedDate,
            **key,
            ordinal=ordinal,
            printed_date=printed.date,
            sheet_id=_page(rows, made.document, printed),
        )
    for ordinal, mention in enumerate(made.seed.mentions, start=1):
        rows.add(
            tariff.ScheduleMention,
            **key,
            ordinal=ordinal,
            schedule=mention.schedule,
            schedule_id=ids.get((utility, mention.schedule)),
            words=mention.words,
            sheet_id=_page(rows, made.document, mention),
        )
    for claim in made.seed.claims:
        _add_claim(made, claim)


def _add_claim(made: VersionRows, claim: ClaimSeed) -> None:
    claim_id = made.rows.next_id(tariff.PrintedClaim)
    made.rows.add(
        tariff.PrintedClaim,
        version_id=made.version_id,
        claim_id=claim_id,
        words=claim.words,
        stated=claim.equals,
        decimals=claim.decimals,
        sheet_id=_page(made.rows, made.document, claim),
        ruling=claim.ruling,
    )
    for ordinal, factor in enumerate(claim.product, start=1):
        made.rows.add(tariff.PrintedClaimFactor, claim_id=claim_id, ordinal=ordinal, factor=factor)


def add_remarks(
    rows: Rows, seed: ScheduleSeed, schedule_id: int, versions: Iterable[VersionRows]
) -> None:
    """The rows of the notes and acknowledgements of a schedule and of its versions."""
    _add_remarks(rows, schedule_id, None, seed.document, seed.notes, seed.acknowledged)
    for made in versions:
        own = made.seed
        _add_remarks(rows, schedule_id, made.version_id, made.document, own.notes, own.acknowledged)


def _add_remarks(
    rows: Rows,
    schedule_id: int,
    version_id: int | None,
    document: str,
    notes: Iterable[NoteSeed],
    acknowledged: Iterable[AcknowledgedSeed],
) -> None:
    for note in notes:
        rows.add(
            tariff.ReaderNote,
            note_id=rows.next_id(tariff.ReaderNote),
            schedule_id=schedule_id,
            version_id=version_id,
            note=note.text,
            sheet_id=_page(rows, document, note),
        )
    for one in acknowledged:
        rows.add(
            tariff.Acknowledgement,
            acknowledgement_id=rows.next_id(tariff.Acknowledgement),
            schedule_id=schedule_id,
            version_id=version_id,
            rule=one.rule,
            subject=one.subject,
            reason=one.reason,
        )


def _page(rows: Rows, document: str, printed: Printed) -> int:
    """The id of a page as prices cite it, whatever ordinance they name; or a page of its own."""
    return rows.page(printed.document or document, printed.sheet, printed.ordinance)
