"""Each thing that a sheet may say, and real sheets: tariff, reads and bill, all by hand.

A page of tests/constructs has the seed files as they would stand in a seed folder, the rows of a
portfolio, and the bills with their arithmetic. All pages are loaded and rated together, once.
`history` holds reads whose own bills the page does not show. A page of tests/tariffs_real is of a
real utility, whose seed files stand in the folder of its name, transcribed from
docs/transcribing.md alone.
"""

import datetime
import re
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from helpers import (
    Rated,
    Row,
    agreement,
    cost_inputs,
    execute,
    file_copy,
    rate_portfolio,
    read,
    yaml_of,
)
from helpers import select as rows_of
from sqlalchemy.engine import URL

from rating.explain.demand import demand_words
from rating.run import run

TRANSCRIBING = Path(__file__).parents[1] / "docs" / "transcribing.md"
CONSTRUCTS = Path(__file__).parent / "constructs"
UTILITY = CONSTRUCTS / "utility" / "utility.yaml"
TARIFFS_REAL = Path(__file__).parent / "tariffs_real"


def pages_of(folder: Path) -> dict[str, Any]:
    """The pages of a folder by their names."""
    return {file.stem: yaml_of(file) for file in sorted(folder.glob("*.yaml"))}


PAGES = pages_of(CONSTRUCTS)
REAL = pages_of(TARIFFS_REAL)
WORKED = PAGES | REAL
MAY = datetime.date(2024, 5, 1)
# What the tables must be able to say, in the words of the design.
TO_BE_SAID = """
seasonal blocks; declining blocks; inverted blocks; blocks in kWh; blocks in kWh per kW;
blocks in kWh per day; blocks in kW; block limits as bounded functions of demand; nested blocks;
two block families on one determinant; rising and falling hours-use prices;
hours use on billing or on measured demand; free first blocks; flat first blocks;
several ratchets with different percentages and month sets; ratchets by season; floors;
greatest-of; lesser-of; contract demand; charges above contract demand; demand of one window;
demand of several windows with weights; kVA billing; power factor as demand adjustment;
power factor as two-sided kVAr charge; power factor as formula on the price;
voltage as price set; voltage as $/kW deduction; voltage as percentage;
voltage as metering multiplier; minimums in $; minimums per kW of billing demand;
minimums per kW of ratcheted demand; minimums per kW of connected demand;
minimums with riders inside; minimums with riders outside; discounts capped in dollars;
credits up to the demand charges; reservation charges less daily demand;
percentages with an explicit base;
taxes on taxes; compounding; factors per kWh; factors per kW;
factors dated independently of the rates; seasons of a clause's own;
prices of a clause by rate class; charges per day;
prorating to 30 days;
opening and closing bills; mid-period rate changes prorated by days;
daily demand charges; seasonal demand charges; coincident peak;
time of use; banked kWh; net metering; lights and poles; riders with terms and contract years;
late charges
"""


def portfolio() -> dict[str, list[Row]]:
    """The portfolio rows of all pages, with the defaults of the tests' portfolios."""
    files: dict[str, list[Row]] = {}
    for page in WORKED.values():
        for name, rows in page["portfolio"].items():
            files.setdefault("meter_reads" if name == "history" else name, []).extend(
                row for given in rows for row in _rows(name, given)
            )
    return files


def _rows(name: str, given: Row) -> Iterator[Row]:
    if name == "service_agreements":
        yield agreement(**{"utility": "many-rivers", "start_date": "2023-01-01", **given})
    elif name in ("meter_reads", "history"):
        named = {"agreement_id", "billing_month"}
        rest = {column: given[column] for column in given if column not in named}
        yield read(given["agreement_id"], given["billing_month"], **rest)
    elif name == "rider_cost_inputs":
        key = {"utility": "many-rivers", **given}
        utility, rider, month = (key.pop(column) for column in ("utility", "rider", "month"))
        yield from cost_inputs(utility, rider, month, **key)
    elif name == "lighting_hours":
        yield {"utility": "many-rivers", **given}
    else:
        yield given


@pytest.fixture(scope="module")
def worked(tmp_path_factory: pytest.TempPathFactory) -> Rated:
    """The reads of all pages under the tariffs of all pages, rated once."""
    folder = tmp_path_factory.mktemp("constructs")
    seeds = folder / "seeds" / "many-rivers"
    seeds.mkdir(parents=True)
    (seeds / UTILITY.name).write_text(UTILITY.read_text("utf-8"), "utf-8")
    for name, page in PAGES.items():
        for number, tariff in enumerate(page["tariffs"]):
            text = yaml.safe_dump(tariff, sort_keys=False, allow_unicode=True)
            (seeds / f"{name}-{number}.yaml").write_text(text, "utf-8")
    return rate_portfolio(folder, portfolio(), seeds=[folder / "seeds", TARIFFS_REAL])


@pytest.fixture(scope="module")
def from_may(worked: Rated, tmp_path_factory: pytest.TempPathFactory) -> URL:
    """The pages with nothing published, rated from May 2024 on."""
    url = file_copy(worked.url, tmp_path_factory.mktemp("from_may"))
    execute(url, *(f"delete from rating.{name}" for name in ("bill_line_item", "unbilled_read")))
    assert run.rate(url, first_month=MAY).status == "published"
    return url


def expectations(kind: str) -> list[Any]:
    """The bills, or the unbilled reads, that pages work out."""
    return [
        pytest.param(row, id=f"{name} {row['agreement_id']} {row['billing_month']}")
        for name, page in WORKED.items()
        for row in page.get(kind, [])
    ]


