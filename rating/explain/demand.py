"""How a demand came about, in one sentence."""

from collections.abc import Iterator, Sequence
from typing import Any

from rating.explain.bill import Explanation, plain
from rating.seed.quantities import DEMAND_SUFFIX
from rating.store.query import Row

KVA = "kVA"  # as the prices of a sheet name it
_BINDING_WORDS = {
    "measured": "the month's own demand",
    "ratchet": "the ratchet",
    "floor": "the floor",
    "contract": "the contract",
    "cap": "the cap",
}


def demand_sentences(found: Explanation) -> list[str]:
    """How each demand of a bill came about."""
    return [
        demand_words(
            demand,
            [one for one in found.terms if one["demand_name"] == demand["demand_name"]],
            _unit(demand, found.lines),
        )
        for demand in found.demands
    ]


def _unit(demand: Row, lines: Sequence[Row]) -> str:
    """kVA where all lines that are priced per this demand are in kVA, else kW."""
    operand = f"{demand['demand_name']}{DEMAND_SUFFIX}"
    units = {line["unit"] for line in lines if line["determinant"] == operand}
    return KVA if units == {KVA} else "kW"


def demand_words(demand: Row, terms: Sequence[Row] = (), unit: str = "kW") -> str:
    """How a demand came about, by its row and what is known of its terms."""
    return (
        f"{demand['demand_name']} demand {plain(demand['demand_kw'])} {unit}: "
        + ", ".join(_parts(demand, terms, unit))
        + f"; {_binding_words(demand, terms, unit)}"
    )


def _parts(demand: Row, terms: Sequence[Row], unit: str) -> Iterator[str]:
    yield from _month_words(demand, terms, unit)
    for term in _shares(terms):
        whole = "it" if term["of_kw"] == _own(demand) else f"{plain(term['of_kw'])} {unit}"
        yield f"{plain(term['percent'])} % of {whole} is {plain(term['value_kw'])} {unit}"
    for percent, month, kw in _ratchets(demand, terms):
        peak = f"peak of {month:%Y-%m}" if month else "averaged peaks"
        yield f"{plain(percent)} % of the {peak} is {plain(kw)} {unit}"
    for term in _of_kind(terms, "contract"):
        contract = f"contract of {plain(term['of_kw'])} {unit}"
        share = f"{plain(term['percent'])} % of the {contract} is {plain(term['value_kw'])} {unit}"
        yield contract if term["percent"] == 100 else share
    if demand["floor_kw"] is not None:
        yield f"floor {plain(demand['floor_kw'])} {unit}"


def _month_words(demand: Row, terms: Sequence[Row], unit: str) -> Iterator[str]:
    """What the meter says, and what becomes of that where it is another number."""
    measured, adjusted = demand["measured_kw"], demand["adjusted_kw"]
    is_adjusted = adjusted is not None and adjusted != measured
    if measured is not None:
        is_kw = is_adjusted and all(one["measured_operand"] == "kw" for one in terms)
        yield f"measured {plain(measured)} {'kW' if is_kw else unit}"
    if is_adjusted:
        yield f"adjusted (metering, power factor) to {plain(adjusted)} {unit}"


def _own(demand: Row) -> object:
    """The month's own demand, before any term takes a share of it."""
    return demand["measured_kw"] if demand["adjusted_kw"] is None else demand["adjusted_kw"]


def _shares(terms: Sequence[Row]) -> list[Row]:
    """The terms that count a share of what the month has."""
    return [one for one in _of_kind(terms, "measured") if one["percent"] != 100]


def _ratchets(demand: Row, terms: Sequence[Row]) -> list[tuple[Any, Any, Any]]:
    """(percent, month of the peak, kW) of ratchets, the highest first; that alone without terms."""
    highest = (demand["ratchet_percent"], demand["ratchet_month"], demand["ratchet_kw"])
    known = [
        (one["percent"], one["peak_month"], one["value_kw"]) for one in _of_kind(terms, "ratchet")
    ]
    return list(dict.fromkeys(known)) or ([] if demand["ratchet_kw"] is None else [highest])


def _of_kind(terms: Sequence[Row], kind: str) -> list[Row]:
    """The terms of a kind that come to something."""
    return [one for one in terms if one["kind"] == kind and one["value_kw"] is not None]


def _binding_words(demand: Row, terms: Sequence[Row], unit: str) -> str:
    """What binds, at how much where nothing else says that, and why the month's own do not."""
    binding, kw, own = demand["binding"], demand["unrounded_kw"], _own(demand)
    told = [own, *(one["value_kw"] for one in _shares(terms))]
    is_told = kw in told if binding == "measured" else binding in ("ratchet", "floor")
    is_told |= binding == "contract" and bool(terms)
    words = _BINDING_WORDS[binding] + ("" if is_told else f" at {plain(kw)} {unit}") + " binds"
    if own is None or own <= kw or binding not in ("ratchet", "floor", "contract") or told[1:]:
        return words
    if terms and all(one["kind"] != "measured" for one in terms):
        return words + "; the month's own demand by itself does not count"
    return words + ", for the month's own counts for less"
