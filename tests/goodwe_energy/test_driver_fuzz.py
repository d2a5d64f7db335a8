"""Whatever is sent or was stored: a reading, or ``BadDataError`` (fault matrix row 8)."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime
from typing import Any

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.goodwe_energy import charger_energy, driver, plant_totals
from custom_components.goodwe_energy._vendor.core.client.budget import Budget
from custom_components.goodwe_energy._vendor.core.client.clock import SystemClock
from custom_components.goodwe_energy._vendor.core.client.errors import BadDataError
from custom_components.goodwe_energy._vendor.core.client.redact import Redactor
from custom_components.goodwe_energy._vendor.core.ha.account import Account
from custom_components.goodwe_energy.chains import Known
from custom_components.goodwe_energy.history_records import SERIES, day_hours
from custom_components.goodwe_energy.plant_values import plant_values, sources_note
from custom_components.goodwe_energy.readings import ChargerSession, DeviceEntry, Energy
from custom_components.goodwe_energy.tables import TABLES, Cls
from tests.odd_json import anything, assert_plain, damaged

from . import wire

NOW = datetime(2026, 10, 12, 13, 20, tzinfo=UTC)
(ENTRY,) = driver.plants(wire.STATIONS, NOW).plants.values()
PROPERTY = settings(deadline=None, database=None, derandomize=True, max_examples=20)


@pytest.fixture(autouse=True)
def goodwe() -> None:
    """Home Assistant is not needed here."""


def device(cls: Cls) -> DeviceEntry:
    """Return a device of a class."""
    return DeviceEntry(serial="S", type="T", cls=cls, name="N")


DOCUMENTS: dict[str, tuple[Callable[[Any], Any], Any]] = {
    "plants": (lambda raw: driver.plants(raw, NOW), wire.STATIONS),
    "info": (lambda raw: driver.info(raw, NOW, ENTRY), wire.INFO),
    "devices": (lambda raw: driver.devices(raw, NOW), wire.DEVICES),
    "flow": (lambda raw: driver.flow(raw, NOW, UTC, ENTRY), wire.FLOW),
    "push": (lambda raw: driver.flow(raw, NOW, UTC), {"msg": wire.PUSH}),
    "statistics": (lambda raw: driver.statistics(raw, NOW), wire.STATISTICS),
    "income": (lambda raw: driver.income(raw, NOW), wire.INCOME),
    "alarm_counts": (lambda raw: driver.alarm_counts(raw, NOW), {"happened": "1"}),
    "alarms": (lambda raw: driver.alarms(raw, NOW), [wire.ALARM]),
    "charger": (
        lambda raw: driver.charger(raw, NOW, device("charger"), UTC),
        wire.CHARGER,
    ),
    "counters": (
        lambda raw: driver.counters(raw, NOW, device("inverter")),
        wire.COUNTERS,
    ),
}


@pytest.mark.parametrize("name", DOCUMENTS)
@PROPERTY
@given(data=st.data())
def test_any_document_is_decoded_or_refused(name: str, data: st.DataObject) -> None:
    """Odd values become unknown, never an exception or a number that is none."""
    decode, sample = DOCUMENTS[name]
    raw = data.draw(st.one_of(damaged(sample), anything))
    with suppress(BadDataError):
        assert_plain(decode(raw))


@pytest.mark.parametrize("cls", TABLES)
@PROPERTY
@given(data=st.data())
def test_any_telemetry_is_decoded(cls: Cls, data: st.DataObject) -> None:
    """Each factor of each class bears whatever is sent for it."""
    sample = wire.factors(**{one.codes[0]: "1" for one in TABLES[cls][:8]})
    with suppress(BadDataError):
        assert_plain(driver.telemetry(data.draw(damaged(sample)), NOW, device(cls)))


@PROPERTY
@given(data=st.data())
def test_any_day_of_powers_is_shared_out(data: st.DataObject) -> None:
    """All energy of the day is somewhere in it, and none is negative."""
    day = date(2026, 10, 11)
    points = [
        {"tp": f"{day} {hour:02}:00:00", "power": power}
        for hour, power in enumerate((-1.5, 0, 2.5))
    ]
    sample = {"dataList": [{"item": "pGrid", "powerData": points}]}
    totals = dict.fromkeys(SERIES, 12.3456)
    found = day_hours(data.draw(damaged(sample)), totals, day, UTC)
    assert_plain(found)
    for hours in found.values():
        assert sum(hours.values()) == pytest.approx(12.3456)
        assert all(value >= 0 for value in hours.values())
        assert all(hour.date() == day for hour in hours)


@PROPERTY
@given(data=st.data())
def test_any_stored_notes_are_borne(data: st.DataObject) -> None:
    """What is remembered of a station may be damaged on the disk."""
    steady = {
        "from": "counters/inverter",
        "parts": {"I1": [4.0, "2026-10-11T10:00:00+02:00"]},
        "offset": -2.0,
    }
    income = {"day": "2026-10-12", "values": {"income_today": 1.0}, "currency": "EUR"}
    account = Account(budget=Budget(clock=SystemClock()), redactor=Redactor())
    notes = data.draw(damaged({"solar_energy_total": steady}))
    account.notes |= {
        sources_note("P"): notes,
        "P/income": data.draw(damaged(income)),
    }
    account.counters |= {
        "P/solar_energy_total": {
            "value": 1.0,
            "at": NOW.isoformat(),
            "day": "2026-10-12",
        }
    }
    assert_plain(plant_values(account, "P", Known(now=NOW, entry=ENTRY)))


@PROPERTY
@given(data=st.data())
def test_any_stored_years_and_sessions_are_borne(data: st.DataObject) -> None:
    """Sums are made of what can still be read."""
    years = data.draw(
        damaged({"2026": {"at": NOW.isoformat(), "kwh": {"consumption": 5.0}}})
    )
    if isinstance(years, dict):
        plant_totals.years_to_ask(years, NOW, NOW)
        energy = Energy(observed_at=NOW, series={"consumption": {date(2026, 1, 1): 1}})
        plant_totals.learn_year(years, 2026, energy, NOW)
        assert_plain(plant_totals.lifetime(years, NOW.replace(tzinfo=None), NOW))
    sample = {
        "sessions": {"S1": 4.0},
        "starts": {"2026-10-11T10:00:00+00:00": "S1"},
        "pending": [1.0],
        "open": {"kwh": 2.0, "name": "S2", "counted": False},
        "base": -3.0,
        "since": "2026-10-11T10:00:00+00:00",
        "logged": False,
        "total": 10.0,
    }
    memory = data.draw(damaged(sample))
    if isinstance(memory, dict):
        session = ChargerSession(id="S3", kwh=2.0, over=False)
        charger_energy.learn(memory, [session], session, NOW)
        assert_plain(charger_energy.total(memory))
