"""The rule about times of use that a change of season cuts: what is priced in one season only."""

from rating.lint.rule import Rule
from rating.store.quoting import literal

# The registers of meter reads, which each version may have without times of use.
_OF_READS = ("kwh_on_peak", "kwh_off_peak")

# A season's part of a read has the days' share of each register, whatever hours that is of. What
# is priced in another season in place of the registers (all of the energy) leaves nothing out,
# unless the register itself is of months of one season.
RULES = {
    "unpriced_register": Rule(
        "warning",
        "A register of a version that shares seasons by days, and that one season does not price.",
        f"""
        with prorated as (
            select * from tariff.version where prorates_seasons and status <> 'incomplete'
        ),
        season as (
            select distinct version_id, season from tariff.season_month
            inner join prorated using (version_id)
        ),
        period as (
            select version_id, unnest(['kwh_', 'kwh_received_']) || period as register,
                list(distinct season) as seasons
            from tariff.time_of_use_period
            inner join tariff.time_of_use_month using (version_id, ordinal)
            inner join tariff.season_month using (version_id, month)
            group by version_id, period
        ),
        register as (
            select version_id, register from period
            union select version_id, unnest([{", ".join(map(literal, _OF_READS))}]) from prorated
        ),
        tested as (
            select condition_set_id, list(value) as seasons
            from tariff.condition
            inner join tariff.condition_value using (condition_set_id, ordinal)
            where kind = 'season'
            group by condition_set_id
        ),
        priced as (
            select charge.*, season.season as in_season
            from tariff.charge
            inner join season using (version_id)
            left join tested using (condition_set_id)
            where coalesce(charge.season = season.season, true)
                and coalesce(list_contains(tested.seasons, season.season), true)
        ),
        priced_register as (
            select distinct priced.version_id, register.register, priced.in_season
            from priced
            inner join register
                on priced.version_id = register.version_id and priced.operand = register.register
        ),
        priced_whole as (
            select distinct version_id, in_season from priced
            where operand = 'kwh' and component = 'energy'
        )
        select prorated.schedule_id, used.version_id, prorated.sheet_id, used.register,
            'in a read that spans a change of season, the days'' share of ' || used.register
            || ' that falls into the season ' || season.season
            || ' has no price; give each season periods of its own (months), priced without season'
        from (select distinct version_id, register from priced_register) as used
        inner join season using (version_id)
        inner join prorated using (version_id)
        left join period using (version_id, register)
        left join priced_whole as whole
            on used.version_id = whole.version_id and season.season = whole.in_season
        where not exists (
                select 1 from priced_register as has
                where has.version_id = used.version_id and has.register = used.register
                    and has.in_season = season.season)
            and (whole.version_id is null or not list_contains(period.seasons, season.season))
        """,
    ),
}
