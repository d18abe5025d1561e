"""The JSON Schema of the seed format: what editors check is what the shipped files hold."""

import json
import re
from pathlib import Path

import pytest
import yaml
from helpers import TARIFFS
from jsonschema import Draft7Validator, FormatChecker
from jsonschema.exceptions import best_match
from seed_texts import GOOD, UTILITY
from test_cli import refused
from test_constructs import PAGES
from test_docs import write_example_seeds

from rating.project import SEEDS
from rating.seed.schema import schedule_schema, utility_schema


class _EditorLoader(yaml.SafeLoader):
    """YAML as editors read it (1.2): a date is a text."""


_EditorLoader.yaml_implicit_resolvers = {
    letter: [one for one in resolvers if one[0] != "tag:yaml.org,2002:timestamp"]
    for letter, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def complaint(text: str, schema: dict) -> str | None:
    """What an editor has to say of a file, if anything."""
    validator = Draft7Validator(schema, format_checker=FormatChecker())
    error = best_match(validator.iter_errors(yaml.load(text, _EditorLoader)))
    return error.message if error else None


def schema_of(file: Path) -> dict:
    """The schema of a seed file, by its name."""
    return utility_schema() if file.name == "utility.yaml" else schedule_schema()


def seed_files() -> list[Path]:
    """The shipped seed files, and those of the invented utility."""
    files = [*SEEDS.glob("*/*.yaml"), *TARIFFS.glob("*/*.yaml")]
    return sorted(file for file in files if "sample" not in file.parts)


@pytest.mark.parametrize(
    "schema", [schedule_schema(), utility_schema()], ids=["schedule", "utility"]
)
def test_schema_is_one_of_its_draft(schema):
    Draft7Validator.check_schema(schema)


@pytest.mark.parametrize("file", seed_files(), ids=lambda file: "/".join(file.parts[-2:]))
def test_shipped_seed_file_is_accepted(file):
    assert complaint(file.read_text("utf-8"), schema_of(file)) is None


def test_every_example_of_the_guide_is_accepted(tmp_path):
    files = sorted(write_example_seeds(tmp_path).glob("*/*.yaml"))
    assert files
    found = {file.name: complaint(file.read_text("utf-8"), schema_of(file)) for file in files}
    assert not {name: said for name, said in found.items() if said}


@pytest.mark.parametrize("name", PAGES)
def test_tariffs_of_the_page_of_a_construct_are_accepted(name):
    for tariff in PAGES[name]["tariffs"]:
        assert complaint(yaml.safe_dump(tariff, sort_keys=False), schedule_schema()) is None


def test_dates_are_accepted_as_a_yaml_loader_gives_them():
    content = json.loads(json.dumps(yaml.safe_load(GOOD), default=str))
    assert content["versions"][0]["effective_from"] == "2020-01-01"
    validator = Draft7Validator(schedule_schema(), format_checker=FormatChecker())
    assert validator.is_valid(content)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("per: kwh\n", "perr: kwh\n", "'perr' was unexpected"),
        ("title: One\n", "", "'title' is a required property"),
        ("        sheet: p. 2\n", "", "'sheet' is a required property"),
        ("    sheet: p. 1\n", "", "'sheet' is a required property"),
        ("kind: rate\n", "kind: rates\n", "'rates' is not one of"),
        ("component: energy\n", "component: power\n", "'power' is not one of"),
        ('price: "0.09"', "price: 0.09", "0.09 is not valid"),
        ('price: "0.09"', 'price: "9 cents"', "'9 cents' does not match"),
        ('price: "0.09"', 'price: "0.123456789"', "'0.123456789' does not match"),
        ('first: "100"', "first: 100", "100 is not of type 'string'"),
        ("2020-01-01", "2020-13-01", "'2020-13-01' is not a 'date'"),
        ("2020-01-01", "January", "'January' is not a 'date'"),
        (GOOD[GOOD.index("versions:") :], "versions: []\n", "[] "),
    ],
)
def test_a_file_of_the_wrong_form_is_refused(old, new, words):
    assert GOOD.count(old) == 1
    said = complaint(GOOD.replace(old, new), schedule_schema())
    assert said is not None
    assert words in said


@pytest.mark.parametrize(
    ("part", "good"),
    [
        ('when: {period: [{from: "12-20", to: "01-10"}]}', True),
        ('when: {period: [{from: "20-12", to: "01-10"}]}', False),
        ('when: {kwh: {above: {times: "350", of: kw}}}', True),
        ('when: {kwh: {over: "350"}}', False),
        ("when: {voltage: [primary, transmission]}", True),
    ],
)
def test_conditions_have_the_forms_of_the_guide(part, good):
    text = GOOD.replace("        per: kwh\n", f"        per: kwh\n        {part}\n")
    assert (complaint(text, schedule_schema()) is None) is good


def test_utility_file_with_an_unknown_field_is_refused():
    assert complaint(UTILITY, utility_schema()) is None
    said = complaint(UTILITY + "colour: red\n", utility_schema())
    assert said is not None
    assert "'colour' was unexpected" in said


def test_command_prints_the_schema_or_writes_it_to_a_file(ratebook, tmp_path):
    said = ratebook("seed-schema")
    assert (said.code, json.loads(said.out)) == (0, schedule_schema())
    file = tmp_path / "utility.schema.json"
    assert ratebook("seed-schema", "--utility", file).code == 0
    assert json.loads(file.read_text("utf-8")) == utility_schema()


def test_schema_is_not_written_into_a_folder_that_does_not_exist(ratebook, tmp_path):
    folder = tmp_path / "missing"
    sentence = f"ratebook: the folder {folder} does not exist; create it first"
    assert refused(ratebook("seed-schema", folder / "x.json")) == sentence


def test_schema_that_cannot_be_written_names_the_file_and_says_what_to_do(ratebook, tmp_path):
    sentence = f"ratebook: {tmp_path} cannot be written: Is a directory; name another file"
    assert refused(ratebook("seed-schema", tmp_path)) == sentence


def test_an_editor_shows_what_a_field_means():
    fields = schedule_schema()["definitions"]["ChargeSeed"]["properties"]
    assert fields["per"]["description"] == "operand priced; absent: once a month"
    assert not re.search(r'"title": "(Per|Sheet)"', json.dumps(schedule_schema()))
