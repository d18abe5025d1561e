"""The build schema copied into the promised relations, in one transaction."""

import datetime

import duckdb

BY_MONTH = ("bill", "bill_line_item", "billing_demand", "unbilled_read")
WHOLE = ("rate_schedule", "rate_version", "rate_price", "monthly_factor")


def publish(
    connection: duckdb.DuckDBPyConnection, months: tuple[datetime.date, datetime.date]
) -> None:
    """Replace the published rows of the billing months by those of the build.

    Relations of the tariffs are replaced whole. A failure leaves everything as it was.
    """
    everything = months[0].year == 1 and months[1].year == 9999
    connection.execute("set preserve_insertion_order = false")
    connection.begin()
    try:
        for relation in WHOLE + BY_MONTH:
            if relation in WHOLE or everything:
                connection.execute(f"delete from rating.{relation}")
            else:
                connection.execute(
                    f"delete from rating.{relation} where billing_month between ? and ?",
                    list(months),
                )
            connection.execute(
                f"insert into rating.{relation} by name select * from rating_build.{relation}"
            )
        connection.commit()
    except BaseException:
        connection.rollback()
        raise
