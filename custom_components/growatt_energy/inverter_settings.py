"""Settings by the vendor's own names: what may be sent, and what stands for it.

The seed's ``update_inverter_setting`` takes a type and parameters as they are on the
wire. Those that a driver knows become changes of its settings, so that they are checked,
merged and read back like all others. A few more are sent as they are (``RAW``). Grid-code
parameters, and registers by number, cannot be sent at all (reference section 6.1).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
import re

from ._vendor.core.client.decode import integer
from ._vendor.core.control.driver import Driver
from ._vendor.core.control.intent import Value, Values
from ._vendor.core.control.outcome import Refusal
from .control_common import choice, switch, time_text
from .control_min import segments
from .control_min.min_driver import MinDriver
from .control_min.values import AC_CHARGE_STOP, SETTINGS
from .control_rest.noah_driver import (
    CHARGE_LIMIT,
    GRID_CHARGING,
    OFF_GRID,
    OUTPUT_POWER,
    RESERVE,
    NoahDriver,
)
from .control_rest.settings_driver import SettingsDriver
from .control_settings import CLOCK_TYPE, Kind, Request
from .control_sph.groups import Group, is_period
from .control_sph.period import from_wire
from .control_sph.period_driver import PeriodDriver
from .families import Family

type Sending = MinDriver | PeriodDriver | SettingsDriver
type Decode = Callable[[Sequence[str]], dict[str, Value]]

_NUMBER = re.compile(r"[0-9]{1,3}", re.ASCII)
_DATE_TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}", re.ASCII
)
# Parts of a time segment and of a period
_SEGMENT, _PERIOD = 6, 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A type that a driver knows: ``count`` parameters, and what they mean."""

    count: int
    decode: Decode


@dataclass(frozen=True, slots=True, kw_only=True)
class Raw:
    """A type that is sent as it is: the most that each of its numbers may be.

    ``least`` is the smallest of all; ``clock`` takes a date and time instead.
    """

    most: tuple[int, ...] = (1,)
    least: int = 0
    clock: bool = False

    def check(self, type_: str, params: Sequence[str]) -> None:
        """Raise ``Refusal`` for what cannot be sent."""
        check_count(type_, params, 1 if self.clock else len(self.most))
        if self.clock:
            if _DATE_TIME.fullmatch(params[0]) is None:
                raise bad_parameter(type_, params[0])
            return
        for param, most in zip(params, self.most, strict=True):
            if _NUMBER.fullmatch(param) is None:
                raise bad_parameter(type_, param)
            if not self.least <= int(param) <= most:
                raise Refusal("setting_range", low=self.least, high=most)


_FLAG, _CLOCK = Raw(), Raw(clock=True)
_EPS = {
    "off_grid_enable": Raw(),
    "ac_discharge_frequency": Raw(),
    "ac_discharge_voltage": Raw(most=(2,)),
}


def _with_eps(prefix: str) -> dict[str, Raw]:
    return {f"{prefix}_{name}": raw for name, raw in _EPS.items()} | {
        CLOCK_TYPE: _CLOCK
    }


# What no driver keeps as a setting, with a meaning that is known (sections 6.2 to 6.8)
RAW: Mapping[Family, Mapping[str, Raw]] = {
    Family.MIN: _with_eps("tlx"),
    Family.SPH: _with_eps("mix"),
    Family.SPA: _with_eps("spa"),
    Family.INVERTER: {CLOCK_TYPE: _CLOCK},
    # Of a NEXA with a login
    Family.NOAH: {
        "never_power_off": _FLAG,
        "light_load_enable": _FLAG,
        "ac_couple_power_control": _FLAG,
    },
    Family.STORAGE: {
        "storage_cmd_mode": Raw(most=(3,)),
        "storage_cmd_forced_discharge_enable": _FLAG,
        "storage_cmd_forced_discharge_time1": Raw(most=(23, 59, 23, 59)),
        "storage_lithium_battery": Raw(most=(10,)),
        "storage_cmd_sys_year": _CLOCK,
    },
}


def sending(driver: Driver) -> Sending:
    """Return a driver that sends types of the vendor. Raises ``Refusal``."""
    if not isinstance(driver, MinDriver | PeriodDriver | SettingsDriver):
        raise Refusal("nothing_to_set")
    return driver


def known(driver: Sending) -> Mapping[str, Known]:
    """Return the types that a driver knows, by the vendor's name."""
    match driver:
        case MinDriver():
            return _OF_MIN
        case PeriodDriver():
            store = driver.store
            groups = {group.type_: _group(group) for group in store.groups}
            return groups | _requests(store.requests)
        case NoahDriver():
            return _OF_NOAH
        case _:
            return _requests(driver.requests)


