"""What a device has: groups of periods, and single settings."""

from dataclasses import dataclass

from .._vendor.core.control.driver import Range, Settings
from .._vendor.core.control.intent import Values
from .._vendor.core.control.outcome import Refusal
from .._vendor.core.control.validate import check_range
from ..control_settings import Kind, Request, Setting, check_complete
from .groups import (
    CHARGE,
    DISCHARGE,
    LOAD_FIRST,
    SPH,
    Group,
    is_period,
    period_key,
    periods,
    spa,
)
from .period import from_value

# Words of a schedule: the modes of the device and the sides that are written (6.1)
MODES = {"battery_first": CHARGE, "grid_first": DISCHARGE, "load_first": LOAD_FIRST}
EXPORT_LIMIT, EXPORT_PERCENT = "export_limit", "export_limit_percent"
POWER_ON, ACTIVE_POWER = "power_on", "active_power_limit"
LOAD_FIRST_SOC = "load_first_stop_soc"
# What others allow (6.4)
SOC = Range(low=5, high=100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """What a device has: groups of periods, and requests of single settings."""

    groups: tuple[Group, ...]
    requests: tuple[Request, ...] = ()

    @property
    def sides(self) -> tuple[str, ...]:
        """The sides, in the order in which they are written."""
        return tuple(group.side for group in self.groups)

    @property
    def modes(self) -> tuple[str, ...]:
        """The modes that a schedule can have."""
        return tuple(mode for mode, side in MODES.items() if side in self.sides)

    def group(self, side: str) -> Group:
        """Return the group of a side."""
        return next(group for group in self.groups if group.side == side)

    def has(self, key: str) -> bool:
        """Return whether a key is one of a group's."""
        return any(key in group.keys for group in self.groups)

    def check_sendable(self, target: Values, values: Values) -> None:
        """Raise ``Refusal`` if a request lacks a value that nobody knows (section 6.1)."""
        changes = {key for key, value in target.items() if values.get(key) != value}
        wanted = {**values, **target}
        for group in self.groups:
            if changes.intersection(group.keys):
                check_complete(group.unknown(wanted))
        for request in self.requests:
            if changes.intersection(request.settings):
                check_complete(request.unknown(wanted))

    def check_apart(self, target: Values, values: Values) -> None:
        """Raise ``Refusal`` if a period that is set meets another one (6.3)."""
        wanted = {**values, **target}
        for key, others in self.meeting(wanted).items():
            if wanted.get(key) != values.get(key):
                raise Refusal(
                    "rows_overlap", one=wanted[key], other=wanted[min(others)]
                )

    def leased_meeting(self, target: Values, base: Settings) -> set[str]:
        """Return the leased periods that meet one that is changed."""
        changed = [
            period
            for key, value in target.items()
            if is_period(key) and base.values.get(key) != value
            if (period := from_value(value)) is not None
        ]
        return {
            key
            for key, value in base.leased.items()
            if is_period(key)
            and (period := from_value(value)) is not None
            and any(period.meets(one) for one in changed)
        }

    def meeting(self, values: Values) -> dict[str, set[str]]:
        """Return the keys of periods that meet others, with those of the others."""
        every = {
            period_key(side, slot): period
            for side in self.sides
            for slot, period in periods(values, side).items()
        }
        found = {
            key: {
                other
                for other, another in every.items()
                if other != key and period.meets(another)
            }
            for key, period in every.items()
        }
        return {key: others for key, others in found.items() if others}


_ON = Setting(("onOff",), Kind.ON_OFF)
SPH_STORE = Store(
    groups=SPH,
    requests=(
        Request(
            "backflow_setting",
            {
                EXPORT_LIMIT: Setting(("exportLimit",), Kind.FLAG),
                EXPORT_PERCENT: Setting(("exportLimitPowerRate",)),
            },
        ),
        Request("pv_on_off", {POWER_ON: _ON}),
        Request(
            "pv_active_p_rate",
            {ACTIVE_POWER: Setting(("activeRate", "pv_active_p_rate"))},
        ),
        Request(
            "mix_load_flast_value_multi",
            {
                LOAD_FIRST_SOC: Setting(
                    ("loadFirstStopSocSet",), allowed=Range(low=10, high=100)
                )
            },
        ),
    ),
)


def spa_store(*, mains_flag: bool) -> Store:
    """Return that of SPA; ``mains_flag``: as V1 names its charge periods (6.5)."""
    return Store(
        groups=spa(mains_flag=mains_flag),
        requests=(
            Request("pv_on_off", {POWER_ON: _ON}),
            Request(
                "pv_active_p_rate",
                {ACTIVE_POWER: Setting(("activePRate", "activeRate"))},
            ),
        ),
    )


def whole_soc(asked: float) -> int:
    """Return whole percent. Raises ``Refusal``."""
    check_range(asked, SOC, "soc_range")
    return int(asked + 0.5)
