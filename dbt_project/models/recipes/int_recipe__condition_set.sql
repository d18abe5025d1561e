-- The clauses that hold for a recipe as far as attributes, schedule, season, period, option and
-- contract year decide; a clause that also tests a determinant is decided request by request. The
-- schedule is that of the version that is rated, in its clauses and riders too.
-- One row per recipe and clause that holds or may hold.

with recipe as (

    select
        recipe.recipe_id,
        recipe.profile_id,
        recipe.period_key,
        schedule.schedule
    from {{ ref('int_recipe') }} as recipe
    inner join {{ source('tariff', 'version') }} as version
        on recipe.version_id = version.version_id
    inner join {{ source('tariff', 'schedule') }} as schedule
        on version.schedule_id = schedule.schedule_id

),

recipe_version as (

    select * from {{ ref('int_recipe__version') }}

),

profile as (

    select * from {{ ref('int_attribute_profile') }}

),

condition_set as (

    select * from {{ source('tariff', 'condition_set') }}

),

condition as (

    select * from {{ source('tariff', 'condition') }}

),

condition_value as (

    select * from {{ source('tariff', 'condition_value') }}

),

tested as (

    select
        recipe_version.recipe_id,
        condition_set.condition_set_id,
        condition_set.is_negated,
        condition.ordinal,
        condition.kind,
        case
            when condition.kind = 'period'
                then position(
                    ',' || cast(condition_set.condition_set_id as text) || ',' in recipe.period_key
                ) > 0
            when condition.comparison = 'at_least'
                then recipe_version.contract_year >= condition.bound
            when condition.comparison = 'above'
                then recipe_version.contract_year > condition.bound
            when condition.comparison = 'at_most'
                then recipe_version.contract_year <= condition.bound
            when condition.comparison = 'below'
                then recipe_version.contract_year < condition.bound
            when condition.is_negated then count(condition_value.value) = 0
            else count(condition_value.value) > 0
        end as is_met
    from recipe_version
    inner join recipe
        on recipe_version.recipe_id = recipe.recipe_id
    inner join condition_set
        on recipe_version.version_id = condition_set.version_id
    inner join condition
        on condition_set.condition_set_id = condition.condition_set_id
    left join profile
        on
            recipe.profile_id = profile.profile_id
            and condition.kind = 'attribute'
            and condition.subject = profile.attribute
    left join condition_value
        on
            condition.condition_set_id = condition_value.condition_set_id
            and condition.ordinal = condition_value.ordinal
            and condition_value.value = case condition.kind
                when 'attribute'
                    then case condition.subject
                        when 'schedule' then recipe.schedule
                        else profile.value
                    end
                when 'season' then recipe_version.season
                when 'option' then recipe_version.option
                when 'contract_year' then cast(recipe_version.contract_year as text)
                when 'opening'
                    then case
                        when position(',opening,' in recipe.period_key) > 0 then 'true'
                        else 'false'
                    end
                when 'closing'
                    then case
                        when position(',closing,' in recipe.period_key) > 0 then 'true'
                        else 'false'
                    end
            end
    group by
        recipe_version.recipe_id,
        condition_set.condition_set_id,
        condition_set.is_negated,
        condition.ordinal,
        condition.kind,
        condition.is_negated,
        condition.comparison,
        condition.bound,
        recipe_version.contract_year,
        recipe.period_key

),

summed as (

    select
        recipe_id,
        condition_set_id,
        is_negated,
        sum(case when kind = 'determinant' then 1 else 0 end) as determinant_tests,
        sum(case when kind != 'determinant' and not coalesce(is_met, false) then 1 else 0 end)
            as unmet
    from tested
    group by recipe_id, condition_set_id, is_negated

)

select
    recipe_id,
    condition_set_id,
    determinant_tests > 0 as has_determinant_test
from summed
where (unmet = 0) != is_negated
