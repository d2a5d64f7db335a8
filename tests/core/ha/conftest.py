"""A Home Assistant, an account and an entry for the shared glue."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterator
from datetime import datetime
from typing import Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from core.client.budget import Budget
from core.client.clock import SystemClock
from core.client.redact import Redactor
from core.ha import history_import
from core.ha.account import Account, async_account
from core.ha.history_import import HistoryImport
from core.ha.statistics import EnergyStatistic
from tests.core.fake_clock import FakeClock

from .accounts import Get, new_account
from .home import DOMAIN, NOW, Home
from .imports import BEGIN, BERLIN, LIVE, Job
from .owner import Owner

ACCOUNT_ID = "alpha0123456789abcdef"


@pytest.fixture
def clock() -> FakeClock:
    """Sleeping moves it."""
    return FakeClock(auto=True)


@pytest.fixture
def account(clock: FakeClock) -> Account:
    """An account that remembers nothing on disk."""
    return Account(budget=Budget(clock=clock), redactor=Redactor())


@pytest.fixture
def entry(hass: HomeAssistant) -> MockConfigEntry:
    """A config entry that is not set up."""
    entry = MockConfigEntry(domain=DOMAIN, title="Home", entry_id="some_entry")
    entry.add_to_hass(hass)
    return entry


@pytest.fixture
async def home(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    account: Account,
    freezer: FrozenDateTimeFactory,
) -> AsyncGenerator[Home]:
    """A home whose coordinators end with the test."""
    yield Home(hass, entry, account, freezer)
    await entry._async_process_on_unload(hass)


@pytest.fixture
def get(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> Get:
    """Get the account as an integration does."""
    freezer.move_to(NOW)
    return lambda: async_account(hass, DOMAIN, ACCOUNT_ID, new_account)


@pytest.fixture
def zone() -> ZoneInfo:
    """Where the system is."""
    return BERLIN


@pytest.fixture
def make_import(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    account: Account,
    clock: FakeClock,
    zone: ZoneInfo,
    freezer: FrozenDateTimeFactory,
) -> Callable[..., HistoryImport]:
    """Make an import that reads days with a function."""
    freezer.move_to(BEGIN)
    hass.config.components.add("recorder")
    solar = EnergyStatistic(
        statistic_id="some_energy:solar", name="solar", live_entity=None
    )

    def make_one(read: Any, serial: str = "S1") -> HistoryImport:
        return HistoryImport(
            hass,
            entry,
            account,
            domain=DOMAIN,
            serial=serial,
            clock=clock,
            zone=zone,
            read_day=read,
            statistics=lambda: {"solar": solar},
            seconds_per_day=lambda _: 6.0,
        )

    return make_one


@pytest.fixture
def job(make_import: Callable[..., HistoryImport], zone: ZoneInfo) -> Iterator[Job]:
    """An import whose rows are kept in a dict."""
    job = Job(make_import, zone)

    async def first_live(*_: object) -> datetime:
        return LIVE

    with (
        patch.object(history_import, "async_write_hours", job.write),
        patch.object(history_import, "async_first_live_hour", first_live),
    ):
        yield job


@pytest.fixture
async def owner(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    account: Account,
    freezer: FrozenDateTimeFactory,
) -> AsyncGenerator[Owner]:
    """An integration with a centre that is started, where sleeping moves the time on.

    None of its managers outlives the test.
    """
    freezer.move_to(NOW)

    async def sleep(self: SystemClock, seconds: float) -> None:
        freezer.tick(seconds)
        await asyncio.sleep(0)

    with patch.object(SystemClock, "sleep", sleep):
        made = Owner(hass, entry, account)
        await made.center.async_start()
        yield made
        for key in list(made.center._managers):
            await made.center.async_drop(made.center._managers[key].owner, key)
    assert made.device.complaints == []
