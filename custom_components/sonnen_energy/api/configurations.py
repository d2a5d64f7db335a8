"""All settings of the battery (reference section 3.7)."""

from collections.abc import Mapping
from dataclasses import dataclass
import json
import math
from typing import Any, Self

from .._vendor.core.client.decode import flag, integer, number, text
from . import keys
from .values import Wire, percent, power


@dataclass(frozen=True, slots=True, kw_only=True)
class Configurations:
    """The settings as text under the wire's names; what is absent is not supported.

    Native numbers, booleans and arrays, which some firmware sends, are their text.
    """

    raw: Mapping[str, str | None]

    @classmethod
    def from_wire(cls, wire: Wire) -> Self:
        """Decode whatever JSON stands at the keys."""
        return cls(
            raw={str(key): _text(value) for key, value in wire.items() if text(key)}
        )

    def has(self, key: str) -> bool:
        """Whether the battery reports the key with a value."""
        return self.raw.get(key) is not None

    def first(self, *names: str) -> str | None:
        """Return the name that the battery itself reports, None if none of them."""
        return next((name for name in names if self.has(name)), None)

    def number(self, key: str) -> float | None:
        """Return a key's value as a number."""
        return number(self.raw.get(key))

    def flag(self, key: str) -> bool | None:
        """Return a key's value as a boolean."""
        return flag(self.raw.get(key))

    @property
    def operating_mode(self) -> str | None:
        """``EM_OperatingMode`` (6.2)."""
        return self.raw.get(keys.OPERATING_MODE) or None

    @property
    def reserve(self) -> int | None:
        """``EM_USOC`` (6.3), percent of the usable state of charge; 0 is none."""
        value = percent(self.raw.get(keys.RESERVE))
        return None if value is None else round(value)

    @property
    def schedule(self) -> str | None:
        """``EM_ToU_Schedule`` (6.5), the JSON text of an array."""
        return self.raw.get(keys.SCHEDULE)

    @property
    def prognosis_charging(self) -> bool | None:
        """``EM_Prognosis_Charging``."""
        return self.flag(keys.PROGNOSIS_CHARGING)

    @property
    def inverter_max_power(self) -> float | None:
        """``IC_InverterMaxPower_w``, W."""
        value = power(self.raw.get("IC_InverterMaxPower_w"))
        return value if value is not None and value > 0 else None

    @property
    def modules(self) -> int | None:
        """``IC_BatteryModules``."""
        return integer(self.raw.get("IC_BatteryModules"), low=0, high=1000)

    @property
    def module_capacity(self) -> float | None:
        """``CM_MarketingModuleCapacity``, nominal Wh of one module."""
        return number(
            self.raw.get("CM_MarketingModuleCapacity"), low=0.0, high=1_000_000.0
        )

    @property
    def installed_capacity(self) -> float | None:
        """Nominal Wh of all modules; None while a factor is missing or 0."""
        if not self.modules or not self.module_capacity:
            return None
        return self.modules * self.module_capacity

    @property
    def software(self) -> str | None:
        """``DE_Software``."""
        return self.raw.get(keys.SOFTWARE) or None

    @property
    def cascading_role(self) -> str | None:
        """``CN_CascadingRole``: none, primary or secondary."""
        return self.raw.get("CN_CascadingRole") or None

    @property
    def blackstart(self) -> bool | None:
        """Whether a black start is tried; None if the battery cannot.

        ``"false"`` says that it cannot, and only ``"0"`` that it shall not (3.7).
        """
        key = self.blackstart_key
        return None if key is None else self.raw.get(key) == "1"

    @property
    def blackstart_key(self) -> str | None:
        """The key of the black start as this battery names it, if it can."""
        names = ("EM_RE_ENABLE_MICROGRID", "EM_US_RE_ENABLE_MICROGRID")
        return next((name for name in names if self.raw.get(name) in {"0", "1"}), None)


def _text(value: Any) -> str | None:
    """Return the text of any JSON value, None for null."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return text(value) or ""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, list | dict):
        try:
            return text(json.dumps(value, separators=(",", ":"), ensure_ascii=False))
        except ValueError, RecursionError:
            return None
    return text(value)
