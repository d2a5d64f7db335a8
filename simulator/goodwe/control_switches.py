"""What tests can make the remote control of an inverter and a charger do."""

from dataclasses import dataclass, field
from typing import Literal

from ..switches import Kind


@dataclass(slots=True, kw_only=True)
class ControlSwitches:
    """Quirks of an inverter's settings; sections of the reference in brackets."""

    write_seconds: float | None = None
    """Until the device acknowledges; None is 1 to 1.6, about every third time 30."""
    stores: bool = True
    """False: writes are answered with success and nothing is stored."""
    follows: bool = True
    """False: settings are stored and shown, the inverter goes on as it likes."""
    shown_seconds: float = 0.0
    """Until a read tells what was stored."""
    reaction_seconds: float = 2.0
    """Until the inverter obeys what it stored."""
    stale_cache: bool = False
    """Values of registers stay what they were whatever is written (6.2)."""
    clears_cache: bool = False
    """No value of a register was ever written through the portal: all are missing."""
    busy: int = 0
    """So many writes more are answered `R0305`."""
    refuses: set[str] = field(default_factory=set)
    """Addresses and names of settings that are refused with `P0215`."""
    unread: bool = False
    """Values of registers are answered `read_fail`."""
    exclusive: bool = True
    """Whether the device refuses modes that exclude each other (6.3)."""
    functions: bool = True
    """False: all menus are empty."""
    inactive_modes: Literal["register", "empty"] = "register"
    """V1: what a mode that is not active reads as: the shared register or `{}`."""
    immediate_after: Literal["resume", "hold"] = "resume"
    """What the battery does when an immediate charge has reached its end."""
    slot_after: Literal["hold", "resume"] = "hold"
    """What the battery does when a slot has reached its state of charge."""


CONTROL: dict[str, Kind] = {
    "write_seconds": float,
    "stores": bool,
    "follows": bool,
    "shown_seconds": float,
    "reaction_seconds": float,
    "stale_cache": bool,
    "clears_cache": bool,
    "busy": int,
    "refuses": set,
    "unread": bool,
    "exclusive": bool,
    "functions": bool,
    "inactive_modes": ("register", "empty"),
    "immediate_after": ("resume", "hold"),
    "slot_after": ("hold", "resume"),
}


@dataclass(slots=True, kw_only=True)
class ChargerSwitches:
    """Quirks of a wallbox (3.14, 6.5)."""

    write_seconds: float | None = None
    """Until a write is answered; None is 1 to 3."""
    shown_seconds: float | None = None
    """Until it obeys and shows it; None is 60 to 90."""
    follows: bool = True
    """False: success, and nothing happens."""
    reverts_after: float | None = None
    """Generation 1: a new mode is silently undone so many seconds later."""
    busy: int = 0
    """So many writes more are answered `R0305`."""
    success: Literal["code", "true"] = "code"
    """`true`: an answer says `data: true` instead of a success code."""
    names: Literal["plain", "titles", "other"] = "plain"
    """Which spellings of fields and values it has (3.14)."""
    session_named: bool = False
    """The session that goes on has number and times, as those of the log have."""


CHARGER: dict[str, Kind] = {
    "write_seconds": float,
    "shown_seconds": float,
    "follows": bool,
    "reverts_after": float,
    "busy": int,
    "success": ("code", "true"),
    "names": ("plain", "titles", "other"),
    "session_named": bool,
}
