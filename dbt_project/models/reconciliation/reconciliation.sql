-- The reconciliation of the run: each relation held against an earlier layer. A check passes where
-- every row of its scope agrees, to the cent and to the sixth decimal; `difference` adds up the
-- rows' differences without their signs, so that opposite errors do not cancel.
-- One row per check and scope (utility and schedule).

with request as (

    select
        scope,
        {% for _, expected, actual in checks_of_bills() -%}
        cast(sum({{ expected }}) as decimal(28, 6)) as expected_{{ loop.index }},
        cast(sum({{ actual }}) as decimal(28, 6)) as actual_{{ loop.index }},
        cast(sum(abs({{ actual }} - {{ expected }})) as decimal(28, 6)) as difference_{{ loop.index }}
        {%- if not loop.last %},{% endif %}
        {% endfor -%}
    from {{ ref('int_reconciliation__request') }}
    group by scope

),

stray as (

    select
        'no bill' as scope,
        count(*) as actual,
        coalesce(sum(abs(line.amount)), 0) as difference
    from {{ ref('bill_line_item') }} as line
    left join {{ ref('bill') }} as bill
        on
            line.agreement_id = bill.agreement_id
            and line.billing_month = bill.billing_month
    where bill.agreement_id is null

),

outcome as (

    select
        scope,
        cast(sum(reads) as decimal(28, 6)) as expected,
        cast(sum(outcomes) as decimal(28, 6)) as actual,
        cast(sum(abs(outcomes - reads)) as decimal(28, 6)) as difference
    from {{ ref('int_reconciliation__outcome') }}
    group by scope

),

checked as (

    select
        'every_read_has_one_outcome' as check_name,
        scope,
        expected,
        actual,
        difference
    from outcome
    union all
    select
        'lines_foot_to_bills' as check_name,
        scope,
        cast(0 as decimal(28, 6)) as expected,
        cast(actual as decimal(28, 6)) as actual,
        cast(difference as decimal(28, 6)) as difference
    from stray
    where actual > 0
    {% for check_name, _, _ in checks_of_bills() -%}
    union all
    select
        '{{ check_name }}' as check_name,
        scope,
        expected_{{ loop.index }} as expected,
        actual_{{ loop.index }} as actual,
        difference_{{ loop.index }} as difference
    from request
    {% endfor %}
)

select
    {{ run_id() }} as run_id,
    check_name,
    scope,
    cast({{ within('expected', 12) }} as decimal(18, 6)) as expected,
    cast({{ within('actual', 12) }} as decimal(18, 6)) as actual,
    cast({{ within('difference', 12) }} as decimal(18, 6)) as difference,
    case when difference = 0 then 'pass' else 'fail' end as status
from checked
