"""Schedules written as URDB rates: what comes back is the same, and the rest is listed."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from conftest import Said
from helpers import database_at, file_copy
from test_urdb_bills import RATES
from urdb_rates import CODE, facts, full, hours, rate, tiers, write

from rating.errors import RatebookError
from rating.setup import initialize
from rating.urdb.export import RateWritten, export_schedule
from rating.urdb.importer import import_files
from rating.urdb.rate import convert
from rating.urdb.read import read_rates

INVENTED = [one for one in RATES if one["label"].isupper()]
# Tiers in two units become derived quantities, and those are not followed back.
ONE_WAY = {"MIXED", "MIXED_TOP"}
PRICES = ("seasons", "time_of_use", "determinants", "demands", "splits", "charges")


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    """A database with the shipped tariffs and the invented rates."""
    folder = tmp_path_factory.mktemp("urdb-export")
    made = database_at(folder)
    initialize(made)
    import_files(made, [write(folder, [*INVENTED, *facts()])])
    return made


def exported(
    url: Any, folder: Path, schedule: str
) -> tuple[list[dict[str, Any]], list[RateWritten]]:
    """The rates that a schedule is written as, and the remarks."""
    file = folder / "out.json"
    written = export_schedule(url, schedule, file)
    return json.loads(file.read_text("utf-8"), parse_float=Decimal)["items"], written


def canonical(part: Any) -> Any:
    """A part of a version without what only names it: codes, words, pages; prices as numbers."""
    if isinstance(part, dict):
        left = {
            k: v for k, v in part.items() if k not in ("sheet", "code", "description", "choice")
        }
        return tuple(sorted((name, canonical(value)) for name, value in left.items()))
    if isinstance(part, list):
        return tuple(canonical(one) for one in part)
    try:
        return str(Decimal(part).normalize()) if isinstance(part, str) else part
    except ArithmeticError:
        return part


def prices(version: dict[str, Any]) -> list[list[str]]:
    """What a version charges, in no order."""
    parts = [version.get(name) for name in PRICES]
    lists = [part if isinstance(part, list) else [part] for part in parts]
    return [sorted(repr(canonical(one)) for one in part) for part in lists]


@pytest.mark.parametrize(
    "label", [one["label"] for one in INVENTED if one["label"] not in ONE_WAY | {"SECOND"}]
)
def test_an_imported_rate_comes_back_as_it_was(url, tmp_path, label):
    items, written = exported(url, tmp_path, label)
    assert written[0].remarks == []
    assert status_of(tmp_path / "out.json") == "complete"
    source = next(one for one in INVENTED if one["label"] == label)
    before = convert(read_rates([write(tmp_path, [source], "before.json")])[0])
    (tmp_path / "first.json").write_text((tmp_path / "out.json").read_text("utf-8"), "utf-8")
    after = convert(read_rates([tmp_path / "first.json"])[0])
    assert prices(after.version) == prices(before.version)
    assert items[0]["startdate"] - source["startdate"] == 4 * 3600  # noon instead of 8 a.m.


def status_of(file: Path) -> str:
    """The status that a file's first rate is imported with."""
    return str(convert(read_rates([file])[0]).version.get("status", "complete"))


@pytest.mark.parametrize("label", [one["label"] for one in facts()])
def test_a_real_rate_comes_back_as_complete_as_it_was(url, tmp_path, label):
    source = next(one for one in facts() if one["label"] == label)
    before = status_of(write(tmp_path, [source], "before.json"))
    _, written = exported(url, tmp_path, label)
    if before == "complete" and not written[0].remarks:
        assert status_of(tmp_path / "out.json") == "complete"


@pytest.mark.parametrize(
    "fields",
    [
        {"flatdemandstructure": [tiers((None, "10"))]},
        {"coincidentratestructure": [tiers((None, "29"))]},
        {"flatdemandunit": "kW daily", "flatdemandstructure": [tiers((25, "0"), (None, "0.25"))]},
    ],
)
def test_prices_of_demand_have_no_unit_of_their_own(url, tmp_path, fields):
    import_files(url, [write(tmp_path, [rate("UNITS", **fields)])])
    items, _ = exported(url, tmp_path, "UNITS")
    (structure,) = [name for name in fields if name.endswith("structure")]
    assert [tier.get("unit") for tier in items[0][structure][0]] == [None] * len(
        fields[structure][0]
    )


