"""Rules about how a schedule rates: its conditions, its blocks, its seasons and slices."""

from rating.lint.rule import Rule
from rating.seed.quantities import DEMAND_SUFFIX
from rating.seed.tested import ATTRIBUTES
from rating.store.quoting import literal, number

_OF_EVERY_AGREEMENT = ", ".join(map(literal, ATTRIBUTES))
# One row per demand of a version and the kW it is never below: its unconditional floors.
FLOORS = f"""
    select version_id, name || '{DEMAND_SUFFIX}' as operand, name,
        case rule.combination
            when 'greatest' then max(case when is_always then floor_kw end)
            when 'least' then case when count(*) = count(floor_kw) then min(floor_kw) end
        end as floor_kw
    from tariff.demand_rule as rule
    inner join (
        select demand_rule_id, member.condition_set_id is null as is_always,
            case member.combination when 'greatest' then max(term.constant_kw) filter (
                where term.kind = 'floor' and term.condition_set_id is null) end as floor_kw
        from tariff.demand_group as member
        inner join tariff.demand_term as term using (demand_group_id)
        group by demand_group_id, demand_rule_id, member.condition_set_id, member.combination
    ) as grouped using (demand_rule_id)
    group by version_id, name, rule.combination
"""

# What something on a sheet uses, by version, and for sheets that meet on bills by utility: those
# of clauses and riders meet all, those of rates meet clauses and riders.
USED = """
    used as (
        select version_id, unnest([operand, covers]) as operand from tariff.charge
        union select version_id, limit_operand from tariff.charge_step
            inner join tariff.charge using (charge_id)
        union select version_id, operand from tariff.split
        union select version_id, unnest([limit_operand, share_operand]) from tariff.split_step
            inner join tariff.split using (split_id)
        union select version_id, term.operand from tariff.determinant_term as term
            inner join tariff.determinant using (determinant_id)
            where determinant.name <> term.operand
        union select version_id, unnest([measured_operand, adjusted_operand])
            from tariff.demand_rule
        union select version_id, term.operand from tariff.demand_term as term
            inner join tariff.demand_group using (demand_group_id)
            inner join tariff.demand_rule using (demand_rule_id)
        union select version_id, unnest([subject, bound_operand]) from tariff.condition
            inner join tariff.condition_set using (condition_set_id)
            where condition.kind = 'determinant'
        union select version_id, operand from tariff.requirement
    ),
    used_on_bills as (
        select distinct schedule.utility, used.operand,
            schedule.kind in ('adjustment', 'rider') as meets_rates
        from used
        inner join tariff.version using (version_id)
        inner join tariff.schedule using (schedule_id)
    )
"""

