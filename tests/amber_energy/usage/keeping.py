"""A keeper of usage alone with a simulated Amber, without prices or entities."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
import json
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from custom_components.amber_energy import driver
from custom_components.amber_energy._vendor.core.client.budget import Budget
from custom_components.amber_energy._vendor.core.client.clock import SystemClock
from custom_components.amber_energy._vendor.core.client.http import HttpClient
from custom_components.amber_energy._vendor.core.client.redact import Redactor
from custom_components.amber_energy._vendor.core.ha.account import Account
from custom_components.amber_energy.api.client import AmberClient
from custom_components.amber_energy.api.ratelimits import RateLimits
from custom_components.amber_energy.const import DOMAIN
from custom_components.amber_energy.driver import NEM
from custom_components.amber_energy.usage.keeper import UsageKeeper
from simulator.amber import AmberSimulator, Site

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@dataclass
class Chosen:
    """What people choose; nothing of the past by default."""

    history_days: int = 0
    price_statistics: bool = False


class Keeping:
    """One run of Home Assistant after the other, with what is kept between them."""

    def __init__(
        self,
        hass: HomeAssistant,
        freezer: FrozenDateTimeFactory,
        sim: AmberSimulator,
        site: Site,
    ) -> None:
        self.hass, self.freezer, self.sim, self.site = hass, freezer, sim, site
        self.chosen = Chosen()
        self.told = 0
        self.begin({})

    def begin(self, notes: dict[str, Any]) -> UsageKeeper:
        """Make a keeper that has these notes, as after a restart."""
        clock = SystemClock()
        self.account = Account(budget=Budget(clock=clock), redactor=Redactor())
        self.account.notes = notes
        self.limits = RateLimits()
        http = HttpClient(
            async_get_clientsession(self.hass),
            self.sim.url,
            budget=self.account.budget,
            clock=clock,
            redact=self.account.redactor.text,
        )
        client = AmberClient(http, self.sim.token, limits=self.limits, clock=clock)
        self.entry = MockConfigEntry(domain=DOMAIN, title="Home")
        self.entry.add_to_hass(self.hass)
        self.keeper = UsageKeeper(
            self.hass,
            self.entry,
            site_id=self.site.id,
            client=client.for_site(self.site.id),
            account=self.account,
            limits=self.limits,
            clock=clock,
            name=lambda: "Home",
            site=self._listed,
            settings=lambda: self.chosen,
        )
        self.keeper.async_listen(self._tell)
        return self.keeper

    def notes(self) -> dict[str, Any]:
        """Return what stands on disk."""
        stored: dict[str, Any] = json.loads(json.dumps(self.account.notes))
        return stored

    async def start(self) -> None:
        """Start the keeper and let what begins with it end."""
        await self.keeper.async_start()
        await self.settle()

    async def restart(self, notes: dict[str, Any] | None = None) -> None:
        """End this run, and begin another with what was kept, or with these notes."""
        kept = self.notes() if notes is None else notes
        await self.stop()
        self.begin(kept)
        await self.start()

    async def stop(self) -> None:
        """Unload the entry."""
        await self.entry._async_process_on_unload(self.hass)

    async def move_to(self, moment: datetime, step: timedelta = HOUR) -> None:
        """Let time pass up to a moment; what is due in a step comes at its end."""
        while (now := datetime.now(UTC)) < moment:
            self.freezer.move_to(min(now + step, moment))
            async_fire_time_changed(self.hass)
            await self.settle()

    async def days(self, count: int, step: timedelta = HOUR) -> None:
        """Let whole days pass."""
        await self.move_to(datetime.now(UTC) + count * DAY, step)

    async def settle(self) -> None:
        await self.hass.async_block_till_done(wait_background_tasks=True)

    @property
    def requests(self) -> int:
        """How often usage was asked for."""
        return self.sim.counters.count("usage")

    @property
    def yesterday(self) -> date:
        """The market's."""
        return datetime.now(NEM).date() - DAY

    def _tell(self) -> None:
        self.told += 1

    def _listed(self) -> driver.Site | None:
        now = datetime.now(UTC)
        return driver.sites([self.site.document(now)], now).sites.get(self.site.id)
