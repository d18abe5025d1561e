"""Charges of a version as prices of a URDB rate: what each is of, and its tiers."""

from dataclasses import dataclass
from decimal import Decimal

from rating.seed.quantities import DEMAND_SUFFIX
from rating.urdb.demand import UNITS
from rating.urdb.export_rows import ChargeRows, Row, VersionRows
from rating.urdb.tiers import DAILY


@dataclass(frozen=True)
class Tier:
    """A price up to a limit, if it has one; of energy with the unit of the limit."""

    max: Decimal | None
    rate: Decimal
    unit: str | None = None


Tiers = tuple[Tier, ...]
# What an hour costs: its tiers, and the periods that share them. Two periods of demand at one
# price are two all the same, for each is charged for its own peak.
Priced = tuple[Tiers, tuple[str, ...]]
FREE: Priced = ((Tier(None, Decimal(0)),), ())
TIMED_ENERGY = "timed kwh"
ENERGY = {"kwh", TIMED_ENERGY}


class CannotSayError(Exception):
    """A charge that URDB has no words for; the message says why."""


@dataclass(frozen=True)
class Of:
    """What a charge is of: a kind of quantity, its unit, and the periods it is read in."""

    kind: str
    unit: str = ""
    periods: frozenset[str] = frozenset()

    @property
    def is_daily(self) -> bool:
        """Whether it counts for each day of the billing period."""
        return self.unit.endswith(DAILY)


def quantity(version: VersionRows, operand: str) -> Of:
    """What an operand is in URDB's words. Raises `CannotSayError`."""
    if operand in ("kwh", "days", "kvar", "additional_meters"):
        return Of(operand)
    for unit, name in UNITS.items():
        if operand == f"{unit}_coincident":
            return Of("coincident", name)
        if operand == unit:
            return Of("demand", name)
    if operand.endswith(DEMAND_SUFFIX) and operand.removesuffix(DEMAND_SUFFIX) in version.demands:
        measured = version.demands[operand.removesuffix(DEMAND_SUFFIX)].row["measured_operand"]
        return Of("demand", UNITS.get(measured, UNITS["kw"]))
    periods = {window["period"] for window in version.windows}
    for unit in ("kwh", *UNITS):
        if operand.removeprefix(f"{unit}_") in periods:
            period = frozenset([operand.removeprefix(f"{unit}_")])
            return Of("timed kwh" if unit == "kwh" else "timed demand", UNITS.get(unit, ""), period)
    return _derived(version, operand)


def _derived(version: VersionRows, operand: str) -> Of:
    """A derived quantity: of several periods together, or by the day."""
    terms = version.determinants.get(operand, [])
    names = [term["operand"] for term in terms]
    plain = terms and all(
        term["coefficient"] == 1
        and term["role"] == "term"
        and term["condition_set_id"] is None
        and term["rounding_step"] is None
        for term in terms
    )
    if plain and terms[0]["operation"] == "product" and names[1:] == ["days"]:
        one = quantity(version, names[0])
        return Of(one.kind, f"{one.unit}{DAILY}", one.periods)
    wanted = (
        {"sum": "timed kwh", "greatest": "timed demand"}.get(terms[0]["operation"]) if plain else ""
    )
    if wanted:
        parts = [quantity(version, name) for name in names]
        if {part.kind for part in parts} == {wanted}:
            return Of(wanted, parts[0].unit, frozenset().union(*(part.periods for part in parts)))
    raise CannotSayError(f"is of {operand}, a quantity that URDB does not have")


def tiers(version: VersionRows, charge: ChargeRows) -> Tiers:
    """The tiers of a charge. Raises `CannotSayError`."""
    top = _top(charge)
    of = quantity(version, charge.row["operand"])
    found = []
    for step in charge.steps:
        if step["price"] is None:
            raise CannotSayError("has a flat amount for a block")
        if step["condition_set_id"] is not None:
            raise CannotSayError("has another price where a clause holds")
        limit = step["to_quantity"] if step["to_quantity"] is not None else top
        found.append(_tier(version, of, limit, step, charge.row["sign"]))
    return tuple(found)


