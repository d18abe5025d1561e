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

{# The attributes that decide why nothing of what a recipe's sheets offer fits: of those that its clauses
   test the ones of which no test holds, or all where of each one some test does. CTE `decided`
   (recipe_id, what, attributes), to stand after the CTE `unfit` (recipe_id, what, condition_set_id). #}
{% macro attributes_that_decide() -%}
tested as (

    select
        unfit.recipe_id,
        unfit.what,
        condition.subject as attribute,
        (count(fitting.value) > 0) = (condition.is_negated = condition_set.is_negated) as is_met
    from unfit
    inner join {{ ref('int_recipe') }} as recipe
        on unfit.recipe_id = recipe.recipe_id
    inner join {{ source('tariff', 'version') }} as version
        on recipe.version_id = version.version_id
    inner join {{ source('tariff', 'schedule') }} as schedule
        on version.schedule_id = schedule.schedule_id
    left join {{ source('tariff', 'condition_set') }} as condition_set
        on unfit.condition_set_id = condition_set.condition_set_id
    left join {{ source('tariff', 'condition') }} as condition
        on
            condition_set.condition_set_id = condition.condition_set_id
            and condition.kind = 'attribute'
    left join {{ ref('int_attribute_profile') }} as profile
        on
            recipe.profile_id = profile.profile_id
            and condition.subject = profile.attribute
    left join {{ source('tariff', 'condition_value') }} as fitting
        on
            condition.condition_set_id = fitting.condition_set_id
            and condition.ordinal = fitting.ordinal
            and fitting.value = case condition.subject
                when 'schedule' then schedule.schedule
                else profile.value
            end
    group by
        unfit.recipe_id,
        unfit.what,
        unfit.condition_set_id,
        condition.ordinal,
        condition.subject,
        condition.is_negated,
        condition_set.is_negated

),

named as (

    select
        recipe_id,
        what,
        attribute,
        case when max(case when is_met then 1 else 0 end) = 0 then attribute end as unmet
    from tested
    group by recipe_id, what, attribute

),

decided as (

    select
        recipe_id,
        what,
        coalesce(
            {{ joined('unmet', bytewise('unmet'), "' and '") }},
            {{ joined('attribute', bytewise('attribute'), "' and '") }}
        ) as attributes
    from named
    group by recipe_id, what

)
{%- endmacro %}
