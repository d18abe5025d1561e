"""Rows of what a version says besides demands and charges: seasons, quantities, references."""

from collections.abc import Mapping
from decimal import Decimal

from models import tariff
from rating.seed.format import FormulaInputSeed, FormulaSeed
from rating.seed.levels import determinant_levels
from rating.seed.made import VersionRows
from rating.seed.parts import Operand
from rating.seed.quantities import DeterminantSeed, Rounded


def add_seasons(made: VersionRows) -> None:
    """The rows of the seasons, and of reads that join a partner's in one of them."""
    seasons, combine = made.seed.seasons, made.seed.combine
    for season, months in (seasons.months if seasons else {}).items():
        for month in months:
            made.rows.add(
                tariff.SeasonMonth, version_id=made.version_id, month=month, season=season
            )
    if combine:
        made.rows.add(
            tariff.Combination,
            version_id=made.version_id,
            season=combine.season,
            **made.cite(combine),
        )
        for operand, when_one_blank in combine.quantities.items():
            made.rows.add(
                tariff.CombinationQuantity,
                version_id=made.version_id,
                operand=operand,
                when_one_blank=when_one_blank,
            )


def add_determinants(made: VersionRows) -> None:
    """The rows of the derived quantities and their operands."""
    levels = determinant_levels(made.seed)
    for ordinal, seed in enumerate(made.seed.determinants, start=1):
        columns = dict(
            version_id=made.version_id,
            ordinal=ordinal,
            level=levels[ordinal - 1],
            divisor=seed.divisor,
            from_month=seed.from_month,
            resets=seed.resets,
            constant=next(iter(seed.constants), Decimal(seed.operation == "product")),
            **rounding(seed),
            at_least=seed.at_least,
            at_most=seed.at_most,
            condition_set_id=made.when(seed.when),
            **made.cite(seed),
        )
        _add_determinant(made, seed, name=seed.name, operation=seed.operation, **columns)
        if seed.left:
            _add_determinant(made, seed, name=seed.left, operation="bank_left", **columns)


def _add_determinant(made: VersionRows, seed: DeterminantSeed, **columns: object) -> None:
    determinant_id = made.rows.next_id(tariff.Determinant)
    made.rows.add(tariff.Determinant, determinant_id=determinant_id, **columns)
    _add_terms(made, determinant_id, seed)


def rounding(seed: Rounded) -> dict[str, object]:
    """The columns of how a quantity is rounded."""
    return {
        "decimals": seed.decimals,
        "rounding_step": seed.rounding_step,
        "rounding": seed.rounding,
    }


def _add_terms(made: VersionRows, determinant_id: int, seed: DeterminantSeed) -> None:
    divisor = [Operand(of=seed.divided_by_operand)] if seed.divided_by_operand else []
    for number, operand in enumerate(seed.operands + divisor, start=1):
        made.rows.add(
            tariff.DeterminantTerm,
            determinant_id=determinant_id,
            ordinal=number,
            operand=made.own_operand(operand.of),
            coefficient=operand.times,
            role="divisor" if number > len(seed.operands) else "term",
            when_unknown=operand.blank,
        )


def add_references(made: VersionRows, ids: Mapping[tuple[str, str], int], utility: str) -> None:
    """The rows of the clauses carried, and of the schedules a rider is for."""
    for reference in made.seed.riders:
        made.rows.add(
            tariff.ScheduleRider,
            version_id=made.version_id,
            rider=reference.rider,
            rider_schedule_id=ids.get((utility, reference.rider)),
            sheet_id=made.sheet_id(reference),
        )
    listed = made.seed.applies_to
    for schedule in listed.schedules if listed else []:
        made.rows.add(
            tariff.RiderApplicability,
            version_id=made.version_id,
            schedule=schedule,
            schedule_id=ids.get((utility, schedule)),
            lacking=listed.lacking.get(schedule) if listed else None,
            sheet_id=made.sheet_id(listed) if listed else None,
        )


def add_formula(made: VersionRows, formula: FormulaSeed) -> None:
    """The rows of a monthly factor's formula and its inputs."""
    made.rows.add(
        tariff.Formula,
        version_id=made.version_id,
        **made.cite(formula),
        is_check_only=formula.check_only,
        **formula.model_dump(
            exclude={"sheet", "ordinance", "ruling", "numerator", "denominator", "check_only"}
        ),
    )
    ordinal = 0
    sides: list[tuple[str, list[FormulaInputSeed]]] = [
        ("numerator", formula.numerator),
        ("denominator", formula.denominator),
    ]
    for side, inputs in sides:
        for one in inputs:
            ordinal += 1
            made.rows.add(
                tariff.FormulaInput,
                version_id=made.version_id,
                ordinal=ordinal,
                variable=one.variable,
                symbol=one.symbol,
                side=side,
                sign=-1 if one.minus else 1,
            )
