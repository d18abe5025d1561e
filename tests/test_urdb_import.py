"""URDB rates read: every field used or reported, the traps of the format, one way in."""

import copy
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from helpers import database_at, select
from test_urdb_bills import RATES
from urdb_rates import CODE, by_month, fact, facts, rate, seconds, text_of, tiers, write

from rating.errors import RatebookError
from rating.seed.read import read_books
from rating.setup import initialize
from rating.urdb import rate as urdb_rate
from rating.urdb.importer import import_files
from rating.urdb.rate import Rate, convert
from rating.urdb.read import Entry, read_rates
from rating.urdb.reading import Finding
from rating.urdb.schedules import documents, place

ALL = [*facts(), *(one for one in RATES if one["label"].isupper())]
FAIR = [one["label"] for one in ALL]


def converted(folder: Path, *rates: dict[str, Any]) -> list[Rate]:
    """Rates as they are read from a file."""
    return [convert(entry) for entry in read_rates([write(folder, rates)])]


def told(found: Rate, kind: str = "unratable") -> dict[str, str]:
    """What is said of the fields of one kind."""
    return {one.field: one.reason for one in found.findings if one.kind == kind}


def status(found: Rate) -> str:
    """The status of a rate's version."""
    return str(found.version.get("status", "complete"))


