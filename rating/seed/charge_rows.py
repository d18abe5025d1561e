"""Rows of charges, their block steps and their bases."""

from decimal import Decimal
from typing import Any

from models import tariff
from rating.seed.blocks import edges
from rating.seed.made import VersionRows
from rating.seed.parts import When
from rating.seed.pricing import PRICES_IN, BaseSeed, BlockSeed, ChargeSeed, Priced


def add_charge(made: VersionRows, ordinal: int, charge: ChargeSeed) -> None:
    """The rows of a charge: one charge row a season where its prices differ by season."""
    seasonal = (list(price) for price in charge.prices if isinstance(price, dict))
    seasons = next(seasonal, [charge.season])
    for season in seasons:
        _add_one_season(made, ordinal, charge, season)


def _add_one_season(
    made: VersionRows, ordinal: int, charge: ChargeSeed, season: str | None
) -> None:
    charge_id = made.rows.next_id(tariff.Charge)
    made.rows.add(
        tariff.Charge,
        charge_id=charge_id,
        version_id=made.version_id,
        ordinal=ordinal,
        code=charge.code,
        description=charge.description,
        component=charge.component,
        stage=charge.stage_number,
        kind=charge.kind,
        operand=made.own_operand(charge.per),
        unit=_unit(charge),
        season=season,
        percent=None if charge.percent == "factor" else charge.percent,
        sign=-1 if charge.subtract else 1,
        covers=charge.covers,
        blank_is_zero=charge.blank_is_zero,
        is_one_time=charge.one_time,
        is_lamp=charge.lamp,
        choice=charge.choice,
        choice_rule=charge.choice_rule if charge.choice else None,
        condition_set_id=made.when(charge.when),
        **made.cite(charge),
    )
    _add_steps(made, charge_id, charge, season)
    _add_base(made, charge_id, charge.of or BaseSeed())


def _add_base(made: VersionRows, charge_id: int, base: BaseSeed) -> None:
    own = {charge.code for charge in made.seed.charges}
    parts: list[dict[str, Any]] = [
        *({"component": component} for component in base.components),
        *({"charge_code": code, "is_elsewhere": code not in own} for code in base.charges),
        *({"schedule_id": made.schedule_ids[schedule]} for schedule in base.schedules),
    ]
    empty = {"component": None, "charge_code": None, "is_elsewhere": False, "schedule_id": None}
    for number, part in enumerate(parts, start=1):
        made.rows.add(tariff.ChargeBase, charge_id=charge_id, ordinal=number, **{**empty, **part})


def _unit(charge: ChargeSeed) -> str:
    match = PRICES_IN.fullmatch(charge.prices_in)
    named = match.group(2) if match else None
    if named:
        return str(named)
    return (
        "$"
        if charge.kind in ("percent", "cap", "difference") or charge.prices_in == "%"
        else "month"
    )


def _add_steps(made: VersionRows, charge_id: int, charge: ChargeSeed, season: str | None) -> None:
    if charge.price is None and not charge.blocks:
        return  # a percentage has one step, of its percent
    whole = BlockSeed.model_construct(all=True, price=charge.price)
    blocks = charge.blocks or [whole]
    in_cents = charge.kind != "percent" and not charge.prices_in.startswith("$")
    step_no = 0
    for block, (start, end) in zip(blocks, edges(blocks), strict=True):
        exception = block.exception
        variants: list[tuple[Decimal | None, When | None, bool]] = [
            (_block_price(block, season), exception.when if exception else None, True)
        ]
        if exception:
            variants.append((_price(exception.price, season), exception.when, False))
        for price, when, negated in variants:
            step_no += 1
            made.rows.add(
                tariff.ChargeStep,
                charge_id=charge_id,
                step_no=step_no,
                description=_step_words(charge, block, start),
                from_quantity=start,
                to_quantity=end,
                limit_operand=made.own_operand(charge.limits.times if charge.limits else None),
                limit_unit=_limit_unit(charge),
                price=price / 100 if price is not None and in_cents else price,
                amount=_price(block.flat, season),
                condition_set_id=made.when(when, negated=negated),
            )


def _limit_unit(charge: ChargeSeed) -> str | None:
    if not charge.blocks:
        return None
    return charge.limits.unit if charge.limits else _unit(charge)


def _price(price: Priced | None, season: str | None) -> Decimal | None:
    if isinstance(price, dict):
        return price[season or ""]
    return price


def _block_price(block: BlockSeed, season: str | None) -> Decimal | None:
    percent = _price(block.percent, season)
    return _price(block.price, season) if percent is None else percent / 100


def _step_words(charge: ChargeSeed, block: BlockSeed, start: Decimal) -> str:
    unit = _limit_unit(charge)
    if block.all or not unit or charge.kind in ("minimum", "cap"):
        return charge.description
    if block.first is not None:
        return f"{charge.description}, first {block.first} {unit}"
    if block.next is not None:
        return f"{charge.description}, next {block.next} {unit}"
    return f"{charge.description}, all over {start} {unit}"
