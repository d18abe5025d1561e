"""What a seed file could say and the engine would not do is refused, never rated otherwise."""

from pathlib import Path

import pytest
from seed_texts import GOOD, refusals, write_seeds

from rating.errors import RatebookError
from rating.seed.read import Book, read_books
from rating.seed.rows import tariff_rows


def with_part(name: str, item: str) -> str:
    """The good seed file with one determinant, demand or split."""
    return GOOD.replace("    charges:\n", f"    {name}:\n      - {item}\n    charges:\n")


def with_charges(*fields: str) -> str:
    """The good seed file with further charges of energy: `x0`, `x1` …"""
    return GOOD + "".join(
        f"      - {{code: x{number}, description: X, component: energy, sheet: p. 2, {one}}}\n"
        for number, one in enumerate(fields)
    )


BLOCKS = "blocks: [{first: '1', price: '1'}, {over: '1', price: '2'}]"
OF = "of: {charges: [energy]}, stage: minimum"
GREATEST = f"kind: minimum, choice: x, choice_rule: greatest, price: '1', {OF}"
TESTED = "when: {kw: {above: '100'}}"
UNSUPPORTED = {
    "product of three operands": with_part(
        "determinants", "{name: x, product: [kwh, kw, days], sheet: p. 1}"
    ),
    "coefficient inside a product": with_part(
        "determinants", "{name: x, product: [{of: kwh, times: '2'}, kw], sheet: p. 1}"
    ),
    "decimals beside a step": with_part(
        "determinants", "{name: x, sum: [kwh], decimals: 0, round_to: '5', sheet: p. 1}"
    ),
    "step of nothing": with_part(
        "demands", "{name: billing, round_to: '0', greatest_of: [{measured: kw}], sheet: p. 1}"
    ),
    "root of three squares": with_part(
        "determinants", "{name: x, root_of_squares: [kwh, kw, days], sheet: p. 1}"
    ),
    "coefficient inside a root": with_part(
        "determinants", "{name: x, root_of_squares: [{of: kwh, times: '2'}, kw], sheet: p. 1}"
    ),
    "first known of four": with_part(
        "determinants",
        "{name: x, first_known: [kw, kw_on_peak, kw_off_peak, days], sheet: p. 1}",
    ),
    "determinants in a circle": with_part(
        "determinants", "{name: x, sum: [y], sheet: p. 1}\n      - {name: y, sum: [x], sheet: p. 1}"
    ),
    "bank under a clause that tests a quantity": with_part(
        "determinants", f"{{name: x, at: netting, bank: [kwh], {TESTED}, sheet: p. 1}}"
    ),
    "metering under a clause that tests what is derived": with_part(
        "determinants",
        "{name: x, at: metering, sum: [kwh], when: {y: {above: '100'}}, sheet: p. 1}\n"
        "      - {name: y, sum: [kwh], sheet: p. 1}",
    ),
    "metering under a clause that tests what a bank leaves": with_part(
        "determinants",
        "{name: kwh, at: netting, bank: [kwh], left: y, sheet: p. 1}\n"
        "      - {name: x, at: metering, sum: [kwh], when: {y: {above: '1'}}, sheet: p. 1}",
    ),
    "demand of what a bank of demands leaves": with_part(
        "determinants",
        "{name: y, sum: [x_demand_kw], sheet: p. 1}\n"
        "      - {name: z, bank: [y], left: left_kw, sheet: p. 1}\n"
        "    demands:\n      - {name: x, greatest_of: [{measured: left_kw}], sheet: p. 1}",
    ),
    "demand term under a clause that tests a demand": with_part(
        "demands",
        "{name: billing, greatest_of: [{floor: '5', when: {billing_demand_kw: {above: '9'}}}],"
        " sheet: p. 1}",
    ),
    "test with two lower bounds": with_part(
        "determinants",
        "{name: x, sum: [kwh], when: {kw: {above: '1', at_least: '2'}}, sheet: p. 1}",
    ),
    "split under a clause that tests a quantity": with_part(
        "splits", f"{{split: kwh, {TESTED}, into: [{{all: true, slice: x}}], sheet: p. 1}}"
    ),
    "exception of a block under a clause that tests a quantity": GOOD.replace(
        'price: "0.09"', f'price: "0.09", except: {{{TESTED}, price: "0.05"}}'
    ),
    "base of a later stage": GOOD
    + """\
      - {code: rebate, description: Rebate, component: discount, kind: percent, percent: "5",
         of: {charges: [fuel]}, sheet: p. 2}
      - {code: fuel, description: Fuel, component: adjustment, per: kwh, price: "0.01",
         sheet: p. 2}
""",
    "base of nothing": GOOD
    + """\
      - {code: rebate, description: Rebate, component: discount, kind: percent, percent: "5",
         of: {}, sheet: p. 2}
""",
}

