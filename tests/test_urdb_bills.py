"""Bills of imported URDB rates, worked out by hand: one rate for each structure of the format."""

import datetime
from decimal import Decimal

import pytest
from helpers import Rated, agreement, database_at, rated, read, select, write_portfolio
from urdb_rates import CODE, by_month, fact, rate, seconds, tiers, write

from rating.portfolio.load import load_folder
from rating.run.run import rate as run_rating
from rating.setup import initialize
from rating.urdb.importer import import_files

ZONE = datetime.timezone(datetime.timedelta(hours=-5))
ON_PEAK = ["jun-sep weekday 0x14 1x6 0x4"]
KWH_PER_KW = "kWh/kW"

RATES = [
    rate("TIERS", fixedchargefirstmeter="5.00", energyratestructure=[
        tiers((100, "0.10"), (300, "0.09"), (None, "0.08"), unit="kWh")]),
    rate("ADJ", energyratestructure=[tiers((None, "0.07", "0.0125"))]),
    rate("HOURS_USE", flatdemandstructure=[tiers((None, "7.00"))], energyratestructure=[
        tiers((200, "0.08"), (400, "0.06"), (None, "0.05"), unit=KWH_PER_KW)]),
    rate("DAILY", energyratestructure=[
        tiers((10, "0.12"), (None, "0.09"), unit="kWh daily")]),
    rate("HOURS_DAILY", energyratestructure=[
        tiers((5, "0.12"), (None, "0.09"), unit="kWh/kW daily")]),
    rate("MIXED", energyratestructure=[[
        *tiers((6000, "0.10"), unit="kWh"),
        *tiers((200, "0.09"), (400, "0.044"), (None, "0.04"), unit=KWH_PER_KW)]]),
    rate("MIXED_TOP", energyratestructure=[[
        *tiers((100, "0.10"), unit="kWh"), *tiers((999999999, "0.05"), unit=KWH_PER_KW)]]),
    rate("TOP", energyratestructure=[tiers((500, "0.10"), (800, "0.08"))]),
    rate("ZERO_TOP", energyratestructure=[tiers((500, "0.10"), (0, "0.08"))]),
    rate("COUNTS", energy_hours=["jun-sep all 1x24"], energyratestructure=[
        tiers((None, "0.07")), tiers((400, "0.09"), (None, "0.11"))]),
    rate("TOU", energy_hours=ON_PEAK, energyratestructure=[
        tiers((None, "0.05")), tiers((None, "0.15"))]),
    rate("WINTER_TOP", energy_hours=["may-sep all 1x12 2x12"], energyratestructure=[
        tiers((20000, "0.10")), tiers((None, "0.05")), tiers((None, "0.20"))]),
    rate("TOU_TIERS", energy_hours=["jan-dec weekday 0x14 1x6 0x4"], energyratestructure=[
        tiers((300, "0.08"), (None, "0.07")), tiers((300, "0.20"), (None, "0.19"))]),
    rate("FLAT", flatdemandstructure=[
        tiers((20, "0"), (None, "6.00")), tiers((20, "3.00"), (None, "9.00", "0.50"))],
        flatdemandmonths=by_month(jun_sep=1)),
    rate("FLAT_TOP", flatdemandstructure=[tiers((20, "1.00"), (50, "2.00"))]),
    rate("KVA", flatdemandunit="kVA", flatdemandstructure=[tiers((None, "4.00"))]),
    rate("HP", flatdemandunit="hp", flatdemandstructure=[tiers((10, "2.00"), (None, "1.00"))]),
    rate("KW_DAILY", flatdemandunit="kW daily", flatdemandstructure=[
        tiers((25, "0"), (None, "0.25"))]),
    rate("TOU_DEMAND", demand_hours=ON_PEAK, demandratestructure=[
        tiers((None, "2.00")), tiers((None, "11.00"))]),
    rate("BOTH", energy_hours=["jan-dec weekday 0x14 1x6 0x4"],
         demand_hours=["jan-dec all 0x12 1x12"],
         energyratestructure=[tiers((None, "0.05")), tiers((None, "0.15"))],
         demandratestructure=[tiers((None, "2.00")), tiers((None, "11.00"))]),
    rate("SWAP", energy_hours=["jan-dec all 0x12 1x12"], demand_hours=["jan-dec all 1x12 0x12"],
         energyratestructure=[tiers((None, "0.05")), tiers((None, "0.15"))],
         demandratestructure=[tiers((None, "2.00")), tiers((None, "11.00"))]),
    rate("LOOK_FRACTION", flatdemandstructure=[tiers((None, "10.00"))],
         lookbackpercent="0.8", lookbackrange=0, lookbackmonths=[True] * 12),
    rate("LOOK_PERCENT", flatdemandstructure=[tiers((None, "10.00"))],
         lookbackpercent=80, lookbackrange=0, lookbackmonths=[True] * 12),
    rate("LOOK_SUMMER", flatdemandstructure=[tiers((None, "10.00"))], lookbackpercent="0.8",
         lookbackrange=0, lookbackmonths=[5 <= month <= 8 for month in range(12)]),
    rate("LOOK_RANGE", flatdemandstructure=[tiers((None, "10.00"))],
         lookbackpercent="0.8", lookbackrange=3),
    rate("RATCHET", flatdemandstructure=[tiers((None, "10.00"))],
         demandratchetpercentage=[40] * 5 + [75] * 4 + [40] * 3),
    rate("LOOK_KVA_DAYS", flatdemandunit="kVA daily",
         flatdemandstructure=[tiers((24, "0"), (None, "0.50"))],
         lookbackpercent="0.7", lookbackrange=0, lookbackmonths=[True] * 12),
    rate("COINCIDENT", coincidentratestructure=[tiers((None, "29")), tiers((None, "63.80"))],
         coincident_hours=["jun-aug all 1x24"]),
    rate("REACTIVE", demandreactivepowercharge="0.35"),
    rate("FUEL", fueladjustmentsmonthly=["0.02"] * 6 + ["0.031"] + ["-0.004"] * 5),
    rate("FIXED_DAY", fixedchargefirstmeter="0.23", fixedchargeunits="$/day"),
    rate("FIXED_YEAR", fixedchargefirstmeter="48", fixedchargeunits="$/year"),
    rate("FIXED_OLD", fixedmonthlycharge="9.50", minmonthlycharge="12.00"),
    rate("METERS", fixedchargefirstmeter="20", fixedchargeeaaddl="3.15"),
    rate("MIN_MONTH", fixedchargefirstmeter="5", mincharge="25", minchargeunits="$/month"),
    rate("MIN_DAY", mincharge="0.90", minchargeunits="$/day"),
    rate("MIN_YEAR", fixedchargefirstmeter="28", mincharge="336", minchargeunits="$/year"),
    rate("FIRST", enddate=seconds("2020-03-31")),
    rate("SECOND", startdate=seconds("2020-04-01"), supersedes="FIRST",
         energyratestructure=[tiers((None, "0.12"))]),
    rate("INTERVALS", energy_hours=ON_PEAK, energyratestructure=[
        tiers((None, "0.05")), tiers((None, "0.15"))], demand_hours=ON_PEAK,
        demandratestructure=[tiers((None, "2.00")), tiers((None, "11.00"))], demandwindow=60),
    fact("5af5d9865457a33841618be7"),
    fact("5dae1b2f5457a3cc62d2ae4f"),
]  # fmt: skip
REAL = {"5af5d9865457a33841618be7": "rappahannock-electric-coop",
        "5dae1b2f5457a3cc62d2ae4f": "public-service-co-of-oklahoma"}  # fmt: skip
