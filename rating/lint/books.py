"""Rules about what the books say: references, printed dates, stated products."""

from decimal import Decimal, localcontext

import duckdb

from rating.explain.bill import plain
from rating.lint.rule import BOTH_HOLD, Found, Rule

_NOWHERE = "which no book of the utility holds"
# (schedule_id, version_id, sheet_id, words, stated product, its decimals, the factors printed)
CLAIMS = """
    select version.schedule_id, version_id, claim.sheet_id, claim.words, claim.stated,
        claim.decimals, list(factor.factor order by factor.ordinal)
    from tariff.printed_claim as claim
    inner join tariff.version using (version_id)
    inner join tariff.printed_claim_factor as factor using (claim_id)
    group by all order by all
"""


def _stated_products(connection: duckdb.DuckDBPyConnection) -> list[Found]:
    """The stated products that do not multiply out."""
    found: list[Found] = []
    claims = connection.execute(CLAIMS).fetchall()
    for schedule_id, version_id, sheet_id, words, stated, decimals, factors in claims:
        product, rounded = _product(factors, decimals)
        if rounded != stated:
            printed = " × ".join(plain(factor) for factor in factors)
            finding = f"{words}: but {printed} is {plain(product)}, not {plain(stated)}"
            found.append((schedule_id, version_id, sheet_id, plain(stated), finding))
    return found


def _product(factors: list[Decimal], decimals: int) -> tuple[Decimal, Decimal]:
    """The exact product of printed numbers, and the same rounded half away from zero."""
    with localcontext(prec=200) as context:
        context.rounding = "ROUND_HALF_UP"
        product = Decimal(1)
        for factor in factors:
            product *= factor
        return product, product.quantize(Decimal(1).scaleb(-decimals))


RULES = {
    "dangling_reference": Rule(
        "error",
        "A schedule that is carried, listed, named or asked for, and that no book holds.",
        f"""
        select version.schedule_id, version_id, rider.sheet_id, rider.rider,
            'it says that it carries ' || rider.rider || ', {_NOWHERE}'
        from tariff.schedule_rider as rider inner join tariff.version using (version_id)
        where rider.rider_schedule_id is null
        union all
        select version.schedule_id, version_id, listed.sheet_id, listed.schedule,
            'it lists ' || listed.schedule || ' as one it applies to, {_NOWHERE}'
        from tariff.rider_applicability as listed inner join tariff.version using (version_id)
        where listed.schedule_id is null
        union all
        select version.schedule_id, version_id, mention.sheet_id, mention.schedule,
            'it names ' || mention.schedule || coalesce(' (' || mention.words || ')', '')
                || ', {_NOWHERE}'
        from tariff.schedule_mention as mention inner join tariff.version using (version_id)
        where mention.schedule_id is null
        union all
        select distinct version.schedule_id, version_id, rule.sheet_id, asked.value,
            'its eligibility asks for ' || asked.value || ', {_NOWHERE}'
        from tariff.eligibility_rule as rule
        inner join tariff.version using (version_id)
        inner join tariff.schedule as own on version.schedule_id = own.schedule_id
        inner join tariff.eligibility_condition as condition using (eligibility_rule_id)
        inner join tariff.eligibility_value as asked
            on condition.eligibility_rule_id = asked.eligibility_rule_id
            and condition.ordinal = asked.ordinal
        anti join tariff.schedule as other
            on asked.value = other.schedule and own.utility = other.utility
        where condition.kind = 'unless'
            or condition.attribute in ('schedule', 'partner_schedule')
        union all
        select distinct version.schedule_id, version_id, version.sheet_id, asked.value,
            'a condition names the schedule ' || asked.value || ', {_NOWHERE}'
        from tariff.condition
        inner join tariff.condition_set using (condition_set_id)
        inner join tariff.version using (version_id)
        inner join tariff.schedule as own on version.schedule_id = own.schedule_id
        inner join tariff.condition_value as asked
            on condition.condition_set_id = asked.condition_set_id
            and condition.ordinal = asked.ordinal
        anti join tariff.schedule as other
            on asked.value = other.schedule and own.utility = other.utility
        where condition.kind = 'attribute' and condition.subject = 'schedule'
        """,
    ),
    "one_sided_reference": Rule(
        "warning",
        "A clause that a schedule carries but that does not list it, or lists it unheard.",
        f"""
        select distinct one.schedule_id, one.version_id, rider.sheet_id, rider.rider,
            'it carries ' || rider.rider || ', whose own list does not name it'
        from tariff.schedule_rider as rider
        inner join tariff.version as one using (version_id)
        inner join tariff.version as other on rider.rider_schedule_id = other.schedule_id
            and {BOTH_HOLD}
        where other.version_id in (select version_id from tariff.rider_applicability)
            and not exists (
                select 1 from tariff.rider_applicability as listed
                where listed.version_id = other.version_id
                    and listed.schedule_id = one.schedule_id)
        union all
        select distinct one.schedule_id, one.version_id, listed.sheet_id, listed.schedule,
            'it lists ' || listed.schedule || ', which does not say that it carries it'
        from tariff.rider_applicability as listed
        inner join tariff.version as one using (version_id)
        inner join tariff.schedule as clause on one.schedule_id = clause.schedule_id
        inner join tariff.version as other on listed.schedule_id = other.schedule_id
            and {BOTH_HOLD}
        anti join tariff.schedule_rider as carried
            on other.version_id = carried.version_id
            and one.schedule_id = carried.rider_schedule_id
        where clause.kind = 'adjustment'
        """,
    ),
    "contradictory_dates": Rule(
        "error",
        "Contents and sheets that print different effective dates for one version.",
        """
        select version.schedule_id, version_id, one.sheet_id, page.page,
            page.page || ' prints ' || one.printed_date || ' as its effective date, while '
            || first_page.page || ' prints ' || first.printed_date
        from tariff.printed_date as one
        inner join tariff.printed_date as first using (version_id)
        inner join tariff.version using (version_id)
        inner join tariff.sheet as page on one.sheet_id = page.sheet_id
        inner join tariff.sheet as first_page on first.sheet_id = first_page.sheet_id
        where first.ordinal = 1 and one.printed_date <> first.printed_date
        """,
    ),
    "unprinted_date": Rule(
        "warning",
        "A version in force from a date that none of the sheets prints that are read for it.",
        """
        select version.schedule_id, version_id, version.sheet_id, null,
            'it is in force from ' || version.effective_from
            || ', while its sheets print ' || string_agg(distinct printed_date, ', ')
        from tariff.printed_date as one
        inner join tariff.version using (version_id)
        group by version.schedule_id, version_id, version.sheet_id, version.effective_from
        having not bool_or(one.printed_date = version.effective_from)
        """,
    ),
    "stated_product": Rule(
        "error",
        "A product that a sheet states and that does not multiply out at the decimals printed.",
        _stated_products,
    ),
    "rider_for_all": Rule(
        "info",
        "A rider whose sheets list no schedules, so that it applies to all.",
        """
        select schedule_id, case count(*) when 1 then min(version_id) end,
            min(version.sheet_id), null,
            'it lists no schedules, so that it applies to all'
        from tariff.schedule
        inner join tariff.version using (schedule_id)
        where schedule.kind = 'rider'
            and version.version_id not in (select version_id from tariff.rider_applicability)
        group by schedule_id
        """,
    ),
}