IGNORED = {
    "the greatest of priced charges": (
        with_charges(*["per: kwh, choice: x, choice_rule: greatest, price: '1'"] * 2),
        "is the greatest of a choice, which minimums and caps can be",
    ),
    "a choice of two rules": (
        with_charges(GREATEST, f"kind: minimum, choice: x, price: '1', {OF}"),
        "shares the choice x with another choice_rule",
    ),
    "a choice of two stages": (
        with_charges(GREATEST, GREATEST.replace("stage: minimum", "stage: rider")),
        "shares the choice x with another kind or stage",
    ),
    "a rule of no choice": (
        with_charges("per: kwh, price: '1', choice_rule: first"),
        "has a choice_rule but is of no choice",
    ),
    "a percentage with a price": (
        with_charges(f"kind: percent, percent: '1', price: '1', {OF}"),
        "is of kind percent, which takes no price",
    ),
    "a percentage with blocks": (
        with_charges(f"kind: percent, percent: '1', {BLOCKS}, {OF}"),
        "a charge of kind percent has one of percent, blocks",
    ),
    "a percentage in blocks of prices": (
        with_charges(f"kind: percent, {BLOCKS}, {OF}"),
        "a block of a percentage, and no other, has a percent",
    ),
    "blocks of percentages that are prices": (
        with_charges("per: kwh, blocks: [{first: '1', percent: '1'}, {over: '1', percent: '2'}]"),
        "a block of a percentage, and no other, has a percent",
    ),
    "a percentage of units": (
        with_charges(f"kind: percent, percent: '1', per: 'units:A', {OF}"),
        "is of kind percent, which is not of units",
    ),
    "a minimum taken off": (
        with_charges(f"kind: minimum, price: '1', subtract: true, {OF}"),
        "is of kind minimum, which takes no subtract",
    ),
    "a cap taken off": (
        with_charges(f"kind: cap, price: '1', subtract: true, {OF}"),
        "is of kind cap, which takes no subtract",
    ),
    "a base of a price": (
        with_charges(f"per: kwh, price: '1', {OF}"),
        "is of kind price, which takes no of",
    ),
    "a factor in blocks": (
        with_charges(f"kind: factor, per: kwh, {BLOCKS}"),
        "is of kind factor, which takes no blocks",
    ),
    "a factor in cents": (
        with_charges("kind: factor, per: kwh, prices_in: ¢/kWh"),
        "has a factor in ¢/kWh",
    ),
    "a difference with a price": (
        with_charges("kind: difference, per: kwh, price: '1', of: {charges: [energy]}"),
        "is of kind difference, which takes no price",
    ),
    "a difference of a schedule": (
        with_charges("kind: difference, per: kwh, of: {charges: [x0]}, stage: credit"),
        "charge x0 is a difference since enrollment, which only riders have; move it there",
    ),
    "limits without blocks": (
        with_charges("per: kwh, price: '1', limits: {times: kw}"),
        "has limits but no blocks",
    ),
    "limits of shares": (
        with_part(
            "splits",
            "{split: kwh, limits: {times: kw}, in_proportion: [{share: kw, slice: x}],"
            " sheet: p. 1}",
        ),
        "is in proportion and has limits",
    ),
    "blocks of units": (with_charges(f"per: 'units:A', {BLOCKS}"), "has blocks of units"),
    "units of a rider for one time": (
        with_charges("per: 'units:A', price: '1', one_time: true").replace(
            "kind: rate", "kind: rider"
        ),
        "is for one time, as units of a rate are, not of the kind rider",
    ),
    "a quantity for one time": (
        with_charges("per: kwh, price: '1', one_time: true"),
        "is for one time, but only units are",
    ),
    "a quantity that is no lamp": (
        with_charges("per: kwh, price: '1', lamp: false"),
        "is of no lamp, but only units are lamps or none",
    ),
    "units for one time and in every period": (
        with_charges(
            "per: 'units:A', price: '1', one_time: true",
            "per: 'units:B', price: '1'",
            "per: 'units:A', price: '1'",
        ),
        "charge x0 is for one time, but charge x2 has units:A in every period;"
        " give one of them a unit code of its own",
    ),
    "a percentage of a floor": (
        with_part("demands", "{name: x, greatest_of: [{floor: '5', percent: '80'}], sheet: p. 1}"),
        "has a percent of a floor",
    ),
    "a cap of the greatest": (
        with_part("demands", "{name: x, greatest_of: [{measured: kw}, {cap: '5'}], sheet: p. 1}"),
        "has a cap in greatest_of, where it is none; put it into a least_of, or write a floor",
    ),
    "a floor of the least, in a group": (
        with_part(
            "demands",
            "{name: x, greatest_of: [{measured: kw}, {least_of: [{contract: kw}, {floor: '5'}]}],"
            " sheet: p. 1}",
        ),
        "has a floor in least_of, where it is none; put it into a greatest_of, or write a cap",
    ),
    "a ratchet without months": (
        with_part(
            "demands",
            "{name: x, greatest_of: [{measured: kw}, {ratchet: kw, window: 3, skip: 3}],"
            " sheet: p. 1}",
        ),
        "looks back over no month, for skip is as long as the window",
    ),
    "months of a measured demand": (
        with_part("demands", "{name: x, greatest_of: [{measured: kw, months: [7]}], sheet: p. 1}"),
        "has months of a measured term",
    ),
    "a demand on what demands make": (
        with_part(
            "demands",
            "{name: x, greatest_of: [{measured: kw}, {contract: double}], sheet: p. 1}\n"
            "    determinants:\n"
            "      - {name: double, sum: [{of: x_demand_kw, times: '2'}], sheet: p. 1}",
        ),
        "looks at double, which is only made after the demands",
    ),
    "a demand on a slice": (
        with_part(
            "demands",
            "{name: x, adjusted: y, greatest_of: [{measured: kw}], sheet: p. 1}\n"
            "    splits: [{split: kw, into: [{all: true, slice: y}], sheet: p. 1}]",
        ),
        "looks at y, which is only made after the demands",
    ),
    "a quantity made of a slice": (
        with_part(
            "splits",
            "{split: kwh, into: [{all: true, slice: y}], sheet: p. 1}\n"
            "    determinants: [{name: x, sum: [y], sheet: p. 1}]",
        ),
        "uses y, which is only split off after it",
    ),
    "a season that is not": (
        with_charges("per: kwh, price: '1', when: {season: {not: [summer]}}"),
        "tests what the season is not",
    ),
    "a product of constants": (
        with_part("determinants", "{name: x, product: ['2'], sheet: p. 1}"),
        "is of constants only",
    ),
}


