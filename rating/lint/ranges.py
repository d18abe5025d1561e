"""Rules about time: when versions hold, when they are priced, and what confirms them."""

from rating.lint.rule import Rule

RULES = {
    "gap": Rule(
        "error",
        "A stretch between two versions of a schedule in which none holds.",
        """
        select schedule_id, version_id, sheet_id, null,
            'no version holds from ' || effective_to || ' to ' || next_from
        from (
            select *, lead(effective_from) over (
                partition by schedule_id order by effective_from
                rows between 1 following and 1 following
            ) as next_from
            from tariff.version
        )
        where effective_to < next_from
        """,
    ),
    "overlap": Rule(
        "error",
        "Two versions of a schedule that hold on the same day.",
        """
        select later.schedule_id, later.version_id, later.sheet_id, null,
            'it overlaps the version of ' || earlier.effective_from || ', which holds '
            || coalesce('to ' || earlier.effective_to, 'without end')
        from tariff.version as earlier
        inner join tariff.version as later
            on earlier.schedule_id = later.schedule_id
            and earlier.version_id <> later.version_id
            and (earlier.effective_from, earlier.version_id)
                < (later.effective_from, later.version_id)
        where coalesce(earlier.effective_to, date '9999-12-31') > later.effective_from
        """,
    ),
    "unpriced_stretch": Rule(
        "error",
        "A charge that some versions print a price of, and others leave to a formula.",
        """
        select distinct version.schedule_id, version.version_id, charge.sheet_id, charge.code,
            'no sheet prints a price of ' || charge.code || ' from ' || version.effective_from
            || coalesce(' to ' || version.effective_to, ' on')
            || ', though one does for other times'
        from tariff.charge
        inner join tariff.version using (version_id)
        inner join tariff.version as other
            on version.schedule_id = other.schedule_id
        inner join tariff.charge as priced
            on other.version_id = priced.version_id and charge.code = priced.code
        where charge.kind = 'factor' and priced.kind = 'price'
        """,
    ),
    "incomplete": Rule(
        "error",
        "A version that lacks something, so that no bill of it can be computed.",
        """
        select schedule_id, version_id, sheet_id, null,
            'it is incomplete and never rated'
            || coalesce(': ' || rtrim(status_reason, '.'), '')
        from tariff.version
        where status = 'incomplete'
        """,
    ),
    "unconfirmed": Rule(
        "warning",
        "A stretch of time for which no text confirms the prices that are rated.",
        """
        select schedule_id, version_id, sheet_id, null,
            'no text confirms it from ' || coalesce(unconfirmed_from, effective_from)
            || coalesce(' to ' || effective_to, ' on')
            || coalesce(': ' || rtrim(status_reason, '.'), '')
        from tariff.version
        where status = 'unconfirmed' or unconfirmed_from is not null
        """,
    ),
}
