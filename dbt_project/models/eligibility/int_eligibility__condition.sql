-- The conditions under which a version takes a customer, each with the values it names as one
-- text. A demand test has the key of what is counted for it: a month reaches a bound, or lies
-- above it.
-- One row per alternative of a version and condition.

with rule as (

    select * from {{ source('tariff', 'eligibility_rule') }}

),

condition as (

    select * from {{ source('tariff', 'eligibility_condition') }}

),

named as (

    select
        eligibility_rule_id,
        ordinal,
        string_agg(value, ' or ' order by value) as value_words
    from {{ source('tariff', 'eligibility_value') }}
    group by eligibility_rule_id, ordinal

)

select
    rule.version_id,
    condition.eligibility_rule_id,
    condition.ordinal,
    condition.kind,
    condition.attribute,
    condition.is_negated,
    condition.bound,
    condition.months,
    named.value_words,
    condition.comparison in ('at_least', 'above') as is_lower_bound,
    condition.comparison in ('above', 'at_most') as is_above,
    case
        when condition.kind = 'demand'
            then named.value_words
                || case
                    when condition.comparison in ('above', 'at_most') then ' above '
                    else ' at least '
                end
                || rtrim(rtrim(cast(condition.bound as text), '0'), '.')
    end as measure
from condition
inner join rule
    on condition.eligibility_rule_id = rule.eligibility_rule_id
left join named
    on
        condition.eligibility_rule_id = named.eligibility_rule_id
        and condition.ordinal = named.ordinal