READS = [
    read("TIERS", "2020-06", kwh="450"),
    read("ADJ", "2020-06", kwh="333"),
    read("HOURS_USE", "2020-06", kwh="25000", kw="50"),
    read("DAILY", "2020-06", kwh="500"),
    read("HOURS_DAILY", "2020-06", kwh="500", kw="2"),
    read("MIXED", "2020-06", kwh="50000", kw="100"),
    read("MIXED", "2020-07", kwh="9000", kw="20"),
    read("MIXED_TOP", "2020-06", kwh="1000", kw="50"),
    read("MIXED_TOP", "2020-07", kwh="60", kw="0"),
    read("MIXED_TOP", "2020-08", kwh="101", kw="0"),
    read("TOP", "2020-06", kwh="700"),
    read("TOP", "2020-07", kwh="801"),
    read("ZERO_TOP", "2020-06", kwh="900"),
    read("COUNTS", "2020-05", kwh="1000"),
    read("COUNTS", "2020-06", kwh="1000"),
    read("TOU", "2020-06", kwh="1000", kwh_period_0="800", kwh_period_1="200"),
    read("TOU", "2020-07", kwh="1000", kwh_period_0="800"),
    read("TOU", "2020-01", kwh="1000"),
    read("WINTER_TOP", "2020-07", kwh="1000", kwh_period_1="400", kwh_period_2="600"),
    read("WINTER_TOP", "2020-08", kwh="20001", kwh_period_0="20001", kwh_period_1="0",
         kwh_period_2="0"),
    read("TOU_TIERS", "2020-06", kwh="400", kwh_period_0="300", kwh_period_1="100"),
    read("FLAT", "2020-01", kwh="0", kw="50"),
    read("FLAT", "2020-06", kwh="0", kw="50"),
    read("FLAT_TOP", "2020-01", kwh="0", kw="50"),
    read("FLAT_TOP", "2020-02", kwh="0", kw="50.01"),
    read("KVA", "2020-06", kwh="0", kw="50", kva="60"),
    read("HP", "2020-06", kwh="0", hp="15"),
    read("KW_DAILY", "2020-06", kwh="0", kw="45"),
    read("TOU_DEMAND", "2020-06", kwh="0", kw="50", kw_period_0="50", kw_period_1="30"),
    read("TOU_DEMAND", "2020-01", kwh="0", kw="50"),
    read("BOTH", "2020-06", kwh="1000", kw="50",
         kwh_energy_0_demand_0="500", kwh_energy_0_demand_1="300", kwh_energy_1_demand_1="200",
         kw_energy_0_demand_0="20", kw_energy_0_demand_1="40", kw_energy_1_demand_1="50"),
    read("SWAP", "2020-06", kwh="1000", kw="40",
         kwh_energy_0_demand_1="600", kwh_energy_1_demand_0="400",
         kw_energy_0_demand_1="40", kw_energy_1_demand_0="10"),
    *[one for label in ("LOOK_FRACTION", "LOOK_PERCENT", "LOOK_SUMMER", "LOOK_RANGE", "RATCHET")
      for one in (read(label, "2020-02", kwh="0", kw="200"),
                  read(label, "2020-06", kwh="0", kw="100"),
                  read(label, "2020-10", kwh="0", kw="10"))],
    read("LOOK_KVA_DAYS", "2020-02", kwh="0", kva="100"),
    read("LOOK_KVA_DAYS", "2020-06", kwh="0", kva="20"),
    read("COINCIDENT", "2020-05", kwh="0", kw_coincident="10"),
    read("COINCIDENT", "2020-06", kwh="0", kw_coincident="10"),
    read("REACTIVE", "2020-06", kwh="0", kvar="44"),
    read("REACTIVE", "2020-07", kwh="0"),
    read("FUEL", "2020-06", kwh="1000"),
    read("FUEL", "2020-07", kwh="1000"),
    read("FUEL", "2020-08", kwh="1000"),
    *[read(label, "2020-06", kwh="0")
      for label in ("FIXED_DAY", "FIXED_YEAR", "FIXED_OLD", "METERS", "MIN_DAY", "MIN_YEAR")],
    read("MIN_MONTH", "2020-06", kwh="120"),
    read("MIN_MONTH", "2020-07", kwh="200"),
    read("FIRST", "2020-03", kwh="100"),
    read("FIRST", "2020-04", kwh="100"),
    read("INTERVALS", "2020-06"),
    read("INTERVALS", "2020-07", read_from="2020-07-04", read_to="2020-07-06"),
    read("5af5d9865457a33841618be7", "2019-07", kwh="1000", kwh_period_0="800", kwh_period_2="200"),
    read("5dae1b2f5457a3cc62d2ae4f", "2020-01", kwh="8000", kw="20", kvar="10"),
    read("5dae1b2f5457a3cc62d2ae4f", "2020-07", kwh="8000", kw="20", kvar="10",
         kwh_period_0="1000", kwh_period_1="7000"),
]  # fmt: skip


