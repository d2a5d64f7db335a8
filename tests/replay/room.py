"""Home Assistant before a download and after its playback, made comparable."""

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields, replace
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
import re
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
from simulator.server import Simulator

from .vendor import Vendor

# What an entry itself counts: it begins anew
OWN_COUNTS = frozenset(
    {"requests_today", "requests_left", "api_latency", "api_calls_hour"}
)

# What people called something, what was invented for it, and the ends of serials
_OWN_NAME = re.compile(
    r"Villa Kunterbunt \d+|Annika's \d+\.\d+|Name \d+|Home \d+|\*\*name [^*]+\*\*"
)
_END = re.compile(r"\b(?:\d{4}\b|[0-9A-Za-z]{4}$)")

# Some are rounded to the minute
_AGE_TOLERANCE = 65.0


@dataclass(frozen=True, slots=True)
class Seen:
    """What a person sees of an entity."""

    unit: str | None
    enabled: bool
    hidden: bool
    name: str | None
    kind: tuple[str | None, ...]
    """Category, class, and what a select or a number may be."""
    device: str
    attributes: tuple[str, ...]
    state: str | float | None
    """Of a time: how many seconds ago it is."""

    def unlike(self, other: Seen) -> list[str]:
        """Return what is not the same to a person."""
        found = []
        for field in fields(self):
            one, two = getattr(self, field.name), getattr(other, field.name)
            if not _same(one, two):
                found.append(f"{field.name} {one!r}, then {two!r}")
        return found


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return abs(one - other) < _AGE_TOLERANCE
    return bool(one == other)


@dataclass(frozen=True, slots=True)
class House:
    """All entities of an entry, and its devices."""

    entities: dict[str, Seen]
    devices: set[tuple[str | None, ...]]

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
    shown = {
        device.id: (
            _END.sub("…", _OWN_NAME.sub("own name", hide(device.name or ""))),
            device.manufacturer,
            device.model,
            device.sw_version,
            device.hw_version,
            hide(
                " ".join(sorted(key for _, key in device.identifiers)).replace(
                    entry.entry_id, "entry"
                )
            ),
        )
        for device in dr.async_entries_for_config_entry(devices, entry.entry_id)
    }
    found: dict[str, Seen] = {}
    for item in er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id):
        state = hass.states.get(item.entity_id)
        unique_id = hide(item.unique_id.replace(entry.entry_id, "entry"))
        key = f"{item.domain}.{item.translation_key} {unique_id}"
        assert key not in found, "two entities with one name"
        found[key] = Seen(
            unit=item.unit_of_measurement,
            enabled=item.disabled_by is None,
            hidden=item.hidden_by is not None,
            name=hide(item.original_name) if item.original_name else None,
            kind=(
                item.entity_category,
                item.original_device_class,
                str(item.supported_features),
                hide(str(_plain(item.capabilities))),
            ),
            device=str(shown.get(item.device_id or "")),
            attributes=tuple(sorted(state.attributes)) if state else (),
            state=_shown(hide(state.state)) if state else None,
        )
    assert len({*shown.values()}) == len(shown), "two devices that are the same"
    return House(found, {*shown.values()})


def _plain(capabilities: Mapping[str, Any] | None) -> dict[str, Any]:
    return dict(sorted((capabilities or {}).items()))


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
    return str(await response.text())


def differences(before: House, after: House, *, but: Collection[str] = ()) -> list[str]:
    """Return what is not the same; of ages only what is over a minute.

    Of those whose translation key is in ``but`` the state does not matter; the own
    counts of an entry may be of other names only.
    """
    passing = {*but, *OWN_COUNTS}
    found: list[str] = []
    for name in sorted(before.entities.keys() | after.entities.keys()):
        one, other = before.entities.get(name), after.entities.get(name)
        if one is None or other is None:
            found.append(f"{name} is {'new' if one is None else 'gone'}")
            continue
        if _key(name) in passing:
            other = replace(other, state=one.state)
        found += [f"{name}: {what}" for what in one.unlike(other)]
    found += [f"device {one} is gone" for one in before.devices - after.devices]
    found += [f"device {one} is new" for one in after.devices - before.devices]
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """One Home Assistant in which an entry is recorded, and then played back."""

    hass: HomeAssistant
    hass_client: ClientSessionGenerator
    freezer: FrozenDateTimeFactory
    vendor: Vendor
    path: Path
    seconds: tuple[float, ...]
    """What passes, step by step, until all that is read was read."""

    async def record(self, simulator: Simulator, mode: str = "") -> House:
        """Return what an entry shows when its diagnostics are downloaded.

        The simulator is gone afterwards.
        """
        entry = self.vendor.entry(simulator, mode)
        before = await self.shown(entry)
        await self.keep(entry)
        await self.forget(entry)
        await simulator.stop()
        return before

    async def keep(self, entry: MockConfigEntry) -> str:
        """Download the diagnostics of an entry, into the file and as a text."""
        text = await download(self.hass, self.hass_client, entry)
        await asyncio.to_thread(self.path.write_text, text, encoding="utf-8")
        return text

    async def forget(self, entry: MockConfigEntry) -> None:
        """Be another Home Assistant, which remembers nothing of an entry."""
        await self.hass.config_entries.async_remove(entry.entry_id)
        assert self.hass.data.pop(f"{entry.domain}.accounts")

    async def shown(self, entry: MockConfigEntry) -> House:
        """Return what an entry shows a while after its set-up."""
        await self.vendor.set_up(self.hass, entry)
        step = self.vendor.step(self.hass, self.freezer)
        for seconds in self.seconds:
            await step(seconds)
        return house(self.hass, entry)

    async def play(self, mode: str = "", later: timedelta = timedelta()) -> House:
        """Return what an entry of the played simulator shows, some time later."""
        self.freezer.tick(later)
        simulator = play(await asyncio.to_thread(load, self.path))
        await simulator.start()
        try:
            return await self.shown(self.vendor.entry(simulator, mode))
        finally:
            await simulator.stop()
