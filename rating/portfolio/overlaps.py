"""Stretches of an agreement's terms, and reads of it, that share a day.

The stretches are queries of row_no and reason; of the reads there is a note.
"""

import duckdb

# Stretches of one agreement in one file that share a day. One row per key, so that duplicates,
# rejected as such, do not overlap themselves.
OVERLAPS_IN_FILE = """
with stretches as (
    select agreement_id, start_date, max(coalesce(end_date, date 'infinity')) as end_date,
    from staged_service_agreements
    where agreement_id is not null and (end_date > start_date or end_date is null)
        and start_date is not null
    group by agreement_id, start_date
),

neighbours as (
    select agreement_id, start_date, end_date,
        max(struct_pack(end_date := end_date, start_date := start_date)) over earlier as before,
        min(start_date) over later as next_start_date,
    from stretches
    window
        earlier as (
            partition by agreement_id order by start_date
            rows between unbounded preceding and 1 preceding
        ),
        later as (
            partition by agreement_id order by start_date
            rows between 1 following and 1 following
        )
),

collisions as (
    select agreement_id, start_date,
        case
            when before.end_date > start_date then before.start_date
            when next_start_date < end_date then next_start_date
        end as other_start_date,
    from neighbours
)

select staged.row_no,
    'the stretch from ' || start_date || ' overlaps the one from ' || other_start_date
    || ' of the same agreement: end one where the other starts' as reason,
from staged_service_agreements as staged
inner join collisions using (agreement_id, start_date)
where other_start_date is not null and (staged.end_date > start_date or staged.end_date is null)
"""

# Stretches that share a day with a loaded one which no accepted row replaces. Once is enough: a
# correction that is rejected here is longer than the stretch that stays for it (the loaded ones
# are apart), so that what overlaps that one overlapped the correction and is rejected already.
OVERLAPS_WITH_LOADED = """
with staying as (
    select loaded.agreement_id, loaded.start_date, loaded.end_date,
    from portfolio.service_agreement as loaded
    anti join (select * from staged_service_agreements where problem is null) as accepted
        on loaded.agreement_id = accepted.agreement_id
        and loaded.start_date = accepted.start_date
)

select staged.row_no,
    'the stretch from ' || staged.start_date || ' overlaps the loaded one from '
    || min(staying.start_date) || ' of the same agreement: end one where the other starts'
    as reason,
from staged_service_agreements as staged
inner join staying
    on staged.agreement_id = staying.agreement_id
    and staged.start_date < coalesce(staying.end_date, date 'infinity')
    and staying.start_date < coalesce(staged.end_date, date 'infinity')
where staged.problem is null
group by staged.row_no, staged.start_date
"""

# Of reads in their order, if any two share a day, some two neighbours do.
OVERLAPPING_READS = """
with neighbours as (
    select agreement_id, billing_month, read_from,
        lag(billing_month) over earlier as month_before,
        lag(read_to) over earlier as read_to_before,
    from portfolio.meter_read
    semi join changed_meter_reads using (agreement_id)
    window earlier as (partition by agreement_id order by read_from, billing_month)
)

select count(distinct agreement_id),
    min(shown(agreement_id) || ': ' || strftime(least(month_before, billing_month), '%Y-%m')
    || ' and ' || strftime(greatest(month_before, billing_month), '%Y-%m')),
from neighbours
where read_to_before > read_from
"""


def overlapping_reads(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """A note on reads of one agreement that share a day, if the load leaves any."""
    agreements, example = connection.execute(OVERLAPPING_READS).fetchone() or (0, "")
    if not agreements:
        return []
    have = "agreement has" if agreements == 1 else "agreements have"
    return [f"{agreements:,} {have} reads that overlap, such as {example}; both are billed"]