# Every hour 1 kWh, but 30 kWh on Monday, June 1, from 3 p.m. and 40 kWh on Sunday, July 5, at noon.
INTERVALS = [
    {"agreement_id": "INTERVALS", "interval_minutes": 60, "interval_start": start.isoformat(),
     "kwh": {(6, 1, 15): 30, (7, 5, 12): 40}.get((start.month, start.day, start.hour), 1)}
    for month, day, days in ((6, 1, 30), (7, 4, 2))
    for first in [datetime.datetime(2020, month, day, tzinfo=ZONE)]
    for start in (first + datetime.timedelta(hours=hour) for hour in range(days * 24))
]  # fmt: skip


@pytest.fixture(scope="module")
def bills(tmp_path_factory) -> Rated:
    """All rates imported, all reads rated."""
    folder = tmp_path_factory.mktemp("urdb")
    url = database_at(folder)
    initialize(url)
    report = import_files(url, [write(folder, RATES)], time_zone="America/Chicago")
    assert report.is_complete, report.by_status
    agreements = [
        agreement(label, label, utility=REAL.get(label, CODE), additional_meters="2")
        for label in dict.fromkeys(one["agreement_id"] for one in READS)
    ]
    files = {"service_agreements": agreements, "meter_reads": READS, "interval_reads": INTERVALS}
    loaded = load_folder(url, write_portfolio(folder / "portfolio", files))
    assert loaded.rows_rejected == 0, select(url, "select * from rating.rejected_row")
    return rated(url, run_rating(url))


