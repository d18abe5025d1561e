"""Green Button files as interval reads: units, directions, agreements, and what is refused."""

import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from helpers import agreement, make_database, read, select, write_portfolio
from sqlalchemy.engine import URL

from rating.errors import RatebookError
from rating.green_button import feed
from rating.green_button.read import read_green_button
from rating.portfolio.load import LoadReport, load_folder

FEED = """\
<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:espi="http://naesb.org/espi">
<title>Green Button download</title>
{entries}</feed>
"""
POINT = """\
<entry><link rel="self" href="/UsagePoint/{n}"/>
<link rel="related" href="/UsagePoint/{n}/MeterReading"/><title>{title}</title>
<content><espi:UsagePoint><espi:ServiceCategory><espi:kind>0</espi:kind></espi:ServiceCategory>
</espi:UsagePoint></content></entry>
"""
METER = """\
<entry><link rel="self" href="/UsagePoint/{n}/MeterReading/{meter}"/>
<link rel="up" href="/UsagePoint/{n}/MeterReading"/>
<link rel="related" href="/UsagePoint/{n}/MeterReading/{meter}/IntervalBlock"/>
<link rel="related" href="/ReadingType/{kind}"/><title>energy</title>
<content><espi:MeterReading/></content></entry>
"""
KIND = """\
<entry><link rel="self" href="/ReadingType/{kind}"/><content><espi:ReadingType>
<espi:accumulationBehaviour>4</espi:accumulationBehaviour>
<espi:commodity>1</espi:commodity>
<espi:flowDirection>{direction}</espi:flowDirection>
<espi:intervalLength>900</espi:intervalLength>
<espi:powerOfTenMultiplier>{power}</espi:powerOfTenMultiplier>
<espi:uom>72</espi:uom></espi:ReadingType></content></entry>
"""
BLOCK = """\
<entry><link rel="self" href="/UsagePoint/{n}/MeterReading/{meter}/IntervalBlock/1"/>
<link rel="up" href="/UsagePoint/{n}/MeterReading/{meter}/IntervalBlock"/><content>
<espi:IntervalBlock><espi:interval><espi:duration>86400</espi:duration>
<espi:start>0</espi:start></espi:interval>
{readings}</espi:IntervalBlock></content></entry>
"""
READING = """\
<espi:IntervalReading><espi:cost>974</espi:cost><espi:timePeriod>
<espi:duration>{seconds}</espi:duration><espi:start>{start}</espi:start></espi:timePeriod>
<espi:value>{value}</espi:value>{more}</espi:IntervalReading>
"""
# 2025-07-01 00:00 in Chicago is 05:00 UTC: 20,270 days × 86,400 s + 5 × 3,600 s.
START = 20_270 * 86_400 + 5 * 3_600
MIDNIGHT = "2025-07-01T05:00:00Z"
QUALITY = "<espi:ReadingQuality><espi:quality>{}</espi:quality></espi:ReadingQuality>"


def reading(value: object, number: int = 0, seconds: object = 900, more: str = "") -> str:
    """An interval reading, the nth quarter of an hour after midnight."""
    return READING.format(value=value, start=START + 900 * number, seconds=seconds, more=more)


def meter(readings: str, n: int = 1, meter: int = 1, direction: int = 1, power: int = 0) -> str:
    """The entries of one meter reading: itself, its type and a block of readings."""
    kind = f"{n}-{meter}"
    return (
        METER.format(n=n, meter=meter, kind=kind)
        + KIND.format(kind=kind, direction=direction, power=power)
        + BLOCK.format(n=n, meter=meter, readings=readings)
    )


def simple(readings: str, power: int = 0) -> str:
    """A feed of one usage point with one meter reading."""
    return FEED.format(entries=POINT.format(n=1, title="home") + meter(readings, power=power))


def write(folder: Path, text: str, name: str = "SHOP.xml") -> Path:
    (folder / "interval_reads").mkdir(exist_ok=True)
    file = folder / "interval_reads" / name
    file.write_text(text, "utf-8")
    return file


def rows(folder: Path, text: str) -> list[tuple[str, ...]]:
    """The rows of a file: agreement, start, minutes, kWh, kWh received."""
    return [
        (
            row.agreement_id,
            row.interval_start,
            row.interval_minutes,
            row.kwh,
            row.kwh_received or "",
        )
        for row in read_green_button(write(folder, text))
    ]


def refusal(folder: Path, text: str) -> str:
    with pytest.raises(RatebookError) as error:
        read_green_button(write(folder, text))
    (message,) = error.value.messages
    assert message.startswith("interval_reads/SHOP.xml ")
    return message.removeprefix("interval_reads/SHOP.xml ")


def test_watt_hours_become_kwh_exactly_and_unix_time_an_instant(tmp_path):
    assert rows(tmp_path, simple(reading(1234) + reading(500, 1))) == [
        ("SHOP", MIDNIGHT, "15", "1.234", ""),
        ("SHOP", "2025-07-01T05:15:00Z", "15", "0.500", ""),
    ]


