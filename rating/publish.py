"""The build schema copied into the promised relations, in one transaction."""

import datetime

import duckdb

from models.base import RATING, Base

BY_MONTH = ("bill", "bill_line_item", "billing_demand", "unbilled_read")
WHOLE = ("rate_schedule", "rate_version", "rate_price", "monthly_factor")
Months = tuple[datetime.date, datetime.date]


def publish(
    connection: duckdb.DuckDBPyConnection, run_id: int, months: Months, *, changed_only: bool
) -> None:
    """Replace the published rows of what was rated by those of the build.

    `changed_only`: only agreements in `int_scope` were rated, each from its first month on.
    Relations of the tariffs are replaced whole. What a bill was before is kept in `bill_history`.
    A failure leaves everything as it was.
    """
    connection.execute("set preserve_insertion_order = false")
    connection.begin()
    try:
        connection.execute(keep_history(run_id, months, changed_only))
        for relation in WHOLE:
            connection.execute(f"delete from rating.{relation}")
        for relation in BY_MONTH:
            connection.execute(
                f"delete from rating.{relation} as old{_rated(months, changed_only)}"
            )
        for relation in WHOLE + BY_MONTH:
            connection.execute(
                f"insert into rating.{relation} by name select * from rating_build.{relation}"
            )
        connection.commit()
    except BaseException:
        connection.rollback()
        raise


def _rated(months: Months, changed_only: bool) -> str:
    """A condition on the rows of `old`: those that the run has rated anew."""
    conditions = []
    if months[0].year > 1 or months[1].year < 9999:
        conditions.append(f"old.billing_month between date '{months[0]}' and date '{months[1]}'")
    if changed_only:
        conditions.append(
            "exists (select 1 from rating_build.int_scope as scope"
            " where old.agreement_id = scope.agreement_id"
            " and old.billing_month >= scope.first_month)"
        )
    return f" where {' and '.join(conditions)}" if conditions else ""


def keep_history(run_id: int, months: Months, changed_only: bool) -> str:
    """SQL that keeps what the run's bills were before, where they change; none after the first."""
    columns = [column.name for column in Base.metadata.tables[f"{RATING}.bill_history"].columns]
    kept = [name for name in columns if name not in HISTORY]
    compared = [column.name for column in Base.metadata.tables[f"{RATING}.bill"].columns]
    differing = " or ".join(
        f"old.{name} is distinct from new.{name}" for name in compared if name not in UNCOMPARED
    )
    return f"""
        insert into rating.bill_history (
            agreement_id, billing_month, replaced_by_run_id, what, difference_amount,
            {", ".join(kept)}
        )
        select
            coalesce(old.agreement_id, new.agreement_id),
            coalesce(old.billing_month, new.billing_month),
            {run_id},
            case
                when old.agreement_id is null then 'new'
                when new.agreement_id is null then 'removed'
                else 'changed'
            end,
            coalesce(new.net_amount, 0) - coalesce(old.net_amount, 0),
            {", ".join(f"old.{name}" for name in kept)}
        from (select * from rating.bill as old{_rated(months, changed_only)}) as old
        full join rating_build.bill as new
            on old.agreement_id = new.agreement_id and old.billing_month = new.billing_month
        where
            exists (select 1 from rating.bill)
            and (old.agreement_id is null or new.agreement_id is null or {differing})
    """


HISTORY = ("agreement_id", "billing_month", "replaced_by_run_id", "what", "difference_amount")
UNCOMPARED = ("agreement_id", "billing_month", "run_id")
