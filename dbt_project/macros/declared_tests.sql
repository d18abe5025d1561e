{#
    Every test that a .yml declares for these models and that looks at no other, asked at once: each
    by itself costs dbt more than its query. Relations made on demand are tested with what makes them.
    A failing row is a row of a declared test that failed, in JSON, with the name of that test.
#}
{% macro declared_tests(models) -%}
    {% set queries = {} -%}
    {% for node in (graph.nodes or {}).values() if node.test_metadata -%}
        {% set others = node.depends_on.nodes | reject('in', models) | reject('in', graph.sources) -%}
        {% if not others | list -%}
            {% set model = graph.nodes[node.attached_node] -%}
            {% set arguments = dict(node.test_metadata.kwargs, model=model.relation_name) -%}
            {% for other in node.depends_on.nodes if 'to' in arguments and other != model.unique_id -%}
                {% do arguments.update(
                    to=(graph.nodes.get(other) or graph.sources[other]).relation_name
                ) %}
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
{%- endmacro %}

{# Adds a model and all that it hangs on to `found`, by their ids. #}
{% macro with_ancestors(id, found) -%}
    {% if id in (graph.nodes or {}) and id not in found -%}
        {% do found.append(id) -%}
        {% for parent in graph.nodes[id].depends_on.nodes -%}
            {% do with_ancestors(parent, found) -%}
        {% endfor -%}
    {% endif -%}
{%- endmacro %}
