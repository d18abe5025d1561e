"""Demands of a version as URDB's lookback fields."""

from collections.abc import Callable
from decimal import Decimal

from rating.seed.quantities import DEMAND_SUFFIX
from rating.urdb.demand import UNITS
from rating.urdb.draft import Part
from rating.urdb.export_rows import DemandRows, Row, VersionRows
from rating.urdb.fields import MONTHS
from rating.urdb.ratchet import LOOKED_AT, MONTHLY, PERCENT, RANGE

Remarker = Callable[[str, str], None]
WHOLE, DECIMALS = Decimal(100), 6


def ratchet_fields(version: VersionRows, remark: Remarker) -> Part:
    """The ratchets of the version's demands, which URDB has once for all of them."""
    found = [
        _ratchets(demand, remark)
        for name, demand in version.demands.items()
        if f"{name}{DEMAND_SUFFIX}" in _priced(version)
    ]
    written = [terms for terms in found if terms]
    if written and any(_shape(terms) != _shape(written[0]) for terms in found):
        remark("demands", "have ratchets of their own; URDB has those of the first for all")
    return _fields(written[0], remark) if written else {}


def _priced(version: VersionRows) -> set[str | None]:
    """What prices are of, or their blocks limited by."""
    charges = [charge for charge in version.charges if charge.row["kind"] == "price"]
    limits = {step["limit_operand"] for charge in charges for step in charge.steps}
    by_day = [
        term["operand"] for terms in version.determinants.values() for term in terms
    ]  # such as demand times days
    return {charge.row["operand"] for charge in charges} | limits | set(by_day)


def _shape(terms: list[Row]) -> list[tuple[object, ...]]:
    return [(term["percent"], tuple(term["months"]), term["window_months"]) for term in terms]


def _ratchets(demand: DemandRows, remark: Remarker) -> list[Row]:
    """The ratchet terms of a demand; a remark for whatever else it is."""
    what = f"demand {demand.row['name']}"
    measured = demand.row["measured_operand"]
    if measured not in UNITS:
        remark(what, f"is measured as {measured}; URDB means the demand as read")
    if demand.row["adjusted_operand"] != measured:
        remark(what, f"is adjusted to {demand.row['adjusted_operand']}; URDB has no power factor")
    if demand.row["rounding_step"] is not None or demand.row["decimals"] < DECIMALS:
        remark(what, "is rounded; URDB's is as read")
    ratchets = []
    for term in demand.terms:
        if term["combinations"] != {"greatest"} or term["is_clause"]:
            remark(what, f"has a {term['kind']} that holds under a condition or in a lesser-of")
        elif term["kind"] == "ratchet":
            if term["skip_months"] or term["average_of"] or term["from_month"]:
                remark(what, "has a ratchet that skips, averages or begins anew; URDB's do not")
            else:
                ratchets.append(term)
        elif term["kind"] != "measured" or term["percent"] != WHOLE:
            remark(what, f"has a {term['kind']} term; URDB has ratchets only")
    return ratchets


def _fields(terms: list[Row], remark: Remarker) -> Part:
    one = terms[0]
    if len(terms) > 1:
        months = [month for term in terms for month in term["months"]]
        if len(set(months)) == len(months) and {t["window_months"] for t in terms} == {MONTHS}:
            share_of = {
                month: term["percent"] / WHOLE for term in terms for month in term["months"]
            }
            return {MONTHLY: [share_of.get(month, Decimal(0)) for month in range(1, MONTHS + 1)]}
        remark("demands", "have several ratchets; URDB has the first")
    is_year, share = len(one["months"]) == MONTHS, one["percent"] / WHOLE
    reach = 0 if one["window_months"] == MONTHS else one["window_months"] - 1
    flags = [month in one["months"] for month in range(1, MONTHS + 1)]
    looked_at = [False] * MONTHS if is_year and reach else flags
    return {PERCENT: share.normalize(), RANGE: reach, LOOKED_AT: looked_at}
