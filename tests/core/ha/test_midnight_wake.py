"""The last look before the day ends, on a machine that sleeps or has a wrong clock."""

from datetime import UTC, datetime
from itertools import cycle
from unittest.mock import patch
from zoneinfo import ZoneInfo

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from core.ha import midnight

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("times", "looks"),
    [
        # Each midnight once, though chance would have it twice
        (["12T21:58:45", "12T21:59:00", "13T21:58:45", "13T21:59:00"], [0, 2]),
        # Days were slept through: one look, and then the next midnight's
        (["15T10:00:00", "15T10:00:01", "15T21:58:44", "15T21:58:45"], [0, 3]),
        # The clock was a minute ahead: the same midnight comes again
        (["12T21:58:45", "12T21:57:45", "12T21:58:45", "13T21:58:45"], [0, 3]),
    ],
)
async def test_one_look_for_each_midnight(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    freezer: FrozenDateTimeFactory,
    times: list[str],
    looks: list[int],
) -> None:
    """Whatever the clock does."""
    seen: list[int] = []
    step = 0

    async def read() -> None:
        seen.append(step)

    freezer.move_to(datetime(2026, 5, 12, 10, tzinfo=UTC))
    with patch.object(midnight, "uniform", side_effect=cycle([75.0, 60.0])):
        midnight.async_before_midnight(hass, entry, BERLIN, read)
        for step, time in enumerate(times):  # noqa: B007 - noted by the look
            freezer.move_to(datetime.fromisoformat(f"2026-05-{time}+00:00"))
            async_fire_time_changed(hass)
            await hass.async_block_till_done(wait_background_tasks=True)
        await entry._async_process_on_unload(hass)
    assert seen == looks