@pytest.mark.parametrize(("text", "words"), IGNORED.values(), ids=IGNORED.keys())
def test_what_no_bill_would_show_is_refused_and_not_passed_over(tmp_path, text, words):
    assert [sentence for sentence in refusals(tmp_path, text) if words in sentence]


@pytest.mark.parametrize("text", UNSUPPORTED.values(), ids=UNSUPPORTED.keys())
def test_what_would_not_be_rated_as_written_is_refused(tmp_path, text):
    assert refusals(tmp_path, text)


MAY_NAME = (
    "of service_agreements it may name schedule, customer_class, voltage, phase, space_heating,"
    " water_heating, all_electric, secondary_metered, customer_owned_transformation and columns of"
    " your own"
)
NO_SEASON = "which the version's seasons do not have"
SPANS = '[{from: "12-20", to: "01-10"}]'
# Tests that would hold for nobody, and with what they are refused.
DEAD = {
    **{
        f"{{{name}: X}}": f"a condition cannot name {name}; {MAY_NAME}"
        for name in (
            "agreement_id", "account_id", "utility", "start_date", "end_date",
            "combined_with_agreement_id",
        )
    },
    "{account_id: {not: [X]}}": f"a condition cannot name account_id; {MAY_NAME}",
    **{
        f"{{{name}: '5'}}": f'a condition names a value of {name}; write bounds, such as'
        ' {at_least: "50"}'
        for name in ("extra_facilities_investment", "backup_firm_kw", "kwh", "days", "lamp_watts")
    },
    **{
        f"{{contract_year: {year}}}": f"a condition tests contract_year {words}; write a year,"
        ' such as 2, or bounds, such as {at_most: "2"}'
        for year, words in {
            "first": "first", "[first, '2']": "first or 2", "'01'": "01", "true": "true",
            "{at_most: {of: kwh}}": "at most 1 × kwh",
        }.items()
    },
    "{opening: 'yes'}": "a condition tests opening yes; write true or false",
    "{all_electric: 'yes'}": "a condition tests all_electric yes; write true or false",
    "{period: january}": "a condition tests period january; write spans of days, such as " + SPANS,
    "{season: {above: '3'}}": "a condition tests season above 3; write the values that hold",
    "{option: {above: '3'}}": "a condition tests option above 3; write the values that hold",
    f"{{voltage: {SPANS}}}": "a condition tests voltage 12-20 to 01-10; write the values that hold",
    "{voltage: []}": "a condition tests voltage; write the values that hold",
    **{
        when: f"a condition tests {words}; write season, for which the version, or a clause of its"
        " own, has seasons by month, or period for a span of days"
        for when, words in {
            "{month: [4, 10]}": "month 4 or 10", "{billing_month: 4}": "billing_month 4",
            "{months: {not: ['4']}}": "months not 4",
        }.items()
    },
    "{season: summer}": f"a condition names the season summer, {NO_SEASON}",
}  # fmt: skip


