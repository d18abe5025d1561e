-- The monthly factors by the one canonical formula: numerator over denominator, rounded, less a
-- base, times a scale (M19, I1). A month counts only where every input is there, and where what
-- comes out has at most three digits before the point: inputs that make more are slips.
-- One row per version of a clause or rider and billing month.

with formula as (

    select * from {{ source('tariff', 'formula') }} where not is_check_only

),

{{ factor_steps() }}

select
    version_id,
    utility,
    rider,
    billing_month,
    factor,
    unit,
    inputs,
    sheet_id
from scaled
where {{ is_factor('factor') }}
