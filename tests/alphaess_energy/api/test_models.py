"""Decoding of the vendor's JSON (alphaess.md section 3): units and signs of the wire."""

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time
from enum import Enum
import math
from typing import Any

from hypothesis import given, settings
import pytest

from custom_components.alphaess_energy.api import models, schedules

from . import samples

PROPERTY = settings(deadline=None, database=None, derandomize=True, max_examples=150)

DECODERS: list[Callable[[Any], Any]] = [
    models.System.from_wire,
    models.LastPower.from_wire,
    models.PowerRecord.from_wire,
    models.DateEnergy.from_wire,
    models.SumData.from_wire,
    schedules.LegacyConfig.charge,
    schedules.LegacyConfig.discharge,
    schedules.Period.from_wire,
    schedules.PeriodicConfig.from_wire,
    models.Charger.from_wire,
    models.charger_status,
    models.household_current,
]


def assert_plain(value: Any) -> None:
    """What is not said is None; numbers are finite, texts are not empty."""
    match value:
        case None | bool() | Enum() | date() | time():
            pass
        case int() | float():
            assert math.isfinite(value)
        case str():
            assert value.strip() == value != ""
            value.encode()
        case tuple():
            for item in value:
                assert_plain(item)
        case _:
            assert is_dataclass(value)
            for field in fields(value):
                assert_plain(getattr(value, field.name))


@pytest.mark.parametrize("decode", DECODERS, ids=lambda d: d.__qualname__)
@PROPERTY
@given(samples.objects)
def test_nothing_odd_gets_through(
    decode: Callable[[Any], Any], document: dict[str, Any]
) -> None:
    """Whatever JSON comes, nothing is raised, and odd fields are None."""
    assert_plain(decode(document))


@PROPERTY
@given(samples.documents)
def test_records_of_anything(document: Any) -> None:
    """Also when no list comes."""
    for record in models.power_records(document):
        assert_plain(record)


def test_one_odd_field_leaves_the_others() -> None:
    """Null, text and infinity are that field's problem only."""
    wire = {**samples.LAST_POWER, "ppv": None, "pgrid": "--", "pbat": float("inf")}
    power = models.LastPower.from_wire(wire)
    assert (power.solar, power.grid, power.battery) == (None, None, None)
    assert (power.load, power.soc) == (985.0, 62.4)


def test_system() -> None:
    """3.1: kW, kWh, percent."""
    assert models.System.from_wire(samples.ESS_LIST[0]) == models.System(
        serial="AL7011024010101",
        inverter_model="SMILE5-INV",
        battery_model="SMILE-BAT-13.3P",
        inverter_kw=5.0,
        solar_kw=8.2,
        battery_kwh=13.34,
        usable_kwh=12.01,
        usable_percent=90.0,
        status="Normal",
    )
    assert models.System.from_wire({"minv": "SMILE5-INV"}) is None


def test_last_power() -> None:
    """3.2: W; the grid's + is import, the battery's + is discharge."""
    assert models.LastPower.from_wire(samples.LAST_POWER) == models.LastPower(
        solar=3120.0,
        load=985.0,
        soc=62.4,
        grid=-310.0,
        battery=-1825.0,
        ev=0.0,
        strings=(1710.0, 1410.0, 0.0, 0.0),
        dc_meter=0.0,
        grid_phases=(-310.0, 0.0, 0.0),
        inverter_phases=(1241.0, 0.0, 0.0),
        chargers=(None, None, None, None),
    )


def test_what_has_one_direction_is_not_negative() -> None:
    """The sun gives and a car takes; the grid and the battery do both."""
    wire = {**samples.LAST_POWER, "ppv": -5, "pev": -5, "pgrid": -5, "pbat": -5}
    power = models.LastPower.from_wire(wire)
    assert (power.solar, power.ev, power.grid, power.battery) == (None, None, -5, -5)
    record = {"uploadTime": "2026-05-03 13:10:04", "feedIn": -1, "gridCharge": -1}
    [decoded] = models.power_records([record])
    assert decoded.exported is decoded.imported is None


def test_models_without_live_data() -> None:
    """Null everywhere, the nested objects included."""
    power = models.LastPower.from_wire(samples.NO_POWER)
    assert power.solar is power.load is power.soc is power.grid is power.ev is None
    assert power.strings == power.chargers == (None, None, None, None)
    assert power.grid_phases == power.inverter_phases == (None, None, None)


def test_day_power() -> None:
    """3.3: W and percent at naive local times, in the vendor's order."""
    first, second = models.power_records(samples.DAY_POWER)
    assert first == models.PowerRecord(
        at=datetime(2026, 5, 3, 13, 10, 4),
        solar=3105.0,
        load=960.0,
        soc=62.0,
        exported=305.0,
        imported=0.0,
        ev=0.0,
    )
    assert second.at < first.at


