-- The agreements to be copied for each probe: its own, and those whose meters are added to it.
-- One row per probe and agreement.

select
    *,
    probe_id as member_id,
    cast(null as text) as partner_of
from study.probe
union all
select distinct
    probe.probe_id,
    partner.agreement_id,
    probe.billing_month,
    probe.of_what,
    probe.probe_id || '|' || partner.agreement_id as member_id,
    probe.agreement_id as partner_of
from study.probe as probe
inner join store.portfolio.service_agreement as partner
    on probe.agreement_id = partner.combined_with_agreement_id
