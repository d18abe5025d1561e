"""The seed format as JSON Schema, for editors: what a file may hold, field by field.

It has the form of a file only. What fields mean together, such as blocks that must join, is
checked where seed files are read. Editors know draft 07, so the schema is one of that draft.
"""

from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema

from rating.seed_format import ScheduleSeed, UtilitySeed

DIALECT = "http://json-schema.org/draft-07/schema#"


class _WithoutFieldTitles(GenerateJsonSchema):
    """A field has its own name for a title; repeating it would hide the description."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def schedule_schema() -> dict[str, Any]:
    """The JSON Schema of a schedule's file."""
    return _schema(ScheduleSeed)


def utility_schema() -> dict[str, Any]:
    """The JSON Schema of utility.yaml."""
    return _schema(UtilitySeed)


def _schema(form: type[BaseModel]) -> dict[str, Any]:
    made = form.model_json_schema(
        ref_template="#/definitions/{model}", schema_generator=_WithoutFieldTitles
    )
    definitions = made.pop("$defs")
    return {"$schema": DIALECT, **made, "definitions": definitions}
