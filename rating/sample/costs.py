"""The monthly inputs of the sample: fuel and purchased power costs, buy-back rates, dark hours."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, model_validator

from rating.sample.parts import Count
from rating.seed.parts import Part
from rating.store.quoting import literal


class Refund(Part):
    """What the value is in one month, by its number."""

    month: Count
    value: Decimal


class Cost(Part):
    """A monthly input of a rider; `per` is the kWh of the month that the value is times."""

    rider: str
    variable: str
    per: Literal["generated", "purchased", "resold", "sold"] | None = None
    low: Decimal = Decimal(1)
    high: Decimal | None = Field(None, description="absent: always the lowest")
    step: Annotated[Decimal, Field(gt=0)] = Decimal(1)
    refund: Refund | None = None

    @model_validator(mode="after")
    def _in_whole_steps(self) -> "Cost":
        high = self.low if self.high is None else self.high
        if high < self.low or (high - self.low) % self.step:
            raise ValueError(f"from {self.low} to {high} are no whole steps of {self.step}")
        return self

    @property
    def choices(self) -> int:
        """How many values it may have."""
        return 1 if self.high is None else int((self.high - self.low) / self.step) + 1


# What a utility makes, buys, sells on and sells in a month; the weather asks for it.
COST_INPUTS = """
with drawn as (
    select utility, month, month_no, heat, cool,
        die('cost', utility, month_no) as die, die('more', utility, month_no) as more,
    from month where month_no >= 0
), energy as (
    select *,
        (4 + cool * 12 // 1000 + pick(die, 0, 8)) * 1000000 as generated,
        (46 + (heat + cool) * 12 // 1000 + pick(die, 1, 6)) * 1000000 as purchased,
        (1 + pick(die, 2, 5)) * 1000000 as resold,
        8000000 + (heat + cool) * 2500 + pick(die, 3, 1000) * 400 as sold,
    from drawn
), input as ({inputs})
select utility, rider, strftime(month, '%Y-%m') as billing_month, variable,
    cast(value as decimal(18, 4)) as value
from input order by utility, billing_month, rider, variable
"""
# The draws of a die that are left for costs; the further ones are of another die.
FIRST_DRAW, DRAWS = 4, 6

LIGHTING_HOURS = """
select utility, strftime(month, '%Y-%m') as billing_month, dark_hours[month_of_year] as hours
from month inner join facts using (utility)
where month_no >= 0 and dark_hours is not null order by all
"""


def cost_inputs(costs: Mapping[str, Sequence[Cost]]) -> str:
    """SQL for the inputs of each utility."""
    inputs = " union all by name ".join(_inputs(*item) for item in costs.items() if item[1])
    return COST_INPUTS.format(inputs=inputs)


def _inputs(utility: str, costs: Sequence[Cost]) -> str:
    """SQL for the inputs of a utility: one row per month and input."""
    items = []
    draw = FIRST_DRAW
    for cost in costs:
        value = _value(cost, f"die, {draw}" if draw < DRAWS else f"more, {draw - DRAWS}")
        draw += cost.choices > 1
        items.append(
            f"{{'rider': {literal(cost.rider)}, 'variable': {literal(cost.variable)},"
            f" 'value': {value}}}"
        )
    return (
        "select utility, month, unnest([" + ", ".join(items) + "], recursive := true)"
        f" from energy where utility = {literal(utility)}"
    )


def _value(cost: Cost, draw: str) -> str:
    """SQL for the value of an input."""
    value = f"({cost.low:f} + {cost.step:f} * pick({draw}, {cost.choices}))"
    if cost.choices == 1:
        value = f"{cost.low:f}"
    if cost.refund:
        value = f"if(month_no = {cost.refund.month}, {cost.refund.value:f}, {value})"
    return f"{cost.per} * {value}" if cost.per else value
