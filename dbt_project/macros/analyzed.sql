{# Statistics of a new table on PostgreSQL, whose planner would guess its size without them. #}
{% macro analyzed() -%}
    {%- if target.type == 'postgres' and model.config.materialized == 'table' -%}
    analyze {{ this }}
    {%- endif -%}
{%- endmacro %}
