"""One mistake in a seed file is one true sentence, whatever else might have stood in its place."""

import pytest
from seed_texts import GOOD, UTILITY, refusals, write_seeds

from rating.errors import RatebookError
from rating.seed.read import read_books

FILE = "seeds/zz/one.yaml"


def with_part(text: str) -> str:
    """The good seed file with a further part of its version."""
    return GOOD.replace("    charges:\n", f"    {text}\n    charges:\n")


def with_term(term: str) -> str:
    """The good seed file with a demand of one term."""
    return with_part(f"demands: [{{name: billing, sheet: p. 1, greatest_of: [{term}]}}]")


def with_determinant(fields: str) -> str:
    """The good seed file with a determinant."""
    return with_part(f"determinants: [{{name: x, sheet: p. 1, {fields}}}]")


def with_charge(fields: str) -> str:
    """The good seed file with a second charge."""
    charge = "code: x, description: X, component: energy, sheet: p. 2"
    return f"{GOOD}      - {{{charge}, {fields}}}\n"


NO_NUMBER = "is not a quoted decimal; write it in quotes, as printed"
NO_LIST = "is no list; begin each of its parts with a dash, see docs/transcribing.md"
NO_TEXT = "is no text; write a name, in quotes where it is a number, a date, yes or on"
NO_WHOLE = "is no whole number; write its digits, a month as 1 to 12"
ONE_NUMBER = (
    "is one number; where it differs by season, write a charge with `season` for each, or a term of"
    " a demand with `when`"
)
TERM = "demands billing greatest_of no. 1"
MISTAKES = [
    (with_term("{ratchet: kw, percent: 80, window: 12}"), f"{TERM} percent 80 {NO_NUMBER}"),
    (with_term("{ratchet: kw, window: 12, months: 7}"), f"{TERM} months {NO_LIST}"),
    (
        with_term("{least_of: [{contract: kw, percent: 70}]}"),
        f"{TERM} least_of no. 1 percent 70 {NO_NUMBER}",
    ),
    (with_term('{least_of: {cap: "5"}}'), f"{TERM} least_of {NO_LIST}"),
    (
        with_term('{least_of: [{cap: "5"}], greatest_of: [{cap: "5"}]}'),
        f"{TERM} give one of greatest_of, least_of",
    ),
    (
        with_term("{when: {phase: single}}"),
        f"{TERM} give one of measured, ratchet, floor, contract, cap",
    ),
    (with_term("kw"), f"{TERM} is no mapping; write its fields, see docs/transcribing.md"),
    (
        with_determinant("sum: [kw, {of: kwh, times: 2}]"),
        f"determinants x sum no. 2 times 2 {NO_NUMBER}",
    ),
    (with_determinant("sum: [kw, 5]"), f"determinants x sum no. 2 {NO_TEXT}"),
    (
        with_determinant("sum: [kw], when: {kw: {above: {times: 2, of: kwh}}}"),
        f"determinants x when kw above times 2 {NO_NUMBER}",
    ),
    (with_charge("price: {Winter: 0.09}"), f"charges x price Winter 0.09 {NO_NUMBER}"),
    (
        with_charge('price: "1", when: {voltage: [primary, 5]}'),
        f"charges x when voltage no. 2 {NO_TEXT}",
    ),
    (with_charge('price: "1", when: {voltage: }'), "charges x when voltage is blank; fill it in"),
    (
        with_charge('price: "1", when: {voltage: {}}'),
        "charges x when voltage names nothing; give a value or, of a quantity, at_least, above …",
    ),
    (with_charge('price: "1", when: {voltage: 1.5}'), f"charges x when voltage {NO_TEXT}"),
    (
        with_charge('price: "1", when: {voltage: {not: primary}}'),
        f"charges x when voltage not {NO_LIST}",
    ),
    (
        with_charge('price: "1", when: {period: {from: "12-20", to: "01-10"}}'),
        f"charges x when period {NO_LIST}",
    ),
    (
        with_charge('price: "1", when: {period: [{from: "12-20"}]}'),
        "charges x when period no. 1 lacks to; add it",
    ),
    (
        with_part("eligibility: [{sheet: p. 1, attributes: {voltage: [5]}}]"),
        f"eligibility no. 1 attributes voltage no. 1 {NO_TEXT}",
    ),
    (
        with_part('eligibility: [{sheet: p. 1, demand: {of: [5], at_least: "5"}}]'),
        f"eligibility no. 1 demand of no. 1 {NO_TEXT}",
    ),
    (
        with_part('splits: [{split: kwh, sheet: p. 1, into: [{first: 5, slice: a}]}]'),
        f"splits kwh into a first 5 {NO_NUMBER}",
    ),
    (
        with_part("formula: {unit: $/kWh, sheet: p. 1, numerator: [{variable: a}], base: 5}"),
        f"formula base 5 {NO_NUMBER}",
    ),
    (GOOD.replace("code: energy", "code: on"), f"charges on code {NO_TEXT}"),
    (
        with_charge("kind: percent, percent: {summer: '5'}, of: {components: [energy]}"),
        f"charges x percent {ONE_NUMBER}",
    ),
    *(
        (
            with_charge(f"{fields}percent: '5', of: {{components: [energy]}}"),
            f"charges x is of kind {kind}, which takes no percent; write kind: percent, or remove"
            " it",
        )
        for fields, kind in [
            ("", "price"), ("price: '1', ", "price"), ("kind: minimum, ", "minimum"),
            ("kind: factor, per: kwh, ", "factor"),
        ]
    ),
    (
        with_charge("per: kwh, blocks: [{first: {summer: '5'}, price: '1'}]"),
        f"charges x blocks no. 1 first {ONE_NUMBER}",
    ),
    (with_term("{ratchet: kw, window: 12, months: [July]}"), f"{TERM} months no. 1 {NO_WHOLE}"),
    (
        with_part("unconfirmed_from: Jan 1"),
        "unconfirmed_from is no date; write YYYY-MM-DD",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "words"), MISTAKES, ids=[words for _, words in MISTAKES])
