"""Portfolio folders and seed files that a careless or hostile hand might write, to be drawn."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

import yaml
from helpers import TARIFFS
from hypothesis import strategies as st

from rating.portfolio.relations import RELATIONS, Relation
from rating.project import SEEDS

# What has gone wrong somewhere: SQL, formulas, numbers that are none, texts of other scripts,
# control characters, quotes and line ends inside a value.
NASTY = [
    "'; drop table rating.bill; --",
    '"; delete from portfolio.meter_read; --',
    "x' or '1'='1",
    "$$; select 1; $$",
    "{{ env_var('HOME') }}",
    "{% raw %}",
    "%s %(a)s {0} {x}",
    "=1+1",
    "+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1)",
    "NaN",
    "-inf",
    "Infinity",
    "1e999999999",
    "1e-400",
    "0x1F",
    "1_000",
    "1,200",
    "1.234,5",
    "--5",
    "٣٤",
    "１２",
    "½",
    "99999999999999999999999999999",
    "0.00000000000000000001",
    "999999999999",
    "-0",
    "2024-02-30",
    "2024-13",
    "0000-00",
    "10000-01",
    "0001-01-01",
    "9999-12-31",
    "24:00",
    "true",
    "TRUE",
    "yes",
    "null",
    "\\N",
    "Ärger & Söhne",
    "電力",
    "🔥",
    "a\u202eb",
    "e\u0301",
    "\ufeffx",
    "a\nb",
    "a\r\nb",
    "a\rb",
    "a\tb",
    'say "hi"',
    "it's",
    "a;b",
    "a,b",
    "a|b",
    "a\x1eb",
    "a\x1fb",
    "\x01",
    "\x7f",
    "\u2028",
    "x" * 5000,
    " ",
    "",
    "../../etc/passwd",
    "C:\\x",
    "<b>",
    "\\",
    "`rm`",
    "units:B-1",
    "constructor",
]
AGREEMENTS = ["A", "B", "C", "A'1", 'D"', "ÄÖ", "E;F", "-1", "=G"]
SCHEDULES = ["RS-3", "GS-1", "LGS-1", "SP-1", "CH-1", "PL-3", "NONE", "rs-3"]
MONTHS = ["2015-01", "2015-02", "2015-08", "2016-01", "2025-06"]
DAYS = ["2014-12-30", "2015-01-01", "2015-02-01", "2015-09-01", "2016-02-01", "2025-07-01"]

nasty = st.sampled_from(NASTY) | st.text(
    st.characters(codec="utf-8", exclude_characters="\0"), max_size=12
)
quantity = st.sampled_from(["", "0", "1", "-3", "12.5", "1e3", "950000000", "1000000000"]) | (
    st.decimals(min_value=-10, max_value=10**9, places=3).map(str)
)


def _plausible(column: str, kind: str) -> st.SearchStrategy[str]:
    """A value that the column may have."""
    if column == "combined_with_agreement_id":
        return st.sampled_from(["", "", *AGREEMENTS])
    if column == "utility":
        return st.sampled_from(["ipl-mo", "ipl-mo", "ipl-mo", "ilpt-ia"])
    if column == "schedule":
        return st.sampled_from(SCHEDULES)
    if column == "rider":
        return st.sampled_from(["FA-1", "EDR-5", "NM-1", "PPA", "CSP-1"])
    if column == "power_factor":
        return st.sampled_from(["", "0.8", "1", "0.01"])
    if column in ("read_from", "start_date"):
        return st.sampled_from(DAYS[:2])
    if column in ("read_to", "end_date"):
        return st.sampled_from(["", "", DAYS[-1]] if column == "end_date" else DAYS[2:])
    by_kind: Mapping[str, st.SearchStrategy[str]] = {
        "month": st.sampled_from(MONTHS),
        "date": st.sampled_from(DAYS),
        "boolean": st.sampled_from(["true", "false", ""]),
        "quantity": quantity,
        "cost": quantity,
        "money": quantity,
        "instant": st.sampled_from(["2015-01-05T00:00:00-06:00", "2015-01-05T00:15:00Z", "now"]),
        "minutes": st.sampled_from(["15", "30", "60", "7"]),
        "text": st.sampled_from(["", "single", "three", "secondary", "primary", "A", "B-150"]),
    }
    return by_kind[kind]


def _value(draw: st.DrawFn, name: str, kind: str, key: str) -> str:
    """One value of a row: the key as it is, a plausible one, or now and then a nasty one."""
    if draw(st.integers(0, 39)) == 0:
        return draw(nasty)
    return key if name == "agreement_id" else draw(_plausible(name, kind))


@st.composite
def _table(draw: st.DrawFn, relation: Relation) -> bytes:
    """A CSV file of a relation: mostly right, here and there spoilt."""
    kinds = {column.name: column.kind for column in relation.columns}
    names = [name for name in kinds if name in relation.header or draw(st.booleans())]
    if draw(st.integers(0, 59)) == 0:
        names = draw(st.permutations(names))[:-1] or names
    names += draw(st.sampled_from([[], [], ["kvar"], ["kw_peak", "area"]]))
    if draw(st.integers(0, 19)) == 0:
        names.append(draw(nasty))
    # Each agreement once, so that not all rows are duplicates.
    keys = draw(st.permutations(AGREEMENTS))
    rows = [
        [_value(draw, name, kinds.get(name, "quantity"), keys[number]) for name in names]
        for number in range(draw(st.integers(0, 6)))
    ]
    if rows and draw(st.integers(0, 9)) == 0:
        rows[-1] = rows[-1][: draw(st.integers(0, len(names)))] + draw(st.lists(nasty, max_size=3))
    text = io.StringIO()
    writer = csv.writer(
        text,
        quoting=draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])),
        lineterminator=draw(st.sampled_from(["\n", "\r\n"])),
    )
    writer.writerows([names, *rows])
    return _spoilt(draw, text.getvalue().encode("utf-8", "replace"))


def _spoilt(draw: st.DrawFn, content: bytes) -> bytes:
    """A file as it is, or with bytes that do not belong there, or cut off."""
    how = draw(st.integers(0, 99))
    place = draw(st.integers(0, len(content)))
    if how == 0:
        return content[:place] + draw(st.binary(max_size=4)) + content[place:]
    if how == 1:
        return content[:place]
    if how == 2:
        return b"\xef\xbb\xbf" + content
    if how == 3:
        return content.replace(b'"', b"", 1)
    return content


@st.composite
def folders(draw: st.DrawFn) -> dict[str, bytes]:
    """The files of a portfolio folder by name; the required ones are nearly always there."""
    files = {}
    for relation in RELATIONS:
        present = draw(st.integers(0, 29)) > 0 if relation.is_required else draw(st.booleans())
        if present:
            files[f"{relation.name}.csv"] = draw(_table(relation))
    if draw(st.integers(0, 9)) == 0:
        files["notes ' \".txt"] = b"\x00"
    return files


def write_folder(folder: Path, files: Mapping[str, bytes]) -> Path:
    """Write the files of a drawn folder."""
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder


# Seed files

SOURCES = sorted([*SEEDS.glob("*/*.yaml"), *TARIFFS.glob("*/*.yaml")])
KEYS = ["<<", "sheet", "price", "", "versions", "when", 'a"b', "é", "~", "[x]", "{a: b}", "? [a]"]
odd = (
    st.sampled_from(
        [*NASTY, "1", "-1", "2015-01-01", "2015-02-30", "0o17", "1e5", "&a", "*a", "!x"]
    )
    | st.integers(-(10**20), 10**20)
    | st.none()
    | st.booleans()
    | st.just([])
    | st.just({})
    | st.just([[[]]])
    | st.decimals(allow_nan=False, allow_infinity=False).map(str)
)


def _paths(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place of a parsed file."""
    children: Sequence[tuple[Any, Any]] = ()
    if isinstance(node, dict):
        children = list(node.items())
    elif isinstance(node, list):
        children = list(enumerate(node))
    found = [path] if path else []
    for key, child in children:
        found += _paths(child, (*path, key))
    return found


