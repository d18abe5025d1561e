"""The server of the test-only wheel, for machines that have no PostgreSQL."""

import pytest
from postgres_server import new_database, query, settings, wheel_server

from rating.errors import RatebookError
from rating.setup import initialize
from rating.store.postgres import connected


def test_the_server_of_the_wheel_has_the_settings_of_compose_and_asks_for_passwords():
    with wheel_server() as server, new_database(server) as url:
        initialize(url)
        assert query(url, "select count(*) from tariff.utility") == [(2,)]
        for setting in settings():
            name, value = setting.split("=", 1)
            ((found,),) = query(url, f"select setting = '{value}' or current_setting('{name}') ="
                                f" '{value}' from pg_settings where name = '{name}'")  # fmt: skip
            assert found, setting
        refused = pytest.raises(RatebookError, match="password authentication failed")
        with refused, connected(url.set(password="wrong")):
            pass