def test_the_portals_spelling() -> None:
    """What is sent differs from what is documented; both are read."""
    stamp = {"uploadTime": "2026-05-03 13:10"}
    record = models.PowerRecord.from_wire({**stamp, "cobat": 50, "pChargingPile": 7})
    assert record is not None
    assert (record.soc, record.ev) == (50.0, 7.0)
    both = {"cbat": 0, "cobat": 50, "pchargingPile": 0, "pChargingPile": 7}
    record = models.PowerRecord.from_wire({**stamp, **both})
    assert record is not None
    assert (record.soc, record.ev) == (0.0, 0.0)


@pytest.mark.parametrize(
    "stamp", [None, "", "2026-05-03", "2026-05-03T13:10:04Z", 5, "13:10"]
)
def test_records_without_a_local_time_are_left_out(stamp: Any) -> None:
    """Nobody knows when they were."""
    assert models.power_records([{"uploadTime": stamp, "ppv": 1.0}]) == []


def test_date_energy() -> None:
    """3.4: kWh."""
    energy = models.DateEnergy.from_wire(samples.DATE_ENERGY)
    assert energy == models.DateEnergy(
        day=date(2026, 5, 3),
        solar=21.6,
        imported=3.41,
        exported=9.87,
        charged=8.3,
        discharged=6.9,
        charged_from_grid=0.0,
        ev=0.0,
    )
    assert not energy.blank


@pytest.mark.parametrize("value", [None, 0, 0.0, "", "0", -1])
def test_blank_energies(value: Any) -> None:
    """All zero or null says nothing; one value is enough to say something."""
    wire = dict.fromkeys(samples.DATE_ENERGY, value) | {"theDate": "2026-05-03"}
    assert models.DateEnergy.from_wire(wire).blank
    assert models.DateEnergy.from_wire({}).blank
    for key in samples.DATE_ENERGY.keys() - {"sysSn", "theDate"}:
        assert not models.DateEnergy.from_wire({**wire, key: 0.01}).blank


def test_sum_data() -> None:
    """3.5: kWh, money, fractions, kg."""
    assert models.SumData.from_wire(samples.SUM_DATA) == models.SumData(
        load_today=13.74,
        solar_total=15320.4,
        income_today=2.41,
        income_total=2963.1,
        currency="EUR",
        self_consumption=0.54,
        self_sufficiency=0.75,
        trees=2623.9,
        co2=13175.5,
    )


def test_legacy_settings() -> None:
    """3.6 and 3.7: a window that ends where it starts is off."""
    charge = schedules.LegacyConfig.charge(samples.CHARGE)
    assert (charge.enabled, charge.limit) == (False, 100.0)
    assert charge.windows[0] == schedules.Window(start=time(1), end=time(5))
    assert [window.active for window in charge.windows] == [True, False]
    discharge = schedules.LegacyConfig.discharge(samples.DISCHARGE)
    assert (discharge.enabled, discharge.limit) == (True, 10.0)
    assert discharge.windows[0] == schedules.Window(start=time(17), end=time(21))
    assert schedules.Window(start=None, end=time(5)).active is None


def test_periodic_settings() -> None:
    """3.8: weekdays in any order, W, percent; the flags always read 0."""
    config = schedules.PeriodicConfig.from_wire(samples.PERIODIC)
    assert config.weekly is True
    assert config.charge == (
        schedules.Period(
            window=schedules.Window(start=time(2), end=time(5)),
            weekdays=(1, 2, 3, 4, 5, 6, 7),
            power=5000.0,
            limit=90.0,
        ),
    )
    assert config.discharge is not None
    assert config.discharge[0].limit == 15.0
    assert schedules.Period.from_wire(
        {"weeks": [7, "3", 0, 8, None, 2.5]}
    ).weekdays == (
        3,
        7,
    )


def test_chargers() -> None:
    """3.13 and 3.14; the current may be text."""
    assert models.Charger.from_wire(samples.CHARGERS[0]) == models.Charger(
        serial="ALP0110240303", model="SMILE-EVCT11"
    )
    assert models.Charger.from_wire({"evchargerModel": "SMILE-EVCT11"}) is None
    assert models.household_current({"currentsetting": 32.0}) == 32.0
    assert models.household_current({"currentsetting": "25"}) == 25.0


@pytest.mark.parametrize(
    ("code", "status"),
    [
        (1, "available"),
        (2, "preparing"),
        (3, "charging"),
        (4, "suspended_evse"),
        (5, "suspended_ev"),
        (6, "finishing"),
        (9, "faulted"),
        ("3", "charging"),
        (3.0, "charging"),
        (0, None),
        (7, None),
        (8, None),
        (None, None),
        (True, None),
    ],
)
def test_charger_status(code: Any, status: str | None) -> None:
    """3.16: 9 is the fault; 0, 7 and 8 are not explained."""
    assert models.charger_status({"evchargerStatus": code}) == status
