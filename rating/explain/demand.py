"""How a demand came about, in one sentence."""

from collections.abc import Iterator, Sequence
from typing import Any

from rating.explain.bill import Explanation, plain
from rating.store.query import Row

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
            demand, [one for one in found.terms if one["demand_name"] == demand["demand_name"]]
        )
        for demand in found.demands
    ]


def demand_words(demand: Row, terms: Sequence[Row] = ()) -> str:
    """How a demand came about, by its row and what is known of its terms."""
    return (
        f"{demand['demand_name']} demand {plain(demand['demand_kw'])} kW: "
        + ", ".join(_parts(demand, terms))
        + f"; {_binding_words(demand, terms)}"
    )


def _parts(demand: Row, terms: Sequence[Row]) -> Iterator[str]:
    if demand["measured_kw"] is not None:
        yield f"measured {plain(demand['measured_kw'])} kW"
    if demand["adjusted_kw"] != demand["measured_kw"] and demand["adjusted_kw"] is not None:
        yield f"adjusted (metering, power factor) to {plain(demand['adjusted_kw'])} kW"
    for term in _shares(terms):
        whole = "it" if term["of_kw"] == _own(demand) else f"{plain(term['of_kw'])} kW"
        yield f"{plain(term['percent'])} % of {whole} is {plain(term['value_kw'])} kW"
    for percent, month, kw in _ratchets(demand, terms):
        peak = f"peak of {month:%Y-%m}" if month else "averaged peaks"
        yield f"{plain(percent)} % of the {peak} is {plain(kw)} kW"
    for term in _of_kind(terms, "contract"):
        contract = f"contract of {plain(term['of_kw'])} kW"
        share = f"{plain(term['percent'])} % of the {contract} is {plain(term['value_kw'])} kW"
        yield contract if term["percent"] == 100 else share
    if demand["floor_kw"] is not None:
        yield f"floor {plain(demand['floor_kw'])} kW"


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


def _binding_words(demand: Row, terms: Sequence[Row]) -> str:
    """What binds, at how many kW where nothing else says that, and why the month's own do not."""
    binding, kw, own = demand["binding"], demand["unrounded_kw"], _own(demand)
    told = [own, *(one["value_kw"] for one in _shares(terms))]
    is_told = kw in told if binding == "measured" else binding in ("ratchet", "floor")
    is_told |= binding == "contract" and bool(terms)
    words = _BINDING_WORDS[binding] + ("" if is_told else f" at {plain(kw)} kW") + " binds"
    if own is None or own <= kw or binding not in ("ratchet", "floor", "contract") or told[1:]:
        return words
    if terms and all(one["kind"] != "measured" for one in terms):
        return words + "; the month's own demand by itself does not count"
    return words + ", for the month's own counts for less"
