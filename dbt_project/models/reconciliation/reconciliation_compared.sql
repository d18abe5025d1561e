{{ config(materialized='view') }}
-- Each relation held against an earlier layer, row by row: reads against bills and unbilled
-- reads, lines against what was priced, bills against their lines, priced energy against billed
-- energy. A row whose `actual` is not its `expected` is what a failed check names.
-- One row per check, agreement and billing month (and operand, for priced energy).

with meter_read as (

    select * from {{ ref('stg_portfolio__meter_read') }}
    where
        billing_month between cast('{{ var("from_month") }}' as date)
        and cast('{{ var("to_month") }}' as date)

),

assigned as (

    select * from {{ ref('int_read__assigned') }}

),

bill as (

    select * from {{ ref('bill') }}

),

bill_line_item as (

    select * from {{ ref('bill_line_item') }}

),

unbilled_read as (

    select * from {{ ref('unbilled_read') }}

),

request as (

    select
        rated.request_id,
        rated.agreement_id,
        rated.billing_month,
        rated.recipe_id,
        schedule.utility || ' ' || schedule.schedule as scope
    from {{ ref('int_request__billed') }} as rated
    inner join {{ source('tariff', 'version') }} as version
        on rated.version_id = version.version_id
    inner join {{ source('tariff', 'schedule') }} as schedule
        on version.schedule_id = schedule.schedule_id

),

outcome as (

    select
        agreement_id,
        billing_month
    from bill
    union all
    select
        agreement_id,
        billing_month
    from unbilled_read

),

outcome_count as (

    select
        agreement_id,
        billing_month,
        count(*) as outcomes
    from outcome
    group by agreement_id, billing_month

),

narrow_line as (

    select
        request_id,
        sum(amount) as amount,
        sum(quantity) as quantity
    from {{ ref('int_line') }}
    group by request_id

),

listed_line as (

    select
        agreement_id,
        billing_month,
        sum(amount) as amount,
        sum(quantity) as quantity,
        sum(case when component = 'customer' then amount else 0 end) as customer_amount,
        sum(case when component = 'energy' then amount else 0 end) as energy_amount,
        sum(case when component = 'demand' then amount else 0 end) as demand_amount,
        sum(case when component = 'facilities' then amount else 0 end) as facilities_amount,
        sum(case when component = 'minimum' then amount else 0 end) as minimum_amount,
        sum(case when component = 'discount' then amount else 0 end) as discount_amount,
        sum(case when component = 'adjustment' then amount else 0 end) as adjustment_amount,
        sum(case when component = 'rider' then amount else 0 end) as rider_amount,
        sum(case when component = 'credit' then amount else 0 end) as credit_amount
    from bill_line_item
    group by agreement_id, billing_month

),

step as (

    select * from {{ ref('int_recipe__charge_step') }} where covers is not null

),

covered as (

    select distinct
        recipe_id,
        covered_quantity_id
    from step

),

priced_energy as (

    select
        priced.request_id,
        step.covered_quantity_id,
        sum(priced.slice_quantity) as quantity
    from {{ ref('int_charge_step__priced') }} as priced
    inner join step
        on priced.step_key = step.step_key
    group by priced.request_id, step.covered_quantity_id

),

quantity as (

    select * from {{ ref('int_quantity') }}

),

energy_meaning as (

    select * from {{ ref('int_recipe__quantity') }} where last_level = 99 and operand = 'kwh'

),

demand as (

    select
        determined.request_id,
        determined.demand_kw
    from {{ ref('int_demand__determined') }} as determined
    inner join {{ source('tariff', 'demand_rule') }} as demand_rule
        on determined.demand_rule_id = demand_rule.demand_rule_id
    where demand_rule.name = 'billing'

)

select
    'every_read_has_one_outcome' as check_name,
    coalesce(assigned.utility || ' ' || assigned.schedule, 'no agreement') as scope,
    coalesce(meter_read.agreement_id, outcome_count.agreement_id) as agreement_id,
    coalesce(meter_read.billing_month, outcome_count.billing_month) as billing_month,
    case when meter_read.agreement_id is null then 0 else 1 end as expected,
    coalesce(outcome_count.outcomes, 0) as actual
from meter_read
full outer join outcome_count
    on
        meter_read.agreement_id = outcome_count.agreement_id
        and meter_read.billing_month = outcome_count.billing_month
left join assigned
    on
        coalesce(meter_read.agreement_id, outcome_count.agreement_id) = assigned.agreement_id
        and coalesce(meter_read.billing_month, outcome_count.billing_month)
        = assigned.billing_month