def leaves(value: Any, path: str = "") -> Iterator[str]:
    """The place of everything a rate holds, written by a way of its own."""
    if isinstance(value, dict):
        for name, member in value.items():
            yield from leaves(member, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for index, member in enumerate(value):
            yield from leaves(member, f"{path}[{index}]")
    else:
        yield path


@pytest.mark.parametrize("label", FAIR)
def test_every_leaf_is_used_or_reported(tmp_path, monkeypatch, label):
    # The readings are caught as they are made, to ask them what they used.
    made = []

    class Caught(urdb_rate.Reading):
        def __init__(self, fields):
            super().__init__(fields)
            made.append(self)

    monkeypatch.setattr(urdb_rate, "Reading", Caught)
    source = next(one for one in ALL if one["label"] == label)
    found = converted(tmp_path, source)[0]
    used = [urdb_path(path) for path in made[0].used]
    spoken = [*used, *(one.field for one in found.findings)]
    lost = [leaf for leaf in leaves(source) if not any(below(leaf, above) for above in spoken)]
    assert not lost
    assert "Ratebook has no use for it" not in {one.reason for one in found.findings}


def urdb_path(path: tuple[str | int, ...]) -> str:
    """A path in the words of a finding."""
    words = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return words.removeprefix(".")


def below(leaf: str, above: str) -> bool:
    """Whether a place is another one, or lies in it."""
    return leaf == above or (leaf.startswith(above) and leaf[len(above)] in ".[")


@pytest.mark.parametrize("label", FAIR)
def test_a_used_number_that_changes_changes_the_version_or_what_is_said(tmp_path, label):
    source = next(one for one in ALL if one["label"] == label)
    entry = read_rates([write(tmp_path, [source])])[0]
    before = convert(entry)
    fields = [one.field for one in before.findings]
    unheard = []
    for path in numbers(entry.fields):
        if any(below(urdb_path(path), field) for field in fields):
            continue  # reported, not used
        changed = copy.deepcopy(entry.fields)
        _change(changed, path)
        after = convert(Entry(entry.place, changed))
        if (after.version, after.findings) == (before.version, before.findings):
            unheard.append(urdb_path(path))
    # What makes a version unconfirmed does not show in one that is incomplete.
    assert not set(unheard) - ({"approved"} if status(before) == "incomplete" else set())


def numbers(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The places of numbers and truth values; of a schedule, its first hour."""
    if isinstance(value, dict):
        for name, member in value.items():
            yield from numbers(member, (*path, name))
    elif isinstance(value, list):
        for index in range(1 if path and "schedule" in path[0] else len(value)):
            yield from numbers(value[index], (*path, index))
    elif not isinstance(value, str):
        yield path


def _change(fields: dict[str, Any], path: tuple[Any, ...]) -> None:
    """Change a number a little, a date by a day, a truth value to its contrary."""
    holder: Any = fields
    for part in path[:-1]:
        holder = holder[part]
    value = holder[path[-1]]
    if isinstance(value, bool):
        holder[path[-1]] = not value
    else:
        step = 86_400 if path[0] in ("startdate", "enddate") else 1
        holder[path[-1]] = value + (step if isinstance(value, int) else Decimal("0.001"))


# --- What can be rated, and what cannot ---


def test_maxima_that_do_not_rise_are_reported_not_taken_for_widths(tmp_path):
    found = converted(tmp_path, rate("A", energyratestructure=[
        tiers((200, "0.10"), (100, "0.09"), (None, "0.08"))]))[0]  # fmt: skip
    assert told(found) == {
        "energyratestructure[0]": "has maxima that do not rise, though each counts from zero"
    }
    assert status(found) == "incomplete"
    assert found.version["status_reason"] == "cannot be rated: energyratestructure[0]"


def test_tiers_above_one_without_a_maximum_are_reported(tmp_path):
    found = converted(tmp_path, rate("A", energyratestructure=[
        tiers((None, "0.10"), (100, "0.09"))]))[0]  # fmt: skip
    assert told(found) == {
        "energyratestructure[0]": "has tiers above one without max, which nothing ever reaches"
    }


def test_units_mixed_otherwise_than_kwh_first_are_reported(tmp_path):
    mixed = [*tiers((200, "0"), unit="kWh/kW"), *tiers((1000, "0.10"), (None, "0.09"), unit="kWh")]
    found = converted(tmp_path, rate("A", energyratestructure=[mixed]))[0]
    assert told(found) == {
        "energyratestructure[0]": "mixes units in an order that says no single thing (kwh/kw, kwh)"
    }


def test_tier_counts_that_differ_between_periods_of_a_month_are_reported(tmp_path):
    prices = [tiers((None, "0.10")), tiers((100, "0.2"), (None, "0.3"))]
    on_peak = ["jun-sep weekday 0x14 1x10"]
    source = rate("A", energy_hours=on_peak, energyratestructure=prices)
    found = converted(tmp_path, source)[0]
    assert told(found) == {
        "energyratestructure[1]": "has other tiers than the periods it shares a month with"
    }


def test_tiers_in_two_units_beside_times_of_use_of_another_season_are_reported(url, tmp_path):
    # A billing period of October that begins in September has kWh of both.
    mixed = [*tiers((250, "0.2"), unit="kWh"), *tiers((100, "0.1"), (None, "0.05"), unit="kWh/kW")]
    source = rate("A", energy_hours=["jan-sep all 0x12 1x12", "oct-dec all 2x24"],
        energyratestructure=[tiers((None, "0.1")), tiers((None, "0.3")), mixed])  # fmt: skip
    report = import_files(url, [write(tmp_path, [source, rate("B")])])
    assert report.by_status == {"incomplete": 1, "complete": 1}
    (found,) = [one for one in report.rates[0].findings if one.kind == "unratable"]
    assert found.field == "energyratestructure[2]"
    assert found.reason == "has tiers in several units, or a last limit, beside other periods"


def test_an_unknown_unit_is_reported(tmp_path):
    found = converted(tmp_path, rate("A", energyratestructure=[
        tiers((200, "0.10"), (None, "0.09"), unit="kWh/mW")]))[0]  # fmt: skip
    assert told(found) == {
        "energyratestructure[0]": "limits a tier in kwh/mw, which is no unit of the format"
    }
    one = rate("B", energyratestructure=[tiers((None, "100"), unit="MWh")])
    assert told(converted(tmp_path, one)[0]) == {
        "energyratestructure[0]": "prices a tier in mwh, which is no unit of the format"
    }


def test_a_period_that_no_schedule_has_is_reported(tmp_path):
    found = converted(tmp_path, rate("A", energy_hours=["jan-dec all 0x23 1x1"]))[0]
    assert told(found) == {
        "energyweekdayschedule[0][23]": "energyratestructure has no such period",
        **{
            place: "Ratebook has no use for it"
            for place in told(found)
            if place.startswith("energyratestructure")
        },
    }
    assert status(found) == "incomplete"


def test_a_price_in_no_hour_is_reported_and_does_not_hinder(tmp_path):
    found = converted(tmp_path, rate("A", energyratestructure=[
        tiers((None, "0.10")), tiers((None, "0.99"))]))[0]  # fmt: skip
    assert told(found, "not rated") == {
        "energyratestructure[1]": "is the price of no hour of the year"
    }
    assert status(found) == "complete"


def test_the_price_of_delivered_energy_is_reported_and_does_not_hinder(tmp_path):
    tier = [{"rate": "0.10", "sell": "0.05"}]
    found = converted(tmp_path, rate("A", energyratestructure=[tier], dgrules="Net Metering"))[0]
    assert told(found, "not rated") == {
        "energyratestructure[0][0].sell": "prices energy that the utility receives",
        "dgrules": "is about energy that the utility receives",
    }
    assert status(found) == "complete"


def test_a_price_in_words_makes_a_rate_incomplete_and_a_name_does_not(tmp_path):
    found = converted(
        tmp_path,
        rate("A", energyattrs=[{"TOU-summer:On-Peak": "3"}], demandattrs=[{"Standby": "ask us"}]),
        rate("B", fixedattrs=[{"Three phase": "$28"}]),
    )
    assert [status(one) for one in found] == ["complete", "incomplete"]
    assert told(found[1]) == {"fixedattrs[0]": "is a price in words, or may be one"}


@pytest.mark.parametrize("attribute", [
    {"energyattrs": [{"TOU-summer": "$0.35/kWh"}]},
    {"demandattrs": [{"TOU-peak": "12.50"}]},
    {"fixedattrs": [{"TOU-meter": "3"}]},
])  # fmt: skip
def test_a_price_that_is_called_a_period_is_a_price_in_words(tmp_path, attribute):
    (field,) = attribute
    found = told(converted(tmp_path, rate("A", **attribute))[0])
    assert found == {f"{field}[0]": "is a price in words, or may be one"}


@pytest.mark.parametrize("months, said", [("jan-dec", False), ("jan-jun", True)])
def test_tiers_of_times_of_use_that_go_by_the_bill_s_month_are_said(tmp_path, months, said):
    # In the second rate a bill of July can have kWh of June, which had periods 1 and 2.
    one, tiered = tiers((None, "0.5")), tiers((300, "0.1"), (None, "0.2"))
    source = rate(
        "A", energy_hours=[f"{months} all 1x12 2x12"], energyratestructure=[one, tiered, tiered]
    )
    words = "with tiers, all kWh are priced by the month of the bill"
    found = told(converted(tmp_path, source)[0], "read as")
    assert found == ({"energyweekdayschedule": words} if said else {})


def test_a_minimum_of_the_year_that_could_bind_is_reported(tmp_path):
    found = converted(tmp_path, rate("A", mincharge=337, minchargeunits="$/year",
                                     fixedchargefirstmeter=28))[0]  # fmt: skip
    assert told(found) == {
        "mincharge": "is a minimum of the year, and Ratebook tests month by month"
    }


@pytest.mark.parametrize(
    "fields, field",
    [
        ({"lookbackpercent": 180, "lookbackrange": 3}, "lookbackpercent"),
        ({"lookbackpercent": "0.8", "lookbackrange": 0}, "lookbackpercent"),
        ({"lookbackpercent": "0.8", "lookbackrange": "2.5"}, "lookbackrange"),
        ({"lookbackpercent": "0.8", "lookbackrange": 240}, "lookbackrange"),
        ({"demandratchetpercentage": [180] + [50] * 11}, "demandratchetpercentage[0]"),
    ],
)
def test_a_ratchet_that_says_no_share_or_no_months_is_reported(tmp_path, fields, field):
    demand = {"flatdemandstructure": [tiers((None, "10"))]}
    assert field in told(converted(tmp_path, rate("A", **demand, **fields))[0])


def test_a_ratchet_of_demand_by_time_of_use_only_is_reported(tmp_path):
    found = converted(tmp_path, rate("A", lookbackpercent="0.8", lookbackrange=11,
        demand_hours=["jan-dec all 0x12 1x12"],
        demandratestructure=[tiers((None, "1")), tiers((None, "2"))]))[0]  # fmt: skip
    assert told(found) == {"lookbackpercent": "does not say of which period's demand it is"}


def test_a_rate_that_nobody_approved_or_dated_is_unconfirmed(tmp_path):
    undated = rate("B")
    del undated["startdate"]
    found = converted(tmp_path, rate("A", approved=False), undated)
    assert [status(one) for one in found] == ["unconfirmed", "unconfirmed"]
    assert found[1].version["status_reason"] == "URDB gives no start date"
    assert str(found[1].version["effective_from"]) == "1900-01-01"
    assert [told(one, "read as") for one in found] == [
        {"approved": "unconfirmed, for no expert has approved it"},
        {"startdate": "1900-01-01, for the rate gives none: unconfirmed"},
    ]


def test_a_blank_name_or_source_is_as_one_that_is_not_given(tmp_path):
    uri = "https://riverbend.example/rates"
    (found,) = converted(tmp_path, rate("A", name=" ", source=" ", uri=uri))
    assert (found.name, found.document_title) == ("A", uri)


def test_the_end_date_is_the_last_day_that_counts(tmp_path):
    found = converted(tmp_path, rate("A", enddate=seconds("2021-12-31")))[0]
    assert str(found.version["effective_to"]) == "2022-01-01"


@pytest.mark.parametrize(
    "fields, said",
    [
        ({"fixedchargefirstmeter": 12}, {"fixedchargeunits": "$/month"}),
        ({"fixedchargeeaaddl": 3, "fixedchargeunits": ""}, {"fixedchargeunits": "$/month"}),
        ({"mincharge": 30}, {"minchargeunits": "$/month"}),
        ({"flatdemandstructure": [tiers((None, "6.4"))]}, {"flatdemandunit": "kW"}),
        ({"demandratestructure": [tiers((None, "6.4"))]}, {"demandrateunit": "kW"}),
        ({"coincidentratestructure": [tiers((None, "6.4"))]}, {"coincidentrateunit": "kW"}),
        ({"fixedchargefirstmeter": 12, "fixedchargeunits": "$/month"}, {}),
        ({"flatdemandstructure": [tiers((None, "6.4"))], "flatdemandunit": "kVA"}, {}),
        # Of nothing there is no unit.
        ({"fixedchargefirstmeter": 0, "mincharge": 0}, {}),
        ({"flatdemandstructure": [tiers((None, "0"))]}, {}),
    ],
)
def test_a_missing_unit_is_said_with_the_one_that_is_read(tmp_path, fields, said):
    found = converted(tmp_path, rate("A", **fields))[0]
    expected = {field: f"{unit}, for the rate gives no unit" for field, unit in said.items()}
    assert (told(found, "read as"), status(found)) == (expected, "complete")


@pytest.mark.parametrize("structure", [None, []])
def test_a_rate_without_energy_prices_says_that_it_has_no_energy_charge(tmp_path, structure):
    source = rate("A", fixedchargefirstmeter=12, fixedchargeunits="$/month")
    del source["energyweekdayschedule"], source["energyweekendschedule"]
    found = converted(tmp_path, source | {"energyratestructure": structure})[0]
    assert told(found, "read as") == {
        "energyratestructure": "no energy charge, for the rate gives no tiers"
    }
    assert status(found) == "complete"
    assert [charge["code"] for charge in found.version["charges"]] == ["customer"]


def test_numbers_keep_their_digits_and_lose_those_beyond_eight_decimals(tmp_path):
    found = converted(tmp_path, rate("A", fixedchargefirstmeter="0.8660000000000001",
        energyratestructure=[tiers((None, "0.070", "0.0125"))]))[0]  # fmt: skip
    assert [charge["price"] for charge in found.version["charges"]] == ["0.866", "0.0825"]


@pytest.mark.parametrize(
    "fields, season",
    [
        (by_month(jun_sep=1), {"jan-may", "jun-sep"}),
        (by_month(mar_apr=1, oct_nov=1), {"mar-apr_oct-nov", "may-sep_dec-feb"}),
    ],
)
def test_seasons_are_named_by_their_months(tmp_path, fields, season):
    demand = [tiers((None, "1")), tiers((None, "2"))]
    found = converted(tmp_path, rate("A", flatdemandstructure=demand, flatdemandmonths=fields))[0]
    expected = {name.replace("jan-may", "oct-may") for name in season}
    assert set(found.version["seasons"]["months"]) == expected


# --- One way in ---


@pytest.fixture
def url(database):
    """A database of its own with the shipped tariffs."""
    return database


def tariff_counts(url: Any) -> dict[str, int]:
    """How many schedules, versions, charges and steps there are of a utility."""
    return {
        row["utility"]: row["rows"]
        for row in select(
            url,
            "select utility, count(*) as rows from tariff.schedule"
            " inner join tariff.version using (schedule_id)"
            " inner join tariff.charge using (version_id)"
            " inner join tariff.charge_step using (charge_id) group by utility",
        )
    }


def test_an_import_adds_to_the_tariffs_that_are_there(url, tmp_path):
    before = tariff_counts(url)
    import_files(url, [write(tmp_path, [rate("A"), rate("B")])])
    assert tariff_counts(url) == {**before, CODE: 2}


def test_a_rate_imported_again_is_replaced(url, tmp_path):
    import_files(url, [write(tmp_path, [rate("A"), rate("B")])])
    once = tariff_counts(url)
    import_files(url, [write(tmp_path, [rate("A", energyratestructure=[tiers((None, "0.2"))])])])
    assert tariff_counts(url) == once
    prices = select(
        url,
        "select price from tariff.charge_step inner join tariff.charge using (charge_id)"
        " inner join tariff.sheet using (sheet_id) where document like 'urdb:%'",
    )
    assert sorted(row["price"] for row in prices) == [Decimal("0.1"), Decimal("0.2")]
    published = "select price from rating.rate_price where sheet = 'energyratestructure' order by 1"
    assert select(url, published) == [{"price": Decimal("0.1")}, {"price": Decimal("0.2")}]


def test_no_row_is_left_without_its_parent_when_a_rate_is_replaced(url, tmp_path):
    file = write(tmp_path, [one for one in RATES if one["label"] != "SECOND"])
    import_files(url, [file])
    counts = {table: _count(url, table) for table in _tables(url)}
    import_files(url, [file])
    assert {table: _count(url, table) for table in _tables(url)} == counts


def _tables(url: Any) -> list[str]:
    found = select(url, "select table_name from duckdb_tables() where schema_name = 'tariff'")
    return [row["table_name"] for row in found]


def _count(url: Any, table: str) -> int:
    return int(select(url, f"select count(*) as rows from tariff.{table}")[0]["rows"])


def test_a_rate_that_follows_another_is_a_later_version_of_its_schedule(url, tmp_path):
    later = rate("LATER", startdate=seconds("2018-03-01"), supersedes="EARLY")
    import_files(url, [write(tmp_path, [later, rate("EARLY")])])
    versions = select(
        url,
        "select schedule, effective_from, effective_to from tariff.version"
        f" inner join tariff.schedule using (schedule_id) where utility = '{CODE}' order by 2",
    )
    assert [tuple(str(value) for value in row.values()) for row in versions] == [
        ("EARLY", "2015-01-01", "2018-03-01"),
        ("EARLY", "2018-03-01", "None"),
    ]


def test_two_rates_that_follow_the_same_one_stay_schedules_of_their_own(tmp_path):
    start = seconds("2018-03-01")
    rates = [rate("A"), *(rate(one, startdate=start, supersedes="A") for one in "BC")]
    placed = place(converted(tmp_path, *rates))
    assert [one.schedule for one in placed] == ["A", "B", "C"]
    assert told(placed[1].rate, "read as") == {
        "supersedes": "a schedule of its own, for C supersedes it too"
    }


def test_rates_that_follow_each_other_in_a_circle_are_placed_once(tmp_path):
    rates = [
        rate("A", supersedes="B"),
        rate("B", supersedes="A", startdate=seconds("2018-03-01")),
    ]
    placed = place(converted(tmp_path, *rates))
    assert sorted(one.schedule for one in placed) == ["A", "B"]
    words = "a schedule of its own, for they follow each other in a circle"
    assert [told(one.rate, "read as") for one in placed] == [{"supersedes": words}] * 2


def test_a_rate_that_follows_another_utility_s_is_a_schedule_of_its_own(tmp_path):
    later = rate("B", supersedes="A", utility="Other Power", startdate=seconds("2018-03-01"))
    # The true follower is one all the same, and so is that of a name with the usual addition.
    true = rate("C", supersedes="A", utility="Riverbend Light", startdate=seconds("2019-03-01"))
    placed = {one.rate.label: one for one in place(converted(tmp_path, rate("A"), later, true))}
    assert [placed[label].schedule for label in "ABC"] == ["A", "B", "A"]
    assert told(placed["B"].rate, "read as") == {
        "supersedes": "a schedule of its own, for it is another utility's"
    }
    assert told(placed["C"].rate, "informational")["supersedes"] == "the version before it"


def test_a_rate_that_follows_none_of_the_import_says_so(tmp_path):
    (placed,) = place(converted(tmp_path, rate("B", supersedes="A")))
    found = told(placed.rate, "informational")["supersedes"]
    assert found == "the rate it follows, not in this import"


def test_versions_that_the_database_has_besides_are_not_lost(url, tmp_path):
    later = rate("LATER", startdate=seconds("2018-03-01"), supersedes="EARLY")
    import_files(url, [write(tmp_path, [later, rate("EARLY")])])
    for alone in (rate("EARLY"), later):
        with pytest.raises(
            RatebookError, match=r"EARLY has versions .* import all of them together"
        ):
            import_files(url, [write(tmp_path, [alone])])
        assert tariff_counts(url)[CODE] == 2


def test_seed_files_that_an_import_writes_give_the_same_tariffs(url, tmp_path):
    file = write(tmp_path, RATES)
    import_files(url, [file], seeds_to=tmp_path / "seeds", time_zone="America/Denver")
    direct = documents(place(converted(tmp_path, *RATES)), "America/Denver")
    books = {book.utility.utility: book for book in read_books([tmp_path / "seeds"])}
    assert set(books) == set(direct)
    for code, book in books.items():
        assert book.utility.time_zone == "America/Denver"
        assert {one.schedule for one in book.schedules} == set(direct[code].schedules)
    before = tariff_counts(url)
    initialize(url, [tmp_path / "seeds"])
    assert tariff_counts(url) == before


def test_seed_files_of_several_imports_share_a_folder(url, tmp_path):
    seeds = tmp_path / "seeds"
    import_files(url, [write(tmp_path, [rate("A", demandreactivepowercharge=1)])], seeds_to=seeds)
    import_files(url, [write(tmp_path, [rate("B")])], seeds_to=seeds)
    later = rate("C", supersedes="B", startdate=seconds("2019-01-01"))
    import_files(url, [write(tmp_path, [rate("B"), later])], seeds_to=seeds)
    book = read_books([seeds])[0]
    assert {one.schedule: len(one.versions) for one in book.schedules} == {"A": 1, "B": 2}
    assert book.utility.read_determinants == ["kvar"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("utility: [\n", "is not readable YAML: line 2: "),
        ("utility: x\nname: X\ntime_zone: UTC\n", "the file lacks documents; add it"),
        ("", "holds no mapping; begin with utility: and name:"),
    ],
)
def test_utility_file_that_cannot_be_read_is_refused(url, tmp_path, text, sentence):
    file = tmp_path / "seeds" / CODE / "utility.yaml"
    file.parent.mkdir(parents=True)
    file.write_text(text, "utf-8")
    with pytest.raises(RatebookError) as refusal:
        import_files(url, [write(tmp_path, [rate("A")])], seeds_to=tmp_path / "seeds")
    assert str(refusal.value).startswith(f"seeds/{CODE}/utility.yaml:")
    assert sentence in str(refusal.value)
    assert CODE not in tariff_counts(url)
    assert (file.read_text("utf-8"), list(file.parent.iterdir())) == (text, [file])


def test_one_bad_rate_loads_none(url, tmp_path):
    before = {table: _count(url, table) for table in _tables(url)}
    with pytest.raises(RatebookError):
        import_files(url, [write(tmp_path, [rate("A"), rate("B", mincharge="much")])])
    assert {table: _count(url, table) for table in _tables(url)} == before


def test_an_import_needs_a_database(tmp_path):
    with pytest.raises(RatebookError, match="run `ratebook init` first"):
        import_files(database_at(tmp_path, "none"), [write(tmp_path, [rate("A")])])


def test_a_finding_has_the_value_of_its_field(tmp_path):
    found = converted(tmp_path, rate("A", sector="Commercial"))[0]
    assert Finding("sector", "Commercial", "informational", "customers the rate is for") in (
        found.findings
    )


@pytest.mark.parametrize("form", ["one", "list", "items", "lines"])
def test_a_file_holds_one_rate_a_list_an_answer_of_the_api_or_a_rate_a_line(tmp_path, form):
    rates = [rate("A")] if form == "one" else [rate("A"), rate("B")]
    text = {
        "one": text_of(rates[0]),
        "list": text_of(rates),
        "items": text_of({"items": rates}),
        "lines": "\n".join(text_of(one) for one in rates) + "\n",
    }[form]
    file = tmp_path / "rates.json"
    file.write_text(text, "utf-8")
    assert [entry.label for entry in read_rates([file])] == [one["label"] for one in rates]


def test_names_of_fields_are_read_in_small_and_large_letters(tmp_path):
    found = converted(tmp_path, rate("A", flatdemandstructure=[tiers((None, "10"))],
        lookbackPercent="0.8", lookbackRange=11))[0]  # fmt: skip
    ratchet = found.version["demands"][0]["greatest_of"][1]
    assert ratchet == {"ratchet": "kw", "percent": "80", "window": 12}


def test_the_real_rates_are_rated_but_for_those_with_a_reason(tmp_path):
    found = {one.label: one for one in converted(tmp_path, *facts())}
    incomplete = {label: set(told(one)) for label, one in found.items() if told(one)}
    assert incomplete == {
        "5b1173b65457a3ad76733305": {"energyratestructure[0]"},
        "5d1b6dfb5457a37b0da745b6": {"demandattrs[0]"},
        "539fb62bec4f024bc1dbfd0f": {
            "demandattrs[0]", "demandattrs[1]", "demandattrs[2]", "energyattrs[0]",
        },
    }  # fmt: skip
    assert fact("5b1173b65457a3ad76733305")["label"] in found


def test_a_time_zone_that_is_given_holds_for_a_utility_that_is_there(url, tmp_path):
    seeds, file = tmp_path / "seeds", write(tmp_path, [rate("A")])
    # An import that names none leaves what there is.
    chicago = "America/Chicago"
    for given, kept in ((None, "UTC"), (chicago, chicago), (None, chicago)):
        import_files(url, [file], seeds_to=seeds, time_zone=given)
        (book,) = read_books([seeds])
        assert book.utility.time_zone == kept
        assert select(url, f"select time_zone from tariff.utility where utility = '{CODE}'") == [
            {"time_zone": kept}
        ]
