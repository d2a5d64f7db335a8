"""A config entry at run time: the account, its plants and their devices."""

from collections.abc import Collection, Coroutine, Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.exceptions import ConfigEntryAuthFailed, ConfigEntryNotReady
from homeassistant.util import dt as dt_util

from . import driver
from ._vendor.core.client.errors import (
    ApiError,
    AuthError,
    NotPermittedError,
    ThrottledError,
)
from ._vendor.core.ha.coordinator import BundleCoordinator
from ._vendor.core.ha.reauth import end_reauth
from .cloud import CloudReader
from .connection import PLANTS_DOCUMENT, Connection
from .const import LIST_MAX_AGE, PLANTS_INTERVAL
from .device import Device, LoggerUnit
from .documents import Documents
from .histories import Histories
from .inventory import Inventory
from .issues import Issues
from .live import LiveDocuments
from .plant import Plant
from .readings import Plants
from .registry import Registry

if TYPE_CHECKING:
    from .control import Controls

type GrowattConfigEntry = ConfigEntry[GrowattRuntime]

# A list is read once more to see whether the token is bad, but not all the time.
_DOUBT = timedelta(minutes=30)


class GrowattRuntime:
    """The plants and devices of one account."""

    def __init__(
        self, hass: HomeAssistant, entry: GrowattConfigEntry, connection: Connection
    ) -> None:
        """Prepare the list of plants; nothing is read yet."""
        self.hass, self.entry, self.connection = hass, entry, connection
        self.account, self.source = connection.account, connection.source
        self.setter = connection.setter
        # Set before anything is read, where there is something to control
        self.controls: Controls | None = None
        self.registry = Registry(hass, entry)
        self.issues = Issues(hass, entry)
        self.documents = Documents(
            hass, entry, self.account, lambda: connection.last_lock, self._answered
        )
        self.live = LiveDocuments(self)
        self.cloud = CloudReader(self)
        self.histories = Histories(self)
        self._inventory = Inventory(self)
        self._listeners: list[CALLBACK_TYPE] = []
        self._doubted: datetime | None = None
        self._reloading = False
        self.listing: BundleCoordinator[Plants] = self.documents.make(
            PLANTS_DOCUMENT,
            "plants",
            PLANTS_INTERVAL,
            self.source.plants,
            self._decode_plants,
            max_age=LIST_MAX_AGE,
        )

    @property
    def plants(self) -> dict[str, Plant]:
        """The plants that are served, by id."""
        return self._inventory.plants

    @property
    def devices(self) -> dict[str, Device]:
        """Their devices by serial."""
        return self._inventory.devices

    @property
    def loggers(self) -> dict[str, LoggerUnit]:
        """Their dataloggers by serial."""
        return self._inventory.loggers

    @property
    def unserved(self) -> dict[str, str]:
        """The vendor's type of each device that nothing is known about, by serial."""
        return {
            serial: kind
            for plant in self.plants.values()
            if plant.listing.known
            for serial, kind in plant.listing.data.unserved.items()
        }

    @property
    def coordinators(self) -> list[BundleCoordinator[Any]]:
        """All documents that are read."""
        return self.documents.coordinators

    @property
    def device_serials(self) -> set[str]:
        """Identifiers of all devices that are not left over."""
        return self._inventory.identifiers

    def plant_key(self, plant_id: str) -> str:
        """Return what identifies a plant: numbers are unique per server only."""
        return f"plant_{self.connection.host}_{plant_id}"

    async def async_start(self) -> None:
        """Read the lists and each device's newest record; the rest follows.

        Raises what a coordinator's first refresh raises. An old list will do when
        nothing answers: a restart while the account is locked then shows what is known.
        """
        self.issues.locked(self.connection.locked_until)
        await self._begin(self.listing)
        plants = await self._inventory.async_follow_plants()
        await self._begin_plants(plants)
        await self._follow_live()
        # Before anything else is asked: what is known need not wait for a slow cloud.
        due = self._restore(plants, self.devices.values())
        answering = True
        for coordinator in self.live.coordinators:
            if not coordinator.restore() and answering:
                await coordinator.async_refresh()
                answering = coordinator.last_update_success
        self._listen(self.listing, self._plants_changed)
        for plant in plants:
            self._listen(plant.listing, partial(self._devices_changed, plant))
        for coordinator in self.live.coordinators:
            self._listen(coordinator, self.tell)
        self.histories.async_begin()
        self.in_background(self._first_round(due, plants), "start")

    @callback
    def async_listen(self, listener: CALLBACK_TYPE) -> CALLBACK_TYPE:
        """Call after each poll: there may be something new to show."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    @callback
    def tell(self) -> None:
        """Tell everybody that there may be something new."""
        for listener in list(self._listeners):
            listener()

    @callback
    def async_stop(self) -> None:
        """Let go of what waits, when the entry is unloaded."""
        self.histories.async_stop()
        for device in self.devices.values():
            device.async_stop()

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

    async def _begin_plants(self, plants: Collection[Plant]) -> None:
        """Read which devices there are; raise if that is known of no plant.

        The list may be read once in five minutes (reference section 5.2), so those of
        further plants come later. As long as one only waits for that, it is still to
        come: a plant that always fails would else be asked first at each new set-up.
        """
        failed: ConfigEntryNotReady | None = None
        refused: ConfigEntryAuthFailed | None = None
        known = waits = False
        for plant in plants:
            try:
                await self._begin(plant.listing, needed=not known)
            except ConfigEntryNotReady as err:
                failed = failed or err
                waits = waits or _waits(plant.listing)
            except ConfigEntryAuthFailed as err:
                refused = refused or err
            if plant.listing.known:
                known = True
                await self._inventory.async_follow_devices(plant)
        if refused is not None and (known or waits):
            self.entry.async_start_reauth(self.hass)
        elif (trouble := refused or failed) is not None and not (known or waits):
            raise trouble

    @callback
    def _restore(
        self, plants: Iterable[Plant], devices: Iterable[Device]
    ) -> list[BundleCoordinator[Any]]:
        """Take over what was stored; return what is due, the most urgent first."""
        coordinators: list[BundleCoordinator[Any]] = [
            *(coordinator for device in devices for coordinator in device.coordinators),
            *(plant.summary for plant in plants),
        ]
        due = []
        for coordinator in sorted(coordinators, key=_urgency):
            if coordinator.restore():
                self._listen(coordinator, self.tell)
            else:
                due.append(coordinator)
        self.tell()
        return due

    async def _first_round(
        self, due: Iterable[BundleCoordinator[Any]], plants: Iterable[Plant]
    ) -> None:
        """Read what is due, one after the other, and go on from there."""
        for coordinator in due:
            await coordinator.async_refresh()
            self._listen(coordinator, self.tell)
            self.tell()
        for plant in plants:
            self._listen(plant.summary, self._summary_changed)
        await self._follow_zones()

    @callback
    def _summary_changed(self) -> None:
        self.in_background(self._follow_zones(), "zones")

    def _decode_plants(self, raw: Any, received_at: datetime) -> Plants:
        found = driver.plants(raw, received_at)
        self.connection.hide_plants(found.plants)
        return found

    @callback
    def _plants_changed(self) -> None:
        async def follow() -> None:
            new = await self._inventory.async_follow_plants()
            for plant in new:
                if not plant.listing.restore():
                    await plant.listing.async_refresh()
                self._listen(plant.listing, partial(self._devices_changed, plant))
                if plant.listing.known:
                    await self._follow_devices(plant)
            await self._first_round(self._restore(new, ()), new)

        if self.listing.last_update_success:
            self.in_background(follow(), "plants")

    async def _follow_zones(self) -> None:
        """Begin anew if a plant's days begin at another time than was thought.

        Once for all plants, so not while the sums of one only wait for their turn.
        """
        moved = False
        for plant in list(self.plants.values()):
            zone = await self._inventory.async_zone(plant.entry_info)
            if str(zone) == str(plant.zone):
                continue
            if any(device.plant is plant for device in self.devices.values()):
                moved = True
            else:
                plant.follow(plant.entry_info, zone)
        waiting = any(_waits(plant.summary) for plant in self.plants.values())
        if moved and not waiting and not self._reloading:
            self._reloading = True
            self.hass.config_entries.async_schedule_reload(self.entry.entry_id)

    @callback
    def _devices_changed(self, plant: Plant) -> None:
        if plant.listing.last_update_success:
            self.in_background(self._follow_devices(plant), "devices")

    async def _follow_devices(self, plant: Plant) -> None:
        before = self.live.coordinators
        new = await self._inventory.async_follow_devices(plant)
        await self._follow_live()
        due = self._restore((), new)
        for coordinator in self.live.coordinators:
            if coordinator not in before:
                if not coordinator.restore():
                    await coordinator.async_refresh()
                self._listen(coordinator, self.tell)
        self.tell()
        await self._first_round(due, ())

    async def _follow_live(self) -> None:
        for coordinator in self.live.follow():
            await self.documents.async_drop(coordinator)
        if self.controls is not None:
            await self.controls.async_follow()

    @callback
    def _answered(self, key: str, err: ApiError | None) -> None:
        self.issues.answered(key, err, locked_until=self.connection.locked_until)
        if err is None:
            if key == PLANTS_DOCUMENT or key.endswith("/devices"):
                end_reauth(self.hass, [self.entry])
        elif key.endswith("/live") and isinstance(err, AuthError | NotPermittedError):
            self._doubt()

    @callback
    def _doubt(self) -> None:
        """See by a list whether the token is refused or only a device of it."""
        now = dt_util.utcnow()
        if self.source.mode != "token" or (
            self._doubted is not None and now - self._doubted < _DOUBT
        ):
            return
        self._doubted = now

        async def look() -> None:
            for plant in list(self.plants.values())[:1]:
                await plant.listing.async_refresh()

        self.in_background(look(), "token")

    @callback
    def _listen(
        self, coordinator: BundleCoordinator[Any], listener: CALLBACK_TYPE
    ) -> None:
        self.entry.async_on_unload(coordinator.async_add_listener(listener))

    def in_background(self, work: Coroutine[Any, Any, None], name: str) -> None:
        """Do work that ends with the entry; ``name`` is for the list of tasks."""
        self.entry.async_create_background_task(self.hass, work, f"growatt {name}")


def _waits(coordinator: BundleCoordinator[Any]) -> bool:
    """Whether a document was only not read yet for want of its turn in our budget."""
    if coordinator.known:
        return False
    if (err := coordinator.last_exception) is None:
        return True
    cause = err.__cause__
    return isinstance(cause, ThrottledError) and cause.reason == "budget"


def _urgency(coordinator: BundleCoordinator[Any]) -> int:
    """Return when in a first round a document comes: zone, then what makes controls."""
    order = ("plant", "settings", "alarms", "wifi")
    label = coordinator.document.label
    return order.index(label) if label in order else len(order)
