{# A fingerprint of the rows of all tariff tables, whatever order they lie in. #}
{% macro tariff_fingerprint() -%}
{% if execute -%}
    (
        select md5(string_agg(name || hash, '' order by name))
        from (
            {% for table in graph.sources.values() if table.source_name == 'tariff' -%}
            select
                '{{ table.name }}' as name,
                coalesce(md5(string_agg(hash, '' order by hash)), '') as hash
            from (select md5(cast(one as varchar)) as hash from {{ table.relation_name }} as one) as hashed
            {% if not loop.last %}union all{% endif %}
            {% endfor -%}
        ) as fingerprint
    )
{%- else -%}
    ''
{%- endif %}
{%- endmacro %}
