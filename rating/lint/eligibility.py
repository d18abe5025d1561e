"""The rule about whom schedules are for: no customer should stand in two of them by demand."""

from rating.lint.rule import BOTH_HOLD, Rule
from rating.store.quoting import number

# An alternative without a lower bound begins at 0 kW; one without an upper has no `high_kw`.
PARTS = """
    test as (
        select schedule.utility, schedule.schedule_id, schedule.schedule, condition.comparison,
            condition.eligibility_rule_id, condition.bound, condition.months,
            version.version_id, version.effective_from, version.effective_to, rule.sheet_id,
            string_agg(asked.value, ' or ' order by asked.value) as looked_at
        from tariff.eligibility_condition as condition
        inner join tariff.eligibility_value as asked using (eligibility_rule_id, ordinal)
        inner join tariff.eligibility_rule as rule using (eligibility_rule_id)
        inner join tariff.version using (version_id)
        inner join tariff.schedule using (schedule_id)
        where condition.kind = 'demand' and schedule.kind = 'rate'
        group by all
    ),
    range as (
        select * exclude (comparison, bound),
            coalesce(max(bound) filter (where comparison in ('at_least', 'above')), 0) as low_kw,
            bool_or(comparison = 'above') as low_is_out,
            min(bound) filter (where comparison in ('at_most', 'below')) as high_kw,
            bool_or(comparison = 'below') as high_is_out
        from test
        group by all
    ),
    admitted as (
        select eligibility_rule_id, attribute, is_negated, list(value) as admitted_values
        from tariff.eligibility_condition
        inner join tariff.eligibility_value using (eligibility_rule_id, ordinal)
        where kind = 'attribute'
        group by all
    ),
    -- One row per two alternatives that no value of some attribute satisfies both.
    disjoint as (
        select distinct mine.eligibility_rule_id, theirs.eligibility_rule_id as other_rule_id
        from admitted as mine
        inner join admitted as theirs using (attribute)
        where case
            when mine.is_negated and theirs.is_negated then false
            when mine.is_negated then list_has_all(mine.admitted_values, theirs.admitted_values)
            when theirs.is_negated then list_has_all(theirs.admitted_values, mine.admitted_values)
            else not list_has_any(mine.admitted_values, theirs.admitted_values)
        end
    )
"""

RULES = {
    "overlapping_applicability": Rule(
        "warning",
        "Two schedules whose demand bounds both hold at one demand, if only at a bound itself.",
        f"""
        with {PARTS},
        shared as (
            select one.schedule_id, one.version_id, one.sheet_id, other.schedule,
                greatest(one.low_kw, other.low_kw) as low_kw,
                least(one.high_kw, other.high_kw) as high_kw,
                (one.low_kw >= other.low_kw and one.low_is_out)
                or (other.low_kw >= one.low_kw and other.low_is_out)
                or (coalesce(one.high_kw <= other.high_kw, true) and one.high_is_out)
                or (coalesce(other.high_kw <= one.high_kw, true) and other.high_is_out)
                    as is_open
            from range as one
            inner join range as other
                on one.utility = other.utility and one.looked_at = other.looked_at
                and one.months = other.months
                and one.schedule_id <> other.schedule_id and {BOTH_HOLD}
                and (one.low_kw, one.schedule_id) < (other.low_kw, other.schedule_id)
            anti join disjoint
                on one.eligibility_rule_id = disjoint.eligibility_rule_id
                and other.eligibility_rule_id = disjoint.other_rule_id
        )
        select schedule_id, version_id, sheet_id, schedule,
            case
                when high_kw is null then 'from ' || {number("low_kw")} || ' kW on'
                when low_kw = high_kw then 'at exactly ' || {number("low_kw")} || ' kW'
                else 'between ' || {number("low_kw")} || ' and ' || {number("high_kw")} || ' kW'
            end || ' both it and ' || schedule || ' apply'
        from shared
        where high_kw is null or low_kw < high_kw or (low_kw = high_kw and not is_open)
        """,
    ),
}
