"""The driver of SPF and SPC storage with a token (reference section 6.8)."""

from collections.abc import Mapping
import re
from typing import Any, override

from .._vendor.core.control.driver import Range
from .._vendor.core.control.intent import Value
from ..api.setter import Setter
from ..control_settings import Kind, Request, Setting
from ..families import Family
from .settings_driver import SettingsDriver

POWER_ON, AC_CHARGE, AC_CHARGE_SOC = "power_on", "ac_charge", "ac_charge_soc"
AC_CHARGE_START, AC_CHARGE_END = "ac_charge_start", "ac_charge_end"
_ON_OFF = "storage_cmd_on_off"
_AC_CHARGE = "storage_ac_charge_enable_disenable"
_WINDOW = "storage_ac_charge_hour_start"
_SOC = "storage_ac_charge_soc_limit"
_REQUESTS = (
    Request(_AC_CHARGE, {AC_CHARGE: Setting((_AC_CHARGE,), Kind.FLAG)}),
    Request(
        _WINDOW,
        {
            AC_CHARGE_START: Setting((AC_CHARGE_START,), Kind.TIME),
            AC_CHARGE_END: Setting((AC_CHARGE_END,), Kind.TIME),
        },
    ),
    Request(_SOC, {AC_CHARGE_SOC: Setting((_SOC,), allowed=Range(low=10, high=80))}),
    Request(_ON_OFF, {POWER_ON: Setting((_ON_OFF,), Kind.ON_OFF)}),
)
_NUMBERS = re.compile(r"[0-9]+", re.ASCII)


class StorageDriver(SettingsDriver):
    """When and how far it charges from the grid, and whether it is on.

    The cloud keeps no copy of these: the device itself is asked, by the same names.
    """

    _live = (_AC_CHARGE, _WINDOW, _SOC, _ON_OFF)
    _clock_type = "storage_cmd_sys_year"

    def __init__(self, serial: str, setter: Setter, **shared: Any) -> None:
        """``shared`` is what ``SettingsDriver`` takes by name."""
        super().__init__(serial, setter, Family.STORAGE, _REQUESTS, **shared)

    @override
    def _decode(self, document: Mapping[str, Any]) -> dict[str, Value]:
        window = _NUMBERS.findall(str(document.get(_WINDOW)))
        times = {}
        if len(window) == 4:
            start, end = ":".join(window[:2]), ":".join(window[2:])
            times = {AC_CHARGE_START: start, AC_CHARGE_END: end}
        return super()._decode({**document, **times})
