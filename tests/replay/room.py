"""Home Assistant before a download and after its playback, made comparable."""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, replace
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.diagnostics import DOMAIN as DIAGNOSTICS
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from simulator.replay.play import play
from simulator.replay.recording import load

# What an entry itself counts: it begins anew
OWN_COUNTS = frozenset(
    {"requests_today", "requests_left", "api_latency", "api_calls_hour"}
)

# Some are rounded to the minute
_AGE_TOLERANCE = 65.0


@dataclass(frozen=True, slots=True)
class Seen:
    """What a person sees of an entity."""

    unit: str | None
    enabled: bool
    device: str
    state: str | float | None
    """Of a time: how many seconds ago it is."""

    def like(self, other: Seen) -> bool:
        """Return whether it is the same to a person."""
        if not (isinstance(self.state, float) and isinstance(other.state, float)):
            return self == other
        aged = abs(self.state - other.state) < _AGE_TOLERANCE
        return aged and replace(self, state=other.state) == other


@dataclass(frozen=True, slots=True)
class House:
    """All entities of an entry, and the kinds of its devices."""

    entities: dict[str, Seen]
    devices: list[tuple[str | None, ...]]

    @property
    def values(self) -> int:
        """How many entities have one."""
        nothing = {None, "unknown", "unavailable"}
        return sum(seen.state not in nothing for seen in self.entities.values())

    def state(self, key: str) -> str | float | None:
        """Return the state of the first entity with a translation key."""
        return next(
            seen.state for name, seen in self.entities.items() if key == _key(name)
        )


def _key(name: str) -> str:
    return name.split(" ", maxsplit=1)[0].partition(".")[2]


def house(hass: HomeAssistant, entry: ConfigEntry[Any]) -> House:
    """Return what an entry shows, with pseudonyms for what tells two homes apart."""
    hide = entry.runtime_data.account.redactor.text
    devices = dr.async_get(hass)
    found: dict[str, Seen] = {}
    for item in er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id):
        device = devices.async_get(item.device_id or "")
        state = hass.states.get(item.entity_id)
        unique_id = hide(item.unique_id.replace(entry.entry_id, "entry"))
        found[f"{item.domain}.{item.translation_key} {unique_id}"] = Seen(
            unit=item.unit_of_measurement,
            enabled=item.disabled_by is None,
            device=str((device.manufacturer, device.model)) if device else "",
            state=_shown(hide(state.state)) if state else None,
        )
    kinds = [
        (device.manufacturer, device.model, device.sw_version, device.hw_version)
        for device in dr.async_entries_for_config_entry(devices, entry.entry_id)
    ]
    return House(found, sorted(kinds, key=str))


def _shown(state: str) -> str | float:
    at = dt_util.parse_datetime(state)
    if at is None or at.tzinfo is None:
        return state
    return (dt_util.utcnow() - at).total_seconds()


async def download(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, entry: ConfigEntry[Any]
) -> str:
    """Return the diagnostics of an entry as a person gets them."""
    assert await async_setup_component(hass, DIAGNOSTICS, {})
    client = await hass_client()
    response = await client.get(f"/api/diagnostics/config_entry/{entry.entry_id}")
    assert response.status == HTTPStatus.OK
    return await response.text()


def differences(
    before: House, after: House, *, but: Collection[str] = ()
) -> dict[str, tuple[Any, Any]]:
    """Return what is not the same, by entity; of ages only what is over a minute.

    Of those whose translation key is in ``but`` the state does not matter.
    """
    names = {
        name
        for name in before.entities.keys() | after.entities.keys()
        if _key(name) not in OWN_COUNTS
    }
    found: dict[str, tuple[Any, Any]] = {}
    for name in sorted(names):
        one, other = before.entities.get(name), after.entities.get(name)
        if one is not None and other is not None and _key(name) in but:
            other = replace(other, state=one.state)
        if one is None or other is None or not one.like(other):
            found[name] = one, other
    if before.devices != after.devices:
        found["devices"] = before.devices, after.devices
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """One Home Assistant in which an entry is recorded, and then played back."""

    hass: HomeAssistant
    hass_client: ClientSessionGenerator
    freezer: FrozenDateTimeFactory
    set_up: Callable[[HomeAssistant, MockConfigEntry], Awaitable[None]]
    step: Callable[[float], Awaitable[None]]
    path: Path
    seconds: tuple[float, ...] = (61.0,)
    """What passes, step by step, until all that is read was read."""

    async def record(self, entry: MockConfigEntry, *secrets: str) -> House:
        """Return what an entry shows when its diagnostics are downloaded.

        None of the ``secrets`` is in them.
        """
        before = await self.shown(entry)
        text = await download(self.hass, self.hass_client, entry)
        for secret in secrets:
            assert secret.casefold() not in text.casefold()
        await asyncio.to_thread(self.path.write_text, text, encoding="utf-8")
        await self.hass.config_entries.async_remove(entry.entry_id)
        # Who plays it back has another Home Assistant, which remembers nothing
        assert self.hass.data.pop(f"{entry.domain}.accounts")
        return before

    async def shown(self, entry: MockConfigEntry) -> House:
        """Return what an entry shows a while after its set-up."""
        await self.set_up(self.hass, entry)
        for seconds in self.seconds:
            await self.step(seconds)
        return house(self.hass, entry)

    async def play(
        self, again: Callable[[Any], MockConfigEntry], later: timedelta = timedelta()
    ) -> House:
        """Return what an entry of the played simulator shows, some time later."""
        self.freezer.tick(later)
        simulator = play(await asyncio.to_thread(load, self.path))
        await simulator.start()
        try:
            return await self.shown(again(simulator))
        finally:
            await simulator.stop()
