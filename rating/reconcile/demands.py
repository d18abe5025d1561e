"""What a billing system may have taken for a demand, and a demand that is given."""

CANDIDATE = "candidate_kw"

# The demands of the bills in question, with what could have been taken for them; `whole_` is
# rounded to whole kW, and empty where it was whole before.
DEMAND = """
create or replace macro whole_kw(kw) as nullif(cast(round(kw) as decimal(18, 6)), kw);

create table work.demand as
select
    demand.agreement_id,
    demand.billing_month,
    demand.demand_name,
    demand.demand_kw,
    demand.measured_kw,
    demand.adjusted_kw,
    demand.unrounded_kw,
    cast(round(demand.demand_kw) as decimal(18, 6)) as rounded_kw,
    whole_kw(demand.measured_kw) as whole_measured_kw,
    whole_kw(demand.adjusted_kw) as whole_adjusted_kw,
    whole_kw(demand.ratchet_kw) as whole_ratchet_kw,
    whole_kw(earlier.ratchet_kw) as whole_earlier_ratchet_kw,
    demand.ratchet_kw,
    demand.floor_kw,
    earlier.demand_kw as earlier_kw,
    earlier.ratchet_kw as earlier_ratchet_kw
from store.rating.billing_demand as demand
inner join work.differing as differing
    on
        demand.agreement_id = differing.agreement_id
        and demand.billing_month = differing.billing_month
left join store.rating.billing_demand as earlier
    on
        demand.agreement_id = earlier.agreement_id
        and demand.demand_name = earlier.demand_name
        and demand.billing_month = earlier.billing_month + interval 1 month
"""

# The kW that a billing system may have taken for the demand: a column of `work.demand`, in words.
DEMANDS = {
    "measured_kw": "the measured {kw}",
    "whole_measured_kw": "the measured demand rounded to {kw}",
    "adjusted_kw": "the {kw} after power factor",
    "whole_adjusted_kw": "the demand after power factor rounded to {kw}",
    "unrounded_kw": "the {kw} before rounding",
    "rounded_kw": "the {kw} rounded to whole kW",
    "ratchet_kw": "the {kw} of the ratchet",
    "whole_ratchet_kw": "the ratchet rounded to {kw}",
    "floor_kw": "the {kw} of the floor",
    "earlier_kw": "the {kw} of the month before",
    "earlier_ratchet_kw": "the {kw} of the ratchet of the month before",
    "whole_earlier_ratchet_kw": "the ratchet of the month before rounded to {kw}",
}
# A demand that is given: of its rule one term is left, which takes a column of the read.
_RULES = (
    "select demand_rule_id from tariff.demand_rule where of_copy(version_id) and name = {demand}"
)
_GROUPS = f"select demand_group_id from tariff.demand_group where demand_rule_id in ({_RULES})"
GIVEN = f"""
delete from tariff.demand_group where demand_rule_id in ({_RULES}) and demand_group_id not in (
    select arg_min(demand_group_id, ordinal) from tariff.demand_group group by demand_rule_id
);
delete from tariff.demand_term where demand_group_id in ({_GROUPS}) and demand_term_id not in (
    select arg_min(demand_term_id, ordinal) from tariff.demand_term group by demand_group_id
);
update tariff.demand_group set condition_set_id = null where demand_rule_id in ({_RULES});
update tariff.demand_term set
    kind = 'measured', operand = '{CANDIDATE}', percent = 100, constant_kw = null,
    window_months = null, skip_months = 0, choice = null, condition_set_id = null
where demand_group_id in ({_GROUPS});
update tariff.demand_rule set
    adjusted_operand = '{CANDIDATE}', known_within_months = 1, decimals = 6
where demand_rule_id in ({_RULES});
"""
