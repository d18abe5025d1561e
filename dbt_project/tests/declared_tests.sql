{#
    Every test that a model's .yml declares, asked at once: a rating run has this one instead of
    them, for each costs dbt more than its own query. Relations made on demand are tested one by
    one where they are made.
    A failing row is a row of a declared test that failed, in JSON, with the name of that test.
#}
-- depends_on: {{ ref('int_input__built') }}
-- depends_on: {{ ref('int_input__loaded') }}
-- depends_on: {{ ref('reconciliation') }}
-- depends_on: {{ ref('reconciliation_compared') }}

{% set queries = {} -%}
{% for node in graph.nodes.values() if execute and node.test_metadata -%}
    {% set model = graph.nodes[node.attached_node] -%}
    {% if 'eligibility' not in model.tags and 'metrics' not in model.tags -%}
        {% set arguments = dict(node.test_metadata.kwargs, model=model.relation_name) -%}
        {% for other in node.depends_on.nodes if 'to' in arguments and other != node.attached_node -%}
            {% do arguments.update(to=(graph.nodes.get(other) or graph.sources[other]).relation_name) %}
        {%- endfor %}
        {% set test = context['test_' ~ node.test_metadata.name] -%}
        {% do queries.update({node.name: test(**arguments)}) %}
    {%- endif %}
{%- endfor %}

{%- for name, query in queries.items() %}
select
    '{{ name }}' as declared_test,
    cast(to_json(failing) as varchar) as failing_row
from ({{ query }}) as failing
{% if not loop.last %}union all{% endif %}
{%- else %}
select 1 as failing_row where false
{%- endfor %}
