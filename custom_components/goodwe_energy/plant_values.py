"""What people see of a station, by the keys of section 9 (P)."""

from collections.abc import Mapping
from copy import deepcopy
from datetime import date, datetime, time

from ._vendor.core.client.decode import day, mapping, number, text
from ._vendor.core.ha.account import Account
from ._vendor.core.ha.preference import said_at
from ._vendor.core.ha.rising import valid
from .chains import CHAINS, Known, chained
from .hold import counted, holding
from .readings import Value
from .tables import Span

_PERIODS: Mapping[str, Span] = {"month": "month", "year": "year"}
_DIGITS = 6


def plant_values(account: Account, key: str, known: Known) -> dict[str, Value]:
    """Return all values of a station; what nobody knows is missing.

    The counters of its devices are to be guarded before (``hold.device_values``).
    Beside the keys of section 9: ``currency``, and ``income_since``, the midnight from
    which incomes count. ``account`` remembers the counters, as ``<key>/<counter>``.
    """
    entry = known.entry
    found: dict[str, Value] = dict(known.live.values) if known.live else {}
    if "pv_power" not in found and _dark(known):
        found["pv_power"] = 0.0
    found["status"] = entry.status
    if entry.has_battery is not False:
        found["battery_capacity"] = entry.capacity_kwh
    if known.alarms is not None:
        found["active_alarms"] = known.alarms.active_count
    if known.today is not None:
        found |= known.today.rates
    found |= _income(account, key, known)
    found |= _totals(account, key, known)
    found |= _periods(account, key, known)
    return {name: value for name, value in found.items() if value is not None}


def _dark(known: Known) -> bool:
    """Tell whether all inverters sleep: then nothing comes from the roof (3.3)."""
    inverters = [one for one in known.devices if one.cls == "inverter"]
    return bool(inverters) and all(one.asleep for one in inverters)


def _totals(account: Account, key: str, known: Known) -> dict[str, Value]:
    note = sources_note(key)
    before = mapping(account.notes.get(note))
    memory = deepcopy(dict(before))
    values = chained(known, account.counters, memory, _shown(account, key))
    if memory != before:
        account.note(note, memory)
    found: dict[str, Value] = {}
    for name, value in values.items():
        span: Span = "today" if name.endswith("_today") else "total"
        at = said_at(memory, name, known.now.tzinfo) or known.now
        found |= counted(
            account, key, {name: value}, at, {name: span}, watts=_watts(known)
        )
    return found


def _watts(known: Known) -> float:
    """Return the most power that the station is known to have."""
    return 1000 * max(known.entry.pv_kwp or 0.0, known.entry.installed_kw or 0.0)


def sources_note(key: str) -> str:
    """Return the note of where a station's counters come from."""
    return f"{key}/sources"


def _shown(account: Account, key: str) -> dict[str, tuple[float, date]]:
    """Return what the counters showed last, and the day of that."""
    states = {name: valid(account.counters.get(f"{key}/{name}")) for name in CHAINS}
    return {
        name: (state["value"], date.fromisoformat(state["day"]))
        for name, state in states.items()
        if state
    }


def _periods(account: Account, key: str, known: Known) -> dict[str, Value]:
    """Add up what the inverters counted in this month and year."""
    found: dict[str, Value] = {}
    for name, span in _PERIODS.items():
        parts = []
        for device in known.devices:
            state = valid(account.counters.get(f"{device.serial}/pv_energy_{name}"))
            if device.cls == "inverter" and state:
                at = datetime.fromisoformat(state["at"]).astimezone(known.now.tzinfo)
                parts.append((at, float(state["value"])))
        if not parts:
            continue
        newest = max(at for at, _ in parts)
        same = [
            value
            for at, value in parts
            if at.year == newest.year and (span == "year" or at.month == newest.month)
        ]
        total = f"solar_energy_{name}"
        summed: dict[str, Value] = {total: round(sum(same), _DIGITS)}
        found |= counted(
            account, key, summed, newest, {total: span}, watts=_watts(known)
        )
    return found


def _income(account: Account, key: str, known: Known) -> dict[str, Value]:
    """Return the incomes of the day and since when they count.

    They are held around midnight as energies are. Within a day they may fall: who has
    to pay for what is fed in earns less.
    """
    note, zone = f"{key}/income", known.now.tzinfo
    before = mapping(account.notes.get(note))
    income = known.income
    if income is not None:
        at = income.observed_at.astimezone(zone)
        same = day(before.get("day")) == at.date()
        old = mapping(before.get("values")) if same else {}
        if not holding(at) and income.values:
            after = {
                "day": at.date().isoformat(),
                "values": {**old, **income.values},
                "currency": income.currency or before.get("currency"),
            }
            if after != before:
                account.note(note, after)
            before = after
    first = day(before.get("day"))
    if first is None:
        return {}
    found: dict[str, Value] = {
        name: number(mapping(before.get("values")).get(name))
        for name in ("income_today", "feed_in_income_today")
    }
    return {
        **found,
        "currency": text(before.get("currency")),
        "income_since": datetime.combine(first, time(), zone),
    }
