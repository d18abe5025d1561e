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

{# The checks of the reconciliation that hold what a bill says against an earlier layer: the name, and
   the columns of int_reconciliation__request with what is expected and what is found. #}
{% macro checks_of_bills() -%}
    {{ return([
        ('every_rated_request_has_a_bill', '1', 'bills'),
        ('lines_are_as_priced', 'priced_amount', 'listed_amount'),
        ('line_quantities_are_as_priced', 'priced_quantity', 'listed_quantity'),
        ('lines_foot_to_bills', 'listed_amount', 'net_amount'),
        ('components_foot_to_lines', '0', 'component_difference'),
        ('priced_energy_is_billed_energy', 'covered_kwh', 'priced_kwh'),
        ('billed_energy_is_determined_energy', 'determined_kwh', 'billed_kwh'),
        ('billed_demand_is_determined_demand', 'determined_kw', 'billed_kw'),
        ('lines_keep_their_component', 'priced_weighed_amount', 'listed_weighed_amount')
    ]) }}
{%- endmacro %}
