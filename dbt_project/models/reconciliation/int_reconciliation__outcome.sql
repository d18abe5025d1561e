{{ config(materialized='view', tags=['standing']) }}
-- What became of each read, and bills or lines that belong to none.
-- One row per agreement and billing month of a read, a bill, an unbilled read or a line.

with meter_read as (

    select
        agreement_id,
        billing_month,
        utility || ' ' || schedule as scope
    from {{ ref('int_read__assigned') }}
    where is_asked_for

),

outcome as (

    select
        agreement_id,
        billing_month,
        1 as reads,
        0 as outcomes,
        0 as bills,
        scope
    from meter_read
    union all
    select
        agreement_id,
        billing_month,
        0 as reads,
        1 as outcomes,
        1 as bills,
        utility || ' ' || schedule as scope
    from {{ ref('bill') }}
    union all
    select
        agreement_id,
        billing_month,
        0 as reads,
        1 as outcomes,
        0 as bills,
        cast(null as text) as scope
    from {{ ref('unbilled_read') }}

)

select
    agreement_id,
    billing_month,
    coalesce(max(scope), 'no agreement') as scope,
    sum(reads) as reads,
    sum(outcomes) as outcomes,
    sum(bills) as bills
from outcome
group by agreement_id, billing_month
