-- The monthly factors, such as a fuel adjustment, with the inputs they were computed from.
-- One row per utility, rider and billing month.

with factor as (

    select * from {{ ref('int_factor') }}

),

version as (

    select * from {{ source('tariff', 'version') }}

),

sheet as (

    select * from {{ source('tariff', 'sheet') }}

)

select
    factor.utility,
    factor.rider,
    factor.billing_month,
    cast(factor.factor as decimal(19, 8)) as factor,
    factor.unit,
    factor.inputs,
    sheet.page as sheet
from factor
inner join version
    on
        factor.version_id = version.version_id
        and factor.billing_month >= version.effective_from
        and (version.effective_to is null or factor.billing_month < version.effective_to)
inner join sheet
    on factor.sheet_id = sheet.sheet_id
