-- The monthly factors, such as a fuel adjustment, with the inputs they were computed from: by the
-- version in force when the month begins, or else by the first that begins before the next month
-- ends, for a read of the month's label may end in it (G4, G5).
-- One row per utility, rider and billing month.

with factor as (

    select * from {{ ref('int_factor') }}

),

version as (

    select * from {{ source('tariff', 'version') }}

),

sheet as (

    select * from {{ source('tariff', 'sheet') }}

),

ranked as (

    select
        factor.*,
        row_number() over (
            partition by factor.utility, factor.rider, factor.billing_month
            order by version.effective_from asc
        ) as ordinal
    from factor
    inner join version
        on
            factor.version_id = version.version_id
            and version.effective_from < factor.billing_month + interval '2' month
            and (version.effective_to is null or factor.billing_month < version.effective_to)

)

select
    ranked.utility,
    ranked.rider,
    ranked.billing_month,
    cast(ranked.factor as decimal(19, 8)) as factor,
    ranked.unit,
    ranked.inputs,
    sheet.page as sheet
from ranked
inner join sheet
    on ranked.sheet_id = sheet.sheet_id
where ranked.ordinal = 1