def _tier(version: VersionRows, of: Of, limit: Decimal | None, step: Row, sign: int) -> Tier:
    unit = None
    if of.kind in ENERGY:
        unit = limit_unit(version, step["limit_operand"])
    elif limit is not None and step["limit_operand"] != ("days" if of.is_daily else None):
        raise CannotSayError(f"has blocks by {step['limit_operand']}, which URDB's demand has not")
    return plain_tier(limit, sign * step["price"], unit)


def limit_unit(version: VersionRows, operand: str | None) -> str:
    """The unit of energy tiers. Raises `CannotSayError`."""
    if operand is None:
        return "kWh"
    of = quantity(version, operand)
    if of.kind == "days":
        return "kWh daily"
    if of.kind == "demand":
        return f"kWh/{of.unit}"
    raise CannotSayError(f"has blocks by {operand}, which URDB does not limit by")


def _top(charge: ChargeRows) -> Decimal | None:
    """The last limit, if the charge's clause says no more than that. Raises `CannotSayError`."""
    if charge.clause is None:
        return None
    test = charge.tests[0]
    is_top = len(charge.tests) == 1 and test["kind"] == "determinant"
    limit = charge.steps[-1]["limit_operand"] if charge.steps else None
    if not is_top or test["comparison"] != "at_most" or test["subject"] != charge.row["operand"]:
        raise CannotSayError(f"holds only where {charge.clause}")
    if test["bound_operand"] != limit:
        raise CannotSayError(f"holds only where {charge.clause}")
    return Decimal(test["bound"] if test["bound_operand"] is None else test["bound_factor"])


def amount(charge: ChargeRows) -> Decimal:
    """The one price of a charge, each month of the year. Raises `CannotSayError`."""
    if charge.clause is not None:
        raise CannotSayError(f"holds only where {charge.clause}")
    if charge.row["season"] is not None:
        raise CannotSayError("differs by season, and URDB's holds all year")
    if len(charge.steps) != 1 or charge.steps[0]["condition_set_id"] is not None:
        raise CannotSayError("has several prices, and URDB has one")
    step = charge.steps[0]
    found = step["price"] if step["price"] is not None else step["amount"]
    return plain(charge.row["sign"] * found)


def shared_tier(version: VersionRows, charge: ChargeRows) -> tuple[Of, Row] | None:
    """The period, and the tier of all kWh, that a charge prices a share of; else nothing."""
    season = charge.row["season"]
    shared = _slice(version, str(charge.row["operand"]), season)
    if not shared or shared["kind"] != "proportion":
        return None
    block = _slice(version, shared["operand"], season)
    if not block or block["kind"] != "blocks" or block["operand"] != "kwh":
        return None
    if charge.clause is not None:
        raise CannotSayError(f"holds only where {charge.clause}")
    of, step = quantity(version, shared["share_operand"]), charge.steps[0]
    if of.kind != TIMED_ENERGY or len(charge.steps) > 1 or step["condition_set_id"] is not None:
        raise CannotSayError(f"is of {charge.row['operand']}, a quantity that URDB does not have")
    if step["price"] is None:
        raise CannotSayError("has a flat amount for a block")
    return of, block


def _slice(version: VersionRows, name: str, season: str | None) -> Row | None:
    """What makes a slice in a season, where one thing does."""
    made = [
        row
        for row in version.slices.get(name, ())
        if row["seasons"] is None or season in row["seasons"]
    ]
    return made[0] if len(made) == 1 else None


def plain_tier(limit: Decimal | None, price: Decimal, unit: str | None) -> Tier:
    """A tier of numbers without the zeros that their columns have."""
    return Tier(None if limit is None else plain(limit), plain(price), unit)


def plain(number: Decimal) -> Decimal:
    """A number without the zeros that its column has."""
    return (
        number.to_integral_value() if number == number.to_integral_value() else number.normalize()
    )