@pytest.mark.parametrize("when", DEAD)
def test_a_condition_that_would_hold_for_nobody_is_refused(tmp_path, when):
    kind = "rider" if "option" in when or "contract_year" in when else "rate"
    text = with_charges(f"per: kwh, price: '1', when: {when}").replace("rate\n", f"{kind}\n")
    assert refusals(tmp_path, text) == [f"seeds/zz/one.yaml: version 2020-01-01: {DEAD[when]}"]


NAMELESS = "when: {account_id: X}"


@pytest.mark.parametrize(
    "text",
    [
        with_charges(
            f"per: kwh, blocks: [{{all: true, price: '1', except: {{{NAMELESS}, price: '2'}}}}]"
        ),
        with_part("determinants", f"{{name: x, sum: [kw], {NAMELESS}, sheet: p. 1}}"),
        with_part(
            "demands",
            f"{{name: x, greatest_of: [{{measured: kw}}, {{floor: '5', {NAMELESS}}}], sheet: p}}",
        ),
        with_part(
            "splits", f"{{split: kw, {NAMELESS}, into: [{{all: true, slice: x}}], sheet: p}}"
        ),
    ],
    ids=["exception", "determinant", "floor", "split"],
)
def test_wherever_a_condition_stands_it_names_what_it_may(tmp_path, text):
    (sentence,) = refusals(tmp_path, text)
    assert sentence.endswith(f": a condition cannot name account_id; {MAY_NAME}")


@pytest.mark.parametrize(
    "when",
    [
        "{schedule: ONE}", "{schedule: {not: [ONE, TWO]}}", "{customer_class: church}",
        "{all_electric: true}", "{all_electric: {not: ['true']}}", "{zone: 3}", "{zone: [a, b]}",
        "{backup_firm_kw: {above: '0'}}", "{opening: false}", f"{{period: {SPANS}}}",
    ],
)  # fmt: skip
def test_a_condition_that_may_hold_is_read(tmp_path, when):
    assert _books(tmp_path, with_charges(f"per: kwh, price: '1', when: {when}"))


@pytest.mark.parametrize(
    "when",
    [
        "{option: 1}", "{contract_year: 1}", "{contract_year: ['1', '2']}",
        "{contract_year: {above: '1', at_most: '3'}}",
    ],
)  # fmt: skip
def test_riders_alone_test_what_an_enrollment_says(tmp_path, when):
    text = with_charges(f"per: kwh, price: '1', when: {when}")
    assert _books(tmp_path, text.replace("kind: rate", "kind: rider"))
    for kind in ("rate", "adjustment"):
        (sentence,) = refusals(tmp_path, text.replace("kind: rate", f"kind: {kind}"))
        assert sentence.endswith(", which only riders' enrollments have; move it there")


