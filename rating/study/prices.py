"""What a study can change of a tariff's prices: steps, flat amounts, percentages, factors."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

import duckdb

PRICES = """
    select version.version_id, version.effective_from, schedule.utility, schedule.schedule,
        charge.charge_id, charge.code, charge.season, charge.component, charge.kind, charge.unit,
        step.step_no,
        case
            when step.price is not null then 'price'
            when step.amount is not null then 'amount'
            when charge.percent is not null then 'percent'
            else 'scale'
        end as place,
        coalesce(step.price, step.amount, charge.percent, formula.scale) as price
    from tariff.charge as charge
    inner join tariff.version as version using (version_id)
    inner join tariff.schedule as schedule using (schedule_id)
    left join tariff.charge_step as step on charge.charge_id = step.charge_id
    left join tariff.formula as formula on charge.version_id = formula.version_id
    where coalesce(step.price, step.amount, charge.percent, formula.scale) is not null
        and {condition}
    order by schedule.utility, schedule.schedule, version.effective_from, charge.charge_id,
        step.step_no
"""
# Without a charge named, percentages and factors stay: they follow the prices that they are of.
CHOSEN = """
    charge.version_id = any($versions)
        and charge.code = coalesce($charge, charge.code)
        and charge.component = coalesce($component, charge.component)
        and charge.season is not distinct from coalesce($season, charge.season)
        and coalesce(step.step_no, 1) = coalesce($step, step.step_no, 1)
        and ($charge is not null or charge.kind not in ('percent', 'factor'))
"""
KEYED = """
    list_contains($keys, {'charge_id': charge.charge_id, 'step_no': step.step_no})
"""
TABLES = {"price": "charge_step", "amount": "charge_step", "percent": "charge", "scale": "formula"}
UPDATES = {
    "price": "charge_step set price = $price where charge_id = $charge and step_no = $step",
    "amount": "charge_step set amount = $price where charge_id = $charge and step_no = $step",
    "percent": "charge set percent = $price where charge_id = $charge",
    "scale": "formula set scale = $price where version_id = $version",
}


@dataclass(frozen=True)
class Price:
    """A price in dollars; a percentage in percent, in a block a fraction; the scale of a factor."""

    version_id: int
    effective_from: datetime.date
    utility: str
    schedule: str
    charge_id: int
    code: str
    season: str | None
    component: str
    kind: str
    unit: str
    step_no: int | None
    place: str
    value: Decimal

    @property
    def key(self) -> tuple[str, int, int | None]:
        """What is changed with it."""
        if self.place == "scale":
            return ("scale", self.version_id, None)
        return ("price", self.charge_id, self.step_no)

    @property
    def words(self) -> str:
        """What it is the price of."""
        return f"{self.code} step {self.step_no}" if self.step_no else self.code


def prices_of(
    connection: duckdb.DuckDBPyConnection,
    versions: Sequence[int],
    *,
    charge: str | None = None,
    component: str | None = None,
    season: str | None = None,
    step: int | None = None,
) -> list[Price]:
    """The prices of versions; percentages and factors only where their charge is named."""
    rows = connection.execute(
        PRICES.format(condition=CHOSEN),
        {
            "versions": list(versions), "charge": charge, "component": component,
            "season": season, "step": step,
        },
    ).fetchall()  # fmt: skip
    return [Price(*row) for row in rows]


def no_price(target: str, charge: object) -> str:
    """Why nothing of a target can be changed, with the charge it names."""
    if charge:
        return f"there is no price of {target}; see relation rate_price"
    return (
        f"there is no price of {target} in dollars; percentages change only where their charge is"
        " named; see relation rate_price"
    )


def prices_at(
    connection: duckdb.DuckDBPyConnection, keys: Iterable[tuple[int, int | None]]
) -> list[Price]:
    """The prices of charges and steps, by charge_id and step_no."""
    wanted = [{"charge_id": charge, "step_no": step} for charge, step in keys]
    rows = connection.execute(PRICES.format(condition=KEYED), {"keys": wanted}).fetchall()
    return [Price(*row) for row in rows]


def put_price(connection: duckdb.DuckDBPyConnection, price: Price, value: Decimal) -> None:
    """Write another value in the place of a price."""
    values = {
        "charge": price.charge_id, "step": price.step_no, "version": price.version_id,
    }  # fmt: skip
    statement = UPDATES[price.place]
    used = {name: one for name, one in values.items() if f"${name}" in statement}
    connection.execute(f"update tariff.{statement}", {"price": value, **used})


def printed_decimals(prices: Sequence[Price]) -> dict[tuple[int, str, str], int]:
    """How many decimals a version prints for prices of a unit: the most that one has, at least two.

    By version, unit and place; the rows keep no zeros at the end, so that one price cannot say it.
    """
    found: dict[tuple[int, str, str], int] = {}
    for one in prices:
        places = -int(one.value.normalize().as_tuple().exponent)
        key = (one.version_id, one.unit, one.place)
        found[key] = max(2, places, found.get(key, 2))
    return found
