"""Which control driver a device gets (reference section 6)."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import partial
from typing import Any, Self

from ._vendor.core.client.clock import SystemClock
from ._vendor.core.client.decode import mapping, number, text
from ._vendor.core.client.errors import BadDataError
from ._vendor.core.control.driver import Observation, Settings
from ._vendor.core.ha.account import Account, AccountNotes
from ._vendor.core.ha.control import MARK
from .api.token_client import TokenClient
from .connection import Connection
from .control_min.min_driver import MinDriver
from .control_rest.inverter_driver import InverterDriver
from .control_rest.noah_driver import NoahDriver
from .control_rest.storage_driver import StorageDriver
from .control_sph.period_driver import PeriodDriver
from .control_sph.spa_driver import SpaDriver
from .control_sph.sph_driver import SphDriver
from .control_vpp_plans import ENABLED
from .families import Family
from .sources.identity import Remembered
from .sources.noah_info import is_nexa, noah_info

type GrowattDriver = (
    MinDriver | SphDriver | SpaDriver | NoahDriver | StorageDriver | InverterDriver
)

_ALWAYS = frozenset({Family.MIN, Family.SPH, Family.SPA, Family.NOAH, Family.INVERTER})
# The app's way to set these is not known.
_WITH_TOKEN = frozenset({Family.STORAGE, Family.MAX})
# What is kept of a device, so that a lease can be put back without any reading
_NOTE = "controlled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Controllee:
    """What must be known of a device to control it.

    ``zone`` is what its plant's is called (None: Home Assistant's), ``rated`` in W.
    """

    serial: str
    family: Family
    zone: str | None = None
    rated: float | None = None

    @classmethod
    def noted(cls, account: Account, serial: str) -> Self | None:
        """Return what was noted when it was last controlled, None if nothing was."""
        note = mapping(account.notes.get(f"{serial}/{_NOTE}"))
        family = text(note.get("family"))
        if family not in set(Family):
            return None
        return cls(
            serial=serial,
            family=Family(family),
            zone=text(note.get("zone")),
            rated=number(note.get("rated")),
        )

    def led_like(self, other: Self) -> bool:
        """Return whether the same driver leads it."""
        return (self.family, self.zone) == (other.family, other.zone)

    def note(self, account: Account) -> None:
        """Keep it for a start without readings."""
        key = f"{self.serial}/{_NOTE}"
        told = {"family": str(self.family), "zone": self.zone, "rated": self.rated}
        if account.notes.get(key) != told:
            account.note(key, told)


def needed_notes(notes: Iterable[str]) -> set[str]:
    """Return the notes without which a force that is left could not be ended."""
    kept = set()
    for key in notes:
        if key.endswith(f"/{MARK}"):
            serial = key.removesuffix(f"/{MARK}")
            kept |= {key, *(f"{serial}/{name}" for name in (_NOTE, "vpp", "vpp_sent"))}
    return kept


def controllable(family: Family, mode: str) -> bool:
    """Return whether anything of a family can be set."""
    return family in _ALWAYS or (family in _WITH_TOKEN and mode == "token")


def is_copy(driver: GrowattDriver, settings: Settings) -> bool:
    """Return whether settings were read while the device could not be asked."""
    asked = isinstance(driver, MinDriver | PeriodDriver) and driver.remote
    return asked and ENABLED in settings.assumed


def make_driver(
    connection: Connection,
    what: Controllee,
    zone: tzinfo,
    *,
    observe: Callable[[], Observation],
    on_read: Callable[[Any, datetime], None],
    rated_power: Callable[[], float | None],
    experimental: bool = False,
) -> GrowattDriver | None:
    """Return the driver of a device, None if nothing of it can be set.

    With ``experimental`` what nobody has proved is written as well (section 6.5).
    It begins with what was last stored of its settings.
    """
    account, source = connection.account, connection.source
    if not controllable(what.family, source.mode):
        return None
    serial, setter, client = what.serial, connection.setter, connection.client
    shared: dict[str, Any] = {
        "fetch": partial(source.settings, what.family, serial),
        "on_read": on_read,
        "observe": observe,
        "zone": zone,
        "clock": SystemClock(),
        "budget": account.budget,
        "rated_power": rated_power,
    }
    notes = AccountNotes(account)
    driver: GrowattDriver
    match what.family:
        case Family.MIN:
            driver = MinDriver(serial, setter, notes=notes, **shared)
        case Family.SPH:
            driver = SphDriver(serial, setter, notes=notes, **shared)
        case Family.SPA:
            driver = SpaDriver(
                serial, setter, experimental=experimental, notes=notes, **shared
            )
        case Family.NOAH:
            kept = Remembered(notes)
            app = (
                partial(noah_info, client, kept, serial)
                if isinstance(client, TokenClient)
                else None
            )
            nexa = partial(is_nexa, kept, serial)
            driver = NoahDriver(serial, setter, fetch_app=app, nexa=nexa, **shared)
        case Family.STORAGE:
            driver = StorageDriver(serial, setter, **shared)
        case _:
            driver = InverterDriver(serial, setter, what.family, **shared)
    if (stored := account.documents.get(f"{serial}/settings")) is not None:
        with suppress(BadDataError):
            driver.decode(stored.raw, stored.received_at)
    return driver
