"""The dbt project on its own: its unit tests pass, and every relation says what it holds."""

import shutil
from pathlib import Path

import pytest
import yaml
from helpers import database_at

from rating.dbt_build import dbt_build
from rating.project import DBT_PROJECT

MODELS = sorted((DBT_PROJECT / "models").rglob("*.sql"))


def test_every_unit_test_of_the_models_passes(golden, tmp_path):
    url = database_at(tmp_path)
    shutil.copy(Path(golden.url.database), url.database)
    # A unit test takes its column types from relations, and a rating run leaves these out.
    dbt_build(url, {}, arguments=("run", "--select", "tag:eligibility", "tag:metrics"))
    results = dbt_build(url, {}, arguments=("test", "--select", "test_type:unit"))
    assert len(results) > 50
    assert [f"{one.name}: {one.message}" for one in results if one.is_bad] == []


@pytest.mark.parametrize("file", MODELS, ids=lambda file: file.stem)
def test_every_model_states_its_grain_and_describes_its_columns(file):
    (model,) = yaml.safe_load(file.with_suffix(".yml").read_text("utf-8"))["models"]
    assert model["name"] == file.stem
    assert "One row per" in model["description"]
    assert model["columns"]
    assert all(column.get("description") for column in model["columns"])
    assert "-- One row per" in file.read_text("utf-8")
