"""Rules about what is easily written otherwise than the sheet means it: signs, kinds, percents."""

from rating.lint.rule import Rule
from rating.seed.levels import NETTING
from rating.store.quoting import number

# What a version derives may be an amount below zero, or what is lacking to a minimum.
_DERIVED = f"""
    select 1 from tariff.determinant as derived
    where derived.version_id = charge.version_id and derived.name = charge.operand
        and derived.level > {NETTING}
"""

RULES = {
    "charged_discount": Rule(
        "warning",
        "A discount or credit with a price above zero that is not subtracted.",
        f"""
        select distinct version.schedule_id, version_id, charge.sheet_id, charge.code,
            'the ' || charge.component || ' ' || charge.code
            || ' has a price above zero and no subtract, so that it adds to the bill'
        from tariff.charge
        inner join tariff.charge_step as step using (charge_id)
        inner join tariff.version using (version_id)
        where charge.component in ('discount', 'credit') and charge.kind = 'price'
            and charge.sign = 1 and coalesce(step.price, step.amount) > 0
            and not exists ({_DERIVED} and coalesce(derived.at_least < 0, true))
        """,
    ),
    "added_minimum": Rule(
        "warning",
        "A minimum that is added to every bill, for it is a plain price.",
        f"""
        select distinct version.schedule_id, version_id, charge.sheet_id, charge.code,
            'the minimum ' || charge.code
            || ' is a plain price and added to every bill; a minimum is of kind: minimum'
        from tariff.charge
        inner join tariff.version using (version_id)
        where charge.component = 'minimum' and charge.kind = 'price' and charge.sign = 1
            and charge.choice is null and charge.condition_set_id is null
            and not exists ({_DERIVED})
            and charge.charge_id not in (
                select charge_id from tariff.charge_step where amount is not null)
        """,
    ),
    "fraction_of_demand": Rule(
        "warning",
        "A ratchet or contract of at most one percent, as a fraction in place of a percentage is.",
        f"""
        select distinct version.schedule_id, version_id, rule.sheet_id, rule.name,
            'a ' || term.kind || ' of the ' || rule.name || ' demand is of '
            || {number("term.percent")} || ' %; write ' || {number("term.percent * 100")}
            || ' if that is meant'
        from tariff.demand_term as term
        inner join tariff.demand_group using (demand_group_id)
        inner join tariff.demand_rule as rule using (demand_rule_id)
        inner join tariff.version using (version_id)
        where term.kind in ('ratchet', 'contract') and term.percent > 0 and term.percent <= 1
        """,
    ),
}
