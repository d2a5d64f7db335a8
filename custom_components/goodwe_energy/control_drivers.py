"""Which control driver a device gets, and what is noted of it (reference section 6)."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from typing import Any, Self

from homeassistant.util import dt as dt_util

from ._vendor.core.client.clock import SystemClock
from ._vendor.core.client.decode import mapping, number, text
from ._vendor.core.client.errors import BadDataError
from ._vendor.core.control.driver import Observation
from ._vendor.core.ha.account import Account, AccountNotes
from ._vendor.core.ha.control import MARK
from .connection import Connection
from .control.charger_driver import ChargerDriver
from .control.controllee import Controllee
from .control.inverter_driver import InverterDriver
from .control.inverter_settings import InverterSettings
from .control.settings_reader import Status
from .zones import async_zone_of

INVERTER, CHARGER = "inverter", "charger"
CONTROLLED = frozenset({INVERTER, CHARGER})
# What is kept of a device, so that a lease can be put back without any reading
_NOTE, _FUNCTIONS, _TOLD = "controlled", "functions", "told"

type Leading = InverterSettings | ChargerDriver


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What must be known of a device to control it without any reading.

    ``battery`` tells whether an inverter has one, ``index`` and ``battery_name`` what
    its controls call that, or the first of ``several``. ``zone_name`` and ``offset``
    are those of its station.
    """

    what: Controllee
    cls: str = INVERTER
    battery: bool = False
    index: str | None = None
    several: bool = False
    battery_name: str | None = None
    zone_name: str | None = None
    offset: timedelta | None = None

    @classmethod
    def noted(cls, account: Account, serial: str) -> Self | None:
        """Return what was noted when it was last controlled, None if nothing was."""
        note = mapping(account.notes.get(f"{serial}/{_NOTE}"))
        station, kind = text(note.get("station")), text(note.get("cls"))
        if station is None or kind not in CONTROLLED:
            return None
        offset = number(note.get("offset"), low=-86_000, high=86_000)
        return cls(
            what=Controllee(
                serial=serial,
                name=text(note.get("name")) or "",
                type=text(note.get("type")) or "",
                station_id=station,
                model=text(note.get("model")) or "",
                rated=number(note.get("rated")),
            ),
            cls=kind,
            battery=note.get("battery") is True,
            index=text(note.get("index")),
            several=note.get("several") is True,
            battery_name=text(note.get("battery_name")),
            zone_name=text(note.get("zone_name")),
            offset=None if offset is None else timedelta(seconds=offset),
        )

    def completed(self, before: Self | None) -> Self:
        """Return it with what was known ``before`` where an answer has left it out."""
        if before is None or before.cls != self.cls:
            return self
        what, was = self.what, before.what
        return replace(
            self,
            what=replace(
                what,
                model=what.model or was.model,
                rated=was.rated if what.rated is None else what.rated,
            ),
            battery=self.battery or before.battery,
            index=self.index or before.index,
            several=self.several or before.several,
            battery_name=self.battery_name or before.battery_name,
            zone_name=self.zone_name or before.zone_name,
            offset=before.offset if self.offset is None else self.offset,
        )

    @property
    def menu(self) -> str | None:
        """Whose menu there is to lead; one of several would be charged alone (6.2)."""
        return self.index if self.battery and not self.several else None

    def led_as(self, before: Self) -> Self:
        """Return it with the battery of before: a charge is ended where it began."""
        return replace(
            self,
            index=before.index,
            several=before.several,
            battery_name=before.battery_name,
        )

    def like(self, other: Self) -> bool:
        """Return whether the same driver leads both: in the same way and zone."""
        one, two = (
            (
                known.cls,
                known.what.station_id,
                known.battery,
                known.zone_name or known.offset,
            )
            for known in (self, other)
        )
        return one == two

    def note(self, account: Account) -> None:
        """Keep it for a start without readings."""
        key, what = f"{self.what.serial}/{_NOTE}", self.what
        told = {
            "name": what.name,
            "type": what.type,
            "station": what.station_id,
            "model": what.model,
            "rated": what.rated,
            "cls": self.cls,
            "battery": self.battery,
            "index": self.index,
            "several": self.several,
            "battery_name": self.battery_name,
            "zone_name": self.zone_name,
            "offset": None if self.offset is None else self.offset.total_seconds(),
        }
        if account.notes.get(key) != told:
            account.note(key, told)

    async def async_zone(self) -> tzinfo:
        """Return the zone in which its slots are."""
        home = dt_util.get_default_time_zone()
        return await async_zone_of(self.zone_name, self.offset, home, dt_util.utcnow())


def needed_notes(notes: Iterable[str]) -> set[str]:
    """Return the notes without which a force that is left could not be ended."""
    kept: set[str] = set()
    for key in notes:
        if key.endswith(f"/{MARK}"):
            serial = key.removesuffix(f"/{MARK}")
            kept |= {key, *(f"{serial}/{name}" for name in (_NOTE, _FUNCTIONS, _TOLD))}
    return kept


def settings_key(serial: str) -> str:
    """Return what the document of a device's settings is called."""
    return f"{serial}/settings"


def make_driver(
    connection: Connection,
    known: Known,
    zone: tzinfo,
    *,
    observe: Callable[[], Observation],
    on_read: Callable[[Any, datetime], None],
    status: Callable[[], Status | None] = lambda: None,
    latest: Callable[[], Known] | None = None,
) -> Leading:
    """Return the driver of a device; ``latest`` tells what is known of it by now.

    That of an inverter begins with what was last stored of its settings.
    """
    account, what = connection.account, known.what
    clock = SystemClock()
    now = latest or (lambda: known)

    def admit(requests: int) -> None:
        account.budget.require(requests, write=True)

    if known.cls == CHARGER:
        return ChargerDriver(
            what,
            connection.client,
            clock=clock,
            budget=account.budget,
            admit=admit,
            observe=observe,
            on_read=on_read,
        )
    shared: dict[str, Any] = {
        "notes": AccountNotes(account),
        "clock": clock,
        "budget": account.budget,
        "admit": admit,
        "observe": observe,
        "on_read": on_read,
        "status": status,
        "battery": lambda: now().menu,
    }
    driver = (
        InverterDriver(
            what,
            connection.client,
            zone=zone,
            has_battery=lambda: now().battery,
            battery_name=lambda: now().battery_name or "",
            **shared,
        )
        if known.battery
        else InverterSettings(what, connection.client, **shared)
    )
    if (stored := account.documents.get(settings_key(what.serial))) is not None:
        with suppress(BadDataError):
            driver.decode(stored.raw, stored.received_at)
    return driver
