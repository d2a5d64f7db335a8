"""What is known of one setting of a device (reference section 6.2)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from .._vendor.core.control.driver import Range

INVERTER, LOGGER, HYBRID, COMMUNICATION, EMS = 1, 9, 14, 22, 26


class Form(StrEnum):
    """What a value is: a number, true or false, a slug, or ``HH:MM``."""

    NUMBER = "number"
    SWITCH = "switch"
    CHOICE = "choice"
    TIME = "time"


class Unit(StrEnum):
    """Units in which values are kept."""

    PERCENT = "%"
    WATT = "W"
    SECOND = "s"
    NONE = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A setting.

    Attributes:
        key: Its name here.
        codes: What the API calls it; a time has one code for hours, one for minutes.
        types: The device types that may have it.
        allowed: What a number may be, in ``unit``.
        raw: How much one ``unit`` is on the wire, as the portal documents it.
        calibrated: Whether the portal and devices differ in that (section 6.1).
        ones: The device types on which on is 1 and not 170, unless they say otherwise.
        choices: Slugs by what is on the wire.
        alone: Whether it cannot be read together with others.
        listed: Whether it is read regularly, and has an entity.
        enabled: Whether that is enabled by default.
        writable: Whether it may be changed at all.
        lasting: Whether it is kept in the device's flash, which wears.
    """

    key: str
    codes: tuple[str, ...]
    form: Form = Form.NUMBER
    types: frozenset[int]
    allowed: Range = field(default_factory=lambda: Range(low=0, high=100))
    unit: Unit = Unit.NONE
    raw: float = 1.0
    calibrated: bool = False
    ones: frozenset[int] = frozenset()
    choices: Mapping[str, str] = field(default_factory=dict)
    alone: bool = False
    listed: bool = True
    enabled: bool = False
    writable: bool = True
    lasting: bool = True

    @property
    def code(self) -> str:
        """The first of its codes."""
        return self.codes[0]
