"""What a scenario changes in the tariffs of the utility MILL (see test_study), and what it may not.

Nothing is rated: the rows are read that the bills would be made from.
"""

import pytest
from helpers import make_database, write_tariffs
from test_study import HEAD, SEEDS, SMALL
from test_study_ratchet import AT_THE_PEAK, NO_RATCHET

from rating.errors import RatebookError
from rating.memory.database import inputs_of
from rating.store.urls import parse_url
from rating.study.overlay import Overlay
from rating.study.scenario import read_scenario

DISCOUNT = """\
      - {code: discount, description: Discount, component: discount, kind: percent, percent: "-5",
         of: {components: [energy]}, sheet: p. 1}
"""
VERSION = """\
scenario: whole
effective_from: 2024-02-01
changes:
  - schedule: S-1
    version:
      sheet: proposed
      eligibility:
        - {words: some, attributes: {customer_class: commercial}, sheet: proposed}
      requires: [kwh]
      charges:
        - {code: energy, description: Energy charge, component: energy, per: kwh, covers: kwh,
           prices_in: $/kWh, price: "0.01", sheet: proposed}
"""


@pytest.fixture(scope="module")
def tariffs(tmp_path_factory):
    """The tariffs; S-4 is S-1 with a discount, S-7 and S-9 have a minimum at the year's peak."""
    folder = tmp_path_factory.mktemp("tariffs")
    more = {"S-4": SMALL + DISCOUNT, "S-7": AT_THE_PEAK, "S-9": NO_RATCHET}
    texts = SEEDS | {
        name.lower(): HEAD.format(schedule=name, customer_class="commercial") + text
        for name, text in more.items()
    }
    return make_database(folder, [write_tariffs(folder / "seeds", "mill", texts)])


@pytest.fixture
def overlaid(tariffs, tmp_path):
    """Applies a scenario's text to tariffs in memory, and returns the rows of a query there."""

    def apply(text, query="select 1"):
        file = tmp_path / "scenario.yaml"
        file.write_text(text, "utf-8")
        with inputs_of(parse_url(tariffs)) as connection:
            Overlay(connection, read_scenario(file), file).apply()
            return connection.execute(query).fetchall()

    return apply


def of(*changes, day="2024-02-01"):
    """A scenario of changes."""
    listed = "".join(f"  - {{{change}}}\n" for change in changes)
    return f"scenario: some\neffective_from: {day}\nchanges:\n{listed}"


def steps(schedule):
    """The query for a schedule's energy blocks by the first day of their version."""
    return (
        "select effective_from::text, from_quantity, to_quantity, step.price"
        " from tariff.charge_step as step inner join tariff.charge using (charge_id)"
        " inner join tariff.version using (version_id) inner join tariff.schedule"
        f" using (schedule_id) where schedule = '{schedule}' and code = 'energy' order by all"
    )


def numbers(rows):
    """Rows with plain numbers."""
    return [(row[0], *(None if one is None else float(one) for one in row[1:])) for row in rows]


def test_percent_of_a_component_holds_from_the_scenarios_day_on(overlaid):
    rows = overlaid(of('schedule: S-1, component: energy, percent: "10"'), steps("S-1"))
    assert numbers(rows) == [
        ("2023-01-01", 0, 500, 0.1), ("2023-01-01", 500, None, 0.08),
        ("2024-02-01", 0, 500, 0.11), ("2024-02-01", 500, None, 0.088),
    ]  # fmt: skip


def test_a_block_limit_moves_the_edge_of_both_blocks(overlaid):
    rows = overlaid(of('schedule: S-1, charge: energy, step: 1, block_limit: "300"'), steps("S-1"))
    assert numbers(rows)[2:] == [
        ("2024-02-01", 0, 300, 0.1), ("2024-02-01", 300, None, 0.08),
    ]  # fmt: skip


def test_percentage_replaces_that_of_a_percentage_charge(overlaid):
    rows = overlaid(
        of('schedule: S-4, charge: discount, percentage: "-7"'),
        "select effective_from::text, percent from tariff.charge inner join tariff.version"
        " using (version_id) where code = 'discount' order by all",
    )
    assert numbers(rows) == [("2023-01-01", -5), ("2024-02-01", -7)]


def test_a_ratchet_takes_another_percentage_window_and_months(overlaid):
    rows = overlaid(
        of('schedule: S-2, ratchet_percent: "80", ratchet_window: 6, ratchet_months: [6, 7]'),
        "select effective_from::text, percent, window_months, count(month) from tariff.demand_term"
        " left join tariff.demand_term_month using (demand_term_id)"
        " inner join tariff.demand_group using (demand_group_id)"
        " inner join tariff.demand_rule using (demand_rule_id)"
        " inner join tariff.version using (version_id)"
        " inner join tariff.schedule using (schedule_id)"
        " where demand_term.kind = 'ratchet' and schedule = 'S-2'"
        " group by all order by all",
    )
    ((before, *_), (after, *changed)) = numbers(rows)
    assert (before, after, changed) == ("2023-01-01", "2024-02-01", [80, 6, 2])


