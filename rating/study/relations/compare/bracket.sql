-- Where the cheaper one changes: between the last factor rated at which one is cheaper and the next at
-- which it no longer is. Of several the one next to today's use, on a tie the higher.
-- One row per agreement and determinant whose cheaper one changes.

with followed as (
    select
        *,
        lead(factor) over (
            partition by agreement_id, determinant order by factor
            rows between current row and 1 following
        ) as next_factor
    from study.rated_pair
),

turned as (
    select
        agreement_id,
        determinant,
        difference_usd,
        lag(factor) over by_factor as lower_factor,
        lag(next_factor) over by_factor as upper_factor,
        lag(difference_usd) over by_factor as lower_usd
    from followed
    where difference_usd <> 0
    window by_factor as (
        partition by agreement_id, determinant order by factor
        rows between 1 preceding and current row
    )
)

select distinct on (agreement_id, determinant)
    agreement_id,
    determinant,
    lower_factor,
    upper_factor,
    lower_usd
from turned
where sign(difference_usd) <> sign(lower_usd)
order by
    agreement_id asc,
    determinant asc,
    least(abs(lower_factor - 1), abs(upper_factor - 1)) asc,
    upper_factor desc
