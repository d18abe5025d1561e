{#
    A table of the build schema on PostgreSQL, written straight under its name, without a log: it
    can be built again. The planner is helped in three ways. Imports are read where they are used,
    for it knows nothing of a relation that it has put aside; joins are by equal keys only, so that
    nested loops are never the best; and the next model finds statistics of this one.
#}
{% materialization table, adapter='postgres' %}

    {%- set existing_relation = load_cached_relation(this) -%}
    {%- set target_relation = this.incorporate(type='table') -%}
    {%- set imported = 'as not materialized (\\1select * from "' -%}
    {%- set sql = modules.re.sub('as \\((\\s*)select \\* from "', imported, compiled_code) -%}

    {% if existing_relation is not none %}
        {% do adapter.drop_relation(existing_relation) %}
    {% endif %}

    {% call statement('main') -%}
        set local enable_nestloop = off;
        {{ create_table_as(False, target_relation, sql) }}
        analyze {{ target_relation }};
    {%- endcall %}

    {% do adapter.commit() %}

    {{ return({'relations': [target_relation]}) }}

{% endmaterialization %}
