"""An integration that owns the managers of one device."""

import asyncio
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from homeassistant.config_entries import (
    ConfigEntry,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
)

from core.client.clock import SystemClock
from core.control.intent import ForceCharge
from core.control.manager import ControlManager
from core.control.outcome import Outcome
from core.ha.account import Account
from core.ha.control import (
    ControlCenter,
    Controlled,
)

from ..control.device import Device, Moments
from ..control.fakes import Driver
from .home import DOMAIN

KEY = "SN12345"
LEASES = f"{DOMAIN}.leases"


class Owner:
    """An integration with one entry and one device behind it."""

    def __init__(
        self, hass: HomeAssistant, entry: MockConfigEntry, account: Account
    ) -> None:
        self.hass, self.entry, self.account = hass, entry, account
        self.device = Device()
        self.built: list[list[str]] = []
        self.refusal: Exception | None = None
        self.center = ControlCenter(hass, DOMAIN, self.build)

    def driver(self) -> Driver:
        """Return a new driver of the device."""
        return Driver(self.device, SystemClock(), Moments())

    async def build(
        self, hass: HomeAssistant, entry: ConfigEntry[Any], keys: Iterable[str]
    ) -> dict[str, Controlled]:
        wanted = list(keys)
        self.built.append(wanted)
        if self.refusal is not None:
            raise self.refusal
        return {
            key: Controlled(driver=self.driver(), account=self.account)
            for key in wanted
        }

    async def manage(self, driver: Driver | None = None) -> ControlManager:
        return await self.center.async_manage(
            self.entry.entry_id, KEY, driver or self.driver(), self.account
        )

    async def drop(self) -> None:
        await self.center.async_drop(self.entry.entry_id, KEY)

    async def forced(self) -> ControlManager:
        """Return the manager of a device that charges by force for an hour."""
        manager = await self.manage()
        assert (await manager.execute(force(60))).outcome is Outcome.APPLIED
        return manager

    async def write_begins(self) -> None:
        """Wait until a request is on its way."""
        for _ in range(1000):
            if self.device.in_flight:
                return
            await asyncio.sleep(0)
        raise AssertionError("nothing was written")

    @property
    def leased(self) -> list[str]:
        return self.center.leased(self.entry.entry_id)

    def issues(self) -> list[str | None]:
        registry = ir.async_get(self.hass)
        return [issue.translation_key for issue in registry.issues.values()]


def force(minutes: float) -> ForceCharge:
    return ForceCharge(until=datetime.now(UTC) + timedelta(minutes=minutes))
