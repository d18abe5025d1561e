"""What the commands print is whole, and tells apart what differs."""

import datetime
import json
from decimal import Decimal
from io import BytesIO, StringIO, TextIOWrapper

import pytest
from rich.console import Console
from rich.text import Text

from models.rating import COMPONENTS
from rating.cli.app import _show_what_fits
from rating.cli.options import print_json, print_whole
from rating.explain.bill import Explanation
from rating.show.results import explanation, schedule_table
from rating.show.tables import number_table, word_table


def test_no_amount_of_a_city_is_cut():
    row = dict.fromkeys((f"{name}_amount" for name in COMPONENTS), 0)
    row |= {
        "energy_amount": 54_321_098,
        "demand_amount": 12_345_678,
        "adjustment_amount": -9_876_543,
    }
    row |= {
        "utility": "ipl-mo",
        "schedule": "PSL-2FR",
        "credit_amount": -12_345,
        "kwh": 987_654_321,
    }
    row |= {"bills": 675_997, "net_amount": 1, "ratchet_bills": 12_345, "minimum_bills": 54_321}
    row |= {f"{name}_amount": 123_456 for name in ("customer", "facilities", "minimum", "rider")}
    row |= {"discount_amount": -123_456}
    screen = Console(file=StringIO(), width=120)
    screen.print(schedule_table([row]))
    said = screen.file.getvalue()
    assert "…" not in said
    assert {"54,321,098", "-9,876,543", "-12,345", "987,654.3"} <= set(said.split())


def test_numbers_are_whole_in_a_table_wider_than_the_screen(capsys):
    amounts = [f"{number:,}.00" for number in range(111_111_111, 111_111_125)]
    table = number_table("wide", *("dollars" for _ in amounts))
    table.add_row("row", *amounts)
    print_whole(table)
    assert capsys.readouterr().out.split()[-14:] == amounts


def test_words_are_folded_where_the_screen_ends(capsys):
    table = word_table("notes", "note")
    table.add_row("word " * 100)
    print_whole(table)
    assert max(map(len, capsys.readouterr().out.splitlines())) <= 120


def screen_of(monkeypatch, encoding: str) -> TextIOWrapper:
    """A stdout of an encoding, as main() sets it."""
    screen = TextIOWrapper(BytesIO(), encoding=encoding)
    monkeypatch.setattr("sys.stdout", screen)
    _show_what_fits(screen)
    return screen


def written(screen: TextIOWrapper) -> str:
    """What was written to it."""
    screen.flush()
    return screen.buffer.getvalue().decode("ascii")


def test_what_an_encoding_lacks_is_a_question_mark(monkeypatch):
    screen = screen_of(monkeypatch, "latin-1")
    print_whole(Text("a \u2192 b"))
    assert written(screen).strip() == "a ? b"


def test_json_in_another_encoding_loses_nothing(monkeypatch):
    screen = screen_of(monkeypatch, "ascii")
    print_json({"unit": "3 × 100 ft"})
    assert json.loads(written(screen)) == {"unit": "3 × 100 ft"}


def line(number: int, since: datetime.date, amount: str) -> dict[str, object]:
    """A line of schedule R for energy at one price."""
    return {
        "line_no": number,
        "description": "Energy",
        "quantity": Decimal(100),
        "unit": "kWh",
        "price": Decimal("0.1"),
        "amount": Decimal(amount),
        "schedule_or_rider": "R",
        "sheet": "p. 1",
        "version_effective_from": since,
    }


@pytest.mark.parametrize("is_prorated", [True, False])
def test_lines_of_two_versions_of_a_schedule_say_of_which_they_are(is_prorated):
    old, new = datetime.date(2019, 1, 1), datetime.date(2020, 1, 16)
    bill = {
        "agreement_id": "A",
        "billing_month": datetime.date(2020, 1, 1),
        "utility": "u",
        "schedule": "R",
        "version_effective_from": new,
        "season": None,
        "read_from": datetime.date(2020, 1, 1),
        "read_to": datetime.date(2020, 2, 1),
        "net_amount": Decimal("20.00"),
        "gross_amount": Decimal("20.00"),
    }
    lines = [line(1, old if is_prorated else new, "10.00"), line(2, new, "10.00")]
    screen = Console(file=StringIO(), width=120)
    screen.print(explanation(Explanation(bill, lines, [], None)))
    said = screen.file.getvalue()
    assert ("R p. 1, since 2019-01-01" in said) == is_prorated
    assert ("R p. 1, since 2020-01-16" in said) == is_prorated