def test_versions_of_a_schedule_follow_each_other(url, tmp_path):
    items, _ = exported(url, tmp_path, "FIRST")
    assert [(one["label"], one.get("supersedes")) for one in items] == [
        ("FIRST", None),
        ("SECOND", "FIRST"),
    ]


def test_two_periods_of_demand_at_one_price_stay_two(tmp_path, url):
    # Each is charged for its own peak, so that they are not one period.
    same = [tiers((None, "5")), tiers((None, "5"))]
    import_files(url, [write(tmp_path, [rate("SAME", demandratestructure=same,
                                             demand_hours=["jan-dec weekday 1x24"])])])  # fmt: skip
    items, _ = exported(url, tmp_path, "SAME")
    assert len(items[0]["demandratestructure"]) == 2
    assert items[0]["demandweekdayschedule"] != items[0]["demandweekendschedule"]


@pytest.mark.parametrize("summer", [((500, "0.1"),), ((100, "0.1"), (500, "0.2"))])
def test_tiers_of_each_season_keep_their_limits(url, tmp_path, summer):
    # Two periods a day; up to 10 kWh from January to June, up to 500 from July on.
    winter = tiers((10, "0.1"), (None, "0.3"), unit="kWh")
    other = tiers(*summer, (None, "0.3"), unit="kWh")
    import_files(url, [write(tmp_path, [rate("TWO_SEASONS",
        energy_hours=["jan-jun all 0x12 1x12", "jul-dec all 2x12 3x12"],
        energyratestructure=[winter, winter, other, other])])])  # fmt: skip
    items, written = exported(url, tmp_path, "TWO_SEASONS")
    assert written[0].remarks == []
    limits = [
        {tuple(tier.get("max") for tier in items[0]["energyratestructure"][one]) for one in row}
        for row in items[0]["energyweekdayschedule"]
    ]
    assert limits == [{(10, None)}] * 6 + [{(*(limit for limit, _ in summer), None)}] * 6


def test_schedules_are_written_hour_by_hour(url, tmp_path):
    items, _ = exported(url, tmp_path, "TOU")
    found = hours("jun-sep weekday 0x14 1x6 0x4")
    assert items[0]["energyweekdayschedule"] == found["weekday"]
    assert items[0]["energyweekendschedule"] == found["weekend"]
    assert items[0]["energyratestructure"] == [
        [{"rate": Decimal("0.05"), "unit": "kWh"}],
        [{"rate": Decimal("0.15"), "unit": "kWh"}],
    ]


def test_tiers_in_two_units_are_listed(url, tmp_path):
    _, written = exported(url, tmp_path, "MIXED")
    assert [remark.what for remark in written[0].remarks] == [
        f"charge energy_tier_{number}" for number in range(4)
    ]


def test_a_transcribed_schedule_is_written_and_the_rest_listed(url, tmp_path):
    items, written = exported(url, tmp_path, "LGS-1")
    (first,) = items[0]["energyratestructure"]
    # Sheet T-9: hours use of 100, 200 and 100 more, as cumulative limits.
    assert [tier.get("max") for tier in first] == [100, 300, 400, None]
    assert {tier["unit"] for tier in first} == {"kWh/kW"}
    assert [tier.get("max") for tier in items[0]["flatdemandstructure"][0]] == [50, 150, None]
    assert items[0]["lookbackpercent"] == Decimal("0.8")
    assert items[0]["lookbackmonths"] == [6 <= month <= 8 for month in range(12)]
    said = {(remark.what, remark.why) for remark in written[0].remarks}
    assert ("charge minimum", "is a minimum by peak_demand_kw") in said
    assert ("charge primary_voltage_discount", "is a percent of other lines") in said
    assert ("demand billing", "is rounded; URDB's is as read") in said
    assert ("version", "it carries FA-1, a clause of its own: URDB has no field for it") in said


def test_a_rate_that_lacks_something_says_so_when_it_is_imported(url, tmp_path):
    items, _ = exported(url, tmp_path, "LGS-1")
    assert items[0]["approved"] is False
    found = convert(read_rates([tmp_path / "out.json"])[0])
    assert found.version["status"] == "unconfirmed"
    assert found.version["status_reason"] == "it was exported without what URDB cannot say"
    (said,) = [one for one in found.findings if one.field == "basicinformationcomments"]
    assert said.kind == "read as"
    assert str(said.value).startswith("URDB cannot say: charge minimum is a minimum by peak_demand")