@pytest.mark.parametrize("name", ["account_id", "backup_firm_kw", "kw", "utility"])
def test_eligibility_names_what_a_condition_may_name(tmp_path, name):
    asked = "{attributes: {%s: X}, sheet: p. 1}"
    (sentence,) = refusals(tmp_path, with_part("eligibility", asked % name))
    assert sentence.endswith(f": eligibility cannot name {name}; {MAY_NAME}")
    for known in ("schedule", "partner_schedule", "voltage", "zone"):
        assert _books(tmp_path, with_part("eligibility", asked % known))


SEASONS = (
    "    seasons: {sheet: p. 1, months: {cold: [11, 12, 1, 2, 3], warm: [4, 5, 6, 7, 8, 9, 10]}}\n"
)
OF_SEASON = [
    with_charges("per: kwh, price: '1', when: {season: [warm, cold]}"),
    GOOD.replace(
        "    charges:\n",
        "    combine: {season: warm, quantities: {kwh: zero}, sheet: p. 1}\n    charges:\n",
    ),
]


@pytest.mark.parametrize("text", OF_SEASON, ids=["condition", "combination"])
def test_a_season_is_one_that_the_version_has(tmp_path, text):
    text = text.replace("    charges:\n", SEASONS + "    charges:\n")
    assert _books(tmp_path, text)
    (sentence,) = refusals(tmp_path, text.replace("warm, ", "wram, "))
    assert sentence.endswith(f" names the season wram, {NO_SEASON}")


CLAUSE = GOOD.replace("schedule: ONE", "schedule: CLAUSE").replace("kind: rate", "kind: adjustment")
MADE = with_part(
    "demands", "{name: billing, greatest_of: [{measured: kw}], sheet: p. 1}\n"
    "    splits: [{split: kwh, into: [{all: true, slice: night_kwh}], sheet: p. 1}]",
)  # fmt: skip


def sentences(tmp_path, clause: str) -> list[str]:
    """What is refused of a clause beside a schedule that makes billing_demand_kw, night_kwh."""
    return refused_of(write_seeds(tmp_path, MADE), clause)


def refused_of(folder: Path, clause: str) -> list[str]:
    """What is refused of a clause beside the schedule of a folder."""
    (folder / "zz" / "clause.yaml").write_text(clause, "utf-8")
    try:
        read_books([folder])
    except RatebookError as error:
        return list(error.messages)
    return []


@pytest.mark.parametrize("name", ["billing_demand_kw", "night_kwh"])
def test_a_charge_of_a_clause_may_use_what_the_schedules_make(tmp_path, name):
    assert not sentences(tmp_path, CLAUSE.replace("per: kwh", f"per: {name}"))


def test_a_name_that_neither_the_clause_nor_a_schedule_makes_is_unknown(tmp_path):
    (sentence,) = sentences(tmp_path, CLAUSE.replace("per: kwh", "per: biling_demand_kw"))
    assert "uses the unknown determinant biling_demand_kw" in sentence


def test_a_schedule_may_not_use_what_another_schedule_makes(tmp_path):
    rate = GOOD.replace("schedule: ONE", "schedule: TWO")
    (sentence,) = sentences(tmp_path, rate.replace("per: kwh", "per: night_kwh"))
    assert "uses the unknown determinant night_kwh" in sentence


def of(base: str, stage: str = "tax") -> str:
    """A clause with a percentage of a base."""
    return CLAUSE.replace("code: energy", "code: fuel") + (
        "      - {code: tax, description: Tax, component: rider, kind: percent, percent: '5',"
        f" stage: {stage}, of: {base}, sheet: p. 2}}\n"
    )


@pytest.mark.parametrize("base", ["{charges: [energy]}", "{schedules: [ONE]}"])
def test_a_percentage_may_look_at_charges_of_other_schedules(tmp_path, base):
    assert not sentences(tmp_path, of(base))


@pytest.mark.parametrize("base", ["{charges: [enrgy]}", "{schedules: [TWO]}"])
def test_a_base_that_is_nowhere_in_the_book_is_refused(tmp_path, base):
    (sentence,) = sentences(tmp_path, of(base))
    assert "which the book does not have" in sentence


