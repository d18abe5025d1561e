"""What a seed file may not hold as YAML is refused in a sentence with its line."""

import pytest
from seed_texts import GOOD, refusals

REFUSED = {
    "a merge key": (
        GOOD.replace("kind: rate", "kind: &kind rate").replace(
            "    sheet: p. 1\n", "    sheet: p. 1\n    <<: *kind\n"
        ),
        "line 9: merge keys (<<) are not read; write the fields out",
    ),
    "a list as a key": (f"? [a]\n: 1\n{GOOD}", "line 1: a list or mapping is no name of a field"),
    "a mapping as a key": (
        f"? {{a: b}}\n: 1\n{GOOD}",
        "line 1: a list or mapping is no name of a field",
    ),
    "a day that is none": (
        GOOD.replace("2020-01-01", "2020-02-30"),
        "line 7: 2020-02-30 is no date and no number",
    ),
    "a month that is none": (
        GOOD.replace("2020-01-01", "2020-13-01"),
        "line 7: 2020-13-01 is no date and no number",
    ),
    "the year zero": (
        GOOD.replace("2020-01-01", "0000-01-01"),
        "line 7: 0000-01-01 is no date and no number",
    ),
    "an endless number": (
        GOOD.replace('"0.10"', "1" * 5000),
        f"line 17: {'1' * 40} is no date and no number",
    ),
    "half a character": (
        GOOD.replace("Energy", '"\\ud800"'),
        "line 11: found invalid Unicode character escape code",
    ),
    "an escaped zero byte": (
        GOOD.replace("Energy", '"a\\x00"'),
        "line 11: a text holds a control character; remove it",
    ),
    "a key given twice": (f"{GOOD}title: Two\n", "line 20: title is given twice"),
    "endless brackets": ("[" * 5000, "it is nested too deep"),
}


@pytest.mark.parametrize("words", REFUSED)
def test_yaml_that_is_not_read_is_refused_with_its_line(tmp_path, words):
    text, reason = REFUSED[words]
    assert refusals(tmp_path, text) == [f"seeds/zz/one.yaml: is not readable YAML: {reason}"]


def test_field_of_a_strange_name_is_named(tmp_path):
    (refusal,) = refusals(tmp_path, f"'<<': 1\n{GOOD}")
    assert refusal.endswith("has an unknown field <<; see docs/transcribing.md")


NO_TEXT = "that is no text; write a name, in quotes where it is a number, a date, yes or on"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"{GOOD}5: x\n", "20: the file has a key 5"),
        (
            GOOD.replace("    sheet: p. 1\n", "    sheet: p. 1\n    7: x\n"),
            "9: versions 2020-01-01 has a key 7",
        ),
        (
            GOOD.replace("        sheet: p. 2\n", "        sheet: p. 2\n        on: x\n"),
            "16: versions 2020-01-01 charges energy has a key on",
        ),
        (
            GOOD + "        when:\n          voltage: primary\n          2015-01-01: x\n",
            "22: versions 2020-01-01 charges energy when has a key 2015-01-01",
        ),
    ],
)
def test_key_that_is_no_text_is_refused_with_its_line(tmp_path, text, words):
    assert refusals(tmp_path, text) == [f"seeds/zz/one.yaml:{words} {NO_TEXT}"]


def test_refusal_is_one_line_whatever_a_name_holds(tmp_path):
    (refusal,) = refusals(tmp_path, GOOD.replace("utility: zz", 'utility: "a\\nb"', 1))
    assert "utility a\\nb has no utility.yaml" in refusal
