-- The versions a recipe is made of: its schedule's, its adjustment clauses' and its riders',
-- read off one of the reads that have the recipe.
-- One row per recipe and version.

with recipe as (

    select * from {{ ref('int_recipe') }}

),

request as (

    select * from {{ ref('int_request__production') }}

),

adjustment as (

    select * from {{ ref('int_adjustment__in_force') }} where rider_version_id is not null

),

enrollment as (

    select * from {{ ref('int_enrollment__accepted') }}

),

example as (

    select
        request.recipe_id,
        min(request.request_id) as request_id
    from request
    group by request.recipe_id

),

sample as (

    select
        recipe.recipe_id,
        recipe.version_id,
        recipe.season,
        recipe.adjustment_key,
        request.agreement_id,
        request.billing_month,
        request.last_service_date
    from recipe
    inner join example
        on recipe.recipe_id = example.recipe_id
    inner join request
        on example.request_id = request.request_id

)

select
    recipe_id,
    version_id,
    1 as role_order,
    season,
    cast(null as text) as option,
    cast(null as integer) as contract_year
from sample
union all
select
    sample.recipe_id,
    adjustment.rider_version_id as version_id,
    2 as role_order,
    coalesce(adjustment.rider_season, sample.season) as season,
    cast(null as text) as option,
    cast(null as integer) as contract_year
from sample
inner join adjustment
    on
        sample.version_id = adjustment.version_id
        and sample.last_service_date = adjustment.last_service_date
        and sample.billing_month = adjustment.billing_month
        and sample.adjustment_key != ''
union all
select
    sample.recipe_id,
    enrollment.rider_version_id as version_id,
    3 as role_order,
    coalesce(enrollment.rider_season, sample.season) as season,
    enrollment.option,
    enrollment.contract_year
from sample
inner join enrollment
    on
        sample.agreement_id = enrollment.agreement_id
        and sample.billing_month = enrollment.billing_month
