"""Rows of demand rules and of splits."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from models import tariff
from rating.seed.blocks import SplitSeed, edges
from rating.seed.levels import measured_operand, split_level
from rating.seed.made import VersionRows
from rating.seed.parts import When
from rating.seed.quantities import DemandSeed, DemandTermSeed
from rating.seed.version_rows import rounding


def add_demand(made: VersionRows, ordinal: int, demand: DemandSeed) -> None:
    """The rows of a demand rule, its groups and their terms."""
    rule_id = made.rows.next_id(tariff.DemandRule)
    measured = measured_operand(demand, made.seed)
    made.rows.add(
        tariff.DemandRule,
        demand_rule_id=rule_id,
        version_id=made.version_id,
        ordinal=ordinal,
        name=demand.name,
        combination=demand.combination,
        measured_operand=made.own_operand(measured),
        adjusted_operand=made.own_operand(demand.adjusted or measured),
        known_within_months=demand.known_within_months,
        **rounding(demand),
        **made.cite(demand),
    )
    for number, (inner, terms, when) in enumerate(_groups(demand), start=1):
        group_id = made.rows.next_id(tariff.DemandGroup)
        made.rows.add(
            tariff.DemandGroup,
            demand_group_id=group_id,
            demand_rule_id=rule_id,
            ordinal=number,
            combination=inner,
            condition_set_id=made.when(when),
        )
        for position, term in enumerate(terms, start=1):
            _add_term(made, group_id, position, term)


def _groups(demand: DemandSeed) -> Iterator[tuple[str, Sequence[DemandTermSeed], When | None]]:
    """(combination, terms, clause) of each group; plain terms make one group together."""
    plain = [member for member in demand.members if isinstance(member, DemandTermSeed)]
    if plain:
        yield demand.combination, plain, None
    yield from ((group.combination, group.members, group.when) for group in demand.groups)


def _add_term(made: VersionRows, group_id: int, ordinal: int, term: DemandTermSeed) -> None:
    term_id = made.rows.next_id(tariff.DemandTerm)
    made.rows.add(
        tariff.DemandTerm,
        demand_term_id=term_id,
        demand_group_id=group_id,
        ordinal=ordinal,
        kind=term.kind,
        operand=made.own_operand(term.operand),
        percent=term.percent,
        constant_kw=term.floor if term.floor is not None else term.cap,
        window_months=term.window,
        skip_months=term.skip,
        average_of=term.average_of,
        from_month=term.from_month,
        is_required=term.required,
        choice=term.choice,
        condition_set_id=made.when(term.when),
    )
    if term.kind == "ratchet":
        for month in term.months or range(1, 13):
            made.rows.add(tariff.DemandTermMonth, demand_term_id=term_id, month=month)


def add_split(made: VersionRows, ordinal: int, split: SplitSeed) -> None:
    """The rows of a split and its slices."""
    split_id = made.rows.next_id(tariff.Split)
    made.rows.add(
        tariff.Split,
        split_id=split_id,
        version_id=made.version_id,
        ordinal=ordinal,
        level=split_level(split, made.seed),
        operand=made.own_operand(split.split),
        kind="blocks" if split.into else "proportion",
        condition_set_id=made.when(split.when),
        **made.cite(split),
    )
    for number, (part, (start, end)) in enumerate(
        zip(split.into or [], edges(split.into or []), strict=True), start=1
    ):
        limit = made.own_operand(split.limits.times if split.limits else None)
        _add_slice(made, split_id, number, part.slice, start, end, limit_operand=limit)
    for number, share in enumerate(split.in_proportion or [], start=1):
        _add_slice(
            made,
            split_id,
            number,
            share.slice,
            Decimal(0),
            None,
            share_operand=made.own_operand(share.share),
        )


def _add_slice(
    made: VersionRows,
    split_id: int,
    step_no: int,
    name: str,
    start: Decimal,
    end: Decimal | None,
    *,
    limit_operand: str | None = None,
    share_operand: str | None = None,
) -> None:
    made.rows.add(
        tariff.SplitStep,
        split_id=split_id,
        step_no=step_no,
        slice_name=name,
        from_quantity=start,
        to_quantity=end,
        limit_operand=limit_operand,
        share_operand=share_operand,
    )
