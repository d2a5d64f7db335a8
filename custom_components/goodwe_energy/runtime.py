"""A config entry at run time: the account, its plants and their devices."""

from collections.abc import Collection, Coroutine, Iterable, Mapping
from datetime import datetime
from functools import partial
import random
from typing import TYPE_CHECKING, Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.exceptions import ConfigEntryAuthFailed, ConfigEntryNotReady
from homeassistant.util import dt as dt_util

from . import driver
from ._vendor.core.client.errors import ApiError, BadDataError
from ._vendor.core.client.usage import calls_last_hour
from ._vendor.core.ha.coordinator import BundleCoordinator
from ._vendor.core.ha.reauth import end_reauth
from .connection import Connection
from .const import (
    CONF_ALLOW_CONTROL,
    CONF_LIVE,
    CONF_POLL_SECONDS,
    LIST_MAX_AGE,
    PLANTS_INTERVAL,
)
from .device import Device
from .documents import Documents
from .histories import Histories
from .inventory import Inventory, served
from .issues import Issues
from .plant import Plant
from .plant_rows import completed, gone
from .readings import Plants
from .registry import Registry
from .source import NO_DATA, public

if TYPE_CHECKING:
    from .controls import Controls
    from .live import LiveManager

type GoodWeConfigEntry = ConfigEntry[GoodWeRuntime]

PLANTS = "plants"
_DEFAULTS: Mapping[str, Any] = {CONF_ALLOW_CONTROL: False, CONF_LIVE: True}


