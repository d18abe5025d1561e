{# What a recipe's bill cannot be without: CTE `needed` (recipe_id, operand, quantity_id), to stand
   after the CTE `step`. #}
{% macro quantities_needed() -%}
requirement as (

    select * from {{ source('tariff', 'requirement') }}

),

meaning as (

    select * from {{ ref('int_recipe__quantity') }} where last_level = {{ charge_level() }}

),

needed as (

    select distinct
        recipe_version.recipe_id,
        requirement.operand,
        meaning.quantity_id
    from {{ ref('int_recipe__version') }} as recipe_version
    inner join requirement
        on recipe_version.version_id = requirement.version_id
    inner join meaning
        on
            recipe_version.recipe_id = meaning.recipe_id
            and requirement.operand = meaning.operand
    union
    select
        recipe_id,
        operand,
        quantity_id
    from step
    where not blank_is_zero and not is_contingent and not is_unit and quantity_id is not null
    union
    select
        recipe_id,
        'what the blocks of ' || code || ' are multiples of' as operand,
        limit_quantity_id as quantity_id
    from step
    where not blank_is_zero and not is_contingent and limit_quantity_id is not null

)
{%- endmacro %}

{# The charges by factor that a request's month has no factor for: CTE `unpriced` (request_id,
   version_id, quantity_id), to stand after the CTEs `request` and `step`. #}
{% macro factors_missing() -%}
factor as (

    select * from {{ ref('int_factor') }}

),

unpriced as (

    select distinct
        request.request_id,
        step.version_id,
        step.quantity_id
    from request
    inner join step
        on
            request.recipe_id = step.recipe_id
            and step.is_factor
            and not step.blank_is_zero
    left join factor
        on
            step.version_id = factor.version_id
            and request.billing_month = factor.billing_month
    where factor.version_id is null

)
{%- endmacro %}
