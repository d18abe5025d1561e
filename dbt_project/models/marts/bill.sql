-- The bills: their lines summed by component. The gross bill is a percentage of a positive net
-- bill, or so many dollars above it if that is more, where the sheet states one (M27, I11).
-- One row per agreement and billing month that is billed.

with request as (

    select * from {{ ref('int_request__billed') }}

),

line as (

    select * from {{ ref('int_request__component') }}

),

agreement as (

    select * from {{ source('portfolio', 'service_agreement') }}

),

version as (

    select
        version.version_id,
        version.effective_from,
        cast(version.gross_percent * 0.01 as decimal(18, 8)) as gross_fraction,
        coalesce(version.late_charge_minimum, 0) as late_charge_minimum,
        schedule.utility,
        schedule.schedule
    from {{ source('tariff', 'version') }} as version
    inner join {{ source('tariff', 'schedule') }} as schedule
        on version.schedule_id = schedule.schedule_id

),

meaning as (

    select * from {{ ref('int_recipe__quantity') }} where last_level = {{ charge_level() }}

),

energy as (

    select
        request.request_id,
        quantity.quantity as kwh
    from request
    inner join meaning
        on
            request.recipe_id = meaning.recipe_id
            and meaning.operand = 'kwh'
    inner join {{ ref('int_quantity') }} as quantity
        on
            request.request_id = quantity.request_id
            and meaning.quantity_id = quantity.quantity_id

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
    request.agreement_id,
    agreement.account_id,
    request.billing_month,
    request.read_from,
    request.read_to,
    version.utility,
    agreement.customer_class,
    version.schedule,
    version.effective_from as version_effective_from,
    request.season,
    energy.kwh,
    demand.demand_kw as billing_demand_kw,
    {% for component in components() -%}
    cast(coalesce(line.{{ component }}_amount, 0) as decimal(18, 2)) as {{ component }}_amount,
    {% endfor -%}
    cast(coalesce(line.net_amount, 0) as decimal(18, 2)) as net_amount,
    case
        when line.net_amount > 0 and version.gross_fraction is not null
            then greatest(
                {{ priced_amount('line.net_amount', 'version.gross_fraction') }},
                cast(line.net_amount + version.late_charge_minimum as decimal(18, 2))
            )
        else cast(coalesce(line.net_amount, 0) as decimal(18, 2))
    end as gross_amount,
    {{ run_id() }} as run_id
from request
inner join agreement
    on
        request.agreement_id = agreement.agreement_id
        and request.terms_start_date = agreement.start_date
inner join version
    on request.version_id = version.version_id
left join line
    on request.request_id = line.request_id
left join energy
    on request.request_id = energy.request_id
left join demand
    on request.request_id = demand.request_id