@pytest.mark.parametrize(
    ("power", "kwh"), [(3, "1234"), (2, "123.4"), (0, "1.234"), (-3, "0.001234")]
)
def test_value_is_multiplied_by_its_power_of_ten(tmp_path, power, kwh):
    (row,) = rows(tmp_path, simple(reading(1234), power))
    assert Decimal(row[3]) == Decimal(kwh)


def test_length_of_an_interval_is_its_own_or_that_of_its_reading_type(tmp_path):
    text = simple(
        reading(1, 0, 3600) + reading(1, 4, "").replace("<espi:duration></espi:duration>", "")
    )
    assert [row[2] for row in rows(tmp_path, text)] == ["60", "15"]


def test_delivered_and_received_energy_of_an_interval_share_a_row(tmp_path):
    entries = POINT.format(n=1, title="home")
    entries += meter(reading(1000) + reading(2000, 1), direction=1)
    entries += meter(reading(300), meter=2, direction=19)
    assert rows(tmp_path, FEED.format(entries=entries)) == [
        ("SHOP", MIDNIGHT, "15", "1.000", "0.300"),
        ("SHOP", "2025-07-01T05:15:00Z", "15", "2.000", ""),
    ]


def test_several_usage_points_are_told_apart_by_their_titles(tmp_path):
    entries = POINT.format(n=1, title="SHOP-1") + POINT.format(n=2, title="SHOP-2")
    entries += meter(reading(1000), n=1) + meter(reading(2000), n=2)
    found = rows(tmp_path, FEED.format(entries=entries))
    assert sorted(row[0] + " " + row[3] for row in found) == ["SHOP-1 1.000", "SHOP-2 2.000"]


def test_order_of_the_entries_does_not_matter_and_prefixes_may_be_any(tmp_path):
    entries = meter(reading(1000)) + POINT.format(n=1, title="home")
    text = FEED.format(entries=entries).replace("espi:", "x:").replace(":espi=", ":x=")
    assert len(rows(tmp_path, text)) == 1


# What is refused


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


def test_malformed_xml(tmp_path):
    text = simple(reading(1)).replace("</espi:cost>", "")
    assert refusal(tmp_path, text) == (
        f"line {line_of(text, '</espi:IntervalReading>')}: is not well-formed XML: mismatched tag;"
        " export it again"
    )


def test_file_that_ends_too_early(tmp_path):
    assert "is not well-formed XML" in refusal(tmp_path, simple(reading(1))[:-9])


def test_empty_file(tmp_path):
    assert refusal(tmp_path, "") == (
        "line 1: is not well-formed XML: no element found; export it again"
    )


def test_entities_are_not_expanded(tmp_path):
    bomb = '<!DOCTYPE feed [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>\n'
    text = simple(reading("&b;")).replace("<feed", bomb + "<feed")
    assert refusal(tmp_path, text) == (
        "line 2: declares a document type or entities, which are not read; remove the declaration"
    )


def test_external_entity_is_not_fetched(tmp_path):
    outside = '<!DOCTYPE feed SYSTEM "file:///etc/hostname">\n'
    text = simple(reading(1)).replace("<feed", outside + "<feed")
    assert "declares a document type or entities" in refusal(tmp_path, text)


def test_other_xml(tmp_path):
    assert refusal(tmp_path, "<html><body/></html>") == (
        "is no Green Button file; it has nothing of http://naesb.org/espi"
    )


def test_feed_without_readings(tmp_path):
    assert refusal(tmp_path, simple("")) == "holds no interval readings; remove it"


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("<espi:uom>72<", "<espi:uom>38<", "uom is 38; only 72 (Wh) can be loaded"),
        ("<espi:uom>72</espi:uom>", "", "uom is missing; only 72 (Wh) can be loaded"),
        (
            "flowDirection>1<",
            "flowDirection>4<",
            "flowDirection is 4; only 1 (delivered) and 19 (received) can be loaded",
        ),
        (
            "Behaviour>4<",
            "Behaviour>3<",
            "accumulationBehaviour is 3; only 4 (energy of each interval) can be loaded",
        ),
        (
            "Multiplier>0<",
            "Multiplier>99<",
            "powerOfTenMultiplier is 99; correct it",
        ),
    ],
)
def test_readings_that_are_no_energy_of_intervals(tmp_path, old, new, sentence):
    text = simple(reading(1))
    assert old in text
    line = line_of(text, "<espi:ReadingType>")
    assert refusal(tmp_path, text.replace(old, new)) == f"line {line}: {sentence}"


def test_block_whose_type_is_not_in_the_file(tmp_path):
    entries = POINT.format(n=1, title="") + BLOCK.format(n=1, meter=1, readings=reading(1))
    text = FEED.format(entries=entries)
    assert refusal(tmp_path, text) == (
        f"line {line_of(text, '<espi:IntervalBlock>')}: the interval block has no reading type;"
        " link its meter reading to one"
    )


def test_usage_points_without_titles(tmp_path):
    entries = POINT.format(n=1, title="") + POINT.format(n=2, title="") + meter(reading(1))
    assert "of 2 usage points the file does not say whose reads these are" in refusal(
        tmp_path, FEED.format(entries=entries)
    )