@pytest.mark.parametrize("base", ["{charges: [energy]}", "{schedules: [ONE]}"])
def test_a_base_in_another_schedule_must_be_of_an_earlier_stage(tmp_path, base):
    (sentence,) = sentences(tmp_path, of(base, stage="basic"))
    assert "which is not of an earlier stage" in sentence


@pytest.mark.parametrize(("season", "refused"), [("warm", 0), ("wram", 1)])
def test_a_clause_without_seasons_may_name_those_of_the_schedules(tmp_path, season, refused):
    folder = write_seeds(tmp_path, GOOD.replace("    charges:\n", SEASONS + "    charges:\n"))
    clause = CLAUSE + (
        "      - {code: x, description: X, component: energy, per: kwh, price: '1', sheet: p. 2,"
        f" when: {{season: {season}}}}}\n"
    )
    found = refused_of(folder, clause)
    assert [one.endswith(f"the season wram, {NO_SEASON}") for one in found] == [True] * refused


@pytest.mark.parametrize(
    ("charge", "is_read"),
    [
        ("price: '1', when: {season: cold}", True),
        ("price: '1', season: cold", False),
        ("price: {cold: '1', warm: '2'}", False),
    ],
)
def test_a_clause_without_seasons_names_its_schedules_seasons_in_conditions_alone(
    tmp_path, charge, is_read
):
    clause = with_charges(f"per: kwh, {charge}").replace("schedule: ONE", "schedule: CLAUSE")
    folder = write_seeds(tmp_path, GOOD.replace("    charges:\n", SEASONS + "    charges:\n"))
    said = refused_of(folder, clause.replace("kind: rate", "kind: adjustment"))
    named = [season for season in ("cold", "warm") if season in charge and not is_read]
    assert [one.partition(" names the season ")[2] for one in said] == [
        f"{season}, but the version has no seasons; add them (in a clause or rider, when: {{season:"
        f" {season}}} may name one of its schedules)"
        for season in named
    ]


@pytest.mark.parametrize(("name", "refused"), [("billing_demand_kw", 0), ("night_kwh", 1)])
def test_a_quantity_of_a_clause_may_use_demands_of_the_schedules_and_nothing_later(
    tmp_path, name, refused
):
    made = f"    determinants: [{{name: x, sum: [{name}], sheet: p. 1}}]\n    charges:\n"
    found = sentences(tmp_path, CLAUSE.replace("    charges:\n", made))
    assert ["only charges of it can" in one for one in found] == [True] * refused


def test_splits_nested_more_than_three_deep_are_refused(tmp_path):
    splits = "".join(
        f"      - {{split: {name}, sheet: p. 1,"
        f" into: [{{first: '{width}', slice: {name}a}}, {{over: '{width}', slice: {name}b}}]}}\n"
        for name, width in [("kwh", 400), ("kwha", 300), ("kwhaa", 200), ("kwhaaa", 100)]
    )
    text = GOOD.replace("    charges:\n", f"    splits:\n{splits}    charges:\n")
    with pytest.raises(RatebookError, match="nested more than three deep"):
        tariff_rows(_books(tmp_path, text))


def test_determinants_built_on_too_many_others_are_refused(tmp_path):
    chain = "".join(
        f"      - {{name: x{n}, sum: [{f'x{n - 1}' if n else 'kwh'}], sheet: p. 1}}\n"
        for n in range(9)
    )
    text = GOOD.replace("    charges:\n", f"    determinants:\n{chain}    charges:\n")
    with pytest.raises(RatebookError, match="built on too many others"):
        tariff_rows(_books(tmp_path, text))


def _books(tmp_path, text: str) -> list[Book]:
    return read_books([write_seeds(tmp_path, text)])


def test_a_percentage_is_a_quoted_number_or_the_factor_of_a_formula(tmp_path):
    text = with_charges(f"kind: percent, percent: 5, {OF}")
    (sentence,) = refusals(tmp_path, text)
    assert "5 is not a quoted decimal; write it in quotes, as printed" in sentence
    (sentence,) = refusals(tmp_path, text.replace("percent: 5", "percent: factor"))
    assert "is priced by a factor, but the version has no formula" in sentence
