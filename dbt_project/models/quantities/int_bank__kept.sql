-- Months that do not move their banks, for they have no bill (I7): those that cannot be billed in any
-- case, and those without a factor that the bank does not cover. Whether it does depends on the months
-- before, so agreements with a month without a factor are walked through month by month, all their
-- banks side by side: an unbilled month moves none of them.
-- One row per agreement and billing month.

with recursive lacking as (

    select * from {{ ref('int_bank__lacking') }}

),

barred as (

    select distinct
        agreement_id,
        month_index
    from lacking
    where quantity_id is null

),

netted as (

    select * from {{ ref('int_bank__netted') }}
    where
        operation = 'bank'
        and not is_reference
        and agreement_id in (
            select lacking.agreement_id from lacking where lacking.quantity_id is not null
        )

),

month_net as (

    select
        netted.agreement_id,
        netted.quantity_id,
        netted.month_index,
        max(case when netted.is_moving then netted.year_start end) as year_start,
        max(case when netted.is_moving then netted.net end) as net,
        max(case when lacking.request_id is not null then netted.net end) as net_to_cover
    from netted
    left join lacking
        on
            netted.request_id = lacking.request_id
            and netted.quantity_id = lacking.quantity_id
    left join barred
        on
            netted.agreement_id = barred.agreement_id
            and netted.month_index = barred.month_index
    where barred.agreement_id is null
    group by netted.agreement_id, netted.quantity_id, netted.month_index

),

dated as (

    select
        *,
        lag(year_start) over (
            partition by agreement_id, quantity_id
            order by month_index
        ) as last_year_start
    from month_net

),

numbered as (

    select
        agreement_id,
        month_index,
        row_number() over (partition by agreement_id order by month_index) as month_no
    from month_net
    group by agreement_id, month_index

),

bank as (

    select distinct
        agreement_id,
        quantity_id
    from month_net

),

walk as (

    select
        bank.agreement_id,
        bank.quantity_id,
        numbered.month_no,
        numbered.month_index,
        case when dated.year_start != dated.last_year_start then 0 else 1 end as carried,
        coalesce(dated.net, 0) as net,
        dated.net_to_cover
    from bank
    inner join numbered
        on bank.agreement_id = numbered.agreement_id
    left join dated
        on
            bank.agreement_id = dated.agreement_id
            and bank.quantity_id = dated.quantity_id
            and numbered.month_index = dated.month_index

),

walked as (

    select
        agreement_id,
        quantity_id,
        cast(0 as bigint) as month_no,
        cast(0 as integer) as month_index,
        false as is_kept,
        cast(0 as decimal(28, 6)) as in_bank
    from bank
    union all
    select
        met.agreement_id,
        met.quantity_id,
        met.month_no,
        met.month_index,
        met.is_kept,
        case
            when met.is_kept then met.in_bank
            else cast(greatest(0, met.in_bank - met.net) as decimal(28, 6))
        end as in_bank
    from (
        select
            walk.agreement_id,
            walk.quantity_id,
            walk.month_no,
            walk.month_index,
            walk.net,
            cast(walk.carried * walked.in_bank as decimal(28, 6)) as in_bank,
            coalesce(
                bool_or(walk.net_to_cover > walk.carried * walked.in_bank)
                    over (partition by walk.agreement_id),
                false
            ) as is_kept
        from walked
        inner join walk
            on
                walked.agreement_id = walk.agreement_id
                and walked.quantity_id = walk.quantity_id
                and walked.month_no + 1 = walk.month_no
    ) as met

)

select
    agreement_id,
    month_index
from barred
union
select
    agreement_id,
    month_index
from walked
where is_kept
