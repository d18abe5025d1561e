"""The first revision on a real PostgreSQL: up, down, up again, and what its constraints refuse."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from postgres_server import new_database
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, IntegrityError

from rating.project import ROOT, SEEDS
from rating.tariff_load import load_tariffs


@pytest.fixture(scope="module")
def server(postgres_server: URL) -> Iterator[tuple[Config, Engine]]:
    with new_database(postgres_server) as url:
        config = Config(str(Path(ROOT) / "alembic.ini"))
        plain = url.render_as_string(hide_password=False)
        config.set_main_option("sqlalchemy.url", plain.replace("%", "%%"))
        command.upgrade(config, "head")
        engine = create_engine(url)
        load_tariffs(engine, [SEEDS])
        yield config, engine
        engine.dispose()


def refuses(engine: Engine, constraint: str, *statements: str) -> None:
    with pytest.raises(IntegrityError, match=constraint), engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


def test_the_shipped_tariffs_satisfy_every_constraint(server: tuple[Config, Engine]) -> None:
    with server[1].connect() as connection:
        found = connection.execute(text("select count(*) from tariff.schedule")).scalar()
    assert found == len(list(SEEDS.glob("*/*.yaml"))) - len(list(SEEDS.glob("*/utility.yaml")))


def test_the_models_and_the_migrations_agree(server: tuple[Config, Engine]) -> None:
    command.check(server[0])


def test_versions_of_a_schedule_cannot_overlap(server: tuple[Config, Engine]) -> None:
    # LGS-1 is in force from 2012-07-01 to 2023-11-01.
    refuses(
        server[1],
        "ex_version_schedule_id_range",
        "insert into tariff.version select 9001, schedule_id, date '2015-01-01', null, clock,"
        " status, null, null, null, false, null, null, sheet_id, null from tariff.version"
        " join tariff.schedule using (schedule_id) where schedule = 'LGS-1'",
    )


def test_a_version_cannot_end_before_it_begins(server: tuple[Config, Engine]) -> None:
    # The exclusion constraint makes a range of the two dates, so one of the two refuses it.
    backwards = text("update tariff.version set effective_to = effective_from - 1")
    with (
        pytest.raises(DBAPIError, match=r"ck_version_range|lower bound"),
        server[1].begin() as connection,
    ):
        connection.execute(backwards)


def test_a_charge_cannot_cite_a_sheet_that_is_not_there(server: tuple[Config, Engine]) -> None:
    refuses(server[1], "fk_charge_sheet_id", "update tariff.charge set sheet_id = -1")


def test_a_step_has_a_price_or_an_amount_and_not_both(server: tuple[Config, Engine]) -> None:
    refuses(
        server[1],
        "ck_charge_step_price_or_amount",
        "update tariff.charge_step set amount = 1 where price is not null",
    )


def test_a_month_of_a_season_lies_between_1_and_12(server: tuple[Config, Engine]) -> None:
    refuses(
        server[1],
        "ck_season_month_month",
        "insert into tariff.season_month select version_id, 13, 'x' from tariff.version",
    )


def test_terms_of_an_agreement_cannot_overlap(server: tuple[Config, Engine]) -> None:
    columns = (
        "(agreement_id, start_date, end_date, utility, schedule, space_heating, water_heating,"
        " all_electric, secondary_metered, customer_owned_transformation)"
    )
    row = "'ipl-mo', 'RS-3', false, false, false, false, false)"
    refuses(
        server[1],
        "ex_service_agreement_range",
        f"insert into portfolio.service_agreement {columns}"
        f" values ('A1', '2014-01-01', '2015-01-02', {row}",
        f"insert into portfolio.service_agreement {columns}"
        f" values ('A1', '2015-01-01', null, {row}",
    )


@pytest.mark.parametrize(
    ("constraint", "month", "read_to", "kwh", "power_factor"),
    [
        ("ck_meter_read_billing_month", "2015-01-02", "2015-02-01", "1", "0.9"),
        ("ck_meter_read_range", "2015-01-01", "2015-01-01", "1", "0.9"),
        ("ck_meter_read_kwh", "2015-01-01", "2015-02-01", "-1", "0.9"),
        ("ck_meter_read_power_factor", "2015-01-01", "2015-02-01", "1", "84"),
    ],
)
def test_a_read_that_cannot_be_is_refused(
    server: tuple[Config, Engine],
    constraint: str,
    month: str,
    read_to: str,
    kwh: str,
    power_factor: str,
) -> None:
    refuses(
        server[1],
        constraint,
        "insert into portfolio.meter_read (agreement_id, billing_month, read_from, read_to, kwh,"
        f" power_factor) values ('A1', '{month}', '2015-01-01', '{read_to}', {kwh},"
        f" {power_factor})",
    )


def test_the_revision_goes_down_and_up_again(server: tuple[Config, Engine]) -> None:
    config, engine = server
    engine.dispose()
    command.downgrade(config, "base")
    with engine.connect() as connection:
        left = connection.execute(
            text(
                "select count(*) from information_schema.tables"
                " where table_schema in ('tariff', 'portfolio', 'rating')"
            )
        ).scalar()
    assert left == 0
    engine.dispose()
    command.upgrade(config, "head")
    command.check(config)
