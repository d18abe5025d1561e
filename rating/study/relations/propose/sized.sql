-- Agreements in bands: sizes are average kWh a month, load factors those of the present billing
-- demands, changes per cent of the present bills; each band from its lower edge on, below the next.
-- One row per agreement.

with averaged as (
    select
        *,
        case when months = 0 then 0 else study.quotient(kwh, months) end as average_kwh
    from study.proposal_agreement
)

select
    *,
    list_max(list_filter([0, 500, 1000, 2000, 5000, 20000, 100000], lambda x: x <= average_kwh))
        as size_from_kwh,
    list_max(list_filter([0, 20, 40, 60, 80, 100], lambda x: x <= load_factor_percent))
        as load_factor_from_percent,
    case
        when change_usd = 0 then 'unchanged' when change_usd < 0 then 'lower' else 'higher'
    end as direction,
    list_max(list_filter([0, 1, 2, 5, 10, 20, 50, 100], lambda x: x <= abs(change_percent)))
        as change_from_percent
from averaged
