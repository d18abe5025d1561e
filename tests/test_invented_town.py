"""An invented schedule by days, seasons and taxes, its versions and its riders, by hand."""

from decimal import Decimal

from helpers import Rated, Row


def lines(rated: Rated, agreement_id: str, month: str) -> list[tuple[str, Decimal, Decimal]]:
    """(charge, quantity, amount) of each line of a bill."""
    return [
        (row["charge_code"], row["quantity"], row["amount"])
        for row in rated.bill_lines(agreement_id, month)
    ]


def made(*expected: tuple[str, str, str]) -> list[tuple[str, Decimal, Decimal]]:
    """The same from texts."""
    return [(code, Decimal(quantity), Decimal(amount)) for code, quantity, amount in expected]


def version_of(bill: Row) -> str:
    """The day that the version of a bill took effect."""
    return str(bill["version_effective_from"])


def test_blocks_of_kwh_a_day_are_as_wide_as_the_period_has_days(invented):
    # 31 days × 10 = 310 kWh at $0.08, 190 at $0.11. The city takes 4 % of 12.40 + 24.80 +
    # 20.90 = 58.10, that is 2.324; the state 2.5 % of 60.42, that is 1.5105. The period holds
    # days from December 20 to January 10.
    assert lines(invented, "HOUSE", "2021-01") == made(
        ("meter", "31", "12.40"),
        ("energy", "310", "24.80"),
        ("energy", "190", "20.90"),
        ("winter_light", "1", "2.00"),
        ("city_tax", "58.10", "2.32"),
        ("state_tax", "60.42", "1.51"),
    )


def test_gross_bill_is_the_sheets_percentage_of_the_net_bill(invented):
    # 58.10 + 2.00 + 2.32 + 1.51 = 63.93; × 102 % = 65.2086.
    bill = invented.bill("HOUSE", "2021-01")
    assert (bill["net_amount"], bill["gross_amount"]) == (Decimal("63.93"), Decimal("65.21"))


def test_price_of_a_block_is_another_where_an_attribute_says_so(invented):
    # 190 kWh at $0.09 in a flat. Taxes: 4 % of 54.30 = 2.172, 2.5 % of 56.47 = 1.41175.
    assert lines(invented, "FLAT", "2021-01") == made(
        ("meter", "31", "12.40"),
        ("energy", "310", "24.80"),
        ("energy", "190", "17.10"),
        ("winter_light", "1", "2.00"),
        ("city_tax", "54.30", "2.17"),
        ("state_tax", "56.47", "1.41"),
    )


def test_prices_follow_the_season_of_the_billing_month(invented):
    # June is warm: 300 kWh at $0.10, 200 at $0.15.
    assert lines(invented, "HOUSE", "2020-06") == made(
        ("meter", "30", "12.00"),
        ("energy", "300", "30.00"),
        ("energy", "200", "30.00"),
        ("city_tax", "72.00", "2.88"),
        ("state_tax", "74.88", "1.87"),
    )
    assert invented.bill("HOUSE", "2020-06")["season"] == "warm"


def test_of_a_choice_the_first_charge_that_applies_is_taken(invented):
    # Single phase: $15.00, not the $25.00 of all others; 15.00 − 12.40 = 2.60.
    assert lines(invented, "HOUSE", "2020-07") == made(
        ("meter", "31", "12.40"),
        ("minimum_single", "1", "2.60"),
        ("city_tax", "15.00", "0.60"),
        ("state_tax", "15.60", "0.39"),
    )


def test_of_a_choice_the_last_charge_is_taken_where_no_earlier_one_applies(invented):
    assert lines(invented, "THREE-PHASE", "2020-07") == made(
        ("meter", "31", "12.40"),
        ("minimum_other", "1", "12.60"),
        ("city_tax", "25.00", "1.00"),
        ("state_tax", "26.00", "0.65"),
    )


def test_factor_of_a_formula_without_division_may_be_negative(invented):
    # −0.123 cents × 0.01 = −$0.00123 × 300 kWh = −0.369. Not in the base of the taxes.
    assert lines(invented, "HOUSE", "2020-11") == made(
        ("meter", "30", "12.00"),
        ("energy", "300", "24.00"),
        ("true_up", "300", "-0.37"),
        ("city_tax", "36.00", "1.44"),
        ("state_tax", "37.44", "0.94"),
    )


