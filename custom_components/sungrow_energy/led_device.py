"""A device with its manager, the document of its settings, and what was done last."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from homeassistant.const import Platform
from homeassistant.core import callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.util import dt as dt_util

from ._vendor.core.client.decode import mapping, moment
from ._vendor.core.client.errors import BadDataError, UnsupportedError
from ._vendor.core.control.driver import Settings
from ._vendor.core.control.manager import ControlManager
from ._vendor.core.control.outcome import Refusal
from ._vendor.core.ha.control_issues import device_names
from ._vendor.core.ha.coordinator import BundleCoordinator
from ._vendor.core.ha.repairs import anonymous, set_issue
from ._vendor.core.ha.store_view import StoreView
from .const import DOMAIN
from .control.heartbeat import RETRY
from .control.parameter import INVERTER, Parameter
from .control.settings_driver import SettingsDriver
from .control.tasks import Verdict
from .control_drivers import settings_key

if TYPE_CHECKING:
    from .device import Device
    from .runtime import SungrowRuntime

SETTINGS_INTERVAL = timedelta(hours=1)
# Of what other devices than hybrids have too, and of what is asked for by hand only
_OF_BATTERY = ("forced_charging", "ems_", "discharge_window")
_BEAT = timedelta(seconds=RETRY)
# Rights that an application lacks may be given to it later.
_ASK_AGAIN = {True: timedelta(days=7), False: timedelta(days=1)}
_SHOWN_BY = frozenset(
    {Platform.NUMBER, Platform.SELECT, Platform.SWITCH, Platform.TIME}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RawSettings:
    """Settings as they were read; the driver decodes them."""

    observed_at: datetime


class LedDevice:
    """What entities and actions need of a device that can be set."""

    def __init__(
        self,
        runtime: SungrowRuntime,
        device: Device,
        driver: SettingsDriver,
        manager: ControlManager,
    ) -> None:
        """Prepare the document; nothing is read yet."""
        self._runtime, self.device = runtime, device
        self.driver, self.manager = driver, manager
        self._told = f"{device.identifier}/last_command"
        self._checked = f"{device.identifier}/checked"
        self._seen: Settings | None = None
        self._gone, self._due = False, True
        self.settings: BundleCoordinator[RawSettings] = runtime.documents.make(
            settings_key(device.identifier),
            "settings",
            SETTINGS_INTERVAL,
            self._fetch,
            self._decode,
            optional=True,
        )
        self.store = StoreView(self.settings, driver.decode)

    @property
    def last_command(self) -> Verdict | None:
        """What became of the last write; None if there never was one."""
        told = self._runtime.account.notes.get(self._told)
        if told not in set(Verdict):
            return None
        if told == Verdict.OK and self.manager.unverified:
            return Verdict.NOT_APPLIED
        return Verdict(told)

    def may_set(self, parameter: Parameter) -> bool:
        """Return whether a parameter means anything here: batteries' need a battery."""
        device = self.device
        if parameter.key.startswith(_OF_BATTERY) and (
            device.type == INVERTER or not device.plant.has_battery
        ):
            return False
        return parameter in self.driver.parameters or not parameter.listed

    @callback
    def begin(self, *, read: bool) -> None:
        """Follow what it does, and ``read`` its settings if they may be changed."""
        entry, device = self._runtime.entry, self.device
        self.driver.runner.on_verdict = self._note_verdict
        entry.async_on_unload(device.live.async_add_listener(self._observed))
        self._begin_to_beat()
        if not read:
            # It can still be told to use itself.
            device.control = self.manager
            return
        entry.async_on_unload(self.settings.async_add_listener(self._changed))
        self._due = not self.settings.restore()
        self._changed()

    async def async_first_look(self) -> None:
        """Read the settings, unless what is stored of them is new enough."""
        if self._due:
            await self.settings.async_refresh()

    async def async_shutdown(self) -> None:
        """Read nothing of it any more."""
        self._gone = True
        await self._runtime.documents.async_drop(self.settings)

    @callback
    def take(self, raw: Any, received_at: datetime) -> None:
        """Take over settings that the manager has read."""
        self.settings.take(raw, received_at)

    @callback
    def _changed(self) -> None:
        """Tell what was read anew."""
        read = self.store()
        if self._gone or read is None or read is self._seen:
            return
        self._seen = read
        self.manager.settings_read(read)
        self.device.control = self.manager
        # There may be entities for it now.
        self._runtime.tell()

    @callback
    def _observed(self) -> None:
        if not self._gone:
            self.manager.observed()

    async def _fetch(self) -> Any:
        """Ask for all settings. Raises ``ApiError``."""
        if not await self._may_be_set():
            self.device.refusal = Refusal("not_controllable")
            raise UnsupportedError(
                "its parameters cannot be set", reason="not_controllable"
            )
        self.device.refusal = None
        return await self.driver.fetch()

    async def _may_be_set(self) -> bool:
        """Return what was answered when that was last asked (section 6.1)."""
        noted = mapping(self._runtime.account.notes.get(self._checked))
        may, at = noted.get("may") is True, moment(noted.get("at"))
        now, uuid = dt_util.utcnow(), self.driver.what.uuid
        same = noted.get("uuid") == uuid
        if at is None or not same or not timedelta() <= now - at < _ASK_AGAIN[may]:
            may = await self.driver.check()
            self._runtime.account.note(
                self._checked, {"may": may, "at": now.isoformat(), "uuid": uuid}
            )
        return may

    def _decode(self, raw: Any, received_at: datetime) -> RawSettings:
        if not mapping(raw):
            raise BadDataError("settings are missing", reason="settings_incomplete")
        self.settings.update_interval = SETTINGS_INTERVAL if self._wanted else None
        return RawSettings(observed_at=received_at)

    @property
    def _wanted(self) -> bool:
        """Whether anybody looks at the settings: else they cost requests for nothing.

        Who enables an entity has the entry set up anew, which reads them once more.
        """
        if self.manager.leases:
            return True
        start = f"{self.device.identifier}_"
        mine = [
            entity
            for entity in er.async_entries_for_config_entry(
                er.async_get(self._runtime.hass), self._runtime.entry.entry_id
            )
            if entity.domain in _SHOWN_BY and entity.unique_id.startswith(start)
        ]
        return not mine or any(entity.disabled_by is None for entity in mine)

    @callback
    def _note_verdict(self, verdict: Verdict) -> None:
        self._runtime.account.note(self._told, str(verdict))

    @callback
    def _begin_to_beat(self) -> None:
        """Beat at once if an earlier run has begun it: it may be due soon."""
        entry, hass = self._runtime.entry, self._runtime.hass
        self.driver.heartbeat.on_change = self._tell_heartbeat
        self._tell_heartbeat()
        entry.async_on_unload(self._clear_heartbeat)
        entry.async_on_unload(
            async_track_time_interval(hass, self._beat, _BEAT, cancel_on_shutdown=True)
        )
        if self.driver.heartbeat.wanted:
            entry.async_create_background_task(
                hass, self._beat(dt_util.utcnow()), f"{DOMAIN} heartbeat"
            )

    async def _beat(self, _now: datetime) -> None:
        """Tell a device that we have put into another's hands that we are there."""
        if self.manager.allowed and not self._gone:
            await self.driver.heartbeat.beat()

    @callback
    def _tell_heartbeat(self) -> None:
        self._heartbeat_issue(self.driver.heartbeat.trouble)

    @callback
    def _clear_heartbeat(self) -> None:
        self._heartbeat_issue(False)

    @callback
    def _heartbeat_issue(self, active: bool) -> None:
        hass, owner = self._runtime.hass, self._runtime.entry.entry_id
        identifier = self.device.identifier
        names = device_names(hass, DOMAIN, owner, identifier)
        set_issue(
            hass,
            DOMAIN,
            "heartbeat_failed",
            active,
            suffix=f"{owner}_{anonymous(identifier)}",
            placeholders={"device": names["device"], "account": names["account"]},
        )