# (rate, month): what the lines come to, by hand.
WORKED = {
    # 5.00 + 100 × 0.10 + 200 × 0.09 + 150 × 0.08: max 300 ends the second tier, it is no width.
    ("TIERS", "2020-06"): ["5.00", "10.00", "18.00", "12.00"],
    # 333 × (0.07 + 0.0125) = 27.4725, rounded once.
    ("ADJ", "2020-06"): ["27.47"],
    # 200 and 400 hours of 50 kW: 10,000 and 20,000 kWh; 10,000 × 0.08 + 10,000 × 0.06
    # + 5,000 × 0.05, and 50 × 7.00.
    ("HOURS_USE", "2020-06"): ["800.00", "600.00", "250.00", "350.00"],
    # 30 days of 10 kWh: 300 × 0.12 + 200 × 0.09.
    ("DAILY", "2020-06"): ["36.00", "18.00"],
    # 30 days of 5 kWh for each of 2 kW: 300 × 0.12 + 200 × 0.09.
    ("HOURS_DAILY", "2020-06"): ["36.00", "18.00"],
    # 6,000, then to 200 × 100, to 400 × 100 and above: 6,000 × 0.10 + 14,000 × 0.09
    # + 20,000 × 0.044 + 10,000 × 0.04.
    ("MIXED", "2020-06"): ["600.00", "1260.00", "880.00", "400.00"],
    # 200 × 20 = 4,000 is below 6,000, so the second tier is empty; the third goes to 8,000.
    ("MIXED", "2020-07"): ["600.00", "88.00", "40.00"],
    # 100 × 0.10 + 900 × 0.05; without demand the first 100 kWh still have their price: 60 × 0.10.
    ("MIXED_TOP", "2020-06"): ["10.00", "45.00"],
    ("MIXED_TOP", "2020-07"): ["6.00"],
    # 500 × 0.10 + 200 × 0.08.
    ("TOP", "2020-06"): ["50.00", "16.00"],
    # A last max of 0 is none: 500 × 0.10 + 400 × 0.08.
    ("ZERO_TOP", "2020-06"): ["50.00", "32.00"],
    # May has one tier, June two: 1,000 × 0.07; 400 × 0.09 + 600 × 0.11.
    ("COUNTS", "2020-05"): ["70.00"],
    ("COUNTS", "2020-06"): ["36.00", "66.00"],
    # 800 × 0.05 + 200 × 0.15.
    ("TOU", "2020-06"): ["40.00", "30.00"],
    # January has one period, so the read needs no other kWh than its own.
    ("TOU", "2020-01"): ["50.00"],
    # Period 0 has no hour in July, and its column is blank: 400 × 0.05 + 600 × 0.20.
    ("WINTER_TOP", "2020-07"): ["20.00", "120.00"],
    # 300 of 400 kWh are tier 0, of each tier 3/4 off peak: 225 × 0.08 + 75 × 0.07, 75 × 0.20
    # + 25 × 0.19.
    ("TOU_TIERS", "2020-06"): ["18.00", "5.25", "15.00", "4.75"],
    # 20 free, 30 × 6.00; from June 20 × 3.00 + 30 × (9.00 + 0.50).
    ("FLAT", "2020-01"): ["180.00"],
    ("FLAT", "2020-06"): ["60.00", "285.00"],
    # At its last limit the price still holds: 20 × 1.00 + 30 × 2.00.
    ("FLAT_TOP", "2020-01"): ["20.00", "60.00"],
    # 60 × 4.00; 10 × 2.00 + 5 × 1.00.
    ("KVA", "2020-06"): ["240.00"],
    ("HP", "2020-06"): ["20.00", "5.00"],
    # 20 kW above 25, on 30 days: 600 × 0.25.
    ("KW_DAILY", "2020-06"): ["150.00"],
    # 50 × 2.00 + 30 × 11.00; in January all hours are period 0.
    ("TOU_DEMAND", "2020-06"): ["100.00", "330.00"],
    ("TOU_DEMAND", "2020-01"): ["100.00"],
    # Energy: (500 + 300) × 0.05 + 200 × 0.15. Demand: 20 × 2.00 + max(40, 50) × 11.00.
    ("BOTH", "2020-06"): ["40.00", "30.00", "40.00", "550.00"],
    # Energy: 600 × 0.05 + 400 × 0.15. Demand by its own numbers: 10 × 2.00 + 40 × 11.00.
    ("SWAP", "2020-06"): ["30.00", "60.00", "20.00", "440.00"],
    # 80 percent of February's 200 kW is 160 kW, however it is written.
    ("LOOK_FRACTION", "2020-06"): ["1600.00"],
    ("LOOK_PERCENT", "2020-06"): ["1600.00"],
    # Only June to September count: 80 percent of 100 kW.
    ("LOOK_SUMMER", "2020-06"): ["1000.00"],
    ("LOOK_SUMMER", "2020-10"): ["800.00"],
    # Three months before June reach back to March, so February is out of it.
    ("LOOK_RANGE", "2020-06"): ["1000.00"],
    # 40 percent of February's 200 is 80, 75 percent of June's 100 is 75.
    ("RATCHET", "2020-06"): ["1000.00"],
    ("RATCHET", "2020-10"): ["800.00"],
    # 70 percent of 100 kVA is 70, 46 of it above 24; on 30 days: 1,380 × 0.50.
    ("LOOK_KVA_DAYS", "2020-06"): ["690.00"],
    # 10 × 29 in May, 10 × 63.80 from June.
    ("COINCIDENT", "2020-05"): ["290.00"],
    ("COINCIDENT", "2020-06"): ["638.00"],
    # 44 × 0.35.
    ("REACTIVE", "2020-06"): ["15.40"],
    # 1,000 × 0.10, and 1,000 × 0.02, × 0.031, × −0.004.
    ("FUEL", "2020-06"): ["100.00", "20.00"],
    ("FUEL", "2020-07"): ["100.00", "31.00"],
    ("FUEL", "2020-08"): ["100.00", "-4.00"],
    # 30 × 0.23; 48 ÷ 12; 20 + 2 × 3.15.
    ("FIXED_DAY", "2020-06"): ["6.90"],
    ("FIXED_YEAR", "2020-06"): ["4.00"],
    ("METERS", "2020-06"): ["20.00", "6.30"],
    # 12.00 − 9.50.
    ("FIXED_OLD", "2020-06"): ["9.50", "2.50"],
    # 5 + 12 lacks 8 to 25; 5 + 20 lacks nothing.
    ("MIN_MONTH", "2020-06"): ["5.00", "12.00", "8.00"],
    ("MIN_MONTH", "2020-07"): ["5.00", "20.00"],
    # 30 × 0.90; 12 × 28 is the minimum of the year already.
    ("MIN_DAY", "2020-06"): ["27.00"],
    ("MIN_YEAR", "2020-06"): ["28.00"],
    # 22 weekdays of June have 6 hours on peak: 132 kWh, and 29 more on the first; 588 kWh off peak.
    # 588 × 0.05 + 161 × 0.15; off peak never more than 1 kW: 1 × 2.00 + 30 × 11.00.
    ("INTERVALS", "2020-06"): ["29.40", "24.15", "2.00", "330.00"],
    # A weekend has no hour on peak: 87 kWh, and 40 kW.
    ("INTERVALS", "2020-07"): ["4.35", "80.00"],
    # The later rate is a version of the same schedule: 100 × 0.10, then 100 × 0.12.
    ("FIRST", "2020-03"): ["10.00"],
    ("FIRST", "2020-04"): ["12.00"],
    # Rappahannock, July: tier 0 is 300 of 1,000 kWh, 240 off peak and 60 on peak.
    # 14 + 240 × 0.09178 = 22.0272 + 560 × 0.07724 = 43.2544
    # + 60 × 0.39827 = 23.8962 + 140 × 0.38373 = 53.7222.
    ("5af5d9865457a33841618be7", "2019-07"): ["14.00", "22.03", "43.25", "23.90", "53.72"],
    # Oklahoma, January: 150 × 20 = 3,000, 300 × 20 = 6,000: 58.85 + 3,000 × 0.080917 = 242.751
    # + 3,000 × 0.073307 = 219.921 + 2,000 × 0.060227 = 120.454 + 10 × 0.66.
    ("5dae1b2f5457a3cc62d2ae4f", "2020-01"): ["58.85", "242.75", "219.92", "120.45", "6.60"],
    # July, by time: 58.85 + 1,000 × 0.199697 = 199.697 + 7,000 × 0.060097 = 420.679 + 6.60.
    ("5dae1b2f5457a3cc62d2ae4f", "2020-07"): ["58.85", "199.70", "420.68", "6.60"],
}  # fmt: skip


