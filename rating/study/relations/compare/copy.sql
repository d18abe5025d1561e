-- Copies of agreements to be rated at the factors asked for, and of those whose meters are added to
-- theirs, which lie in the same chunk.
-- One row per copied agreement, candidate and factors.

with read_count as (
    select
        agreement_id,
        count(*) as reads
    from store.portfolio.meter_read
    group by agreement_id
),

wanted as (
    select
        candidate.candidate_id,
        cast(row_number() over in_order as text) as group_id,
        candidate.agreement_id,
        candidate.schedule,
        asked.kwh_factor,
        asked.kw_factor,
        cast(null as text) as partner_of,
        (sum(coalesce(read_count.reads, 0)) over in_order) // $reads_at_once as chunk_no
    from study.candidate as candidate
    inner join study.asked_factor as asked
        on candidate.candidate_id = asked.candidate_id
    left join read_count
        on candidate.agreement_id = read_count.agreement_id
    window in_order as (
        order by candidate.candidate_id, asked.kwh_factor, asked.kw_factor
        rows between unbounded preceding and current row
    )
)

select
    group_id as copy_id,
    *
from wanted
union all
select distinct
    wanted.group_id || '|' || partner.agreement_id as copy_id,
    wanted.candidate_id,
    wanted.group_id,
    partner.agreement_id,
    cast(null as text) as schedule,
    wanted.kwh_factor,
    wanted.kw_factor,
    wanted.agreement_id as partner_of,
    wanted.chunk_no
from wanted
inner join store.portfolio.service_agreement as partner
    on wanted.agreement_id = partner.combined_with_agreement_id
