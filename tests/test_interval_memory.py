"""Interval reads under many times of use fit into little memory."""

import pytest
from helpers import agreement, make_database, months, read, write_portfolio
from seed_texts import GOOD, UTILITY

from rating.portfolio.load import load_folder
from rating.run.run import rate

LABELS = months("2024-01", 12)
# Sixty schedules, each with noons and nights of its own.
TIMES = """\
    time_of_use:
      sheet: p. 1
      periods:
        - {{period: noon, months: [{month}], days: [weekday], from: "{hour:02}:00", to: "18:00"}}
        - {{period: night, from: "{hour:02}:30", to: "06:00"}}
        - {{period: day}}
    charges:
"""


@pytest.mark.long
def test_sixty_times_of_use_over_a_year_are_rated_in_700_mb(tmp_path, monkeypatch):
    seeds = tmp_path / "seeds" / "zz"
    seeds.mkdir(parents=True)
    (seeds / "utility.yaml").write_text(UTILITY)
    names = [f"S{number}" for number in range(60)]
    for number, name in enumerate(names):
        times = TIMES.format(month=number % 12 + 1, hour=8 + number % 9)
        sheet = GOOD.replace("schedule: ONE", f"schedule: {name}")
        (seeds / f"{name}.yaml").write_text(sheet.replace("    charges:\n", times))
    url = make_database(tmp_path, [tmp_path / "seeds"])
    reads = [{**read(name, label), "kwh": ""} for name in names for label in LABELS]
    days = sorted({row["read_from"].replace(day=day) for row in reads for day in range(1, 29)})
    files = {
        "service_agreements": [
            agreement(name, name, utility="zz", start_date="2020-01-01") for name in names
        ],
        "meter_reads": reads,
        "interval_reads": [
            {"agreement_id": name, "interval_start": f"{day}T12:00:00Z", "interval_minutes": 15,
             "kwh": "1"}
            for name in names for day in (days if name == "S0" else days[:1])
        ],
    }  # fmt: skip
    assert load_folder(url, write_portfolio(tmp_path / "portfolio", files)).rows_rejected == 0
    monkeypatch.setenv("RATEBOOK_MEMORY_LIMIT", "700MB")
    report = rate(url)
    assert (report.status, report.unbilled) == ("published", 60 * 12), report.message