def test_one_mistake_is_one_sentence(tmp_path, text, words):
    (sentence,) = refusals(tmp_path, text)
    assert sentence.partition(" versions 2020-01-01 ")[2] == words


def test_mistakes_of_different_kinds_are_told_together(tmp_path):
    text = with_part("requires: kwh").replace('price: "0.09"', "price: 0.09")
    assert refusals(tmp_path, text) == [
        f"{FILE}:9: versions 2020-01-01 requires {NO_LIST}",
        f"{FILE}:19: versions 2020-01-01 charges energy blocks no. 2 price 0.09 {NO_NUMBER}",
    ]


@pytest.mark.parametrize("blank", ['""', '" "'])
@pytest.mark.parametrize(
    ("field", "place"),
    [
        ("sheet: p. 1", "8: versions 2020-01-01 sheet"),
        ("sheet: p. 2", "15: versions 2020-01-01 charges energy sheet"),
        ("schedule: ONE", "2: schedule"),
        ("title: One", "3: title"),
        ("document: book", "5: document"),
        ("code: energy", "10: versions 2020-01-01 charges no. 1 code"),
        ("description: Energy", "11: versions 2020-01-01 charges energy description"),
        ("per: kwh", "13: versions 2020-01-01 charges energy per"),
    ],
)
def test_blank_text_is_refused(tmp_path, field, place, blank):
    assert GOOD.count(f"{field}\n") == 1
    text = GOOD.replace(f"{field}\n", f"{field.partition(':')[0]}: {blank}\n")
    assert refusals(tmp_path, text) == [f"{FILE}:{place} is blank; fill it in"]


@pytest.mark.parametrize("blank", ['""', '" "'])
def test_blank_text_of_a_utility_is_refused(tmp_path, blank):
    text = UTILITY.replace("Invented", blank).replace("title: Book", f"title: {blank}")
    with pytest.raises(RatebookError) as refused:
        read_books([write_seeds(tmp_path, GOOD, text)])
    name, title = refused.value.messages
    assert name == "seeds/zz/utility.yaml:2: name is blank; fill it in"
    assert title == "seeds/zz/utility.yaml:5: documents no. 1 title is blank; fill it in"


def test_blank_in_a_list_is_refused(tmp_path):
    text = with_part('applies_to: {sheet: p. 1, schedules: [TWO, ""]}')
    assert refusals(tmp_path, text) == [
        f"{FILE}:9: versions 2020-01-01 applies_to schedules holds a blank; fill it in"
    ]