TERMS = """
    select name, percent
    from tariff.demand_term
    inner join tariff.demand_group using (demand_group_id)
    inner join tariff.demand_rule using (demand_rule_id)
    inner join tariff.version using (version_id)
    inner join tariff.schedule using (schedule_id)
    where demand_term.kind = 'ratchet' and schedule = '{}' and effective_from = '2024-02-01'
    order by name
"""


@pytest.mark.parametrize(
    ("schedule", "demand", "terms"),
    [
        ("S-7", "", [("billing", 80), ("peak", 100)]),
        ("S-7", ", demand: billing", [("billing", 80), ("peak", 100)]),
        ("S-7", ", demand: peak", [("billing", 50), ("peak", 80)]),
        ("S-9", ", demand: peak", [("peak", 80)]),
    ],
)
def test_a_ratchet_is_that_of_the_billing_demand_unless_another_is_named(
    overlaid, schedule, demand, terms
):
    change = f'schedule: {schedule}, ratchet_percent: "80"{demand}'
    assert overlaid(of(change), TERMS.format(schedule)) == terms


def test_a_whole_version_replaces_what_would_hold_from_its_day_on(overlaid):
    rows = overlaid(VERSION, steps("S-1"))
    assert numbers(rows) == [
        ("2023-01-01", 0, 500, 0.1), ("2023-01-01", 500, None, 0.08),
        ("2024-02-01", 0, None, 0.01),
    ]  # fmt: skip


def test_a_whole_version_may_be_of_a_utility_that_names_holidays(overlaid):
    version = VERSION.replace("schedule: S-1", "schedule: RE").replace("2024-02-01", "2025-06-01")
    assert overlaid(version, "select 1 from tariff.holiday where utility = 'ilpt-ia'")
    assert numbers(overlaid(version, steps("RE"))) == [
        ("2025-01-01", 0, None, 0.107), ("2025-06-01", 0, None, 0.01),
    ]  # fmt: skip


RISES = [f'  - {{schedule: {schedule}, percent: "10"}}\n' for schedule in ("S-1", "S-2", "S-3")]
HEADER, _, GIVEN = VERSION.partition("changes:\n")


@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_whole_version_has_its_own_rows_alone_whichever_schedules_change_before(overlaid, number):
    schedule = f"S-{number + 1}"
    given = GIVEN.replace("schedule: S-1", f"schedule: {schedule}")
    before, after = RISES[:number], RISES[number + 1 :]
    # S-2 had a demand to determine, a charge for it, a customer charge and a minimum
    rows = overlaid(
        f"{HEADER}changes:\n{''.join([*before, given, *after])}",
        "select schedule, count(distinct version_id), count(distinct demand_rule_id),"
        " count(distinct charge_id) from tariff.version inner join tariff.schedule"
        " using (schedule_id) left join tariff.demand_rule using (version_id)"
        " left join tariff.charge using (version_id) where effective_from = '2024-02-01'"
        " and utility = 'mill' group by schedule order by schedule",
    )
    usual = {"S-1": ("S-1", 1, 0, 2), "S-2": ("S-2", 1, 1, 4), "S-3": ("S-3", 1, 0, 2)}
    assert rows == sorted({**usual, schedule: (schedule, 1, 0, 1)}.values())


