-- What the months that a ratchet looks back at say, with the meters added up that join the
-- agreement's today, as the sheet of today says, and no others (G6, M16). Only of agreements that
-- others join, or once joined: what other reads say is in int_read_quantity.
-- One row per request and determinant.

with request as (

    select
        *,
        cast(extract(month from billing_month) as integer) as month_of_year
    from {{ ref('int_request') }}
    where is_history

),

read_joined as (

    select * from {{ ref('int_read__joined') }}

),

ever_joined as (

    select agreement_id
    from read_joined
    union
    select partner_agreement_id as agreement_id
    from {{ ref('int_read__combined') }}
    where reason = 'combined'

),

concerned as (

    select request.*
    from request
    inner join ever_joined
        on request.agreement_id = ever_joined.agreement_id

),

member as (

    select distinct
        agreement_id,
        group_no,
        joining_agreement_id,
        version_id
    from read_joined

),

season_month as (

    select * from {{ source('tariff', 'season_month') }}

),

combination as (

    select * from {{ source('tariff', 'combination') }}

),

meter_read as (

    select * from {{ ref('stg_portfolio__meter_read') }}

),

joined as (

    select
        concerned.request_id,
        concerned.agreement_id,
        concerned.billing_month,
        member.joining_agreement_id,
        member.version_id
    from concerned
    inner join member
        on
            concerned.agreement_id = member.agreement_id
            and concerned.group_no = member.group_no
    inner join season_month
        on
            member.version_id = season_month.version_id
            and concerned.month_of_year = season_month.month
    inner join combination
        on
            season_month.version_id = combination.version_id
            and season_month.season = combination.season
    inner join meter_read
        on
            member.joining_agreement_id = meter_read.agreement_id
            and concerned.billing_month = meter_read.billing_month

),

read_to_add as (

    select
        agreement_id,
        billing_month
    from concerned
    union
    select
        joining_agreement_id as agreement_id,
        billing_month
    from joined

),

-- Few of a city's: looked for once, for both uses.
read_quantity as materialized (

    select read_quantity.*
    from {{ ref('stg_portfolio__read_quantity') }} as read_quantity
    inner join read_to_add
        on
            read_quantity.agreement_id = read_to_add.agreement_id
            and read_quantity.billing_month = read_to_add.billing_month

),

{{ meters_added(['request_id']) }}

select
    concerned.request_id,
    read_quantity.determinant,
    read_quantity.quantity
from concerned
inner join read_quantity
    on
        concerned.agreement_id = read_quantity.agreement_id
        and concerned.billing_month = read_quantity.billing_month
left join added
    on
        concerned.request_id = added.request_id
        and read_quantity.determinant = added.determinant
where added.request_id is null
union all
select
    request_id,
    determinant,
    quantity
from added
where quantity is not null