def _at(node: Any, path: Sequence[Any]) -> Any:
    for part in path:
        node = node[part]
    return node


@st.composite
def _mutated(draw: st.DrawFn, content: Any) -> Any:
    """A parsed seed file with one place changed, gone, doubled, renamed or moved."""
    paths = _paths(content)
    path = draw(st.sampled_from(paths))
    parent, key = _at(content, path[:-1]), path[-1]
    changes: list[Callable[[], object]] = [
        lambda: parent.__setitem__(key, draw(odd)),
        lambda: parent.__setitem__(key, draw(nasty)),
        lambda: parent.__delitem__(key),
        lambda: parent.__setitem__(key, deepcopy(_at(content, draw(st.sampled_from(paths))))),
    ]
    if isinstance(parent, dict):
        changes.append(lambda: parent.__setitem__(draw(st.sampled_from(KEYS)), parent.pop(key)))
    else:
        changes.append(lambda: parent.insert(key, parent[key]))
    draw(st.sampled_from(changes))()
    return content


@st.composite
def seed_files(draw: st.DrawFn) -> tuple[Path, bytes]:
    """A seed file of the house, spoilt: which one, and what now stands in it."""
    source = draw(st.sampled_from(SOURCES))
    text = source.read_text("utf-8")
    if draw(st.integers(0, 3)) > 0:
        content = yaml.safe_load(text)
        for _ in range(draw(st.integers(1, 3))):
            content = draw(_mutated(content))
        return source, yaml.safe_dump(content, allow_unicode=True).encode("utf-8", "replace")
    lines = text.splitlines()
    place = draw(st.integers(0, len(lines) - 1))
    lines[place : place + draw(st.integers(0, 2))] = draw(
        st.lists(nasty | st.sampled_from(KEYS).map(lambda key: f"    {key}: 1"), max_size=2)
    )
    return source, _spoilt(draw, "\n".join(lines).encode("utf-8", "replace"))