FORMULA = """\
      formula: {unit: $/kWh, numerator: [{variable: cost}], sheet: proposed,
        denominator: [{variable: sold_kwh}], denominator_multiplier: "0"}
"""
FIRST = 'schedule: S-1, charge: energy, step: 1, block_limit: "300"'


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (of('schedule: S-0, percent: "1"'), "no. 1: schedule S-0 is unknown; check its name"),
        (of('schedule: S-1, utility: nope, percent: "1"'), "schedule S-1 is unknown"),
        (of('schedule: S-1, season: summer, percent: "1"'), "there is no price of S-1 summer"),
        (of('schedule: S-4, component: discount, percent: "1"'), "there is no price of S-4 discount"
         " in dollars; percentages change only where their charge is named; see relation"),
        (of('schedule: S-1, percent: "1"', day="1999-01-01").replace("1999", "2024", 1)
         .replace('percent: "1"', 'version_effective_from: 2020-01-01, percent: "1"'),
         "no version of S-1 that is changed begins on 2020-01-01"),
        (of('schedule: S-4, charge: discount, price: "1"'), "is a percentage; give percentage"),
        (of('schedule: S-1, charge: energy, percentage: "1"'), "energy is no percentage; give"),
        (of('schedule: S-2, ratchet_percent: "-1"'), "ratchet_percent is -1; give 0 to 1000"),
        (of('schedule: S-2, ratchet_percent: "1001"'), "ratchet_percent is 1001; give 0 to 1000"),
        (of('schedule: S-1, charge: energy, step: 1, price: "1000001"'),
         "the price of energy step 1 becomes 1,000,001; give up to 1,000,000"),
        (of('schedule: S-2, ratchet_percent: "1", demand: nope'),
         "S-2 has no ratchet of the demand nope; give demand: billing"),
        (of('schedule: S-9, ratchet_percent: "80"'), "no. 1: S-9 has no ratchet of the demand"
         " billing; give demand: peak"),
        (of('schedule: S-7, ratchet_window: 6, demand: nope'), "S-7 has no ratchet of the demand"
         " nope; give demand: billing or demand: peak"),
        (of('schedule: S-2, ratchet_window: 99'), "ratchet_window"),
        (of(FIRST, FIRST), "no. 2: S-1 energy step 1 is changed twice; keep one of the two"),
        (of('schedule: S-1, charge: energy, step: 3, block_limit: "9"'), "is no block of S-1"),
        (of('schedule: S-1, charge: energy, block_limit: "9"'), "needs the step that ends there"),
        (of('schedule: S-1, price: "1"'), "price needs a charge; add its code"),
        (of("schedule: S-1"), "gives no change; give one of price, percent"),
        (VERSION.replace("effective_from: 2024-02-01\n", ""), "a whole version needs the day"),
        (VERSION.replace("      sheet: proposed\n      elig", "      effective_from: 2024-03-01\n"
         "      sheet: proposed\n      elig"), "has effective_from; leave it out"),
        (VERSION.replace("schedule: S-1\n", 'schedule: S-1\n    percent: "1"\n'),
         "gives percent and version"),
        (VERSION.replace("changes:\n", 'changes:\n  - {schedule: S-1, percent: "1"}\n'),
         "no. 2: S-1 is changed before; put the whole version first"),
        (VERSION + VERSION.partition("changes:\n")[2],
         "no. 2: S-1 is given a whole version twice; keep one of the two"),
        (VERSION.replace('price: "0.01"', 'price: "-0.01"'),
         "version has a negative price of energy step 1 (-0.01); give 0 or more"),
        (VERSION.replace('price: "0.01"', 'blocks: [{first: "500", price: "0.10"}]'), "block"),
        (VERSION.partition("      charges:\n")[0] + "      charges: []\n",
         "version has no charges, so that every bill would be 0; add them"),
        (VERSION.replace("      charges:\n", FORMULA + "      charges:\n"),
         "version breaks a rule of tariff.formula: denominator_multiplier <> 0"),
    ],
)  # fmt: skip
def test_what_a_scenario_may_not_say_is_one_sentence(overlaid, tmp_path, text, sentence):
    with pytest.raises(RatebookError) as caught:
        overlaid(text)
    (message,) = dict.fromkeys(caught.value.messages)
    assert message.startswith(f"{tmp_path / 'scenario.yaml'}:")
    assert sentence in message


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "scenario.yaml: holds no mapping; begin with scenario: and changes:"),
        (b"- one\n- two\n", "scenario.yaml: holds no mapping; begin with scenario: and changes:"),
        (b"\xff\xfe\x00", "scenario.yaml: is not readable YAML: it is no UTF-8 text"),
        (b"scenario: x\nchanges: []\n", "scenario.yaml:2: changes is empty; give at least one"),
        (b"scenario: x\nchanges: 5\n", "scenario.yaml:2: changes is no list; begin each of its"),
        (b"scenario: [x]\nchanges: [{schedule: S-1, percent: '1'}]\n", "scenario is no text"),
        (b"scenario: x\nchanges: [5]\n", "changes no. 1 is no mapping; write its fields, see"),
        (b"scenario: x\ncolor: red\nchanges: [{schedule: S-1, percent: '1'}]\n",
         "has an unknown field color; see docs/rate-study.md"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_scenario_is_one_sentence(tmp_path, content, sentence):
    file = tmp_path / "scenario.yaml"
    file.write_bytes(content)
    with pytest.raises(RatebookError) as caught:
        read_scenario(file)
    (message,) = caught.value.messages
    assert message.startswith(f"{file}:")
    assert sentence in message


def test_a_folder_is_no_scenario(tmp_path):
    with pytest.raises(RatebookError, match="is a folder; name a scenario file"):
        read_scenario(tmp_path)
