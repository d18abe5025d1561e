"""A version of a schedule as a URDB rate, with a remark for all that URDB cannot say."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from rating.urdb.demand import REACTIVE, UNITS
from rating.urdb.draft import Part
from rating.urdb.export_draft import Draft, Monthly, Remark, write_structures
from rating.urdb.export_energy import Cell
from rating.urdb.export_prices import (
    TIMED_ENERGY,
    CannotSayError,
    Of,
    Tiers,
    amount,
    limit_unit,
    plain_tier,
    quantity,
    shared_tier,
    tiers,
)
from rating.urdb.export_ratchet import ratchet_fields
from rating.urdb.export_rows import ChargeRows, Row, VersionRows
from rating.urdb.fixed import (
    ADDITIONAL,
    COUNTED,
    DAY,
    FIXED,
    FIXED_UNIT,
    METERS,
    MINIMUM,
    MINIMUM_UNIT,
    MONTH,
)

ENERGY = "kwh"
READ = {"kwh", "kvar", *UNITS}


def rate_of(version: VersionRows) -> tuple[Part, list[Remark]]:
    """The prices of a version as fields of a URDB rate, and what they leave out."""
    draft = Draft(version)
    for charge in version.charges:
        try:
            _add(draft, charge)
        except CannotSayError as problem:
            draft.remark(f"charge {charge.row['code']}", str(problem))
    for (season, _), parts in draft.shared.items():
        _add_shared(draft, season, parts)
    write_structures(draft)
    for name, value in ratchet_fields(version, draft.remark).items():
        draft.fields[name] = value
    for name in sorted(READ.intersection(version.determinants)):
        draft.remark(f"determinant {name}", "is more than what is read; URDB means what is read")
    for words in version.beside:
        draft.remark("version", f"{words}: URDB has no field for it")
    if version.row["gross_percent"] is not None:
        draft.remark("version", "has a gross bill, which URDB does not know")
    return draft.fields, draft.remarks


def _add(draft: Draft, charge: ChargeRows) -> None:
    kind, operand = charge.row["kind"], charge.row["operand"]
    if kind == "minimum":
        _add_minimum(draft, charge)
        return
    if kind != "price":
        raise CannotSayError(f"is a {kind} of other lines")
    if operand is None:
        _add_fixed(draft, charge, MONTH)
        return
    shared = shared_tier(draft.version, charge)
    if shared:
        of, block = shared
        price = charge.row["sign"] * charge.steps[0]["price"]
        tier = (of, block, price, charge.row["code"])
        draft.shared[charge.row["season"], ",".join(sorted(of.periods))].append(tier)
        return
    of = quantity(draft.version, operand)
    _WRITERS[of.kind](draft, charge, of)


def _add_fixed(draft: Draft, charge: ChargeRows, unit: str, field: str = FIXED) -> None:
    price = amount(charge)
    if draft.fields.setdefault(FIXED_UNIT, unit) != unit:
        raise CannotSayError(f"is in {unit}, and another fixed charge is not")
    if field in draft.fields:
        draft.remark(f"charge {charge.row['code']}", "is one fixed charge with the others")
    draft.fields[field] = draft.fields.get(field, Decimal(0)) + price


def _add_minimum(draft: Draft, charge: ChargeRows) -> None:
    operand = charge.row["operand"]
    if operand not in (None, "days"):
        raise CannotSayError(f"is a minimum by {operand}")
    price = amount(charge)
    if MINIMUM in draft.fields:
        raise CannotSayError("is a second minimum, and URDB has one")
    draft.fields |= {MINIMUM: price, MINIMUM_UNIT: DAY if operand else MONTH}
    named = {part["component"] or f"charge {part['charge_code']}" for part in charge.base}
    if not named >= {part for part in COUNTED if part in _components(draft.version)}:
        words = ", ".join(sorted(named))
        draft.remark(f"charge {charge.row['code']}", f"counts {words} only; URDB's counts all")


def _components(version: VersionRows) -> set[str]:
    return {charge.row["component"] for charge in version.charges}


def _add_energy(draft: Draft, charge: ChargeRows, of: Of) -> None:
    if of.is_daily:
        raise CannotSayError("is of kWh times days, which URDB does not have")
    is_fuel = charge.row["component"] == "adjustment" and of.kind == ENERGY
    if is_fuel and len(charge.steps) == 1:
        for month in draft.months(charge.row["season"]):
            draft.fuel[month] = draft.fuel.get(month, Decimal(0)) + _price(draft, charge)
        return
    cell = Cell(tiers(draft.version, charge), of.periods or None)
    of_all = of.kind == ENERGY
    draft.energy.add(draft.months(charge.row["season"]), cell, of_all=of_all)


def _price(draft: Draft, charge: ChargeRows) -> Decimal:
    """The price of a charge with one tier."""
    found = tiers(draft.version, charge)[0]
    if found.max is not None:
        raise CannotSayError("has a last limit, and URDB's fuel adjustment has none")
    return found.rate


def _add_demand(draft: Draft, charge: ChargeRows, of: Of) -> None:
    months = draft.months(charge.row["season"])
    is_first = not any(month in draft.flat.of_month for month in months)
    same_unit = draft.flat.unit in (None, of.unit)
    _put(draft, draft.flat if is_first and same_unit else draft.timed, charge, of.unit)


def _put(draft: Draft, monthly: Monthly, charge: ChargeRows, unit: str) -> None:
    """Give the months of a charge's season its tiers."""
    found = tiers(draft.version, charge)
    months = draft.months(charge.row["season"])
    if any(month in monthly.of_month or monthly.timed.get(month) for month in months):
        raise CannotSayError("is a second price of what has one, and URDB has one")
    if monthly.unit not in (None, unit):
        raise CannotSayError(f"is by {unit}, and URDB has one unit for all months")
    monthly.unit = unit
    monthly.of_month |= dict.fromkeys(months, found)