RULES = {
    "dead_condition": Rule(
        "warning",
        "A test of a demand that its unconditional floor decides in every month.",
        f"""
        with tested as (
            select clause.version_id, condition.condition_set_id, condition.subject,
                condition.comparison, condition.bound, least.name, least.floor_kw,
                replace(condition.comparison, '_', ' ') || ' ' || {number("condition.bound")}
                    || ' kW' as words
            from tariff.condition
            inner join tariff.condition_set as clause using (condition_set_id)
            inner join ({FLOORS}) as least
                on clause.version_id = least.version_id
                and condition.subject = least.operand
            where condition.kind = 'determinant' and condition.bound_operand is null
        )
        select version.schedule_id, version.version_id,
            coalesce(min(charge.sheet_id), version.sheet_id), tested.subject,
            'the test "' || tested.words || '" of the ' || tested.name || ' demand '
            || case when tested.comparison in ('at_least', 'above') then 'always'
                else 'never' end
            || ' holds, for that demand is never below ' || {number("tested.floor_kw")}
            || ' kW'
        from tested
        inner join tariff.version using (version_id)
        left join tariff.charge using (condition_set_id)
        where (tested.comparison in ('at_least', 'below') and tested.floor_kw >= tested.bound)
            or (tested.comparison in ('above', 'at_most') and tested.floor_kw > tested.bound)
        group by version.schedule_id, version.version_id, version.sheet_id, tested.subject,
            tested.words, tested.name, tested.comparison, tested.floor_kw
        """,
    ),
    "broken_blocks": Rule(
        "error",
        "Blocks of a charge that leave a part of what they price out, or price it twice.",
        f"""
        with range as (
            select distinct charge_id, from_quantity, to_quantity from tariff.charge_step
        ),
        edge as (
            select *,
                row_number() over block as block_no,
                lag(to_quantity) over block as reached,
                lead(from_quantity) over block is null as is_last
            from range
            window block as (partition by charge_id order by from_quantity, to_quantity)
        )
        select version.schedule_id, version_id, charge.sheet_id, charge.code,
            'the blocks of ' || charge.code || coalesce(' (' || charge.season || ')', '')
            || case
                when block_no = 1 and from_quantity <> 0
                    then ' begin at ' || {number("from_quantity")}
                when block_no > 1 and from_quantity is distinct from reached
                    then ' do not join at ' || {number("from_quantity")}
                else ' end at ' || {number("to_quantity")} || ' and price nothing above'
            end
        from edge
        inner join tariff.charge using (charge_id)
        inner join tariff.version using (version_id)
        where (block_no = 1 and from_quantity <> 0)
            or (block_no > 1 and from_quantity is distinct from reached)
            or (is_last and to_quantity is not null)
        """,
    ),
    "unpriced_season": Rule(
        "error",
        "A quantity that charges cover in some seasons of a version and in others do not.",
        """
        with season as (select distinct version_id, season from tariff.season_month),
        covered as (
            select distinct version_id, covers from tariff.charge where covers is not null
        )
        select version.schedule_id, version_id, version.sheet_id, covers,
            'no charge prices ' || covers || ' in season ' || season.season
        from covered
        inner join season using (version_id)
        inner join tariff.version using (version_id)
        anti join tariff.combination as joined
            on covered.version_id = joined.version_id and season.season = joined.season
        anti join tariff.charge as priced
            on covered.version_id = priced.version_id and covered.covers = priced.covers
            and (priced.season is null or priced.season = season.season)
        where version.status <> 'incomplete'
        """,
    ),
    "unpriced_slice": Rule(
        "error",
        "A slice of a quantity that no charge prices and nothing else uses.",
        f"""
        with {USED}
        select distinct version.schedule_id, version_id, split.sheet_id, step.slice_name,
            'the slice ' || step.slice_name || ' of ' || split.operand
            || ' is priced by no charge'
        from tariff.split_step as step
        inner join tariff.split using (split_id)
        inner join tariff.version using (version_id)
        inner join tariff.schedule using (schedule_id)
        anti join used
            on split.version_id = used.version_id and step.slice_name = used.operand
        anti join used_on_bills
            on schedule.utility = used_on_bills.utility
            and step.slice_name = used_on_bills.operand
            and used_on_bills.meets_rates
        where version.status <> 'incomplete'
        """,
    ),
    "unused_quantity": Rule(
        "warning",
        "A demand or derived quantity that nothing prices, tests or is made of.",
        f"""
        with {USED},
        made as (
            select version_id, sheet_id, name as operand from tariff.determinant
            union select version_id, sheet_id, name || '{DEMAND_SUFFIX}' from tariff.demand_rule
        )
        select version.schedule_id, version_id, made.sheet_id, made.operand,
            made.operand || ' is defined, and nothing prices, tests or uses it'
        from made
        inner join tariff.version using (version_id)
        inner join tariff.schedule using (schedule_id)
        anti join used on made.version_id = used.version_id and made.operand = used.operand
        anti join used_on_bills
            on schedule.utility = used_on_bills.utility
            and made.operand = used_on_bills.operand
            and (used_on_bills.meets_rates or schedule.kind in ('adjustment', 'rider'))
        where version.status <> 'incomplete'
        """,
    ),
    "nothing_charged": Rule(
        "error",
        "A version of a schedule that has bills of its own in some season, and no charge.",
        """
        with billed as (
            select version_id from tariff.season_month
            anti join tariff.combination using (version_id, season)
        )
        select version.schedule_id, version_id, version.sheet_id, null,
            'it has no charges, so that its bills come out as 0 unless a rider charges something'
        from tariff.version
        inner join tariff.schedule using (schedule_id)
        anti join tariff.charge using (version_id)
        where version.status <> 'incomplete' and schedule.kind in ('rate', 'lighting')
            and (version_id not in (select version_id from tariff.combination)
                or version_id in (select version_id from billed))
        """,
    ),
    "unknown_attribute": Rule(
        "warning",
        "A condition on a further column that no agreement of the utility fills.",
        f"""
        with served as (select distinct utility from portfolio.service_agreement),
        carried as (
            select distinct utility, attribute from portfolio.service_agreement_attribute
            inner join portfolio.service_agreement using (agreement_id, start_date)
        )
        select distinct version.schedule_id, version_id, version.sheet_id, condition.subject,
            'a condition tests ' || condition.subject
            || ', a column of service_agreements that is missing, or blank in all that are loaded'
        from tariff.condition
        inner join tariff.condition_set using (condition_set_id)
        inner join tariff.version using (version_id)
        inner join tariff.schedule using (schedule_id)
        inner join served using (utility)
        anti join carried
            on schedule.utility = carried.utility and condition.subject = carried.attribute
        where condition.kind = 'attribute'
            and condition.subject not in ({_OF_EVERY_AGREEMENT})
        """,
    ),
}