def lines_of(bill: Row) -> list[tuple[str, str, Decimal, Decimal, Decimal]]:
    """(component, charge, quantity, price, amount) of each line of a worked bill."""
    return [
        (component, code, Decimal(quantity), Decimal(price), Decimal(amount))
        for component, code, quantity, price, amount, _ in bill["lines"]
    ]


@pytest.mark.parametrize("bill", expectations("bills"))
def test_bill_is_the_one_worked_out_by_hand_line_by_line(worked, bill):
    key = (bill["agreement_id"], bill["billing_month"])
    assert key not in worked.reasons()
    found = [
        (row["component"], row["charge_code"], row["quantity"], row["price"], row["amount"])
        for row in worked.bill_lines(*key)
    ]
    assert found == lines_of(bill)
    row = worked.bill(*key)
    assert row["net_amount"] == Decimal(bill["net"])
    for column, value in bill.get("bill", {}).items():
        assert str(row[column]) == value or row[column] == Decimal(value)


@pytest.mark.parametrize(
    ("bill", "name"),
    [
        pytest.param(case.values[0], name, id=f"{case.id} {name}")
        for case in expectations("bills")
        for name in case.values[0].get("demands", {})
    ],
)
def test_demand_is_the_one_worked_out_by_hand_and_binds_for_the_reason_given(worked, bill, name):
    row = worked.demand(bill["agreement_id"], bill["billing_month"], name)
    demand_kw, binding = bill["demands"][name]
    assert (row["demand_kw"], row["binding"]) == (Decimal(demand_kw), binding)


def test_an_averaged_ratchet_is_told_without_a_month(worked):
    # (90 + 100) ÷ 2
    assert demand_words(worked.demand("AVERAGED", "2023-09")) == (
        "billing demand 95 kW: measured 100 kW, 100 % of the averaged peaks is 95 kW;"
        " the ratchet binds, for the month's own counts for less"
    )


def test_a_demand_of_which_only_a_share_counts_says_at_how_many_kw_it_binds(worked):
    # 50 % of 200 kW
    assert demand_words(worked.demand("REQUIRED-NESTED", "2024-06")) == (
        "billing demand 100 kW: measured 200 kW; the month's own demand at 100 kW binds"
    )


@pytest.mark.parametrize("row", expectations("unbilled"))
def test_read_that_lacks_what_the_sheet_needs_stays_unbilled(worked, row):
    key = (row["agreement_id"], row["billing_month"])
    assert worked.reasons()[key] == row["reason"]
    assert row.get("detail") in (None, worked.details()[key])


@pytest.mark.parametrize("bill", expectations("bills"))
def test_worked_lines_are_quantity_times_price_and_foot_to_the_worked_bill(bill):
    lines = lines_of(bill)
    cents = Decimal("0.01")
    for *_, quantity, price, amount in lines:
        assert (quantity * price).quantize(cents, ROUND_HALF_UP) == amount
    assert sum(amount for *_, amount in lines) == Decimal(bill["net"])


@pytest.mark.parametrize("name", WORKED)
def test_every_read_of_a_page_is_worked_out(name):
    page = WORKED[name]
    shown = {
        (row["agreement_id"], row["billing_month"])
        for row in [*page["bills"], *page.get("unbilled", [])]
    }
    read_rows = page["portfolio"]["meter_reads"]
    assert shown == {(row["agreement_id"], row["billing_month"]) for row in read_rows}


def test_everything_that_the_tables_must_be_able_to_say_is_said_on_a_page():
    wanted = {" ".join(words.split()) for words in TO_BE_SAID.split(";")}
    said = [phrase for page in PAGES.values() for phrase in page["says"]]
    assert wanted == set(said)


def test_the_index_of_the_transcribing_page_leads_to_the_pages_of_each_construct():
    index = TRANSCRIBING.read_text("utf-8").split("## Constructs, and the page of each")[1]
    rows = [line.split(" | ") for line in index.splitlines() if "](../tests/constructs/" in line]
    listed = {row[0].removeprefix("| "): re.findall(r"\[(\w+)\]", row[2]) for row in rows}
    said = {phrase for page in PAGES.values() for phrase in page["says"]}
    assert listed == {
        phrase: [name for name, page in PAGES.items() if phrase in page["says"]] for phrase in said
    }


@pytest.mark.parametrize("utility", REAL)
def test_every_rate_of_a_real_utility_has_a_worked_bill(utility):
    files = sorted((TARIFFS_REAL / utility).glob("*.yaml"))
    seeds = [yaml_of(file) for file in files]
    rates = {seed["schedule"] for seed in seeds if seed.get("kind") == "rate"}
    agreements = REAL[utility]["portfolio"]["service_agreements"]
    billed = {bill["agreement_id"] for bill in REAL[utility]["bills"]}
    assert rates == {row["schedule"] for row in agreements if row["agreement_id"] in billed}


def test_every_read_and_no_other_is_billed_or_has_its_reason(worked):
    unbilled = {
        (row["agreement_id"], row["billing_month"])
        for page in WORKED.values()
        for row in page.get("unbilled", [])
    }
    assert set(worked.reasons()) == unbilled
    assert not worked.report.failed_checks


@pytest.mark.parametrize("relation", ["bill_line_item", "unbilled_read"])
def test_a_run_from_may_on_says_what_the_full_run_says(worked, from_may, relation):
    # Banks and ratchets of these pages look back at months before May, billed and unbilled.
    query = f"select * exclude (run_id) from rating.{relation} where billing_month >= '{MAY}'"
    full = rows_of(worked.url, f"{query} order by all")
    assert full
    assert rows_of(from_may, f"{query} order by all") == full
