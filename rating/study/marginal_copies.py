"""SQL for reads copied with a little more kWh or kW, and for what that costs."""

# The bills that are asked for, each with its place among those of its agreement.
ASKED = """
create or replace table study.asked as
with numbered as (
    select
        *,
        row_number() over (
            partition by agreement_id order by billing_month
            rows between unbounded preceding and current row
        ) as number
    from store.rating.bill
)

select *
from numbered
where
    billing_month >= coalesce(cast($first as date), billing_month)
    and billing_month <= coalesce(cast($last as date), billing_month)
    and (
        len(cast($schedules as text[])) = 0
        or list_contains(cast($schedules as text[]), schedule)
    )
"""
# One row per billing month: how many reads its copies need, earlier months included.
READS = """
    select billing_month, cast(2 * sum(number) as bigint) as reads
    from study.asked
    group by billing_month
    order by billing_month
"""
PREPARED = (
    """
    create or replace table study.probe (
        probe_id text, agreement_id text, billing_month date, of_what text
    )
    """,
    """
    create or replace table study.probed (
        agreement_id text, billing_month date, of_what text, bill_usd decimal(18, 2)
    )
    """,
)
PROBE = (
    "delete from study.probe",
    """
    insert into study.probe
    select
        bill.agreement_id || '|' || strftime(bill.billing_month, '%Y-%m') || '|' || what.of_what,
        bill.agreement_id,
        bill.billing_month,
        what.of_what
    from study.asked as bill
    inner join store.portfolio.meter_read as read
        on
            bill.agreement_id = read.agreement_id
            and bill.billing_month = read.billing_month
    anti join store.rating.interval_coverage as interval_reads
        on bill.agreement_id = interval_reads.agreement_id
    cross join (select unnest(['kwh', 'kw']) as of_what) as what
    where list_contains($months, bill.billing_month)
        and case
            when what.of_what = 'kwh' then read.kwh
            else coalesce(read.kw, read.kw_on_peak, read.kw_off_peak)
        end is not null
    """,
)
# The agreement's own rows, and those of meters that are added to its.
MEMBER = """
create or replace table study.member as
select *, probe_id as member_id, cast(null as text) as partner_of from study.probe
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
"""
# What a copy's row has in place of the column.
REPLACED = {
    "agreement_id": "member.member_id",
    "combined_with_agreement_id": "case when"
    " source_row.combined_with_agreement_id = member.partner_of then member.probe_id end",
}
OF_MEMBER = "inner join study.member as member on source_row.agreement_id = member.agreement_id"
# Of what is read by months only those up to the read's own.
UP_TO_THE_READ = "where source_row.billing_month <= member.billing_month"
# The next kWh falls on and off peak as the month's did, in millionths; the next kW in each period.
ON_PEAK = (
    "study.quotient(cast($step as decimal(19, 6)) * cast(kwh_on_peak as decimal(19, 6)),"
    " nullif(kwh, 0))"
)
CHANGED = (
    f"""
    update portfolio.meter_read as read set
        kwh_on_peak = kwh_on_peak + {ON_PEAK},
        kwh_off_peak = kwh_off_peak + $step - {ON_PEAK},
        kwh = kwh + $step
    from study.probe as probe
    where read.agreement_id = probe.probe_id
        and read.billing_month = probe.billing_month
        and probe.of_what = 'kwh'
    """,
    """
    update portfolio.meter_read as read set
        kw = kw + $step, kw_on_peak = kw_on_peak + $step, kw_off_peak = kw_off_peak + $step
    from study.probe as probe
    where read.agreement_id = probe.probe_id
        and read.billing_month = probe.billing_month
        and probe.of_what = 'kw'
    """,
)
CHANGE = """
insert into portfolio.change (load_id, file, kind, subject, first_month)
select 1, 'meter_reads', 'agreement', probe_id, billing_month from study.probe
"""
NOTED = """
insert into study.probed
select probe.agreement_id, probe.billing_month, probe.of_what, bill.net_amount
from rating_build.bill as bill
inner join study.probe as probe
    on bill.agreement_id = probe.probe_id and bill.billing_month = probe.billing_month
"""
MARGINAL = """
create or replace table study.marginal as
with probed as (
    select
        agreement_id,
        billing_month,
        max(bill_usd) filter (where of_what = 'kwh') as more_kwh_usd,
        max(bill_usd) filter (where of_what = 'kw') as more_kw_usd
    from study.probed
    group by agreement_id, billing_month
)

select
    bill.agreement_id,
    bill.billing_month,
    bill.utility,
    bill.customer_class,
    bill.schedule,
    bill.kwh,
    bill.billing_demand_kw,
    bill.net_amount as bill_usd,
    study.quotient(bill.net_amount, bill.kwh) as average_usd_per_kwh,
    study.quotient(probed.more_kwh_usd - bill.net_amount, $step_kwh) as next_kwh_usd,
    study.quotient(probed.more_kw_usd - bill.net_amount, $step_kw) as next_kw_usd
from study.asked as bill
left join probed
    on bill.agreement_id = probed.agreement_id and bill.billing_month = probed.billing_month
"""