union all
select
    'every_rated_request_has_a_bill' as check_name,
    coalesce(request.scope, bill.utility || ' ' || bill.schedule) as scope,
    coalesce(request.agreement_id, bill.agreement_id) as agreement_id,
    coalesce(request.billing_month, bill.billing_month) as billing_month,
    case when request.request_id is null then 0 else 1 end as expected,
    case when bill.agreement_id is null then 0 else 1 end as actual
from request
full outer join bill
    on
        request.agreement_id = bill.agreement_id
        and request.billing_month = bill.billing_month
union all
select
    'lines_are_as_priced' as check_name,
    coalesce(request.scope, 'no request') as scope,
    coalesce(request.agreement_id, listed_line.agreement_id) as agreement_id,
    coalesce(request.billing_month, listed_line.billing_month) as billing_month,
    coalesce(narrow_line.amount, 0) as expected,
    coalesce(listed_line.amount, 0) as actual
from request
left join narrow_line
    on request.request_id = narrow_line.request_id
full outer join listed_line
    on
        request.agreement_id = listed_line.agreement_id
        and request.billing_month = listed_line.billing_month
union all
select
    'line_quantities_are_as_priced' as check_name,
    request.scope,
    request.agreement_id,
    request.billing_month,
    coalesce(narrow_line.quantity, 0) as expected,
    coalesce(listed_line.quantity, 0) as actual
from request
left join narrow_line
    on request.request_id = narrow_line.request_id
left join listed_line
    on
        request.agreement_id = listed_line.agreement_id
        and request.billing_month = listed_line.billing_month
union all
select
    'lines_foot_to_bills' as check_name,
    coalesce(bill.utility || ' ' || bill.schedule, 'no bill') as scope,
    coalesce(bill.agreement_id, listed_line.agreement_id) as agreement_id,
    coalesce(bill.billing_month, listed_line.billing_month) as billing_month,
    coalesce(listed_line.amount, 0) as expected,
    coalesce(bill.net_amount, 0) as actual
from bill
full outer join listed_line
    on
        bill.agreement_id = listed_line.agreement_id
        and bill.billing_month = listed_line.billing_month
union all
select
    'components_foot_to_lines' as check_name,
    bill.utility || ' ' || bill.schedule as scope,
    bill.agreement_id,
    bill.billing_month,
    0 as expected,
    abs(bill.customer_amount - coalesce(listed_line.customer_amount, 0))
    + abs(bill.energy_amount - coalesce(listed_line.energy_amount, 0))
    + abs(bill.demand_amount - coalesce(listed_line.demand_amount, 0))
    + abs(bill.facilities_amount - coalesce(listed_line.facilities_amount, 0))
    + abs(bill.minimum_amount - coalesce(listed_line.minimum_amount, 0))
    + abs(bill.discount_amount - coalesce(listed_line.discount_amount, 0))
    + abs(bill.adjustment_amount - coalesce(listed_line.adjustment_amount, 0))
    + abs(bill.rider_amount - coalesce(listed_line.rider_amount, 0))
    + abs(bill.credit_amount - coalesce(listed_line.credit_amount, 0)) as actual
from bill
left join listed_line
    on
        bill.agreement_id = listed_line.agreement_id
        and bill.billing_month = listed_line.billing_month
union all
select
    'priced_energy_is_billed_energy' as check_name,
    request.scope,
    request.agreement_id,
    request.billing_month,
    quantity.quantity as expected,
    coalesce(priced_energy.quantity, 0) as actual
from request
inner join covered
    on request.recipe_id = covered.recipe_id
inner join quantity
    on
        request.request_id = quantity.request_id
        and covered.covered_quantity_id = quantity.quantity_id
left join priced_energy
    on
        request.request_id = priced_energy.request_id
        and covered.covered_quantity_id = priced_energy.covered_quantity_id
union all
select
    'billed_energy_is_determined_energy' as check_name,
    request.scope,
    request.agreement_id,
    request.billing_month,
    coalesce(quantity.quantity, 0) as expected,
    coalesce(bill.kwh, 0) as actual
from request
inner join energy_meaning
    on request.recipe_id = energy_meaning.recipe_id
left join quantity
    on
        request.request_id = quantity.request_id
        and energy_meaning.quantity_id = quantity.quantity_id
left join bill
    on
        request.agreement_id = bill.agreement_id
        and request.billing_month = bill.billing_month
union all
select
    'billed_demand_is_determined_demand' as check_name,
    request.scope,
    request.agreement_id,
    request.billing_month,
    coalesce(demand.demand_kw, 0) as expected,
    coalesce(bill.billing_demand_kw, 0) as actual
from request
left join demand
    on request.request_id = demand.request_id
left join bill
    on
        request.agreement_id = bill.agreement_id
        and request.billing_month = bill.billing_month
