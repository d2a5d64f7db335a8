"""What is known of one setting of a device."""

from dataclasses import dataclass, field
from enum import StrEnum

from .._vendor.core.control.driver import Range


class Form(StrEnum):
    """What a value is.

    A number, true or false, a slug, ``HH:MM``, a slot as an object, or months from 1.
    """

    NUMBER = "number"
    SWITCH = "switch"
    CHOICE = "choice"
    TIME = "time"
    SLOT = "slot"
    MONTHS = "months"


class Unit(StrEnum):
    """Units in which values are kept."""

    PERCENT = "%"
    WATT = "W"
    KILOWATT = "kW"
    NONE = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A setting.

    Attributes:
        key: Its name here.
        allowed: What a number may be, in ``unit``, unless the device says less.
        enabled: Whether its entity is enabled by default.
        listed: Whether it has an entity at all.
        writable: Whether it may be changed.
    """

    key: str
    form: Form = Form.SWITCH
    unit: Unit = Unit.NONE
    allowed: Range = field(default_factory=lambda: Range(low=0, high=100))
    enabled: bool = True
    listed: bool = True
    writable: bool = True
