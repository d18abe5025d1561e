{# The run that builds; dbt by itself builds for none. #}
{% macro run_id() -%}
    cast({{ env_var('RATEBOOK_RUN_ID', '0') }} as integer)
{%- endmacro %}

{# The months to be rated, as first days; a variable may name any day of its month, or none. #}
{% macro from_month() -%}
    cast('{{ env_var("RATEBOOK_FROM_MONTH", "0001-01")[:7] }}-01' as date)
{%- endmacro %}

{% macro to_month() -%}
    cast('{{ env_var("RATEBOOK_TO_MONTH", "9999-12")[:7] }}-01' as date)
{%- endmacro %}

{# The load since which what has changed is rated; below zero where everything is. #}
{% macro since_load() -%}
    {{ env_var('RATEBOOK_SINCE_LOAD', '-1') }}
{%- endmacro %}

{# A text that changes with any model, from `ratebook`; empty from dbt by itself. #}
{% macro models_fingerprint() -%}
    cast('{{ env_var("RATEBOOK_MODELS", "") }}' as varchar)
{%- endmacro %}
