"""A config entry at run time: the account, its plants and their devices."""

from collections.abc import Coroutine
from datetime import datetime, timedelta, tzinfo
from functools import partial
from typing import TYPE_CHECKING, Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.exceptions import ConfigEntryAuthFailed, ConfigEntryNotReady
from homeassistant.util import dt as dt_util

from . import driver, zones
from ._vendor.core.client.errors import ApiError
from ._vendor.core.client.usage import calls_last_hour
from ._vendor.core.ha.coordinator import BundleCoordinator
from ._vendor.core.ha.reauth import end_reauth
from .connection import Connection
from .const import FAULTS_INTERVAL, LIST_MAX_AGE, LISTS_INTERVAL
from .device import Device
from .documents import Documents, refused
from .histories import Histories
from .inventory import Inventory, served
from .issues import Issues
from .live import LiveDocuments
from .plant import Plant
from .readings import Faults, Plants
from .registry import Registry
from .source import SungrowSource

if TYPE_CHECKING:
    from .controls import Controls

type SungrowConfigEntry = ConfigEntry[SungrowRuntime]

PLANTS = "plants"


class SungrowRuntime:
    """The plants and devices of one application."""

    def __init__(
        self, hass: HomeAssistant, entry: SungrowConfigEntry, connection: Connection
    ) -> None:
        """Prepare the documents of the account; nothing is read yet."""
        self.hass, self.entry, self.connection = hass, entry, connection
        self.account, self.client = connection.account, connection.client
        self.source = SungrowSource(connection.client)
        # Set before anything is read, where there is something to control
        self.controls: Controls | None = None
        self.registry = Registry(hass, entry, connection.application.web_url)
        self.issues = Issues(hass, entry)
        self.documents = Documents(hass, entry, self.account, self._answered)
        self.listing: BundleCoordinator[Plants] = self.documents.make(
            PLANTS,
            "plants",
            LISTS_INTERVAL,
            lambda: self.source.plants(served(entry)),
            self._decode_plants,
            max_age=LIST_MAX_AGE,
        )
        self.faults: BundleCoordinator[Faults] = self.documents.make(
            "faults",
            "faults",
            FAULTS_INTERVAL,
            self.source.faults,
            lambda raw, received_at: driver.faults(raw, received_at, self.zone_of),
            optional=True,
        )
        self.live = LiveDocuments(self)
        self.histories = Histories(self)
        self._inventory = Inventory(self)
        self._listeners: list[CALLBACK_TYPE] = []
        # What had a fault at the last look, and what the list of faults was read for
        self._faulty: frozenset[str] | None = None
        self._reading_faults = False

    @property
    def plants(self) -> dict[str, Plant]:
        """The plants that are served, by id."""
        return self._inventory.plants

    @property
    def devices(self) -> dict[str, Device]:
        """Their devices by identifier."""
        return self._inventory.devices

    @property
    def coordinators(self) -> list[BundleCoordinator[Any]]:
        """All documents that are read."""
        return self.documents.coordinators

    @property
    def device_serials(self) -> set[str]:
        """Identifiers of all devices that are not left over."""
        return self._inventory.identifiers

    def calls_last_hour(self) -> dict[str, int]:
        """Return the requests of the last 60 minutes by endpoint."""
        return calls_last_hour(self.account.budget, dt_util.utcnow())

    def zone_at(self, offset: timedelta | None) -> tzinfo:
        """Return the zone of a plant that is so far from UTC."""
        return zones.zone(offset, dt_util.get_default_time_zone(), dt_util.utcnow())

    def zone_of(self, plant_id: str | None) -> tzinfo:
        """Return the zone of a plant, Home Assistant's own if it is not known."""
        plant = self.plants.get(plant_id or "")
        return plant.zone if plant is not None else dt_util.get_default_time_zone()

    async def async_start(self) -> None:
        """Read the lists and the newest samples; the rest follows.

        Raises what a coordinator's first refresh raises. An old list will do when
        nothing answers: a restart meanwhile then shows what is known.
        """
        await self._begin(self.listing)
        await self._inventory.async_follow_plants()
        await self._begin_devices()
        self.faults.restore()
        await self._follow_live()
        answering = True
        for coordinator in self.live.coordinators:
            if not coordinator.restore() and answering:
                await coordinator.async_refresh()
                answering = coordinator.last_update_success or refused(coordinator)
        self.tell()
        for coordinator in self.live.coordinators:
            self._listen(coordinator, self.tell)
        self._listen(self.listing, self._plants_changed)
        for plant in self.plants.values():
            self._listen(plant.listing, partial(self._devices_changed, plant))
        self._listen(self.faults, self.tell)
        self.histories.async_begin()
        if not self.faults.fresh:
            self.in_background(self.faults.async_refresh(), "faults")

    @callback
    def async_listen(self, listener: CALLBACK_TYPE) -> CALLBACK_TYPE:
        """Call after each poll: there may be something new to show."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    @callback
    def tell(self) -> None:
        """Make the plants' values anew and tell everybody."""
        for plant in self.plants.values():
            plant.update()
        self._look_for_faults()
        self.issues.used(sum(self.calls_last_hour().values()))
        for listener in list(self._listeners):
            listener()

    @callback
    def async_stop(self) -> None:
        """Let go of what waits, when the entry is unloaded."""
        self.histories.async_stop()

    def in_background(self, work: Coroutine[Any, Any, None], name: str) -> None:
        """Do work that ends with the entry; ``name`` is for the list of tasks."""
        self.entry.async_create_background_task(self.hass, work, f"sungrow {name}")

    async def _begin(
        self, coordinator: BundleCoordinator[Any], *, needed: bool = True
    ) -> None:
        """Read a list that is not fresh; raise if it is ``needed`` and not known."""
        if coordinator.restore():
            return
        if needed and not coordinator.known:
            await coordinator.async_config_entry_first_refresh()
        else:
            await coordinator.async_refresh()

    async def _begin_devices(self) -> None:
        """Read which devices there are; raise if that is known of no plant."""
        trouble: ConfigEntryNotReady | ConfigEntryAuthFailed | None = None
        known = False
        for plant in list(self.plants.values()):
            try:
                await self._begin(plant.listing, needed=not known)
            except (ConfigEntryNotReady, ConfigEntryAuthFailed) as err:
                trouble = trouble or err
            if plant.listing.known:
                known = True
                await self._inventory.async_follow_devices(plant)
        if trouble is not None and not known:
            raise trouble

    def _decode_plants(self, raw: Any, received_at: datetime) -> Plants:
        found = driver.plants(raw, received_at)
        self.connection.hide_plants(found.plants)
        wanted = served(self.entry)
        for plant in found.plants.values():
            self.account.redactor.number(plant.name, "name of plant {}")
        if wanted is not None:
            self.issues.vanished(self._names(wanted - set(found.plants)))
        return found

    def _names(self, plant_ids: set[str]) -> list[str]:
        """Return what people call plants that the list may have no more."""
        return sorted(
            plant.name if (plant := self.plants.get(key)) is not None else key
            for key in plant_ids
        )

    @callback
    def _plants_changed(self) -> None:
        async def follow() -> None:
            for plant in await self._inventory.async_follow_plants():
                await self._begin(plant.listing, needed=False)
                self._listen(plant.listing, partial(self._devices_changed, plant))
                if plant.listing.known:
                    await self._follow_devices(plant)
            self.tell()

        if self.listing.last_update_success:
            self.in_background(follow(), "plants")

    @callback
    def _devices_changed(self, plant: Plant) -> None:
        if plant.listing.last_update_success:
            self.in_background(self._follow_devices(plant), "devices")

    async def _follow_devices(self, plant: Plant) -> None:
        before = self.live.coordinators
        await self._inventory.async_follow_devices(plant)
        await self._follow_live()
        for coordinator in self.live.coordinators:
            if coordinator not in before:
                if not coordinator.restore():
                    await coordinator.async_refresh()
                self._listen(coordinator, self.tell)
        self.tell()

    async def _follow_live(self) -> None:
        for coordinator in self.live.follow():
            await self.documents.async_drop(coordinator)
        if self.controls is not None:
            await self.controls.async_follow()

    @callback
    def _look_for_faults(self) -> None:
        """Read the list of faults when another device or plant has one (section 5)."""
        faulty = frozenset(
            [key for key, device in self.devices.items() if device.problem]
            + [
                plant.key
                for plant in self.plants.values()
                if plant.entry.fault in {"fault", "alarm"}
            ]
        )
        before, self._faulty = self._faulty, faulty
        if before is None or faulty == before or self._reading_faults:
            return

        async def read() -> None:
            self._reading_faults = True
            try:
                await self.faults.async_refresh()
            finally:
                self._reading_faults = False

        self.in_background(read(), "faults")

    @callback
    def _answered(self, key: str, err: ApiError | None) -> None:
        self.issues.answered(key, err)
        keeper = self.connection.keeper
        if err is not None or key != PLANTS:
            return
        if keeper is not None and keeper.refused:
            return  # these are the last hours of a token that has no next one
        end_reauth(self.hass, [self.entry])
        if keeper is not None:
            keeper.ask_again()

    @callback
    def _listen(
        self, coordinator: BundleCoordinator[Any], listener: CALLBACK_TYPE
    ) -> None:
        self.entry.async_on_unload(coordinator.async_add_listener(listener))