def _add_timed(draft: Draft, charge: ChargeRows, of: Of) -> None:
    monthly, months = draft.timed, draft.months(charge.row["season"])
    if monthly.unit not in (None, of.unit):
        raise CannotSayError(f"is by {of.unit}, and URDB has one unit for all periods")
    found = (tiers(draft.version, charge), tuple(sorted(of.periods)))
    if any(month in monthly.of_month or of.periods & {*monthly.timed[month]} for month in months):
        raise CannotSayError("is a second price of a period, and URDB has one")
    for month in months:
        monthly.timed[month] |= dict.fromkeys(of.periods, found)
    monthly.unit = of.unit


def _add_shared(draft: Draft, season: str | None, parts: Sequence[tuple[Any, ...]]) -> None:
    """The tiers of a period that shares the tiers of all kWh."""
    try:
        cell = Cell(_shared_tiers(draft.version, parts), parts[0][0].periods)
        draft.energy.add(draft.months(season), cell, of_all=True)
    except CannotSayError as problem:
        for *_, code in parts:
            draft.remark(f"charge {code}", str(problem))


def _shared_tiers(version: VersionRows, parts: Sequence[tuple[Any, ...]]) -> Tiers:
    """The prices of all tiers of a split. Raises `CannotSayError` where one has none."""
    prices: dict[Decimal, Decimal] = defaultdict(Decimal)
    blocks: dict[Decimal, Row] = {}
    for _, block, price, _ in parts:
        prices[block["from_quantity"]] += price
        blocks[block["from_quantity"]] = block
    found = [blocks[start] for start in sorted(blocks)]
    edges = [Decimal(0), *(block["to_quantity"] for block in found)]
    if edges != [*(block["from_quantity"] for block in found), None]:
        raise CannotSayError("prices some tiers of a period's kWh, and others have no price")
    return tuple(
        plain_tier(
            block["to_quantity"],
            prices[block["from_quantity"]],
            limit_unit(version, block["limit_operand"]),
        )
        for block in found
    )


def _add_coincident(draft: Draft, charge: ChargeRows, of: Of) -> None:
    _put(draft, draft.coincident, charge, of.unit)


def _add_reactive(draft: Draft, charge: ChargeRows, of: Of) -> None:
    if of.is_daily:
        raise CannotSayError("is of kVAr times days, which URDB does not have")
    if REACTIVE in draft.fields:
        raise CannotSayError("is a second price of kVAr, and URDB has one")
    draft.fields[REACTIVE] = amount(charge)


def _add_meters(draft: Draft, charge: ChargeRows, of: Of) -> None:
    _add_fixed(draft, charge, DAY if of.is_daily else MONTH, ADDITIONAL)


def _add_days(draft: Draft, charge: ChargeRows, of: Of) -> None:
    _add_fixed(draft, charge, DAY)


_WRITERS: dict[str, Callable[[Draft, ChargeRows, Of], None]] = {
    ENERGY: _add_energy,
    TIMED_ENERGY: _add_energy,
    "demand": _add_demand,
    "timed demand": _add_timed,
    "coincident": _add_coincident,
    "kvar": _add_reactive,
    "days": _add_days,
    METERS: _add_meters,
}
