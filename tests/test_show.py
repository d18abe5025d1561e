"""What the commands print is whole where the screen has 120 columns."""

from io import StringIO

from rich.console import Console

from models.rating import COMPONENTS
from rating.show.results import schedule_table


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
