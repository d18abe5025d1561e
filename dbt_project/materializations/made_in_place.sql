{#
    Tables and views of the build schema, written straight under their names: nobody reads the
    build while it runs, and what is published is copied later. dbt-duckdb's own materializations
    write beside the old relation and rename twice, which takes longer than most of these queries.
#}
{% materialization table, adapter='duckdb' %}

    {%- set target_relation = this.incorporate(type='table') -%}
    {% do drop_where_other(load_cached_relation(this), 'table') %}

    {% call statement('main') -%}
        drop table if exists {{ target_relation }};
        {{ create_table_as(False, target_relation, compiled_code) }}
    {%- endcall %}

    {{ return({'relations': [target_relation]}) }}

{% endmaterialization %}

{% materialization view, adapter='duckdb' %}

    {%- set target_relation = this.incorporate(type='view') -%}
    {% do drop_where_other(load_cached_relation(this), 'view') %}

    {% call statement('main') -%}
        drop view if exists {{ target_relation }};
        {{ create_view_as(target_relation, compiled_code) }}
    {%- endcall %}

    {{ return({'relations': [target_relation]}) }}

{% endmaterialization %}

{# Make room for a relation that was of another type in the last build. #}
{% macro drop_where_other(existing_relation, type) %}
    {% if existing_relation is not none and existing_relation.type != type %}
        {% do adapter.drop_relation(existing_relation) %}
    {% endif %}
{% endmacro %}
