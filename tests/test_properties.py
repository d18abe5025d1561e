"""What holds for every bill, whatever the reads: drawn portfolios of some 250 agreements."""

import shutil
from collections import defaultdict
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from helpers import (
    Rated,
    agreement,
    database_at,
    fuel_costs,
    make_database,
    purchased_power_costs,
    rated,
    read,
    write_portfolio,
)
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from rating.portfolio.load import load_folder
from rating.run.run import rate

THREE, IOWA = {"phase": "three"}, {"utility": "ilpt-ia", "phase": "three"}
PRIMARY = {"phase": "three", "voltage": "primary"}
OWN = {"customer_owned_transformation": "true"}
KINDS = {
    "rs3": ("RS-3", {}),
    "rs3-water": ("RS-3", {"water_heating": "true", "space_heating": "true"}),
    "rs4": ("RS-4", {}),
    "gs1": ("GS-1", THREE),
    "lgs1": ("LGS-1", THREE),
    "lgs1-own": ("LGS-1", {**PRIMARY, **OWN, "secondary_metered": "true"}),
    "tegs": ("TEGS", THREE),
    "lp2": ("LP-2", PRIMARY),
    "lp2-line": ("LP-2", {**OWN, "phase": "three", "voltage": "transmission"}),
    "ch1": ("CH-1", THREE),
    "ch1-electric": ("CH-1", {"all_electric": "true"}),
    "edu1": ("EDU-1", THREE),
    "sp1": ("SP-1", THREE),
    "gssh1": ("GSSH-1", THREE),
    "scis1": ("SCIS-1", PRIMARY),
    "re": ("RE", IOWA),
    "sp": ("SP", IOWA),
    "lp": ("LP", IOWA),
}
FLOORS = {"lgs1": 10, "lgs1-own": 75, "tegs": 20, "lp2": 200, "lp2-line": 3000, "ch1": 50,
          "ch1-electric": 50, "edu1": 50, "sp1": 10, "gssh1": 6, "scis1": 1000}  # fmt: skip
# Above 350 kWh per kW these take a discount off every kWh, not off those above it.
REPRICED = ("ch1", "ch1-electric", "edu1")
IN_HOURS = ("LGS-1", "TEGS", "LP-2", "SCIS-1")
MONTHS = {"ipl-mo": ("2015-08", "2016-01", "2016-06"), "ilpt-ia": ("2025-08", "2026-01", "2026-06")}

decimals = st.decimals(min_value=0, max_value=2_000_000, places=3)
kwh = st.one_of(
    st.sampled_from(["0", "1", "16", "100", "150", "450", "600", "900", "1000", "10000"]),
    st.integers(0, 1500),
    st.integers(0, 2_000_000),
    decimals,
)
kw = st.one_of(
    st.sampled_from(["0", "5.999999", "6", "10", "20", "49.5", "50", "100", "1400", "1800"]),
    st.decimals(min_value=0, max_value=4000, places=2),
)
kw_of_months = st.lists(st.tuples(kw, kw, kw), min_size=3, max_size=3)
kwh_of_reads = st.lists(kwh, min_size=4, max_size=4, unique_by=Decimal)
portfolios = st.fixed_dictionaries({kind: st.tuples(kw_of_months, kwh_of_reads) for kind in KINDS})


def files_of(drawn) -> dict[str, list[dict[str, object]]]:
    """A portfolio: for each kind 3 histories of kW, each with 4 different uses in every month."""
    agreements, reads = [], []
    for kind, (histories, uses) in drawn.items():
        schedule, attributes = KINDS[kind]
        for history, kws in enumerate(histories):
            for use, used in enumerate(uses):
                name = f"{kind}/{history}/{use}"
                agreements.append(agreement(name, schedule, **attributes))
                months = MONTHS[attributes.get("utility", "ipl-mo")]
                for month, power in zip(months, kws, strict=True):
                    parts = {"kw": power, "kw_on_peak": power, "kw_off_peak": power}
                    parts |= {"kwh_on_peak": used, "kwh_off_peak": "0"}
                    reads.append(read(name, month, kwh=used, **parts))
    costs = [*fuel_costs(*MONTHS["ipl-mo"]), *purchased_power_costs(*MONTHS["ilpt-ia"])]
    return {"service_agreements": agreements, "meter_reads": reads, "rider_cost_inputs": costs}


