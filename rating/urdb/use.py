"""When a URDB rate counts what is used: its schedules as one set of times of use.

An hour has one period of `time_of_use`, but may have one of the energy schedule and another of
the demand schedule. Where both have one number in every hour, or one schedule is all there is,
that is `period_N`; else `energy_N_demand_M` is a pair, and a period's kWh are the sum of its
pairs', its kW their greatest.
"""

from dataclasses import dataclass

from rating.urdb.draft import Draft, Part
from rating.urdb.reading import Reading
from rating.urdb.times import DAY_KINDS, Cell, Hours, cells, windows

WINDOW = "demandwindow"
DEMAND_MINUTES = (15, 30, 60)


@dataclass
class Use:
    """The names of the periods' quantities; pairs are put together on first use."""

    draft: Draft
    names: dict[Cell, str]

    def kwh(self, period: int) -> str:
        """The kWh of an energy period."""
        parts = sorted({f"kwh_{name}" for cell, name in self.names.items() if cell[0] == period})
        if len(parts) == 1:
            return parts[0]
        terms = [{"of": part, "blank": "skip"} for part in parts]
        return self.draft.determinant(f"kwh_energy_{period}", "energyweekdayschedule", sum=terms)

    def peak(self, unit: str, period: int) -> str:
        """The demand of a demand period, in kw, kva or hp; only kW can come from intervals."""
        parts = sorted({f"{unit}_{name}" for cell, name in self.names.items() if cell[1] == period})
        if unit != "kw":
            self.draft.read_determinants.update(parts)
        if len(parts) == 1:
            return parts[0]
        terms = [{"of": part, "blank": "skip"} for part in parts]
        name = f"{unit}_demand_{period}"
        return self.draft.determinant(name, "demandweekdayschedule", greatest=terms)


def read_use(draft: Draft, energy: Hours | None, demand: Hours | None) -> Use:
    """The times of use of a rate, put into its draft where some month has several periods."""
    energy = energy if energy and energy.vary_by_hour else None
    demand = demand if demand and demand.vary_by_hour else None
    found = cells(energy, demand)
    names = _names({cell for kind in DAY_KINDS for row in found[kind] for cell in row})
    if energy or demand:
        named = {kind: [[names[cell] for cell in row] for row in found[kind]] for kind in DAY_KINDS}
        draft.time_of_use = {
            "sheet": "energyweekdayschedule" if energy else "demandweekdayschedule",
            **_demand_minutes(draft.reading),
            "periods": windows(named),
        }
    return Use(draft, names)


def _names(found: set[Cell]) -> dict[Cell, str]:
    """A name for each pair of periods that occurs."""
    if all(energy == demand or None in (energy, demand) for energy, demand in found):
        return {
            (energy, demand): f"period_{demand if energy is None else energy}"
            for energy, demand in found
        }
    return {cell: f"energy_{cell[0]}_demand_{cell[1]}" for cell in found}


def _demand_minutes(reading: Reading) -> Part:
    """The length of a demand interval, where it is one that intervals can be read into."""
    minutes = reading.peek(WINDOW)
    if minutes is None:
        return {}
    if minutes in DEMAND_MINUTES:
        return {"demand_minutes": int(reading.get(WINDOW))}
    reading.tell("read as", (WINDOW,), "intervals are read into demands of 15 minutes")
    return {}
