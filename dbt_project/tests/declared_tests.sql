{#
    The declared tests of what a rating run builds, those of models too that a run of what changed
    leaves as they are.
#}
-- depends_on: {{ ref('int_input__built') }}
-- depends_on: {{ ref('int_input__loaded') }}
-- depends_on: {{ ref('reconciliation') }}
-- depends_on: {{ ref('reconciliation_compared') }}

{% set models = [] -%}
{% for name, node in (graph.nodes or {}).items() if node.resource_type == 'model' -%}
    {% if 'eligibility' not in node.tags and 'metrics' not in node.tags -%}
        {% do models.append(name) %}
    {%- endif %}
{%- endfor %}
{{ declared_tests(models) }}
