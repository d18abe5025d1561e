{{ config(tags=['eligibility']) }}
-- The declared tests of what is built for eligibility: of the models that were chosen with it.
-- depends_on: {{ ref('eligibility') }}

{{ declared_tests(selected_resources) }}
