"""The entries of a Green Button feed, read as a stream; entities and DTDs are refused."""

from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler, feature_namespaces
from xml.sax.xmlreader import AttributesNSImpl, Locator

from defusedxml import DefusedXmlException
from defusedxml.expatreader import DefusedExpatParser

from rating.errors import RatebookError

ATOM, ESPI = "http://www.w3.org/2005/Atom", "http://naesb.org/espi"
RESOURCES = frozenset({"UsagePoint", "MeterReading", "ReadingType", "IntervalBlock"})
LARGEST_FILE, LONGEST_VALUE, DEEPEST = 100_000_000, 1_000, 100


@dataclass(frozen=True)
class Reading:
    """One IntervalReading, as text; `number` counts from 1 in its file."""

    number: int
    start: str
    seconds: str
    value: str
    quality: str


@dataclass
class Entry:
    """One entry of the feed: its links by relation, and the resource that it holds."""

    line: int
    kind: str = ""
    title: str = ""
    links: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    fields: dict[str, str] = field(default_factory=dict)
    readings: list[Reading] = field(default_factory=list)

    def relates_to(self, other: "Entry") -> bool:
        """Whether it names the other as related."""
        return bool(set(self.links["related"]) & set(other.links["self"]))


def read_entries(path: Path) -> list[Entry]:
    """The entries of a file; raises `RatebookError` with the line where it cannot be read."""
    name = f"{path.parent.name}/{path.name}"
    handler = _Feed(name)
    parser = DefusedExpatParser(forbid_dtd=True)
    parser.setFeature(feature_namespaces, True)
    parser.setContentHandler(handler)
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise RatebookError(f"{name} is larger than 100 MB; split it")
        with path.open("rb") as file:
            parser.parse(file)
    except DefusedXmlException:
        raise RatebookError(
            f"{name} line {parser.getLineNumber()}: declares a document type or entities, which"
            " are not read; remove the declaration"
        ) from None
    except SAXParseException as error:
        raise RatebookError(
            f"{name} line {error.getLineNumber()}: is not well-formed XML:"
            f" {error.getMessage()}; export it again"
        ) from None
    except (OSError, ValueError, LookupError) as error:
        raise RatebookError(f"{name} cannot be read: {error}") from None
    if not handler.has_espi:
        raise RatebookError(f"{name} is no Green Button file; it has nothing of {ESPI}")
    return handler.entries


class _Feed(ContentHandler):
    """Collects entries; what it does not need it passes over."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.entries: list[Entry] = []
        self.has_espi = False
        self._name, self._number = name, 0
        self._path: list[str] = []
        self._text = ""
        self._reading: dict[str, str] | None = None
        self._locator: Locator | None = None

    def setDocumentLocator(self, locator: Locator) -> None:  # noqa: N802 - the interface's name
        self._locator = locator

    def startElementNS(  # noqa: N802
        self, name: tuple[str | None, str], qname: str | None, attrs: AttributesNSImpl
    ) -> None:
        space, local = name
        self._path.append(local)
        self._text = ""
        if len(self._path) > DEEPEST:
            raise self._refusal("is nested too deep for a Green Button file; export it again")
        self.has_espi = self.has_espi or space == ESPI
        if local == "entry" or not self.entries:
            self.entries.append(Entry(self._line()))
        if space == ATOM and local == "link":
            relation, target = attrs.get((None, "rel")), attrs.get((None, "href"))
            self.entries[-1].links[str(relation)].append(str(target).strip())
        elif space == ESPI and local in RESOURCES:
            self.entries[-1].kind, self.entries[-1].line = local, self._line()
        elif space == ESPI and local == "IntervalReading":
            self._reading = {}

    def characters(self, content: str) -> None:
        if len(self._text) < LONGEST_VALUE:
            self._text += content[:LONGEST_VALUE]

    def endElementNS(self, name: tuple[str | None, str], qname: str | None) -> None:  # noqa: N802
        space, local = name
        text = self._text.strip()
        self._path.pop()
        self._text = ""
        parent = self._path[-1] if self._path else ""
        entry = self.entries[-1]
        if space == ATOM and local == "title" and parent == "entry":
            entry.title = text
        elif space == ESPI and local == "IntervalReading" and self._reading is not None:
            self._finish_reading(entry, self._reading)
        elif space == ESPI and self._reading is not None and parent in _PARTS:
            self._reading[local] = text
        elif space == ESPI and parent == "ReadingType":
            entry.fields[local] = text

    def _finish_reading(self, entry: Entry, found: dict[str, str]) -> None:
        self._number += 1
        values = (found.get(name, "") for name in ("start", "duration", "value", "quality"))
        entry.readings.append(Reading(self._number, *values))
        self._reading = None

    def _line(self) -> int:
        return (self._locator.getLineNumber() if self._locator else None) or 0

    def _refusal(self, words: str) -> RatebookError:
        return RatebookError(f"{self._name} line {self._line()}: {words}")


_PARTS = frozenset({"IntervalReading", "timePeriod", "ReadingQuality"})
