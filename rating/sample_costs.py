"""The monthly inputs of the sample: fuel and purchased power costs, buy-back rates, dark hours."""

from rating.portfolio_relations import literal
from rating.sample_profiles import IOWA, MISSOURI

# Dusk to dawn in hours, January first.
DARK_HOURS = (430, 370, 365, 315, 285, 260, 275, 310, 345, 395, 415, 440)

# In this month of Iowa the supplier refunds more than it charges: the adjustment falls below the
# energy prices, and every minimum binds.
REFUND_MONTH = 4

# What FA-1 asks for makes some $1.85 per million Btu, its base, give or take 50 cents; what PPA
# asks for some 8.9 cents per kWh, its base. Rider, variable and value.
FUEL = """
FA-1 fuel_cost: generated * (270 + pick(die, 4, 80)) * 0.0001
FA-1 purchased_power_cost: purchased * (320 + pick(die, 5, 40)) * 0.0001
FA-1 off_system_sales_cost: resold * (280 + pick(more, 0, 60)) * 0.0001
FA-1 reconciliation: (pick(more, 1, 1000) - 500) * 611.17
FA-1 anticipated_adjustment: (pick(more, 2, 5) - 2) * 50000.00
FA-1 net_generation_kwh: generated
FA-1 purchased_kwh: purchased
FA-1 off_system_sales_kwh: resold
"""
PURCHASES = f"""
PPA purchased_power_cost: sold * if(month_no = {REFUND_MONTH}, -435, 800 + pick(die, 4, 180))
PPA kwh_sold: sold * 10000
DG buyback_rate: 280 + pick(die, 5, 170)
"""


def _inputs(utility: str, table: str, unit: str) -> str:
    """SQL for the inputs of a utility: one row per month and line, its value times a unit."""
    items = []
    for line in table.strip().splitlines():
        name, _, value = line.partition(": ")
        rider, variable = name.split()
        items.append(
            f"{{'rider': '{rider}', 'variable': '{variable}', 'value': ({value}) * {unit}}}"
        )
    return (
        "select utility, month, unnest([" + ", ".join(items) + "], recursive := true)"
        f" from energy where utility = {literal(utility)}"
    )


COST_INPUTS = f"""
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
), input as (
    {_inputs(MISSOURI, FUEL, "1.00")} union all by name {_inputs(IOWA, PURCHASES, "0.0001")}
)
select utility, rider, strftime(month, '%Y-%m') as billing_month, variable,
    cast(value as decimal(18, 4)) as value
from input order by utility, billing_month, rider, variable
"""

LIGHTING_HOURS = f"""
select utility, strftime(month, '%Y-%m') as billing_month,
    {list(DARK_HOURS)}[month_of_year] as hours
from month where month_no >= 0 and utility = {literal(MISSOURI)} order by all
"""
