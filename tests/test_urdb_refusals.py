"""URDB files that are refused: one sentence with the place, and nothing loaded."""

from decimal import Decimal

import pytest
from urdb_rates import rate, text_of, tiers, write

from rating.errors import RatebookError
from rating.urdb.rate import convert
from rating.urdb.read import read_rates
from rating.urdb.schedules import place

GOOD = text_of(rate("A"))


def refusal(tmp_path, text: str | bytes) -> str:
    """The sentence that a file is refused with; there is one only."""
    file = tmp_path / "rates.json"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(RatebookError) as refused:
        [convert(entry) for entry in read_rates([file])]
    assert len(refused.value.messages) == 1
    return refused.value.messages[0]


@pytest.mark.parametrize(
    "text, sentence",
    [
        ("{", "rates.json:1: is not readable JSON: expecting property name"),
        ('{"items": [\n{"label": "A",}\n]}', "rates.json:2: is not readable JSON: "),
        ("", "rates.json:1: is not readable JSON: expecting value at character 1"),
        ("[]", "rates.json: holds no rate; give it one, or a list under items"),
        ("3", "rates.json: rate 1: is no rate; write a mapping with label, utility …"),
        (f"[{GOOD}, 3]", "rates.json: rate 2: is no rate; write a mapping"),
        (f"{GOOD}\n{{", "rates.json:2: is not readable JSON: "),
        (f"{GOOD}\n3", "rates.json:2: is no rate; write a mapping"),
        ('{"label": "A", "label": "B"}', "rates.json: has the field label twice in one mapping"),
        ('{"label": "A", "Label": "B"}', "rate 1: has a field twice, in large and small letters"),
        ("[" * 100_000, "rates.json:1: nests too deep to be a rate"),
        (b"\xff\xfe{}", "rates.json: is not UTF-8 text; save it as such"),
        ('{"utility": "U"}', "rates.json: rate 1: lacks label; add it"),
        ('{"label": "A"}', "rates.json: rate 1 (A): lacks utility; add it"),
        ('{"label": "A b", "utility": "U"}', "(A b): label is not of up to 64 letters, dig"),
        (
            GOOD.replace("Rate A", r"\ud800"),
            "rate 1 (A): name holds a character that is none, such",
        ),
        (
            GOOD.replace("Rate A", r"\u0000"),
            "rate 1 (A): name holds a character that is none, such",
        ),
        (
            GOOD.replace('"name"', r'"\udc00"'),
            r"has the field '\udc00', which holds a character th",
        ),
    ],
)
def test_a_file_that_is_no_rates_is_refused(tmp_path, text, sentence):
    assert sentence in refusal(tmp_path, text)


