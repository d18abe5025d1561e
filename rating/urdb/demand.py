"""Demand of a URDB rate: flat, by time of use, coincident and reactive, and what ratchets it."""

from dataclasses import dataclass

from rating.urdb.draft import Draft, Part, of_season
from rating.urdb.numbers import text_of
from rating.urdb.reading import Reading
from rating.urdb.tiers import DAILY, Ladder, Limit, block_parts, read_ladder
from rating.urdb.times import Hours, Season, read_hours, tell_unused
from rating.urdb.use import Use

FLAT, FLAT_MONTHS, FLAT_UNIT = "flatdemandstructure", "flatdemandmonths", "flatdemandunit"
TIMED, TIMED_UNIT = "demandratestructure", "demandrateunit"
TIMED_DAYS = ("demandweekdayschedule", "demandweekendschedule")
COINCIDENT, COINCIDENT_UNIT = "coincidentratestructure", "coincidentrateunit"
COINCIDENT_HOURS = ("coincidentschedule", "coincidentrateschedule")
REACTIVE = "demandreactivepowercharge"
UNITS = {"kw": "kW", "kva": "kVA", "hp": "hp"}
NO_UNIT = "kW"


@dataclass(frozen=True)
class Demand:
    """The prices of one kind of demand, when each is in force, and the unit of the demand."""

    structure: str
    hours: Hours
    ladders: dict[int, Ladder | None]
    unit: str
    is_daily: bool

    @property
    def is_free(self) -> bool:
        """Whether no period costs anything."""
        return all(ladder is not None and ladder.is_free for ladder in self.ladders.values())


def read_flat(reading: Reading) -> Demand | None:
    """The demand prices by month."""
    if not reading.peek(FLAT):
        return None
    months = reading.get(FLAT_MONTHS)
    if months is None and len(reading.peek(FLAT)) > 1:
        reading.tell("unratable", (FLAT,), f"{FLAT_MONTHS} does not say when its periods are")
        return None
    wrong = [
        month for month, period in enumerate(months or []) if period >= len(reading.peek(FLAT))
    ]
    if wrong:
        reading.tell("unratable", (FLAT_MONTHS, wrong[0]), f"{FLAT} has no such period")
        return None
    rows = [[int(period)] * 24 for period in months or [0] * 12]
    return _read(reading, FLAT, FLAT_UNIT, Hours({"weekday": rows, "weekend": rows}))


def read_timed(reading: Reading) -> Demand | None:
    """The demand prices by hour."""
    if not reading.peek(TIMED):
        return None
    hours = read_hours(reading, TIMED, *TIMED_DAYS)
    return _read(reading, TIMED, TIMED_UNIT, hours) if hours else None


def read_coincident(reading: Reading) -> Demand | None:
    """The prices of demand at the time of the system's peak."""
    if not reading.peek(COINCIDENT):
        return None
    schedule = next((name for name in COINCIDENT_HOURS if reading.peek(name)), COINCIDENT_HOURS[0])
    hours = read_hours(reading, COINCIDENT, schedule, None)
    return _read(reading, COINCIDENT, COINCIDENT_UNIT, hours) if hours else None


def _read(reading: Reading, structure: str, unit_field: str, hours: Hours) -> Demand | None:
    unit = str(reading.get(unit_field) or NO_UNIT).lower()
    if unit.removesuffix(DAILY) not in UNITS:
        reading.tell("unratable", (unit_field,), "is no unit of demand that the format has")
        return None
    used = sorted(set().union(*hours.by_month))
    tell_unused(reading, structure, used)
    ladders = {period: read_ladder(reading, structure, period) for period in used}
    if unit.endswith(DAILY):
        reading.tell("read as", (unit_field,), "the price is for each day of the billing period")
    demand = Demand(structure, hours, ladders, unit.removesuffix(DAILY), unit.endswith(DAILY))
    if not reading.peek(unit_field) and not demand.is_free:
        reading.tell("read as", (unit_field,), f"{NO_UNIT}, for the rate gives no unit")
    return demand


def add_demand(draft: Draft, demand: Demand, use: Use) -> None:
    """The charges of flat or timed demand."""
    code = "demand" if demand.structure == FLAT else "timed_demand"
    for season in draft.seasons:
        periods = demand.hours.of_month(season.months[0])
        for period in sorted(periods):
            ladder = demand.ladders[period]
            if ladder is None or ladder.is_free:
                continue
            if len(periods) == 1:
                operand = draft.demand_of(demand.unit, demand.structure)
                charge = _charge(demand, code, "Demand charge", season)
            else:
                operand = use.peak(demand.unit, period)
                words = f"Demand charge, period {period}"
                charge = _charge(demand, f"{code}_{period}", words, season)
            _add(draft, demand, ladder, operand, charge)


def add_coincident(draft: Draft, demand: Demand) -> None:
    """The charges of coincident demand: by month, for its hour is the system's to choose."""
    for season in draft.seasons:
        periods = demand.hours.of_month(season.months[0])
        priced = [
            ladder
            for one in sorted(periods)
            if (ladder := demand.ladders[one]) and not ladder.is_free
        ]
        if len(periods) > 1 and len(priced) == 1:
            words = "the demand counts at the system's peak in the hours that have a price"
            draft.reading.tell("read as", (COINCIDENT,), words)
        if len(priced) > 1:
            draft.reading.tell(
                "unratable", (COINCIDENT,), "has several prices in one month, by the peak's hour"
            )
        elif priced:
            operand = f"{demand.unit}_coincident"
            draft.read_determinants.add(operand)
            charge = _charge(demand, "coincident_demand", "Coincident demand charge", season)
            _add(draft, demand, priced[0], operand, charge)


def _add(draft: Draft, demand: Demand, ladder: Ladder, operand: str, charge: Part) -> None:
    """A charge; a price by the day is for demand times days, its tiers for demand each day."""
    limit = None
    if demand.is_daily:
        operand = draft.days_of(operand, demand.structure)
        limit = Limit("days", UNITS[demand.unit])
    parts = block_parts(ladder, charge["code"], operand, limit)
    draft.charges.append({**charge, "per": operand, **parts})


def _charge(demand: Demand, code: str, description: str, season: Season) -> Part:
    return {
        "code": code,
        "description": description,
        "component": "demand",
        "prices_in": f"$/{UNITS[demand.unit]}{' and day' if demand.is_daily else ''}",
        "sheet": demand.structure,
        **of_season(season),
    }


def add_reactive(draft: Draft) -> None:
    """The charge of reactive demand, for the kVAr that the read has."""
    price = draft.reading.number(REACTIVE)
    if price:
        draft.read_determinants.add("kvar")
        draft.charges.append(
            {
                "code": "reactive_demand",
                "description": "Reactive demand charge",
                "component": "demand",
                "per": "kvar",
                "prices_in": "$/kVAr",
                "sheet": REACTIVE,
                "price": text_of(price),
            }
        )