def test_every_charge_of_every_shipped_schedule_is_written_or_listed(url, tmp_path):
    from rating.store.database import engine_for
    from rating.urdb.export_rate import rate_of
    from rating.urdb.export_rows import read_versions

    silent = []
    with engine_for(url).connect() as connection:
        for schedule in ("RS-3", "GS-1", "LGS-1", "LP-2", "NM-1", "PAL"):
            try:
                versions = read_versions(connection, schedule, None)
            except RatebookError:
                continue
            for version in versions:
                fields, remarks = rate_of(version)
                listed = {remark.what for remark in remarks}
                if not fields and not listed and version.charges:
                    silent.append(schedule)
    assert not silent


def test_a_schedule_that_is_not_there(url, tmp_path):
    with pytest.raises(RatebookError, match="there is no schedule NOPE; see `ratebook coverage`"):
        export_schedule(url, "NOPE", tmp_path / "out.json")


def test_a_schedule_of_two_utilities(url, tmp_path):
    copy = file_copy(url, tmp_path)
    import_files(copy, [write(tmp_path, [rate("LGS-1")])])
    with pytest.raises(RatebookError, match=f"of ipl-mo, {CODE}; choose one with --utility"):
        export_schedule(copy, "LGS-1", tmp_path / "out.json")
    assert export_schedule(copy, "LGS-1", tmp_path / "out.json", CODE)[0].label == "LGS-1"


def test_a_file_that_cannot_be_written_is_refused_with_what_to_do(url, tmp_path):
    with pytest.raises(RatebookError, match="nowhere does not exist; create it first"):
        export_schedule(url, "LGS-1", tmp_path / "nowhere" / "out.json")
    with pytest.raises(RatebookError, match="cannot be written: Is a directory; name another file"):
        export_schedule(url, "LGS-1", tmp_path)


# The commands


def test_import_reports_and_exits_0(ratebook, url, tmp_path):
    file = write(tmp_path, [rate("WORDS", fixedattrs=[{"Three phase": "$28"}])])
    said: Said = ratebook("urdb", "import", file, "--database", str(url))
    assert (said.code, said.err) == (0, "")
    assert "unratable  fixedattrs[0]  is a price in words, or may be one" in said.out
    assert "1 rate imported: 1 incomplete" in said.out


def test_strict_import_exits_1_with_a_price_that_cannot_be_rated(ratebook, url, tmp_path):
    bad = write(tmp_path, [rate("WORDS", fixedattrs=[{"Three phase": "$28"}])], "bad.json")
    good = write(tmp_path, [rate("GOOD")], "good.json")
    arguments = ("--strict", "--database", str(url))
    assert ratebook("urdb", "import", bad, *arguments).code == 1
    assert ratebook("urdb", "import", good, *arguments).code == 0


def test_import_prints_json_with_every_finding(ratebook, url, tmp_path):
    file = write(tmp_path, [full(rate("GOOD", sector="Commercial"))])
    said: Said = ratebook("urdb", "import", file, "--json", "--database", str(url))
    found = json.loads(said.out)
    assert (found["rates"], found["complete"]) == (1, 1)
    assert found["report"][0]["findings"][-1]["field"] == "sector"


def test_a_bad_file_is_one_sentence_and_exit_2(ratebook, url, tmp_path):
    file = tmp_path / "bad.json"
    file.write_text("{", "utf-8")
    said: Said = ratebook("urdb", "import", file, "--database", str(url))
    assert said.code == 2
    assert said.err.startswith("ratebook: bad.json:1: is not readable JSON: ")
    assert len(said.err.strip().splitlines()) == 1


def test_export_lists_and_exits_0(ratebook, url, tmp_path):
    arguments = ("urdb", "export", "LGS-1", tmp_path / "out.json", "--database", str(url))
    said: Said = ratebook(*arguments)
    assert (said.code, said.err) == (0, "")
    assert "charge minimum" in said.out
    assert json.loads(ratebook(*arguments, "--json").out)[0]["remarks"]