def allowed(driver: Sending, family: Family) -> list[str]:
    """Return the types that may be sent to a device."""
    return sorted({*known(driver), *RAW.get(family, {})})


def check_count(type_: str, params: Sequence[str], count: int) -> None:
    """Raise ``Refusal`` unless there are so many parameters."""
    if len(params) != count:
        raise Refusal("parameters_count", type=type_, count=count)


def bad_parameter(type_: str, param: str) -> Refusal:
    """Return the refusal of a parameter that makes no sense."""
    return Refusal("parameter_unknown", type=type_, parameter=param[:32])


def changes(type_: str, what: Known, params: Sequence[str]) -> Values:
    """Return the settings that the parameters stand for. Raises ``Refusal``."""
    check_count(type_, params, what.count)
    found = what.decode(params)
    for value in found.values():
        if value is None:
            raise bad_parameter(type_, ", ".join(params))
    return found


def texts(parameters: Mapping[str, str] | Sequence[str]) -> list[str]:
    """Return parameters in their order, as the seed takes them: a list, or by name.

    Names are ``param1`` ... without a gap; empty ones at the end are as if left out.
    Raises ``Refusal``.
    """
    if isinstance(parameters, Mapping):
        names = [f"param{number}" for number in range(1, len(parameters) + 1)]
        if set(names) != set(parameters):
            raise Refusal("parameter_names")
        found = [parameters[name] for name in names]
    else:
        found = list(parameters)
    while found and not found[-1]:
        found.pop()
    return found


def _single(key: str) -> Known:
    def decode(params: Sequence[str]) -> dict[str, Value]:
        # Whole ones only: what is read may be rounded, what is asked for may not
        whole = integer(params[0])
        return {key: None if whole is None else SETTINGS[key].read(whole)}

    return Known(count=1, decode=decode)


def _segment(number: int) -> Known:
    def decode(params: Sequence[str]) -> dict[str, Value]:
        parts = (
            choice(params[0], segments.GRID),
            time_text(":".join(params[1:3])),
            time_text(":".join(params[3:5])),
            switch(params[5]),
        )
        value = None if None in parts else list(parts)
        return {segments.KEYS[number - 1]: value}

    return Known(count=_SEGMENT, decode=decode)


_OF_MIN: Mapping[str, Known] = {
    **{key: _single(key) for key in SETTINGS},
    # The other name of the same, of which nobody knows which one V1 accepts (6.2)
    "ac_charge_soc_limit": _single(AC_CHARGE_STOP),
    **{key: _segment(number) for number, key in enumerate(segments.KEYS, 1)},
}


def _group(group: Group) -> Known:
    def decode(params: Sequence[str]) -> dict[str, Value]:
        found: dict[str, Value] = {}
        left = list(params)
        for key in group.keys:
            if is_period(key):
                (first, second, third, fourth, on), left = (
                    left[:_PERIOD],
                    left[_PERIOD:],
                )
                period = from_wire(f"{first}:{second}", f"{third}:{fourth}", on)
                found[key] = None if period is None else str(period)
            else:
                head = key.partition(".")[2]
                raw = {group.heads[head][0]: left.pop(0)}
                found[key] = group.read(raw).get(key)
        return found

    heads = len(group.heads)
    return Known(count=heads + _PERIOD * (len(group.keys) - heads), decode=decode)


def _requests(requests: Iterable[Request]) -> dict[str, Known]:
    return {request.type_: _request(request) for request in requests}


def _request(request: Request) -> Known:
    def decode(params: Sequence[str]) -> dict[str, Value]:
        found: dict[str, Value] = {}
        left = list(params)
        for key, setting in request.settings.items():
            count = _width(setting.kind)
            part, left = left[:count], left[count:]
            found[key] = setting.read({setting.names[0]: ":".join(part)})
        return found

    count = sum(_width(setting.kind) for setting in request.settings.values())
    return Known(count=count, decode=decode)


def _width(kind: Kind) -> int:
    return 2 if kind is Kind.TIME else 1


def _whole(*keys: str) -> Known:
    def decode(params: Sequence[str]) -> dict[str, Value]:
        return {
            key: choice(param, 100_000) for key, param in zip(keys, params, strict=True)
        }

    return Known(count=len(keys), decode=decode)


# By the names of the app, whichever way the account is reached (6.7)
_OF_NOAH: Mapping[str, Known] = {
    "default_power": _whole(OUTPUT_POWER),
    "charging_soc": _whole(CHARGE_LIMIT, RESERVE),
    "allow_grid_charging": Known(
        count=1, decode=lambda params: {GRID_CHARGING: switch(params[0])}
    ),
    "grid_connection_control": Known(
        count=1, decode=lambda params: {OFF_GRID: switch(params[0])}
    ),
}