def test_period_that_ends_before_a_price_change_is_rated_at_the_old_prices(invented):
    # Its last day of service is March 15: 24 days, 240 kWh at $0.08 and 240 at $0.11.
    assert version_of(invented.bill("OLD-PRICES", "2021-03")) == "2020-01-01"
    assert lines(invented, "OLD-PRICES", "2021-03") == made(
        ("meter", "24", "9.60"),
        ("energy", "240", "19.20"),
        ("energy", "240", "26.40"),
        ("city_tax", "55.20", "2.21"),
        ("state_tax", "57.41", "1.44"),
    )


def test_period_whose_last_day_is_a_price_change_is_rated_whole_at_the_new_prices(invented):
    # Its last day is March 16: 25 days × 12 = 300 kWh at 8.5 ¢ and 180 at 12 ¢.
    assert version_of(invented.bill("NEW-PRICES", "2021-03")) == "2021-03-16"
    assert lines(invented, "NEW-PRICES", "2021-03") == made(
        ("meter", "25", "11.25"),
        ("energy", "300", "25.50"),
        ("energy", "180", "21.60"),
        ("city_tax", "58.35", "2.33"),
        ("state_tax", "60.68", "1.52"),
    )


def test_lines_of_a_later_version_cite_its_own_book(invented):
    found = invented.bill_lines("NEW-PRICES", "2021-03")[0]
    assert (found["sheet"], found["source_document"]) == ("S-1", "tri-lakes-supplement")


def test_version_may_be_dated_by_the_label_of_the_billing_month(invented):
    # April's label is in force though its last day, May 19, is not; July's though its days are
    # those of June.
    assert invented.bill("LABELLED", "2020-04")["net_amount"] == Decimal("10.00")
    assert invented.bill("LABELLED", "2020-07")["net_amount"] == Decimal("20.00")


def test_month_in_a_gap_between_versions_is_not_rated(invented):
    assert invented.reasons()["LABELLED", "2020-06"] == "no_rate_in_force"


def test_incomplete_version_is_never_rated_and_says_why(invented):
    found = [row for row in invented.unbilled if str(row["billing_month"]) == "2020-09-01"]
    assert [row["reason"] for row in found] == ["no_rate_in_force"]
    assert "The sheet is lost." in found[0]["detail"]


def test_rider_counts_blocks_and_rebates_the_first_contract_year(invented):
    # Enrolled on 2020-02-15: a period from 2021-01-01 is in the first year; 10 % of 4.50.
    rider = [line for line in lines(invented, "GREEN", "2021-01") if line[0][:5] in GREEN]
    assert rider == made(("green_block", "3", "4.50"), ("first_year", "4.50", "-0.45"))


GREEN = ("green", "first")


def test_second_contract_year_begins_on_the_anniversary(invented):
    # The period from 2021-02-20 lies in the second year.
    rider = [line for line in lines(invented, "GREEN", "2021-03") if line[0][:5] in GREEN]
    assert rider == made(("green_block", "3", "4.50"))


def test_riders_clause_may_name_days_of_the_year(invented):
    # The gift of $1.00 goes with a period that holds December 31 or January 1.
    assert ("new_year_gift", Decimal(1), Decimal("-1.00")) in lines(invented, "GREEN", "2021-01")
    assert "new_year_gift" not in {code for code, _, _ in lines(invented, "GREEN", "2021-03")}


def test_rider_on_a_schedule_that_it_does_not_list_is_not_rated(invented):
    assert invented.reasons()["GREEN-POWER", "2020-06"] == "no_rate_in_force"


def test_credit_of_a_difference_is_what_prices_rose_since_enrollment(invented):
    # 360 kWh at 11.5 ¢ and 240 at 16 ¢ make 79.80; at enrollment 300 at 10 ¢ and 300 at 15 ¢
    # made 75.00. 2 kW × 100 kWh ÷ 600 = 0.333333 of 4.80 is 1.60.
    assert lines(invented, "SUN", "2021-04")[-1:] == made(("sun_credit", "0.333333", "-1.60"))


def test_credit_of_a_difference_covers_at_most_all_energy(invented):
    # 200 kWh of sun for 100 kWh: 11.50 − 10.00.
    assert lines(invented, "SUN", "2021-05")[-1:] == made(("sun_credit", "1", "-1.50"))


def test_no_difference_is_credited_before_prices_change_or_after_enrollment_at_new_prices(invented):
    for agreement_id, month in [("SUN", "2021-02"), ("SUN-LATER", "2021-04")]:
        assert invented.bill(agreement_id, month)["credit_amount"] == 0
