{{ config(tags=['eligibility']) }}
-- The declared tests of what is built for eligibility, which may be all that is built.
-- depends_on: {{ ref('eligibility') }}

{% set models = [] -%}
{% do with_ancestors('model.ratebook.eligibility', models) -%}
{{ declared_tests(models) }}
