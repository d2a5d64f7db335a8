"""Who owns the managers: the integration, not an entry.

A lease must also be put back while an entry's set-up fails, when it is disabled, and
once when it is removed. So there is one centre per integration, which builds what it
needs from an entry's data alone.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
import logging
from typing import Any

from homeassistant.config_entries import (
    SIGNAL_CONFIG_ENTRY_CHANGED,
    ConfigEntry,
    ConfigEntryChange,
    ConfigEntryState,
)
from homeassistant.core import CALLBACK_TYPE, HassJob, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.event import async_call_later
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey

from ..client.clock import Clock, SystemClock
from ..client.errors import ApiError
from ..control.driver import Driver
from ..control.manager import ControlManager, Surroundings
from ..control.outcome import Refusal
from .account import Account, AccountNotes
from .control_issues import (
    clear_left,
    clear_problems,
    device_names,
    follow_problems,
    tell_left,
)
from .lease_store import HassLeaseStore
from .repairs import anonymous

_LOGGER = logging.getLogger(__name__)

# A reload waits so long for a write to come to its end; then it is read back later.
_RELOAD_PATIENCE = 90.0
# All managers together have 20 s when Home Assistant stops.
_STOP_PATIENCE = 12.0
# Who deletes or disables an entry waits for the battery to come back so long.
END_TIMEOUT = 30.0
# The manager's note ``<device>/forced``: what keeps a force going without a lease.
MARK = "forced"
# Entries in these states keep what they control from others that have it too.
_AT_WORK = frozenset(
    {
        ConfigEntryState.LOADED,
        ConfigEntryState.SETUP_IN_PROGRESS,
        ConfigEntryState.UNLOAD_IN_PROGRESS,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Controlled:
    """What a vendor makes of a device that has a lease, from its entry alone."""

    driver: Driver
    account: Account


type Build = Callable[
    [HomeAssistant, ConfigEntry[Any], Iterable[str]], Awaitable[dict[str, Controlled]]
]


class ControlCenter:
    """The managers of one integration by serial; never two for one device."""

    def __init__(
        self,
        hass: HomeAssistant,
        domain: str,
        build: Build,
        *,
        end_timeout: float = END_TIMEOUT,
    ) -> None:
        """``build`` returns drivers for serials of an entry; it may raise ApiError.

        Who deletes or disables an entry waits at most ``end_timeout`` seconds.
        """
        self._hass, self._domain, self._build = hass, domain, build
        self._end_timeout = end_timeout
        self._store = HassLeaseStore(hass, domain)
        self._managers: dict[str, ControlManager] = {}
        self._following: dict[str, CALLBACK_TYPE] = {}
        self._lock = asyncio.Lock()
        self.clock: Clock = SystemClock()

    async def async_start(self) -> None:
        """Read what is leased, and act for entries that are not set up."""
        await self._store.async_load()
        self._hass.async_add_shutdown_job(HassJob(self._async_stop))
        async_dispatcher_connect(
            self._hass, SIGNAL_CONFIG_ENTRY_CHANGED, self._entry_changed
        )
        for entry in self._hass.config_entries.async_entries(self._domain):
            self._entry_changed(ConfigEntryChange.UPDATED, entry)

    def leased(self, owner: str) -> list[str]:
        """Return the devices of an entry that have something to put back."""
        return self._store.keys(owner)

    def manager(self, key: str) -> ControlManager | None:
        """Return who controls a device now."""
        return self._managers.get(key)

    async def async_manage(
        self, owner: str, key: str, driver: Driver, account: Account
    ) -> ControlManager:
        """Begin to control a device; who did so before comes to its end first.

        What another entry has leased is taken over. Raises ``Refusal`` as long as that
        one is at work: two would fight.
        """
        notes = AccountNotes(account)
        async with self._lock:
            self._check_free(owner, key)
            await self._take_over(owner, key)
            manager = ControlManager(
                key,
                driver,
                Surroundings(
                    clock=self.clock,
                    store=self._store,
                    notes=notes,
                    spawn=self._hass.async_create_task,
                    call_later=self._call_later,
                    today=lambda: dt_util.now().date().isoformat(),
                ),
                owner=owner,
            )
            self._managers[key] = manager
            manager.start()
            self._following[key] = self._follow(manager, notes)
        return manager

    async def async_close(self, owner: str, *, but_leased: bool = False) -> None:
        """Wait for what is on its way; leases stay.

        ``but_leased`` leaves those alone that still have something to put back.
        """
        stay = self.leased(owner) if but_leased else []
        async with self._lock:
            await asyncio.gather(
                *(
                    self._close(key, patience=_RELOAD_PATIENCE)
                    for key in self._of(owner)
                    if key not in stay
                )
            )

    async def async_drop(self, owner: str, key: str) -> None:
        """Stop to control a device that is not there; its leases stay on disk.

        What could not be put back is told until it is. A device that another entry
        controls by now is that one's.
        """
        async with self._lock:
            if not self._is_of(owner, key):
                return
            await self._close(key, patience=0)
        clear_problems(self._hass, self._domain, _suffix(owner, key))
        entry = self._hass.config_entries.async_get_entry(owner)
        if entry is not None and key in self.leased(owner):
            tell_left(self._hass, self._domain, key)

    async def async_forget(self, owner: str, key: str) -> None:
        """Let go of a device that is gone: nobody can put anything back there."""
        async with self._lock:
            if not self._is_of(owner, key):
                return
            await self._close(key, patience=0)
            await self._store.update(key, None)
        clear_problems(self._hass, self._domain, _suffix(owner, key))

    async def async_end(self, entry: ConfigEntry[Any], reason: str) -> bool:
        """Put back what is leased for an entry, if that is possible soon.

        What is left is told by an issue that stays, and tried again while we run.
        """
        keys = self.leased(entry.entry_id)
        if not keys:
            return True
        try:
            async with asyncio.timeout(self._end_timeout):
                await self._async_resume(entry, keys)
                await asyncio.gather(*(self._managers[key].end(reason) for key in keys))
        except TimeoutError, ApiError, HomeAssistantError, Refusal:
            pass
        left = self.leased(entry.entry_id)
        for key in keys:
            if key in left:
                tell_left(self._hass, self._domain, key)
            else:
                clear_left(self._hass, self._domain, key)
        return not left

    async def async_remove(self, entry: ConfigEntry[Any]) -> None:
        """Make one last attempt for an entry; there are no credentials after it."""
        await self.async_end(entry, "removed")
        for key in {*self.leased(entry.entry_id), *self._of(entry.entry_id)}:
            await self.async_forget(entry.entry_id, key)

    async def _async_resume(self, entry: ConfigEntry[Any], keys: Iterable[str]) -> None:
        """See that every device has a manager. Raises ``ApiError``."""
        missing = [key for key in keys if key not in self._managers]
        if not missing:
            return
        built = await self._build(self._hass, entry, missing)
        for key, controlled in built.items():
            await self.async_manage(
                entry.entry_id, key, controlled.driver, controlled.account
            )

    async def _close(self, key: str, *, patience: float) -> None:
        if (manager := self._managers.pop(key, None)) is not None:
            await manager.close(patience=patience)
            self._following.pop(key)()

    def _of(self, owner: str) -> list[str]:
        return [key for key, one in self._managers.items() if one.owner == owner]

    def _is_of(self, owner: str, key: str) -> bool:
        """Whether an entry controls a device, or nobody does who has it leased."""
        if (manager := self._managers.get(key)) is not None:
            return manager.owner == owner
        return key in self.leased(owner)

    def _check_free(self, owner: str, key: str) -> None:
        """Raise ``Refusal`` if another entry is at work that controls a device."""
        manager = self._managers.get(key)
        if manager is None or manager.owner == owner:
            return
        other = self._hass.config_entries.async_get_entry(manager.owner)
        if other is not None and other.state in _AT_WORK:
            raise Refusal("controlled_elsewhere", account=other.title)

    async def _take_over(self, owner: str, key: str) -> None:
        """Let a device be an entry's own, with what is leased of it."""
        record = self._store.get(key) or {}
        last = self._managers.get(key)
        await self._close(key, patience=_RELOAD_PATIENCE)
        for other in {last and last.owner, record.get("owner")} - {None, owner}:
            clear_problems(self._hass, self._domain, _suffix(str(other), key))
        if (record := self._store.get(key) or {}).get("owner", owner) != owner:
            await self._store.update(key, {**record, "owner": owner})

    def _follow(self, manager: ControlManager, notes: AccountNotes) -> CALLBACK_TYPE:
        """Tell of a manager's problems, and of what was left as soon as it is not."""
        owner, key = manager.owner, manager.key

        @callback
        def settled() -> None:
            if key in self.leased(owner) or notes.get(f"{key}/{MARK}") is not None:
                return
            if clear_left(self._hass, self._domain, key):
                self._hass.async_create_task(self._async_let_go(owner))

        ends = [
            follow_problems(
                self._hass,
                self._domain,
                manager,
                suffix=_suffix(owner, key),
                names=lambda: device_names(self._hass, self._domain, owner, key),
                fix={"device": anonymous(key)},
            ),
            manager.listen(settled),
        ]
        settled()

        @callback
        def stop() -> None:
            for end in ends:
                end()

        return stop

    @callback
    def _entry_changed(
        self, change: ConfigEntryChange, entry: ConfigEntry[Any]
    ) -> None:
        """Put back what an entry has leased that was disabled while it was not loaded."""
        if (
            change is ConfigEntryChange.UPDATED
            and entry.domain == self._domain
            and entry.disabled_by
            and entry.state is ConfigEntryState.NOT_LOADED
            and self.leased(entry.entry_id)
        ):
            self._hass.async_create_task(
                self._async_disabled(entry), f"{self._domain} put back"
            )

    async def _async_disabled(self, entry: ConfigEntry[Any]) -> None:
        await self.async_end(entry, "disabled")
        await self._async_let_go(entry.entry_id)

    async def _async_let_go(self, owner: str) -> None:
        """Have no managers for a disabled entry but those with something to put back."""
        entry = self._hass.config_entries.async_get_entry(owner)
        if entry and entry.disabled_by and entry.state is ConfigEntryState.NOT_LOADED:
            await self.async_close(owner, but_leased=True)

    def _call_later(
        self, seconds: float, call: Callable[[], None]
    ) -> Callable[[], None]:
        @callback
        def due(_now: Any) -> None:
            call()

        return async_call_later(
            self._hass, seconds, HassJob(due, cancel_on_shutdown=True)
        )

    async def _async_stop(self) -> None:
        """Let writes end that are on their way, as far as there is time."""
        await asyncio.gather(
            *(one.close(patience=_STOP_PATIENCE) for one in self._managers.values())
        )


def _suffix(owner: str, key: str) -> str:
    """Tell the issues of several devices apart, without saying which they are."""
    return f"{owner}_{anonymous(key)}"


async def async_control_center(
    hass: HomeAssistant,
    domain: str,
    build: Build,
    *,
    end_timeout: float = END_TIMEOUT,
) -> ControlCenter:
    """Return the one centre of an integration, made and loaded at its first use.

    Longer than usual is what a vendor needs that shows a write late.
    """
    key: HassKey[asyncio.Task[ControlCenter]] = HassKey(f"{domain}.control")

    async def make() -> ControlCenter:
        center = ControlCenter(hass, domain, build, end_timeout=end_timeout)
        await center.async_start()
        return center

    if (making := hass.data.get(key)) is None:
        making = hass.data[key] = hass.async_create_background_task(
            make(), f"{domain} control", eager_start=False
        )
    return await asyncio.shield(making)
