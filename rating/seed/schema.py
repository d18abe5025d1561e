"""The seed format as JSON Schema, for editors: what a file may hold, field by field.

It has the form of a file only. What fields mean together, such as blocks that must join, is
checked where seed files are read. Editors know draft 07, so the schema is one of that draft.
"""

from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema

from rating.seed.format import ScheduleSeed, UtilitySeed

DIALECT = "http://json-schema.org/draft-07/schema#"


class _ForEditors(GenerateJsonSchema):
    """Only what helps in an editor: no titles that repeat names, and no null to be written."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        """A field's name is its title; another would hide what it means."""
        return False

    def nullable_schema(self, schema: Any) -> dict[str, Any]:
        """A field that is not needed is left out."""
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: Any) -> dict[str, Any]:
        """A default that cannot be written in the file is not shown."""
        made = super().default_schema(schema)
        default = made.get("default")
        if default is None or (made.get("type") == "string" and not isinstance(default, str)):
            made.pop("default", None)
        return made


def schedule_schema() -> dict[str, Any]:
    """The JSON Schema of a schedule's file."""
    return _schema(ScheduleSeed)


def utility_schema() -> dict[str, Any]:
    """The JSON Schema of utility.yaml."""
    return _schema(UtilitySeed)


def _schema(form: type[BaseModel]) -> dict[str, Any]:
    made = form.model_json_schema(
        ref_template="#/definitions/{model}", schema_generator=_ForEditors
    )
    definitions = made.pop("$defs")
    return {"$schema": DIALECT, **made, "definitions": definitions}
