"""A recorder that stores nothing: told to people without ids."""

from datetime import date, datetime
import logging
from unittest.mock import patch

from homeassistant.exceptions import HomeAssistantError
import pytest

from custom_components.amber_energy._vendor.core.ha import statistics
from simulator.amber import Site
from tests.amber_energy.usage.keeping import Keeping

from .conftest import HOUR, midnight

TODAY = date(2026, 10, 7)


@pytest.fixture
def start_time() -> datetime:
    """Evening."""
    return midnight(TODAY) + 19 * HOUR


async def nothing(*_: object, **__: object) -> list[object]:
    """Stand for a table without rows."""
    return []


async def test_no_id_is_told(
    keeping: Keeping, site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither in the log nor by an action; the statistic's name says which it is."""
    keeping.chosen.history_days = 20
    with patch.object(statistics, "_rows", nothing):
        await keeping.start()
        with pytest.raises(HomeAssistantError) as err:
            await keeping.keeper.async_run_now()
    assert keeping.keeper.status == "error"
    lines = [
        record.getMessage()
        for record in caplog.records
        if record.levelno >= logging.INFO and "amber" in record.name
    ]
    assert any("did not store" in line for line in lines)
    for said in (str(err.value), *lines):
        assert site.id.lower() not in said.lower()
