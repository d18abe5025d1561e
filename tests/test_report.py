"""The report of a study: one page with its tables, charts, scenario, run and sheets."""

import re
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import pytest
from browser import browser, look_at

from rating.cli.report import facts_of
from rating.cli.study import impact as impact_command
from rating.report.charts import drawings
from rating.report.facts import Facts, ReportFiles
from rating.report.layouts import LAYOUTS, Layout
from rating.report.page import page, write_report
from rating.report.tables import cell, heading, make_table
from rating.store.database import open_duckdb
from rating.study.compare import RELATIONS as COMPARE
from rating.study.database import published_bills
from rating.study.frequency import RELATIONS as FREQUENCY
from rating.study.marginal import RELATIONS as MARGINAL
from rating.study.neutral import RELATIONS as NEUTRAL
from rating.study.proof import RELATIONS as PROOF
from rating.study.propose import IMPACT_RELATIONS, PROPOSAL_RELATIONS, propose
from rating.study.ratchet import RELATIONS as RATCHET
from rating.study.typical import RELATIONS as TYPICAL

SCENARIO = """\
scenario: Energy & <demand>
effective_from: 2010-01-01
changes:
  - {schedule: LGS-1, component: energy, percent: "5"}
"""
HOSTILE = "<script>alert('A&B')</script>"


@pytest.fixture(scope="module")
def impact(golden, tmp_path_factory) -> Path:
    """The folder of a report of a scenario: page, charts and tables."""
    folder = tmp_path_factory.mktemp("report")
    scenario = folder / "scenario.yaml"
    scenario.write_text(SCENARIO, "utf-8")
    files = ReportFiles(folder / "impact.html", folder / "charts", folder / "tables").check()
    facts = facts_of(impact_command, IMPACT_RELATIONS, scenario=scenario)
    with propose(golden.url, scenario) as connection:
        assert len(write_report(connection, facts, files)) == 3
    return folder


