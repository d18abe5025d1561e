"""What dbt works out anew for every model of every run, though it comes out the same: kept.

A process of the tests runs dbt many times, a user's once. Nothing of it depends on data.
"""

from dataclasses import replace
from functools import wraps
from typing import Any

import jinja2
from dbt import compilation
from dbt.context import macros

PLACE = "\0"  # in no query
COMPILE, INJECT = jinja2.Environment.compile, compilation.inject_ctes_into_sql


class FlatNamespace(macros.MacroNamespace):
    """The macros by name, looked up in one step and not in each package after the other."""

    def __init__(self, *namespaces: Any, **named: Any) -> None:
        super().__init__(*namespaces, **named)
        self.found: dict[str, Any] = {}
        for names in reversed(list(self._search_order())):  # the first one in its order wins
            self.found.update(names)

    def __iter__(self):
        return iter(self.found)

    def __len__(self) -> int:
        return len(self.found)

    def __getitem__(self, key: str) -> Any:
        return self.found[key]


def install() -> None:
    """For the rest of this process."""
    templates: dict[object, Any] = {}
    statements: dict[str, str] = {}

    @wraps(COMPILE)
    def compile_once(self, source, *arguments, **options):
        if not isinstance(source, str):
            return COMPILE(self, source, *arguments, **options)
        key = (type(self), *self.extensions, source, arguments, *options.items())
        if key not in templates:
            templates[key] = COMPILE(self, source, *arguments, **options)
        return templates[key]

    @wraps(INJECT)
    def inject_once(sql, ctes):
        if not ctes:
            return sql
        if sql not in statements:  # where they go, which takes a parser of SQL
            statements[sql] = INJECT(sql, [replace(ctes[0], sql=PLACE)])
        return statements[sql].replace(PLACE, ", ".join(one.sql for one in ctes))

    jinja2.Environment.compile = compile_once
    compilation.inject_ctes_into_sql = inject_once
    macros.MacroNamespace = FlatNamespace
