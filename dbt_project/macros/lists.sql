{# The attributes that terms of an agreement have in columns of their own. #}
{% macro agreement_attributes() -%}
    {{ return([
        'customer_class', 'voltage', 'phase', 'space_heating', 'water_heating', 'all_electric',
        'secondary_metered', 'customer_owned_transformation'
    ]) }}
{%- endmacro %}

{# The quantities that meter reads have in columns of their own. #}
{% macro read_determinants() -%}
    {{ return([
        'kwh', 'kwh_received', 'kwh_on_peak', 'kwh_off_peak', 'kw', 'kw_on_peak', 'kw_off_peak',
        'power_factor', 'kwh_interruption'
    ]) }}
{%- endmacro %}

{# The components of a bill, in the order of its columns. #}
{% macro components() -%}
    {{ return([
        'customer', 'energy', 'demand', 'facilities', 'minimum', 'discount', 'adjustment', 'rider',
        'credit'
    ]) }}
{%- endmacro %}
