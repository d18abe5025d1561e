"""Whose bills interval reads can move: those of the meter reads whose days they lie in."""

from rating.interval_parquet import DAY_US


def months_of_days(changed: str, *, put_directly: bool) -> str:
    """SQL for the agreements and billing months (subject, first_month) that a load has touched.

    `changed` has the agreement_id and interval_start of changed rows; `put_directly` adds the days
    that went straight in. Time zones lie within a day of UTC.
    """
    days = f"select agreement_id, cast(interval_start as date) as utc_date from {changed}"
    if put_directly:
        days += (
            f" union all select agreement_id, cast(make_timestamp(utc_day * {DAY_US}) as date)"
            " from judged_day where fate = 'new'"
        )
    return (
        "select meter_read.agreement_id as subject, meter_read.billing_month as first_month"
        " from portfolio.meter_read as meter_read inner join"
        " (select agreement_id, min(utc_date) as first_date, max(utc_date) as last_date"
        f" from ({days}) group by agreement_id) as span"
        " on meter_read.agreement_id = span.agreement_id"
        " and meter_read.read_from <= span.last_date + 1"
        " and meter_read.read_to >= span.first_date - 1"
    )
