"""The dbt project on its own: its unit tests pass, and every relation says what it holds."""

import re

import pytest
import yaml
from dbt.adapters.duckdb.impl import DuckDBAdapter
from helpers import execute, file_copy, select

from rating.errors import RatebookError
from rating.project import DBT_PROJECT
from rating.run.dbt_build import DECLARED_TESTS, OF_ELIGIBILITY, _project, dbt_build
from rating.run.eligibility import BUILD, build

MODELS = sorted((DBT_PROJECT / "models").rglob("*.sql"))
ON_DEMAND = {"eligibility", "metrics"}


def model(file):
    """What the .yml beside a model says of it."""
    (found,) = yaml.safe_load(file.with_suffix(".yml").read_text("utf-8"))["models"]
    return found


@pytest.fixture
def columns_asked_once(monkeypatch):
    """Ask a relation for its columns once, not for every unit test that it is an input of."""
    ask, kept = DuckDBAdapter.get_columns_in_relation, {}

    def ask_once(adapter, relation):
        if relation.identifier.endswith("__dbt_tmp"):  # what a unit test itself makes
            return ask(adapter, relation)
        if relation not in kept:
            kept[relation] = ask(adapter, relation)
        return kept[relation]

    monkeypatch.setattr(DuckDBAdapter, "get_columns_in_relation", ask_once)


@pytest.fixture
def sql_left_ungrouped(monkeypatch):
    """Spare sqlparse the grouping of a unit test's tokens: dbt looks for the first WITH alone."""
    monkeypatch.setattr("sqlparse.engine.grouping.group", lambda statement: statement)


@pytest.mark.usefixtures("columns_asked_once", "sql_left_ungrouped")
def test_every_unit_test_of_the_models_passes(golden, tmp_path):
    url = file_copy(golden.url, tmp_path)
    # A unit test takes its column types from relations, and a rating run leaves these out.
    dbt_build(url, {}, arguments=("run", "--select", "tag:eligibility", "tag:metrics"))
    results = dbt_build(url, {}, arguments=("test", "--select", "test_type:unit"))
    assert len(results) > 50
    assert [f"{one.name}: {one.message}" for one in results if one.is_bad] == []


def test_a_rating_run_asks_every_declared_test_of_what_it_builds(golden, tmp_path):
    url = file_copy(golden.url, tmp_path)
    (asked,) = dbt_build(url, {}, arguments=("test", "--select", DECLARED_TESTS))
    each = ("test", "--select", "test_type:generic", "--exclude", "tag:eligibility", "tag:metrics")
    one_by_one = dbt_build(url, {}, arguments=each)
    assert len(one_by_one) > 100
    assert [one.name for one in [asked, *one_by_one] if one.is_bad] == []
    assert asked_of(asked) == sorted(one.name for one in one_by_one)


def asked_of(result):
    """The declared tests that one test asks, by their names."""
    return sorted(re.findall(r"'(\w+)' as declared_test", result.sql))


def test_eligibility_asks_every_declared_test_that_looks_at_nothing_but_what_it_builds(
    golden_loaded, tmp_path
):
    url = file_copy(golden_loaded, tmp_path)
    built = [one for one in dbt_build(url, {}, arguments=BUILD) if one.resource_type == "test"]
    assert [(one.name, one.is_bad) for one in built] == [(OF_ELIGIBILITY, False)]
    chosen = ("--select", "+tag:eligibility", "--indirect-selection", "buildable")
    each = ("test", *chosen, "--exclude", "test_type:unit", OF_ELIGIBILITY)
    one_by_one = dbt_build(url, {}, arguments=each)
    assert len(one_by_one) > 50
    assert [one.name for one in one_by_one if one.is_bad] == []
    assert asked_of(built[0]) == sorted(one.name for one in one_by_one)


def test_a_declared_test_of_eligibility_that_fails_is_named(golden_loaded, tmp_path):
    url = file_copy(golden_loaded, tmp_path)
    twice = "from portfolio.service_agreement where agreement_id = 'A0010'"
    execute(url, f"insert into portfolio.service_agreement by name {twice}")
    with pytest.raises(RatebookError, match="int_agreement_terms__profiled__key: finds 1 row"):
        build(url)


def test_the_declared_tests_are_asked_after_every_model_of_a_rating_run(golden):
    nodes = _project(golden.url).nodes
    before, found = {"test.ratebook.declared_tests"}, set()
    while before:
        found |= before
        before = {up for name in before for up in nodes[name].depends_on.nodes if up in nodes}
    models = {name for name, node in nodes.items() if node.resource_type == "model"}
    assert {name for name in models - found if not ON_DEMAND & set(nodes[name].tags)} == set()


def compiled(url, run_id, from_month, since_load):
    """The text of each model of a run, as dbt compiles it."""
    variables = {
        "RATEBOOK_RUN_ID": run_id, "RATEBOOK_FROM_MONTH": from_month,
        "RATEBOOK_SINCE_LOAD": since_load, "RATEBOOK_MODELS": run_id,
    }  # fmt: skip
    chosen = ("--exclude", "resource_type:test", "resource_type:unit_test")
    return {one.name: one.sql for one in dbt_build(url, variables, arguments=("compile", *chosen))}


def test_what_stands_from_run_to_run_is_what_rests_on_tariffs_and_models_alone(golden, tmp_path):
    url = file_copy(golden.url, tmp_path)
    first, second = compiled(url, "1", "2015-01-01", "-1"), compiled(url, "2", "2016-01-01", "7")
    project = _project(url)

    def of_the_portfolio(name):
        if name in project.sources:
            return project.sources[name].source_name != "tariff"
        if name not in project.nodes:
            return False
        return any(of_the_portfolio(one) for one in project.nodes[name].depends_on.nodes)

    stands = {
        node.name
        for key, node in project.nodes.items()
        if node.resource_type == "model"
        and not ON_DEMAND & set(node.tags)
        and node.config.materialized != "ephemeral"
        # A view holds nothing, a table of the tariffs nothing of a portfolio.
        and (node.config.materialized == "view" or not of_the_portfolio(key))
        # What says when the tariffs were read says so by a name that each build has of its own.
        and (first[node.name] == second[node.name] or node.name == "int_input__tariff")
    }
    tagged = {one.name for one in project.nodes.values() if "standing" in one.tags}
    assert tagged == stands
    assert len(stands) > 10


def test_the_columns_of_every_relation_that_is_built_are_described_in_its_order(golden):
    columns = select(
        golden.url,
        "select table_name, column_name from information_schema.columns"
        " where table_schema = 'rating_build' order by table_name, ordinal_position",
    )
    built = {row["table_name"]: [] for row in columns}
    for row in columns:
        built[row["table_name"]].append(row["column_name"])
    described = {file.stem: [one["name"] for one in model(file)["columns"]] for file in MODELS}
    assert len(built) > 100
    assert {name: described.get(name) for name in built} == built


@pytest.mark.parametrize("file", MODELS, ids=lambda file: file.stem)
def test_every_model_states_its_grain_and_describes_its_columns(file):
    described = model(file)
    assert described["name"] == file.stem
    assert "One row per" in described["description"]
    assert described["columns"]
    assert all(column.get("description") for column in described["columns"])
    assert "-- One row per" in file.read_text("utf-8")
