"""EV chargers' answers as readings (reference section 3.14)."""

from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import Any

from ._vendor.core.client.decode import integer, mappings, number
from ._vendor.core.ha.zones import stamp
from .entries import identity
from .readings import ChargerLive, ChargerSession, DeviceEntry, Value
from .tables import DETAIL, SESSION
from .values import chosen, energy
from .zones import local

type Row = Mapping[str, Any]

_CHARGING = 6


def live(raw: Row, at: datetime, entry: DeviceEntry, zone: tzinfo) -> ChargerLive:
    """Decode detail, session and log of a charger.

    What is missing was not read; a session that is empty was, and there is none.
    """
    detail, session, log = raw.get("detail"), raw.get("session"), raw.get("log")
    values: dict[str, Value] = {}
    if isinstance(detail, Mapping):
        values |= chosen(DETAIL, _wire(detail))
    charging, current = None, None
    if isinstance(session, Mapping):
        values |= chosen(SESSION, _wire(session))
        state = integer(session.get("workStu"))
        if state is not None or not session:
            charging = state == _CHARGING
        if not charging:
            # What it drew last is told long after
            values["charging_power"] = 0.0
        if session:
            current = _session(session, zone, at, over=charging is False)
    return ChargerLive(
        observed_at=at,
        serial=entry.serial,
        values=values,
        charging=charging,
        current=current,
        sessions=sessions(log, zone, at) if isinstance(log, list) else None,
    )


def sessions(
    log: list[Any], zone: tzinfo, until: datetime
) -> tuple[ChargerSession, ...]:
    """Return the sessions of a log; one without an end goes on."""
    return tuple(
        _session(row, zone, until, over=identity(row.get("chargeEndTime")) is not None)
        for row in mappings(log)
    )


def _session(row: Row, zone: tzinfo, until: datetime, *, over: bool) -> ChargerSession:
    return ChargerSession(
        id=identity(row.get("chargeSerialNumber")),
        # It names the session, so it must not depend on when that was read
        started=stamp(row.get("chargeStartTime"), zone),
        ended=local(row.get("chargeEndTime"), zone, until),
        kwh=energy(row.get("currentChargeQuantity")),
        minutes=number(row.get("chargeTimeLength"), low=0.0),
        over=over,
    )


def _wire(row: Row) -> dict[str, tuple[object, object]]:
    return {key: (value, None) for key, value in row.items()}
