{{ config(materialized='table', tags=['metrics']) }}
-- Bills with what the metrics sum. Ratchet revenue is the demand charge of a bill with a demand that
-- an earlier month's peak determined.
-- One row per agreement and billing month.

with bill as (

    select * from {{ ref('bill') }}

),

ratcheted as (

    select distinct
        agreement_id,
        billing_month
    from {{ ref('billing_demand') }}
    where binding = 'ratchet'

)

select
    bill.agreement_id,
    bill.billing_month,
    bill.account_id,
    bill.utility,
    bill.customer_class,
    bill.schedule,
    bill.season,
    bill.kwh,
    bill.net_amount,
    case when ratcheted.agreement_id is null then 0 else bill.demand_amount end as ratchet_amount
from bill
left join ratcheted
    on
        bill.agreement_id = ratcheted.agreement_id
        and bill.billing_month = ratcheted.billing_month