@pytest.mark.parametrize(
    "fields, sentence",
    [
        ({"surcharge": 3}, "surcharge is a field that URDB does not have; correct its name"),
        ({"mincharge": "much"}, "mincharge is 'much'; write a number"),
        ({"mincharge": True}, "mincharge is true; write a number"),
        ({"mincharge": [3]}, "mincharge is a list; write a number"),
        ({"mincharge": 10**12}, "mincharge is 1000000000000, which no table can hold"),
        ({"startdate": 10**10}, "startdate is 10000000000, which no table can hold"),
        ({"startdate": -(10**10) + 1}, "startdate is -9999999999; write seconds since 1970"),
        ({"minchargeunits": 3}, "minchargeunits is 3; write a text in quotes"),
        ({"flatdemandmonths": [0] * 11}, "flatdemandmonths is not a list of 12; give a value"),
        ({"flatdemandmonths": [0] * 11 + ["x"]}, "flatdemandmonths[11] is 'x'; write the n"),
        ({"flatdemandmonths": [0] * 11 + [-1]}, "flatdemandmonths[11] is -1; write the number of"),
        ({"flatdemandmonths": [0] * 11 + [True]}, "flatdemandmonths[11] is true; write the number"),
        ({"flatdemandmonths": [0] * 11 + [None]}, "flatdemandmonths[11] is null; write the number"),
        ({"lookbackmonths": [True] * 11 + [-1]}, "lookbackmonths[11] is -1; write true or false"),
        ({"coincidentschedule": [[-1] * 24] * 12}, "coincidentschedule[0][0] is -1; write the num"),
        ({"fueladjustmentsmonthly": ["x"] + [0] * 11}, "fueladjustmentsmonthly[0] is 'x'; write"),
        ({"energyweekdayschedule": [[0] * 24] * 11}, "energyweekdayschedule is not 12 lists of 24"),
        ({"energyweekdayschedule": [[0] * 23] * 12}, "energyweekdayschedule is not 12 lists of 24"),
        ({"energyweekdayschedule": [[-1] * 24] * 12}, "[0][0] is -1; write the number of a period"),
        ({"energyratestructure": 3}, "energyratestructure is not a list of periods, each a list"),
        ({"energyratestructure": [3]}, "energyratestructure is not a list of periods, each a list"),
        ({"energyratestructure": [[3]]}, "energyratestructure[0][0] is no tier; write a mapping"),
        ({"energyratestructure": [[{"rate": 1}] * 101]}, "has more than 100 periods, or 100 tiers"),
        ({"energyratestructure": [[{"price": 1}]]}, "[0][0].price is a field that URDB's tiers do"),
        ({"energyratestructure": [[{"rate": "x"}]]}, "[0][0].rate is 'x'; write a number"),
        ({"energyratestructure": [[{"unit": 3}]]}, "[0][0].unit is 3; write a text in quotes"),
        ({"energyratestructure": [[{"rate": 10**12}]]}, "[0][0].rate is 1000000000000, which no"),
        (
            {"energyratestructure": [[{"max": -5, "rate": 1}]]},
            "[0][0].max is -5; write a limit abo",
        ),
        (
            {"flatdemandstructure": [[{"max": Decimal("1E-10")}]]},
            "max is 1E-10; write a limit abov",
        ),
        ({"flatdemandstructure": [[{"max": "x"}]]}, "[0][0].max is 'x'; write a number"),
        ({"description": "x" * 100_001}, "description has more than 100,000 letters; shorten it"),
    ],
)
def test_a_field_that_is_not_of_its_shape_is_refused(tmp_path, fields, sentence):
    file = write(tmp_path, [{**rate("A"), **fields}])
    with pytest.raises(RatebookError) as refused:
        [convert(entry) for entry in read_rates([file])]
    said = refused.value.messages[0]
    assert said.startswith("rates.json: rate 1 (A): ")
    assert sentence in said


@pytest.mark.parametrize("number", ["NaN", "-Infinity", "1e99", "1" * 5000, "0." + "0" * 99 + "1"])
def test_a_number_that_no_table_can_hold_is_refused_where_it_stands(tmp_path, number):
    text = GOOD.replace('"startdate": ', f'"mincharge": {number}, "startdate": ')
    assert "rates.json: rate 1 (A): mincharge is " in refusal(tmp_path, text)


def test_an_enormous_last_maximum_is_none(tmp_path):
    source = rate("A", energyratestructure=[tiers((100, "0.1"), (10**38, "0.2"))])
    version = convert(read_rates([write(tmp_path, [source])])[0]).version
    assert version["charges"][0]["blocks"][1] == {"over": "100", "price": "0.2"}


def test_a_label_that_stands_twice_and_differs_is_refused(tmp_path):
    files = [
        write(tmp_path, [rate("A")], "a.json"),
        write(tmp_path, [rate("A", eiaid=1)], "b.json"),
    ]
    with pytest.raises(RatebookError) as refused:
        read_rates(files)
    assert list(refused.value.messages) == [
        "b.json: rate 1 (A): stands in a.json: rate 1 (A) too, and differs; keep one of them"
    ]


def test_a_label_that_stands_twice_alike_counts_once(tmp_path):
    files = [write(tmp_path, [rate("A")], "a.json"), write(tmp_path, [rate("A")], "b.json")]
    assert len(read_rates(files)) == 1


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(
        RatebookError, match="cannot be read: No such file or directory; name another"
    ):
        read_rates([tmp_path / "none.json"])


def test_everything_wrong_is_said_at_once_up_to_twenty_sentences(tmp_path):
    rates = [rate(f"A{number}", surcharge=1) for number in range(30)]
    with pytest.raises(RatebookError) as refused:
        read_rates([write(tmp_path, rates)])
    assert len(refused.value.messages) == 21
    assert refused.value.messages[-1] == "and 10 more"


def test_a_utility_without_a_letter_is_refused(tmp_path):
    found = [convert(entry) for entry in read_rates([write(tmp_path, [rate("A", utility="?!")])])]
    with pytest.raises(RatebookError, match=r"rate 1 .A.: utility '.!' has no letter or"):
        place(found)


def test_two_versions_that_begin_on_one_day_are_refused(tmp_path):
    rates = [rate("A"), rate("B", supersedes="A")]
    found = [convert(entry) for entry in read_rates([write(tmp_path, rates)])]
    with pytest.raises(RatebookError, match="begins on 2015-01-01 like A, which it supersedes"):
        place(found)