@pytest.mark.parametrize("agreement_id, month", WORKED)
def test_a_bill_of_an_imported_rate_is_worked_out_by_hand(bills, agreement_id, month):
    amounts = [line["amount"] for line in bills.bill_lines(agreement_id, month)]
    expected = [Decimal(amount) for amount in WORKED[agreement_id, month]]
    assert amounts == expected
    assert bills.bill(agreement_id, month)["net_amount"] == sum(expected)


@pytest.mark.parametrize(
    "agreement_id, month, why",
    [
        ("TOP", "2020-07", "the last tier ends at 800 kWh"),
        ("MIXED_TOP", "2020-08", "without demand the last tier ends where the first does, at 100"),
        ("WINTER_TOP", "2020-08", "the kWh from before the season are above the last limit"),
        ("FLAT_TOP", "2020-02", "the last tier ends at 50 kW"),
        ("TOU", "2020-07", "the on-peak kWh are not known"),
        ("REACTIVE", "2020-07", "the kVAr are not known"),
    ],
)
def test_a_read_that_the_rate_has_no_price_for_stays_unbilled(bills, agreement_id, month, why):
    assert bills.reasons()[agreement_id, month] == "missing_determinant", why


def test_every_read_is_worked_out_or_known_to_stay_unbilled(bills):
    asked = {(one["agreement_id"], one["billing_month"]) for one in READS}
    peaks = {(label, "2020-02") for label, _ in WORKED} | {
        ("LOOK_FRACTION", "2020-10"), ("LOOK_PERCENT", "2020-10"), ("LOOK_RANGE", "2020-10"),
    }  # fmt: skip
    assert asked - set(WORKED) - set(bills.reasons()) <= peaks


def test_a_line_cites_the_field_and_the_rate_it_comes_from(bills):
    line = bills.bill_lines("ADJ", "2020-06")[0]
    assert (line["sheet"], line["source_document"]) == ("energyratestructure", "urdb:ADJ")
    assert line["price"] == Decimal("0.0825")


def test_a_ratchet_shows_the_month_and_the_percentage_that_bind(bills):
    demand = bills.demand("LOOK_FRACTION", "2020-06")
    assert (demand["binding"], demand["ratchet_kw"], demand["ratchet_percent"]) == (
        "ratchet",
        Decimal("160"),
        Decimal("80"),
    )
    assert f"{demand['ratchet_month']:%Y-%m}" == "2020-02"
