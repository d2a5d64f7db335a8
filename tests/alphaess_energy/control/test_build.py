"""Drivers that are made of an entry alone."""

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.alphaess_energy.connection import async_connect_entry
from custom_components.alphaess_energy.const import (
    CONF_APP_ID,
    CONF_APP_SECRET,
    DOMAIN,
)
from custom_components.alphaess_energy.control import build_drivers
from custom_components.alphaess_energy.driver import ScheduleMode

from .cloud import SERIAL, Json
from .raws import legacy, periodic


def disabled_entry() -> MockConfigEntry:
    data = {CONF_APP_ID: "alpha0123456789abcdef", CONF_APP_SECRET: "0" * 32}
    return MockConfigEntry(domain=DOMAIN, data=data)


async def test_what_they_note_is_kept(hass: HomeAssistant) -> None:
    """The entry may be disabled: then nobody else has said so."""
    entry = disabled_entry()
    built = await build_drivers(hass, entry, [SERIAL])
    account, _ = await async_connect_entry(hass, entry)
    assert built[SERIAL].account is account
    assert account._kept


@pytest.mark.parametrize(
    ("raw", "mode"),
    [
        (legacy(), ScheduleMode.LEGACY),
        (periodic(), ScheduleMode.PERIODIC),
        ({"periodic": {}}, ScheduleMode.PERIODIC),
        ({}, ScheduleMode.UNKNOWN),
        (None, ScheduleMode.UNKNOWN),
    ],
)
async def test_the_store_is_known_from_the_last_run(
    hass: HomeAssistant, raw: Json | None, mode: ScheduleMode
) -> None:
    entry = disabled_entry()
    account, _ = await async_connect_entry(hass, entry)
    if raw is not None:
        account.put(f"{SERIAL}/settings", raw, dt_util.utcnow())
    driver = (await build_drivers(hass, entry, [SERIAL]))[SERIAL].driver
    assert driver.mode is mode  # type: ignore[attr-defined]
    assert (driver.capabilities.power is None) is (mode is ScheduleMode.LEGACY)