class GoodWeRuntime:
    """The plants and devices of one account."""

    def __init__(
        self, hass: HomeAssistant, entry: GoodWeConfigEntry, connection: Connection
    ) -> None:
        """Prepare the list of plants; nothing is read yet."""
        self.hass, self.entry, self.connection = hass, entry, connection
        self.account, self.client = connection.account, connection.client
        # Set before anything is read, where there is something to control
        self.controls: Controls | None = None
        self.registry = Registry(hass, entry)
        self.issues = Issues(hass, entry, self.account)
        self.documents = Documents(hass, entry, self.account, self._answered)
        self.listing: BundleCoordinator[Plants] = self.documents.make(
            PLANTS,
            "plants",
            self.documents.scaled(PLANTS_INTERVAL),
            self._fetch_plants,
            self._decode_plants,
            max_age=LIST_MAX_AGE,
            optional=False,
        )
        self.histories = Histories(self)
        # Set before anything is read, where powers are to be pushed
        self.live: LiveManager | None = None
        self._inventory = Inventory(self)
        self._listeners: list[CALLBACK_TYPE] = []

    @property
    def plants(self) -> dict[str, Plant]:
        """The plants that are served, by id."""
        return self._inventory.plants

    @property
    def devices(self) -> dict[str, Device]:
        """Their devices by serial."""
        return self._inventory.devices

    @property
    def coordinators(self) -> list[BundleCoordinator[Any]]:
        """All documents that are read."""
        return self.documents.coordinators

    @property
    def device_serials(self) -> set[str]:
        """Identifiers of all devices that are known, also of those that are away."""
        return self._inventory.identifiers

    @property
    def left_over(self) -> set[str]:
        """Which of them the lists do not have any more."""
        return self._inventory.left_over

    @property
    def poll_seconds(self) -> int:
        """How often the powers are read."""
        return self.documents.poll_seconds

    def option(self, key: str) -> Any:
        """Return an option: what was chosen, else what the entry began with."""
        if key == CONF_POLL_SECONDS:
            return self.poll_seconds
        chosen = {**_DEFAULTS, **self.entry.data, **self.entry.options}
        return chosen.get(key)

    def calls_last_hour(self) -> dict[str, int]:
        """Return the requests of the last 60 minutes by endpoint."""
        return calls_last_hour(self.account.budget, dt_util.utcnow())

    async def async_start(self) -> None:
        """Read the lists and the powers of each plant; the rest follows.

        Raises what a coordinator's first refresh raises. An old list will do when
        nothing answers: a restart meanwhile then shows what is known.
        """
        await self._begin(self.listing)
        plants = await self._inventory.async_follow_plants()
        await self._begin_plants(plants)
        due = self._restore(plants, self.devices.values())
        self._listen(self.listing, self._plants_changed)
        self.tell()
        await self._follow_controls()
        self.histories.async_begin()
        if self.live is not None:
            self.live.start()
        self.in_background(self._first_round(due), "start")

    @callback
    def async_listen(self, listener: CALLBACK_TYPE) -> CALLBACK_TYPE:
        """Call after each poll: there may be something new to show."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    @callback
    def tell(self) -> None:
        """Make all values anew and tell everybody."""
        for device in self.devices.values():
            device.update()
        for plant in self.plants.values():
            plant.update()
        self.issues.stale(
            [plant.name for plant in self.plants.values() if plant.stale_for_long]
        )
        wished = self.option(CONF_ALLOW_CONTROL)
        self.issues.control_not_allowed(
            [
                plant.name
                for plant in self.plants.values()
                if wished and plant.entry.informed and not plant.may_write
            ]
        )
        self._tell_listeners()

    @callback
    def push(
        self, plant_id: str, raw: Mapping[str, Any], received_at: datetime
    ) -> bool:
        """Take over the powers that were pushed; return whether they are of use."""
        plant = self.plants.get(plant_id)
        return plant is not None and plant.push(raw, received_at)

    @callback
    def live_changed(self, plant_id: str, connected: bool | None) -> None:
        """Take note whether the powers of a plant are pushed."""
        plant = self.plants.get(plant_id)
        if plant is not None and plant.live_connected != connected:
            plant.follow_push(connected)
            self._tell_listeners()

    @callback
    def async_stop(self) -> None:
        """Let go of what waits, when the entry is unloaded."""
        self.histories.async_stop()
        if self.live is not None:
            self.live.stop()

    async def async_forget_device(self, serial: str) -> None:
        """Forget a device that its owner deleted."""
        await self._inventory.async_forget(serial)

    def in_background(self, work: Coroutine[Any, Any, None], name: str) -> None:
        """Do work that ends with the entry; ``name`` is for the list of tasks."""
        self.entry.async_create_background_task(self.hass, work, f"goodwe {name}")

    async def _begin(
        self, coordinator: BundleCoordinator[Any], *, needed: bool = True
    ) -> None:
        """Read what is not fresh; raise if it is ``needed`` and not known."""
        if coordinator.restore():
            return
        if needed and not coordinator.known:
            await coordinator.async_config_entry_first_refresh()
        else:
            await coordinator.async_refresh()

    async def _begin_plants(self, plants: Collection[Plant]) -> None:
        """Read devices and powers; raise if neither is known of any plant (10.3)."""
        trouble: ConfigEntryNotReady | ConfigEntryAuthFailed | None = None
        known = False
        for plant in plants:
            plant.info.restore()
            if not plant.info.known:
                await plant.info.async_refresh()
            await self._inventory.async_follow_zone(plant)
            plant.listing.restore()
            plant.restore_lists()
            for coordinator in (plant.listing, plant.live):
                try:
                    await self._begin(coordinator, needed=not known)
                except (ConfigEntryNotReady, ConfigEntryAuthFailed) as err:
                    trouble = trouble or err
                known = known or coordinator.known
            if plant.listing.known:
                self._inventory.follow_devices(plant)
            self._follow(plant)
        if trouble is not None and not known:
            raise trouble

    @callback
    def _follow(self, plant: Plant) -> None:
        """Hear of the answers about a plant from now on."""
        self._listen(plant.info, partial(self._informed, plant))
        self._listen(plant.listing, partial(self._devices_changed, plant))
        self._listen(plant.live, partial(self._flowed, plant))

    @callback
    def _restore(
        self, plants: Iterable[Plant], devices: Iterable[Device]
    ) -> list[BundleCoordinator[Any]]:
        """Take over what was stored; return what is due, the most urgent first."""
        found = list(devices)
        coordinators = [
            *(one.live for one in found if one.live is not None),
            *(
                one.counters_listing
                for one in found
                if one.counters_listing is not None
            ),
            *(one for plant in plants for one in plant.coordinators),
            *(one.information for one in found),
            *(one.mode for one in found if one.mode is not None),
        ]
        due: list[BundleCoordinator[Any]] = []
        for coordinator in coordinators:
            if coordinator.restore():
                self._listen(coordinator, self.tell)
            else:
                due.append(coordinator)
        return due

    async def _first_round(self, due: Iterable[BundleCoordinator[Any]]) -> None:
        """Read what is due, one after the other, and go on from there."""
        for coordinator in due:
            await coordinator.async_refresh()
            # So that not all is asked for at once, each time (section 5)
            if coordinator.update_interval is not None:
                coordinator.update_interval *= random.uniform(1.0, 1.25)
            self._listen(coordinator, self.tell)
            self.tell()

    async def _fetch_plants(self) -> Any:
        rows = [public(row) for row in await self.client.stations()]
        return completed(rows, self.listing.raw, served(self.entry) or ())

    def _decode_plants(self, raw: Any, received_at: datetime) -> Plants:
        found = driver.plants(raw, received_at)
        if not found.plants:
            raise BadDataError("there is no plant", reason=NO_DATA)
        self.connection.hide_plants(found.plants)
        for plant in found.plants.values():
            self.account.redactor.number(plant.name, "name of plant {}")
        lost = gone(raw, served(self.entry) or ())
        self.issues.vanished([self.registry.name(key) or "?" for key in lost])
        return found

    @callback
    def _plants_changed(self) -> None:
        async def follow() -> None:
            new = await self._inventory.async_follow_plants()
            await self._begin_plants(new)
            due = self._restore(new, [one for plant in new for one in plant.devices])
            self.tell()
            await self._follow_controls()
            await self._first_round(due)

        if self.listing.last_update_success:
            self.in_background(follow(), "plants")

    @callback
    def _informed(self, plant: Plant) -> None:
        async def follow() -> None:
            await self._inventory.async_follow_zone(plant)
            self.tell()
            await self._follow_controls()

        self.in_background(follow(), "plant")

    @callback
    def _devices_changed(self, plant: Plant) -> None:
        async def follow() -> None:
            new = self._inventory.follow_devices(plant)
            due = self._restore((), new)
            self.tell()
            await self._follow_controls()
            await self._first_round(due)

        if plant.listing.last_update_success:
            self.in_background(follow(), "devices")
        else:
            self.tell()

    async def _follow_controls(self) -> None:
        if self.controls is not None:
            await self.controls.async_follow()

    @callback
    def _flowed(self, plant: Plant) -> None:
        plant.update()
        self._tell_listeners()

    @callback
    def _tell_listeners(self) -> None:
        for listener in list(self._listeners):
            listener()

    @callback
    def _answered(self, key: str, err: ApiError | None) -> None:
        self.issues.answered(key, err)
        if err is None:
            end_reauth(self.hass, [self.entry])

    @callback
    def _listen(
        self, coordinator: BundleCoordinator[Any], listener: CALLBACK_TYPE
    ) -> None:
        self.entry.async_on_unload(coordinator.async_add_listener(listener))