class Outline(HTMLParser):
    """What of a page matters to who reads it by ear: its headings, tables, images, language."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def all(self, name: str) -> list[dict[str, str | None]]:
        """The attributes of each such element."""
        return [attributes for tag, attributes in self.tags if tag == name]


@pytest.fixture(scope="module")
def text(impact: Path) -> str:
    return (impact / "impact.html").read_text("utf-8")


def test_the_page_shows_the_scenario_as_it_was_written(text):
    assert "Energy &amp; &lt;demand&gt;" in text
    assert "<demand>" not in text


def test_the_page_names_the_runs_the_hashes_of_their_tariffs_and_the_sheets(text, golden):
    with open_duckdb(golden.url) as connection:
        query = "select tariff_hash, portfolio_hash from rating.rating_run where run_id = 1"
        ((tariffs, portfolio),) = connection.execute(query).fetchall()
    runs = _table(text, "runs")
    assert tariffs in runs
    assert portfolio in runs
    # The scenario is another tariff: the study's run has another hash.
    assert runs.count(tariffs) == 1
    assert runs.count("<tr>") == 3
    assert "T-9" in _table(text, "sheets")


def test_the_dollars_of_the_page_are_those_of_the_bills(text, golden):
    own = [bill for bill in golden.bills if bill["schedule"] == "LGS-1"]
    row = re.search(r'<th scope="row">LGS-1</th>(.*?)</tr>', _table(text, "summary"))
    assert row
    cells = re.findall(r"<td[^>]*>(.*?)</td>", row.group(1))
    assert cells[0] == f"{len(own):,}"
    assert cells[2] == f"${sum(bill['net_amount'] for bill in own):,.2f}"


def test_a_screen_reader_finds_language_headings_captions_and_the_words_of_each_chart(text):
    outline = Outline(text)
    assert outline.all("html") == [{"lang": "en"}]
    assert len(outline.all("h1")) == 1
    assert len(outline.all("caption")) == len(outline.all("table"))
    assert all(one.get("scope") for one in outline.all("th"))
    ids = [one["id"] for _, one in outline.tags if "id" in one]
    assert len(ids) == len(set(ids))
    images = [one for one in outline.all("svg") if one.get("role") == "img"]
    assert len(images) == len(outline.all("figure")) > 3
    for image in images:
        assert set(str(image["aria-labelledby"]).split()) <= set(ids)


def test_the_page_refers_to_nothing_outside_itself(text):
    for tag, attributes in Outline(text).tags:
        assert (
            tag not in ("script", "link", "iframe", "object") or attributes.get("href") == "data:,"
        )
        for name in ("src", "href", "xlink:href"):
            assert str(attributes.get(name) or "#").startswith(("#", "data:"))
    assert "url(http" not in text


def test_charts_are_written_as_svg_and_png_and_tables_as_csv_and_parquet(impact):
    charts = {one.stem for one in (impact / "charts").glob("*.svg")}
    assert {"impact_distribution_1", "monthly_revenue_ipl_mo", "price_by_hours_use_1"} <= charts
    for name in charts:
        assert (impact / "charts" / f"{name}.png").read_bytes().startswith(b"\x89PNG")
    for name in ("impact", "impact_agreement", "proposal_unbilled"):
        counts = {
            duckdb.sql(f"select count(*) from '{impact}/tables/{name}.{ending}'").fetchall()[0]
            for ending in ("csv", "parquet")
        }
        assert len(counts) == 1


@pytest.mark.skipif(not browser(), reason="no browser on this machine")
def test_a_browser_draws_every_chart_and_requests_nothing(text):
    seen = look_at(text)
    assert seen.asked == []
    assert len(seen.widths) == text.count("<figure>")
    assert min(seen.widths) > 100
    assert not seen.overflow


@pytest.mark.skipif(not browser(), reason="no browser on this machine")
def test_the_browser_would_tell_of_a_request():
    asked = '<body><img src="http://127.0.0.1:9/chart.png"></body>'
    assert look_at(asked).asked == ["http://127.0.0.1:9/chart.png"]


def test_markup_in_names_and_scenarios_shows_as_text(golden):
    with published_bills(golden.url) as connection:
        connection.execute(
            f"""create table study.frequency as select
            'ipl-mo' as utility, $${HOSTILE}$$ as schedule, '' as season, over_kwh, over_kwh + 500
            as to_kwh, 1 as bills, 1.0 as kwh, 1 as cumulative_bills, 1.0 as cumulative_kwh,
            1.0 as consolidated_kwh from range(0, 1000, 500) as block (over_kwh)"""
        )
        facts = Facts(HOSTILE, HOSTILE, ["frequency"], scenario=HOSTILE, settings={"x": HOSTILE})
        shown = page(connection, facts, drawings(connection, facts.months))
    assert "<script" not in shown
    assert "&lt;script&gt;" in shown


def test_a_folder_that_is_not_there_is_refused_before_anything_is_rated(golden, ratebook, tmp_path):
    said = ratebook(
        "study", "frequency", "--database", golden.url, "--html", tmp_path / "no" / "page.html"
    )
    assert said.code == 2
    assert f"the folder {tmp_path / 'no'} does not exist; create it first" in _line(said.err)


def test_a_page_is_named_html_and_a_folder_is_no_file(golden, ratebook, tmp_path):
    (tmp_path / "taken").write_text("")
    said = ratebook(
        "study", "frequency", "--database", golden.url,
        "--html", tmp_path / "page.pdf", "--charts", tmp_path / "taken",
    )  # fmt: skip
    assert said.code == 2
    assert "page.pdf does not end in .html; rename it" in _line(said.err)
    assert "taken is no folder; name another" in _line(said.err)


@pytest.mark.parametrize("study", ["neutral", "ratchet"])
def test_a_study_without_charts_refuses_a_folder_for_them(ratebook, tmp_path, study):
    said = ratebook("study", study, "--charts", tmp_path / "charts")
    assert said.code == 2
    assert _line(said.err) == (
        f"ratebook: study {study} draws no charts; leave --charts out; study propose has them"
    )


def test_a_place_that_takes_no_file_is_one_sentence(golden, ratebook, tmp_path):
    (tmp_path / "page.html").mkdir()
    said = ratebook(
        "study", "frequency", "--database", golden.url, "--html", tmp_path / "page.html", "--json"
    )
    assert said.code == 2
    assert "cannot be written" in _line(said.err)
    assert "Traceback" not in said.err


@pytest.mark.parametrize(
    ("column", "words"),
    [
        ("change_usd", "Change, $"),
        ("change_percent", "Change, %"),
        ("to_kwh", "To, kWh"),
        ("kwh", "kWh"),
        ("billing_month", "Billing month"),
        ("average_usd_per_kwh", "Average, $ a kWh"),
        ("present_cents_per_kwh", "Present, ¢ a kWh"),
        ("cumulative_kwh_percent", "Cumulative kWh, %"),
        ("kwh_percent", "kWh, %"),
        ("next_kw_usd", "Next kW, $"),
        ("is_cheapest", "Cheapest"),
        ("step_no", "Step"),
    ],
)
def test_a_heading_names_the_unit(column, words):
    assert heading(column) == words


def test_a_heading_names_the_side_as_the_study_calls_it():
    sides = {"present": "Actual", "proposed": "Cheapest schedule"}
    assert heading("present_usd", sides) == "Actual, $"
    assert heading("proposed_cents_per_kwh", sides) == "Cheapest schedule, ¢ a kWh"


def test_a_price_shows_every_digit_and_a_percentage_is_no_dollars():
    rows = [
        {"unit": "kWh", "before_usd": Decimal("0.09530000"), "price_usd": Decimal("0.0922")},
        {"unit": "%", "before_usd": Decimal("-5.00000000"), "price_usd": Decimal("-4.5")},
    ]
    ((first, _), (second, _)) = make_table("x", Layout("x"), rows, 2).groups[0].rows
    assert first == ["kWh", "$0.0953", "$0.0922"]
    assert second == ["%", "−5 %", "−4.5 %"]


def test_an_average_price_in_cents_shows_a_tenth_of_a_mill():
    rows = [{"average_cents_per_kwh": Decimal("17.3704")}]
    ((cells, _),) = make_table("x", Layout("x"), rows, 1).groups[0].rows
    assert cells == ["17.370"]


def test_every_result_of_a_study_has_a_caption():
    studies = (
        COMPARE, PROPOSAL_RELATIONS, IMPACT_RELATIONS, PROOF, FREQUENCY, NEUTRAL, RATCHET,
        MARGINAL, TYPICAL,
    )  # fmt: skip
    assert {one for relations in studies for one in relations} == {*LAYOUTS}


def test_a_number_has_separators_and_a_real_minus():
    assert cell("change_usd", Decimal("-1234.5"), 2) == "−$1,234.50"
    assert cell("kwh", Decimal("26745690.000000"), 0) == "26,745,690"
    assert cell("step_no", 1000) == "1000"
    assert cell("kwh", None) == ""


def _table(text: str, name: str) -> str:
    found = re.search(rf'<caption id="table-{name}">.*?</table>', text, re.DOTALL)
    assert found
    return found.group()


def _line(text: str) -> str:
    return " ".join(text.split())
