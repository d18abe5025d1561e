"""URDB rates loaded into a database, by the same checks and tables as every seed file."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from rating.errors import RatebookError
from rating.seed.add import add_tariffs, set_time_zone
from rating.seed.check import check_schedule
from rating.seed.format import ScheduleSeed, UtilitySeed
from rating.seed.price_list import publish_price_list
from rating.seed.read import Book, read_seed
from rating.seed.together import UTILITY_FILE
from rating.store.database import engine_for, open_duckdb, require_tables
from rating.store.postgres import told
from rating.store.urls import database_name
from rating.store.writing import writing
from rating.urdb.draft import Part
from rating.urdb.rate import convert
from rating.urdb.read import read_rates
from rating.urdb.reading import Finding
from rating.urdb.schedules import Imported, Placed, documents, place


@dataclass(frozen=True)
class RateReport:
    """What became of a rate: its schedule, version and status, and what is said of its fields."""

    label: str
    name: str
    utility: str
    schedule: str
    effective_from: str
    effective_to: str | None
    status: str
    findings: Sequence[Finding]


@dataclass(frozen=True)
class ImportReport:
    """What became of an import, rate by rate."""

    rates: Sequence[RateReport]

    @property
    def by_status(self) -> dict[str, int]:
        """How many rates there are of each status."""
        return dict(Counter(rate.status for rate in self.rates))

    @property
    def rates_as_dicts(self) -> list[dict[str, Any]]:
        """The reports of the rates as plain values."""
        return [asdict(rate) for rate in self.rates]

    @property
    def is_complete(self) -> bool:
        """Whether no rate has a price that cannot be rated."""
        return all(rate.status != "incomplete" for rate in self.rates)


def import_files(
    url: URL,
    files: Sequence[Path],
    *,
    seeds_to: Path | None = None,
    time_zone: str | None = None,
) -> ImportReport:
    """Add the rates of URDB files to the tariffs of a database; all of them or none.

    A rate imported before is replaced. With `seeds_to` the rates are written there as seed files
    too. A time zone holds for utilities that are there, too. Raises `RatebookError` with a sentence
    for each thing that is wrong with a file.
    """
    placed = place([convert(entry) for entry in read_rates(files)])
    found = documents(placed, time_zone)
    books = [_book(one) for one in found.values()]
    _load(url, books, found, seeds_to, time_zone)
    return ImportReport([_report(one) for one in placed])


def _book(imported: Imported) -> Book:
    """A utility's documents as every seed file is read and checked."""
    try:
        utility = UtilitySeed.model_validate(imported.utility)
        schedules = [ScheduleSeed.model_validate(one) for one in imported.schedules.values()]
    except ValidationError as error:
        problem = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in problem["loc"])
        words = str(problem["msg"]).removeprefix("Value error, ")
        raise RatebookError(f"{imported.utility['name']}: {place} {words}") from None
    problems = [
        f"{utility.utility} {seed.schedule}: {problem}"
        for seed in schedules
        for problem in check_schedule(seed, utility, schedules)
    ]
    if problems:
        raise RatebookError(*problems)
    return Book(utility, schedules)


def _load(
    url: URL,
    books: Sequence[Book],
    found: dict[str, Imported],
    seeds_to: Path | None,
    time_zone: str | None,
) -> None:
    with writing(url, "urdb import") as target:
        with open_duckdb(target) as connection:
            require_tables(connection)
        try:
            with engine_for(target).begin() as transaction:
                add_tariffs(transaction, books)
                if time_zone:
                    set_time_zone(transaction, books, time_zone)
                publish_price_list(transaction)
                if seeds_to:
                    write_seeds(seeds_to, found, time_zone)
        except DBAPIError as error:
            raise RatebookError(f"{database_name(url)}: {told(error)}") from None


def write_seeds(folder: Path, found: dict[str, Imported], time_zone: str | None = None) -> None:
    """Write the seed files FOLDER/UTILITY/SCHEDULE.yaml, beside those that are there.

    A time zone that is given replaces the one that a utility's file has. Raises `RatebookError`
    for a utility's file that cannot be read, before any is written.
    """
    utilities = {
        code: _merged(folder / code / UTILITY_FILE, imported.utility, time_zone)
        for code, imported in found.items()
    }
    for code, imported in found.items():
        below = folder / code
        below.mkdir(parents=True, exist_ok=True)
        _write(below / UTILITY_FILE, utilities[code])
        for schedule, content in imported.schedules.items():
            for version in content["versions"]:
                label = version["document"].partition(":")[2]
                if label != schedule:  # it was a schedule of its own before
                    (below / f"{label}.yaml").unlink(missing_ok=True)
            _write(below / f"{schedule}.yaml", content)


def _merged(file: Path, utility: Part, time_zone: str | None) -> Part:
    """A utility's document with what its file has already, but for a time zone that is given."""
    if not file.exists():
        return utility
    held = read_seed(file, UtilitySeed).model_dump(exclude_unset=True)
    titles = {one["document"]: one for part in (held, utility) for one in part["documents"]}
    return {
        **held,
        **({"time_zone": time_zone} if time_zone else {}),
        **{
            name: sorted({*held.get(name, []), *utility[name]})
            for name in ("read_determinants", "agreement_determinants")
        },
        "documents": list(titles.values()),
    }


class _Dumper(yaml.SafeDumper):
    """YAML without anchors."""

    def ignore_aliases(self, data: Any) -> bool:
        """Repeat what stands twice."""
        return True


def _write(file: Path, content: Part) -> None:
    text = yaml.dump(content, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)
    file.write_text(text, encoding="utf-8")


def _report(placed: Placed) -> RateReport:
    version = placed.version
    ended = version.get("effective_to")
    return RateReport(
        label=placed.rate.label,
        name=placed.rate.name,
        utility=placed.utility,
        schedule=placed.schedule,
        effective_from=str(version["effective_from"]),
        effective_to=str(ended) if ended else None,
        status=version.get("status", "complete"),
        findings=placed.rate.findings,
    )


def reasons(rates: Iterable[RateReport]) -> dict[str, int]:
    """Why rates are incomplete: how many for each field and reason, indexes left out."""
    counted: Counter[str] = Counter()
    for rate in rates:
        found = {
            f"{one.field.partition('[')[0]} {one.reason}"
            for one in rate.findings
            if one.kind == "unratable"
        }
        counted.update(found)
    return dict(counted.most_common())
