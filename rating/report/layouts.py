"""How each result of a study stands on the page of a report."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Layout:
    """How a result stands on the page: what heads its rows, and what only its files hold.

    `sides` are words for the sides that its columns name, such as `present`.
    """

    caption: str
    groups: Sequence[str] = ()
    hidden: Sequence[str] = ()
    lead: str = ""
    sides: Mapping[str, str] = field(default_factory=dict)


LAYOUTS = {
    "comparison_total": Layout(
        "Each agreement on each schedule it is eligible for", hidden=["cheapest_months"]
    ),
    "comparison": Layout("Each month on each schedule"),
    "switching": Layout(
        "What each class would save on its cheapest schedules", ["utility", "customer_class"]
    ),
    "not_compared": Layout("What could not be compared, and why"),
    "proposal": Layout("Each bill now and as proposed"),
    "proposal_agreement": Layout("Each agreement now and as proposed"),
    "proposal_unbilled": Layout("Reads without a bill under the scenario"),
    "impact": Layout(
        "Agreements by class, size and change: average kWh a month and per cent, lower edges",
        ["utility", "customer_class"],
    ),
    "impact_direction": Layout(
        "Who pays more and who less: agreements whose bills rise, stay and fall",
        ["utility", "customer_class"],
    ),
    "impact_agreement": Layout("The largest changes, and the component that moved most"),
    "proof": Layout(
        "Proof of revenue: billing determinants × prices",
        ["utility", "schedule", "season"],
        ["line_kind", "component", "charge_code"],
        lead="description",
    ),
    "frequency": Layout("Bills and kWh by use", ["utility", "schedule", "season"]),
    "demand_frequency": Layout(
        "Bills by billing demand and hours use", ["utility", "schedule", "season"]
    ),
    "priced_step": Layout(
        "What is priced in each step",
        ["utility", "schedule", "season"],
        ["charge_code"],
        lead="description",
    ),
    "break_even": Layout("Where two schedules cost the same"),
    "neutral_price": Layout("The prices found", ["utility", "schedule"]),
    "neutral_revenue": Layout("Bills by schedule at the prices found", ["utility"]),
    "neutral_trial": Layout("The factors tried"),
    "ratchet_revenue": Layout("Bills and billing demand in each case", ["case_name"]),
    "ratchet_bill": Layout("The bills that a case moves"),
    "ratchet_unbilled": Layout("Reads without a bill in a case"),
    "marginal": Layout("What the next kWh and the next kW cost"),
    "typical": Layout("Typical bills", ["utility", "schedule", "season"]),
    "typical_curve": Layout("Price by use", ["utility", "schedule", "season"]),
    "typical_month": Layout("Typical bills of each month", ["utility", "schedule", "season"]),
    "typical_unbilled": Layout("Points without a bill, and why", ["utility", "schedule"]),
}
