-- What `eligibility` was judged from. It comes after it, so that a build that stopped on the way leaves
-- the row of an earlier one.
-- One row per build.
-- depends_on: {{ ref('eligibility') }}

select
    load_id,
    tariff_fingerprint,
    {{ models_fingerprint() }} as models_fingerprint
from {{ ref('int_input__loaded') }}
