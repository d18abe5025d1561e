"""What a URDB rate charges once a month, day or year: fixed charges, minimums, fuel by month."""

from collections.abc import Sequence
from decimal import Decimal

from rating.urdb.draft import Draft, Part, of_season
from rating.urdb.fields import MONTHS
from rating.urdb.numbers import decimal_of, text_of

FIXED, ADDITIONAL, FIXED_UNIT = "fixedchargefirstmeter", "fixedchargeeaaddl", "fixedchargeunits"
MINIMUM, MINIMUM_UNIT = "mincharge", "minchargeunits"
FUEL = "fueladjustmentsmonthly"
MONTH, DAY, YEAR = "$/month", "$/day", "$/year"
DAYS_A_YEAR = 365
# Before version 7 each amount had a field of its own, and no unit.
OLD_FIXED, OLD_MINIMUMS = "fixedmonthlycharge", {"minmonthlycharge": MONTH, "annualmincharge": YEAR}
METERS = "additional_meters"
COUNTED = ["customer", "energy", "demand", "adjustment"]


def add_fixed(draft: Draft) -> None:
    """The charges for being connected, of the first meter and of each further one."""
    reading = draft.reading
    unit = _unit(draft, FIXED_UNIT, FIXED, ADDITIONAL)
    amount, old = reading.number(FIXED), reading.number(OLD_FIXED)
    if amount is not None and old is not None and amount != old:
        reading.tell("unratable", (OLD_FIXED,), f"differs from {FIXED}")
    if unit and amount:
        _add_fixed(draft, "customer", "Customer charge", FIXED, amount, unit)
    elif old and amount is None:
        _add_fixed(draft, "customer", "Customer charge", OLD_FIXED, old, MONTH)
    more = reading.number(ADDITIONAL)
    if unit and more:
        draft.agreement_determinants.add(METERS)
        _add_fixed(draft, "further_meters", "Each further meter", ADDITIONAL, more, unit, METERS)


def _add_fixed(
    draft: Draft,
    code: str,
    description: str,
    sheet: str,
    amount: Decimal,
    unit: str,
    per: str | None = None,
) -> None:
    if unit == YEAR:
        amount /= MONTHS
        draft.reading.tell("read as", (sheet,), "a twelfth of it each month")
    if unit == DAY:
        per = draft.days_of(per, sheet) if per else "days"
    draft.charges.append(
        {
            "code": code,
            "description": description,
            "component": "customer",
            **({"per": per} if per else {}),
            **({"blank_is_zero": True} if code != "customer" else {}),
            "prices_in": (DAY if unit == DAY else MONTH) if code == "customer" else "$/meter",
            "sheet": sheet,
            "price": text_of(amount),
        }
    )


def add_minimum(draft: Draft) -> None:
    """The least that a bill comes to, everything on it counted."""
    reading = draft.reading
    unit = _unit(draft, MINIMUM_UNIT, MINIMUM)
    found = {(MINIMUM, unit): reading.number(MINIMUM)} if unit else {}
    found |= {(field, unit): reading.number(field) for field, unit in OLD_MINIMUMS.items()}
    amounts: dict[str, Decimal] = {}
    for (field, unit), amount in found.items():
        if not amount or not unit:
            continue
        if amounts.setdefault(unit, amount) != amount:
            reading.tell("unratable", (field,), f"differs from {MINIMUM}")
        elif unit == YEAR:
            _judge_yearly(draft, field, amount)
        elif not any(charge["code"] == "minimum" for charge in draft.charges):
            draft.charges.append(_minimum(field, amount, unit))


def _minimum(field: str, amount: Decimal, unit: str) -> Part:
    return {
        "code": "minimum",
        "description": "Minimum charge",
        "component": "minimum",
        "stage": "bill_minimum",
        "kind": "minimum",
        **({"per": "days"} if unit == DAY else {}),
        "prices_in": unit,
        "of": {"components": COUNTED},
        "sheet": field,
        "price": text_of(amount),
    }


def _judge_yearly(draft: Draft, field: str, amount: Decimal) -> None:
    """A minimum of the year is none where the fixed charges reach it; else it cannot be rated."""
    times = {MONTH: MONTHS, DAY: DAYS_A_YEAR}
    fixed = sum(
        Decimal(charge["price"]) * times[charge["prices_in"]]
        for charge in draft.charges
        if charge["code"] == "customer"
    )
    if fixed >= amount and not any(_has_credit(charge) for charge in draft.charges):
        draft.reading.tell("read as", (field,), "none, for the fixed charges alone reach it")
    else:
        draft.reading.tell(
            "unratable", (field,), "is a minimum of the year, and Ratebook tests month by month"
        )


def _has_credit(charge: Part) -> bool:
    prices = [charge.get("price"), *(block["price"] for block in charge.get("blocks", []))]
    return any(price and Decimal(price) < 0 for price in prices)


def fuel_by_month(draft: Draft) -> Sequence[Decimal]:
    """The fuel adjustment of each month, in dollars per kWh."""
    return [decimal_of(one) for one in draft.reading.get(FUEL) or [0] * MONTHS]


def add_fuel(draft: Draft) -> None:
    """The fuel adjustment of each season, for all kWh."""
    fuel = fuel_by_month(draft)
    for season in draft.seasons:
        price = fuel[season.months[0]]
        if price:
            draft.charges.append(
                {
                    "code": "fuel_adjustment",
                    "description": "Fuel adjustment",
                    "component": "adjustment",
                    "per": "kwh",
                    "prices_in": "$/kWh",
                    "sheet": FUEL,
                    **of_season(season),
                    "price": text_of(price),
                }
            )


def _unit(draft: Draft, field: str, *amounts: str) -> str | None:
    """The unit of amounts; nothing, and a finding, where the format does not have it."""
    unit = draft.reading.get(field)
    known = {one: one for one in (MONTH, DAY, YEAR)}.get(str(unit or MONTH).lower())
    if any(draft.reading.peek(amount) for amount in amounts):
        if known is None:
            draft.reading.tell("unratable", (field,), "is no unit of time that the format has")
        elif not unit:
            draft.reading.tell("read as", (field,), f"{MONTH}, for the rate gives no unit")
    return known
