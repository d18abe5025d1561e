{# A key: no two rows have the same values in these columns, and none lacks one, except in the
   columns named as `optional`. A failing row is a key, with how many rows have it. #}
{% test unique_combination(model, columns, optional=[]) %}
select
    {% for column in columns -%}
    {{ column }},
    {% endfor -%}
    count(*) as rows_with_this_key
from {{ model }}
group by {{ columns | join(', ') }}
having
    count(*) > 1
    {%- for column in columns if column not in optional %}
    or {{ column }} is null
    {%- endfor %}
{% endtest %}
