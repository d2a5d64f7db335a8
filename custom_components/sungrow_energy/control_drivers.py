"""Which control driver a device gets, and what is noted of it (reference section 6)."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Self

from ._vendor.core.client.clock import SystemClock
from ._vendor.core.client.decode import integer, mapping, number, text
from ._vendor.core.client.errors import BadDataError
from ._vendor.core.control.driver import Observation
from ._vendor.core.ha.account import Account, AccountNotes
from ._vendor.core.ha.control import MARK
from .api.limits import SET
from .connection import Connection
from .control.controllee import Controllee
from .control.parameter import COMMUNICATION, EMS, HYBRID, INVERTER, LOGGER
from .control.settings_driver import SettingsDriver
from .control.sungrow_driver import SungrowDriver

CONTROLLED = frozenset({HYBRID, INVERTER, LOGGER, EMS, COMMUNICATION})
# What is kept of a device, so that a lease can be put back without any reading
_NOTE = "controlled"
# Of devices, so they hold whoever has them
SCALES = "scale/"


@dataclass(frozen=True, slots=True)
class Known:
    """What must be known of a device to control it without any reading."""

    what: Controllee
    battery: bool = False

    @classmethod
    def noted(cls, account: Account, serial: str) -> Self | None:
        """Return what was noted when it was last controlled, None if nothing was."""
        note = mapping(account.notes.get(f"{serial}/{_NOTE}"))
        uuid, kind = text(note.get("uuid")), integer(note.get("type"))
        if uuid is None or kind not in CONTROLLED:
            return None
        return cls(
            Controllee(
                serial=serial,
                uuid=uuid,
                type=kind,
                model=text(note.get("model")) or "",
                rated=number(note.get("rated")),
            ),
            note.get("battery") is True,
        )

    def completed(self, before: Self | None) -> Self:
        """Return it with what was known ``before`` where a list has left it out."""
        if before is None or before.what.type != self.what.type:
            return self
        what, was = self.what, before.what
        return replace(
            self,
            what=replace(
                what,
                uuid=what.uuid or was.uuid,
                model=what.model or was.model,
                rated=was.rated if what.rated is None else what.rated,
            ),
        )

    def note(self, account: Account) -> None:
        """Keep it for a start without readings.

        What was found out by another id of its record holds for this one.
        """
        key, what = f"{self.what.serial}/{_NOTE}", self.what
        before = text(mapping(account.notes.get(key)).get("uuid"))
        if before is not None and before != what.uuid:
            start = f"{before}/"
            for name, value in list(account.notes.items()):
                if name.startswith(start):
                    account.note(f"{what.uuid}/{name.removeprefix(start)}", value)
                    account.note(name, None)
        told = {
            "uuid": what.uuid,
            "type": what.type,
            "model": what.model,
            "rated": what.rated,
            "battery": self.battery,
        }
        if account.notes.get(key) != told:
            account.note(key, told)


def needed_notes(notes: Iterable[str]) -> set[str]:
    """Return the notes without which a force that is left could not be ended."""
    kept = {key for key in notes if key.startswith(SCALES)}
    for key in notes:
        if key.endswith(f"/{MARK}"):
            kept |= {key, f"{key.removesuffix(f'/{MARK}')}/{_NOTE}"}
    return kept


def settings_key(serial: str) -> str:
    """Return what the document of a device's settings is called."""
    return f"{serial}/settings"


def make_driver(
    connection: Connection,
    known: Known,
    *,
    observe: Callable[[], Observation],
    on_read: Callable[[Any, datetime], None],
    has_battery: Callable[[], bool],
    status: Callable[[], str | None],
    logger_limits: Callable[[], bool],
    firmware: Callable[[], str] = str,
) -> SettingsDriver:
    """Return the driver of a device.

    It begins with what was last stored of its settings.
    """
    account, what = connection.account, known.what
    shared: dict[str, Any] = {
        "notes": AccountNotes(account),
        "clock": SystemClock(),
        "budget": account.budget,
        "admit": lambda count: account.budget.require(count, SET, write=True),
        "observe": observe,
        "on_read": on_read,
        "logger_limits": logger_limits,
        "firmware": firmware,
    }
    driver = (
        SungrowDriver(
            what,
            connection.client,
            has_battery=has_battery,
            status=status,
            **shared,
        )
        if what.type == HYBRID
        else SettingsDriver(what, connection.client, **shared)
    )
    if (stored := account.documents.get(settings_key(what.serial))) is not None:
        with suppress(BadDataError):
            driver.decode(stored.raw, stored.received_at)
    return driver