def kwh_must_be_priced_once(found: Rated) -> None:
    """The kWh of the energy lines are those of the bill; GS-1's first 16 are one flat amount.

    A slice worth less than half a cent has no line. Where blocks lie between whole kWh and whole
    kWh are used there is none: the lowest price, 4.35 ¢, makes one kWh a line.
    """
    priced: dict[tuple[object, object], Decimal] = defaultdict(Decimal)
    for line in found.lines:
        if line["component"] == "energy" and line["price"] != Decimal("4.08"):
            priced[line["agreement_id"], line["billing_month"]] += line["quantity"]
    for bill in found.bills:
        flat = min(bill["kwh"], Decimal(16)) if bill["schedule"] == "GS-1" else 0
        missing = bill["kwh"] - flat - priced[bill["agreement_id"], bill["billing_month"]]
        exact = bill["schedule"] not in IN_HOURS and bill["kwh"] % 1 == 0
        assert missing == 0 if exact else 0 <= missing < 1, bill


def bills_must_rise_with_kwh(found: Rated) -> None:
    """Of bills that differ in kWh alone, more kWh cost no less, unless all are priced anew."""
    alike = defaultdict(list)
    for bill in found.bills:
        kind, history, _ = bill["agreement_id"].split("/")
        reprices = kind in REPRICED and bill["discount_amount"] != 0
        alike[kind, history, bill["billing_month"], reprices].append(bill)
    for bills in alike.values():
        for less, more in pairwise(sorted(bills, key=lambda bill: bill["kwh"])):
            assert less["net_amount"] <= more["net_amount"], (less, more)


def demands_must_reach_their_floor(found: Rated) -> None:
    """No billing demand lies below the floor of its sheet, nor the ratchet's share."""
    for row in found.demands:
        kind = row["agreement_id"].split("/")[0]
        if row["demand_name"] == "billing" and kind in FLOORS:
            assert row["demand_kw"] >= FLOORS[kind], row
            assert row["unrounded_kw"] >= row["floor_kw"], row


def bills_must_foot(found: Rated) -> None:
    """A bill is the sum of its lines, and no line is of zero."""
    sums: dict[tuple[object, object], Decimal] = defaultdict(Decimal)
    for line in found.lines:
        assert line["amount"] != 0
        sums[line["agreement_id"], line["billing_month"]] += line["amount"]
    for bill in found.bills:
        assert sums[bill["agreement_id"], bill["billing_month"]] == bill["net_amount"], bill


@pytest.fixture(scope="module")
def empty(tmp_path_factory) -> Path:
    """A database with the shipped tariffs, to be copied."""
    url = make_database(tmp_path_factory.mktemp("empty"))
    return Path(url.database)


@pytest.mark.filterwarnings("ignore::hypothesis.errors.HypothesisWarning")
@settings(
    max_examples=2,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(drawn=portfolios)
def test_bills_foot_price_every_kwh_rise_with_use_and_keep_their_floors(
    tmp_path_factory, empty, drawn
):
    folder = tmp_path_factory.mktemp("drawn")
    shutil.copy(empty, folder / "ratebook.duckdb")
    url = database_at(folder)
    load_folder(url, write_portfolio(folder / "portfolio", files_of(drawn)))
    found = rated(url, rate(url))
    # GSSH-1 has no bill of its own in the two on-peak months: 12 agreements, no partner.
    assert len(found.bills) == len(KINDS) * 12 * 3 - 12 * 2
    kwh_must_be_priced_once(found)
    bills_must_rise_with_kwh(found)
    demands_must_reach_their_floor(found)
    bills_must_foot(found)