def test_file_nested_without_end(tmp_path):
    text = simple("<x>" * 5000 + "</x>" * 5000)
    assert refusal(tmp_path, text).endswith(
        "is nested too deep for a Green Button file; export it again"
    )


@pytest.mark.parametrize("encoding", ["utf-32", "EBCDIC-CP", "x"])
def test_encoding_that_is_not_known(tmp_path, encoding):
    text = simple(reading(1)).replace("UTF-8", encoding)
    assert refusal(tmp_path, text).startswith("cannot be read: ")


def test_file_of_absurd_size(tmp_path, monkeypatch):
    monkeypatch.setattr(feed, "LARGEST_FILE", 100)
    assert refusal(tmp_path, simple(reading(1))) == "is larger than 100 MB; split it"


# Loading


@pytest.fixture
def url(tmp_path: Path) -> URL:
    return make_database(tmp_path)


def load(url: URL, folder: Path, **files: str) -> LoadReport:
    write_portfolio(
        folder,
        {
            "service_agreements": [agreement("SHOP", "RS-3"), agreement("HOME", "RS-3")],
            "meter_reads": [read("SHOP", "2025-07", kwh="")],
        },
    )
    for name, text in files.items():
        write(folder, text, f"{name}.xml")
    return load_folder(url, folder)


def test_folder_of_green_button_files_is_loaded(url, tmp_path):
    report = load(url, tmp_path / "p", SHOP=simple(reading(1234)), HOME=simple(reading(500)))
    assert (report.files[-1].file, report.files[-1].rows_loaded) == ("interval_reads", 2)
    start = datetime.datetime.fromisoformat("2025-07-01T05:00")
    found = select(url, "select * from portfolio.interval_read order by agreement_id")
    assert [tuple(row.values()) for row in found] == [
        ("HOME", start, 15, Decimal("0.5"), None),
        ("SHOP", start, 15, Decimal("1.234"), None),
    ]


def test_readings_that_cannot_be_used_are_rejected_with_their_file_and_number(url, tmp_path):
    texts = {
        "HOME": simple(reading(1) + reading(-1, 1) + reading("x", 2) + reading("", 3)),
        "SHOP": simple(
            reading(1, 0, 300)
            + reading(1, 1, more=QUALITY.format(12))
            + reading(1, 2, more=QUALITY.format(8))  # estimated: taken
            + reading(1, 3)
            + reading(2, 3)
        ),
        "NOBODY": simple(reading(1)),
    }
    report = load(url, tmp_path / "p", **texts)
    assert report.files[-1].rows_loaded == 2
    found = select(url, "select * from rating.rejected_row order by file, source_row_number")
    assert [(row["file"], row["source_row_number"], row["reason"]) for row in found] == [
        ("interval_reads/HOME.xml", 2, "kwh -0.001 is negative: correct it"),
        (
            "interval_reads/HOME.xml", 3,
            "kwh 'x' is not a number: write digits with a decimal point",
        ),
        (
            "interval_reads/HOME.xml", 4,
            "the reading has no value: export it again",
        ),
        (
            "interval_reads/NOBODY.xml", 1,
            "agreement_id 'NOBODY' is unknown: add it to service_agreements",
        ),
        (
            "interval_reads/SHOP.xml", 1,
            "interval_minutes '5' is not 15, 30 or 60: give intervals of such a length",
        ),
        (
            "interval_reads/SHOP.xml", 2,
            "the reading is a forecast (quality 12): load the real one",
        ),
        *(
            (
                "interval_reads/SHOP.xml", number,
                "2 readings have the same agreement_id, interval_start: keep one of them",
            )
            for number in (4, 5)
        ),
    ]  # fmt: skip


def test_one_bad_file_refuses_the_folder_and_leaves_what_was_loaded(url, tmp_path):
    load(url, tmp_path / "p", SHOP=simple(reading(1)))
    with pytest.raises(RatebookError) as error:
        load(url, tmp_path / "p", SHOP=simple(reading(2)), HOME="<feed>", LATER="<x/>")
    assert len(error.value.messages) == 2
    assert [row["kwh"] for row in select(url, "select kwh from portfolio.interval_read")] == [
        Decimal("0.001")
    ]


def test_a_file_whose_ending_is_in_capitals_is_read_too(url, tmp_path):
    (tmp_path / "p").mkdir()
    write(tmp_path / "p", simple(reading(500)), "HOME.XML")
    assert load(url, tmp_path / "p", SHOP=simple(reading(1234))).files[-1].rows_loaded == 2


def test_folder_without_green_button_files_is_refused(url, tmp_path):
    (tmp_path / "p" / "interval_reads").mkdir(parents=True)
    with pytest.raises(RatebookError, match=r"interval_reads is no folder with Green Button files"):
        load(url, tmp_path / "p")


def test_green_button_and_csv_at_once_are_refused(url, tmp_path):
    (tmp_path / "p").mkdir()
    (tmp_path / "p" / "interval_reads.csv").write_text("agreement_id\n")
    with pytest.raises(
        RatebookError, match=r"interval_reads\.csv and interval_reads are both there; remove one"
    ):
        load(url, tmp_path / "p", SHOP=simple(reading(1)))
