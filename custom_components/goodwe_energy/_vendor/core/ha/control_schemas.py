"""What the actions may be called with: the shape only.

What exists and what may be is the handler's business, which answers in the user's
language (see ``core.control.validate``).
"""

from collections.abc import Mapping, Sequence
from typing import Any

from homeassistant.helpers import config_validation as cv
import probatio

from ..control.intent import HoldBlock, Kind, Row
from .actions import DEVICES, SHORT_TEXT
from .control_times import end, number, period

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_MOST_ROWS = 100

_END: dict[Any, Any] = {
    probatio.Exclusive("duration", "end"): period,
    probatio.Exclusive("until", "end"): end,
}
_FORCE: dict[Any, Any] = {
    **DEVICES,
    **_END,
    probatio.Optional("power"): number,
    probatio.Optional("target_soc"): number,
}


def schemas(modes: Sequence[str], switches: Sequence[str]) -> dict[str, Any]:
    """Return the schema of each action."""
    mode = probatio.All(SHORT_TEXT, probatio.In(list(modes)))
    row = probatio.Schema(
        {
            probatio.Required("start"): time_of_day,
            probatio.Required("end"): time_of_day,
            probatio.Required("mode"): mode,
            probatio.Optional("soc"): number,
            probatio.Optional("power"): number,
            probatio.Optional("days"): probatio.All(
                probatio.EnsureList(), [weekday], probatio.Length(min=1, max=7)
            ),
        }
    )
    return {
        Kind.FORCE_CHARGE: probatio.Schema(_FORCE),
        Kind.FORCE_DISCHARGE: probatio.Schema(_FORCE),
        Kind.HOLD: probatio.Schema(
            {
                **DEVICES,
                **_END,
                probatio.Optional("block"): probatio.All(
                    SHORT_TEXT, probatio.Coerce(HoldBlock)
                ),
            }
        ),
        Kind.SELF_USE: probatio.Schema(DEVICES),
        Kind.SET_RESERVE: probatio.Schema(
            {**DEVICES, **_END, probatio.Required("soc"): number}
        ),
        Kind.SET_EXPORT_LIMIT: probatio.All(
            probatio.Schema(
                {
                    **DEVICES,
                    **_END,
                    probatio.Optional("power"): number,
                    probatio.Optional("percent"): number,
                    probatio.Optional("unlimited"): probatio.IsTrue(),
                }
            ),
            probatio.ExactlyOne("power", "percent", "unlimited"),
        ),
        Kind.SET_SCHEDULE: probatio.All(
            probatio.Schema(
                {
                    **DEVICES,
                    probatio.Optional("rows"): probatio.All(
                        probatio.EnsureList(), [row], probatio.Length(max=_MOST_ROWS)
                    ),
                    probatio.Optional("clear"): probatio.All(
                        probatio.EnsureList(), [mode], probatio.Length(max=_MOST_ROWS)
                    ),
                    **{probatio.Optional(name): cv.boolean for name in switches},
                }
            ),
            probatio.AtLeastOne("rows", "clear", *switches),
        ),
        "read_schedule": probatio.Schema(DEVICES),
    }


def time_of_day(value: Any) -> Any:
    """Validate a time; what is too long to be one is not quoted."""
    if isinstance(value, str):
        value = SHORT_TEXT(value)
    return cv.time(value)


def weekday(value: Any) -> int:
    """Validate a day of the week: ``mon`` to ``sun``, or a number from Monday, 1."""
    if isinstance(value, str) and value.lower() in WEEKDAYS:
        return WEEKDAYS.index(value.lower()) + 1
    day = number(value)
    if day not in range(1, 8):
        raise probatio.Invalid("expected mon to sun, or 1 to 7")
    return int(day)


def row_of(data: Mapping[str, Any]) -> Row:
    """Return a row of a schedule that was validated."""
    days = data.get("days")
    return Row(
        start=data["start"],
        end=data["end"],
        mode=data["mode"],
        soc=data.get("soc"),
        power=data.get("power"),
        days=tuple(sorted(set(days))) if days is not None else None,
    )


def row_data(row: Row) -> dict[str, Any]:
    """Return a row as an action is called with it; what is not said is left out."""
    found = {
        "start": row.start.isoformat("minutes"),
        "end": row.end.isoformat("minutes"),
        "mode": row.mode,
        "soc": row.soc,
        "power": row.power,
        "days": None if row.days is None else [WEEKDAYS[day - 1] for day in row.days],
    }
    return {name: value for name, value in found.items() if value is not None}
