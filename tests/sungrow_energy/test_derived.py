"""Powers and counters of a plant from whatever says them (reference section 9.1)."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest

from custom_components.sungrow_energy.chains import Known
from custom_components.sungrow_energy.derived import device_values, plant_values
from custom_components.sungrow_energy.readings import DeviceLive, PlantLive, Value

NOW = datetime(2026, 9, 2, 13, 20, tzinfo=UTC)
_CODES = count(1)
HYBRID, METER, BATTERY, INVERTER, MICRO = 14, 7, 43, 1, 55


@pytest.fixture(autouse=True)
def sungrow() -> None:
    """Home Assistant is not needed here."""


def device(kind: int, **values: Value) -> DeviceLive:
    """Return a sample."""
    return DeviceLive(
        ps_key=f"5_{kind}_{next(_CODES)}_1",
        type=kind,
        observed_at=NOW,
        values=device_values(kind, values),
    )


def values_of(
    *devices: DeviceLive,
    memory: dict[str, Any] | None = None,
    now: datetime = NOW,
    **own: Value,
) -> Mapping[str, Value]:
    """Return the values of a plant with these points of its own."""
    plant = PlantLive(plant_id="5", observed_at=now, values=own)
    known = Known(now=now, plant=plant, devices=devices)
    return plant_values(known, {} if memory is None else memory)


def test_plant_powers_come_from_the_devices_where_the_plants_are_null() -> None:
    """On many hybrids all powers of the plant are null (10.6)."""
    hybrid = device(
        HYBRID,
        dc_power=3000.0,
        load_power=700.0,
        purchased_power=0.0,
        feed_in_power=1800.0,
        battery_charge_power=500.0,
        battery_discharge_power=0.0,
        battery_soc=79.1,
        self_consumption_rate=60.0,
    )
    assert plant_values(Known(now=NOW, devices=[hybrid]), {}) == {
        "pv_power": 3000.0,
        "load_power": 700.0,
        "grid_power": -1800.0,
        "grid_import_power": 0.0,
        "grid_export_power": 1800.0,
        "battery_power": -500.0,
        "battery_charge_power": 500.0,
        "battery_discharge_power": 0.0,
        "battery_soc": 79.1,
        "self_consumption_rate": 60.0,
    }


def test_nothing_is_made_of_nothing() -> None:
    """A plant of which nothing is known has no value."""
    assert values_of(device(HYBRID), device(METER)) == {}


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        ({"pv_power": 900.0, "pv_power_ems": 800.0}, 900.0),
        ({"pv_power_ems": 800.0}, 800.0),
        ({}, 100.0 + 200.0 + 300.0),
        ({"pv_power": -4.0}, 0.0),
    ],
)
def test_where_solar_power_comes_from(own: dict[str, Value], expected: float) -> None:
    """The plant's points first, else all that make it are added up."""
    devices = (
        device(HYBRID, dc_power=100.0),
        device(INVERTER, active_power=200.0),
        device(MICRO, active_power=300.0),
        device(INVERTER),
    )
    assert values_of(*devices, **own)["pv_power"] == expected


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        ({"load_power": 4.0, "load_power_meter": 3.0}, 4.0),
        ({"load_power_meter": 3.0, "load_power_ems": 2.0}, 3.0),
        ({"load_power_ems": 2.0}, 2.0),
        ({}, 1.0),
    ],
)
def test_where_the_load_comes_from(own: dict[str, Value], expected: float) -> None:
    """In the order of the reference."""
    assert values_of(device(HYBRID, load_power=1.0), **own)["load_power"] == expected


@pytest.mark.parametrize(
    ("bought", "sold", "expected"),
    [
        (500.0, 0.0, 500.0),
        (0.0, 500.0, -500.0),
        (500.0, None, 500.0),
        (None, 500.0, -500.0),
        (0.0, None, 77.0),
        (None, None, 77.0),
    ],
)
def test_half_of_a_net_power(
    bought: float | None, sold: float | None, expected: float
) -> None:
    """One direction tells the net unless it is zero; then the meter is asked."""
    hybrid = device(HYBRID, purchased_power=bought, feed_in_power=sold)
    found = values_of(hybrid, device(METER, active_power=77.0))
    assert found["grid_power"] == expected
    assert found["grid_import_power"] == max(expected, 0.0)
    assert found["grid_export_power"] == max(-expected, 0.0)


def test_of_two_meters_nobody_knows_which_is_the_grids() -> None:
    """One of them may measure solar power or a load."""
    meters = device(METER, active_power=5.0), device(METER, active_power=7.0)
    assert "grid_power" not in values_of(*meters)
    assert values_of(*meters, grid_active_power=9.0)["grid_power"] == 9.0


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        ({"storage_power": 400.0, "battery_power_ems": 1.0}, 750.0),
        ({}, 750.0),
    ],
)
def test_the_battery_itself_says_its_power(
    own: dict[str, Value], expected: float
) -> None:
    """Two of them are added up; + discharges."""
    batteries = (
        device(BATTERY, voltage=250.0, current=2.0),
        device(BATTERY, voltage=250.0, current=1.0),
    )
    found = values_of(*batteries, **own)
    assert found["battery_power"] == expected
    assert found["battery_discharge_power"] == expected
    assert found["battery_charge_power"] == 0.0


def test_the_clouds_battery_power_charges_with_plus() -> None:
    """So others document it; ours is + when it discharges."""
    found = values_of(storage_power=400.0, grid_active_power=-200.0)
    assert found["battery_power"] == -400.0
    assert found["battery_charge_power"] == 400.0
    assert found["grid_power"] == -200.0


def test_a_sign_that_the_balance_refutes_is_turned() -> None:
    """Three times: house 1000, sun 3000, the rest charges; so - charges here."""
    memory: dict[str, Any] = {}
    shown = [
        values_of(
            memory=memory,
            pv_power=3000.0,
            load_power=1000.0,
            storage_power=-1500.0,
            grid_active_power=-500.0,
        )["battery_power"]
        for _ in range(3)
    ]
    assert shown == [1500.0, 1500.0, -1500.0]
    assert values_of(memory=memory, storage_power=700.0)["battery_power"] == 700.0


@pytest.mark.parametrize(
    "own",
    [
        {"pv_power": 3000.0, "load_power": 1000.0, "storage_power": 1500.0},
        {
            "pv_power": 200.0,
            "load_power": 100.0,
            "storage_power": -50.0,
            "grid_active_power": -50.0,
        },
        {
            "pv_power": 9000.0,
            "load_power": 100.0,
            "storage_power": -1000.0,
            "grid_active_power": -1000.0,
        },
    ],
)
def test_a_balance_that_tells_nothing_turns_no_sign(own: dict[str, Value]) -> None:
    """A missing power, small ones, or a sum that is right in no way."""
    memory: dict[str, Any] = {}
    for _ in range(5):
        values_of(memory=memory, **own)
    assert not any(value for key, value in memory.items() if key.startswith("sign/"))


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        ({"battery_soc": 1.0, "plant_soc": 2.0}, 1.0),
        ({"plant_soc": 2.0, "storage_soc": 3.0}, 2.0),
        ({"storage_soc": 3.0, "soc_ems": 4.0}, 3.0),
        ({"soc_ems": 4.0}, 4.0),
        ({}, 5.0),
    ],
)
def test_where_the_state_of_charge_comes_from(
    own: dict[str, Value], expected: float
) -> None:
    """In the order of the reference."""
    hybrid, battery = device(HYBRID, battery_soc=5.0), device(BATTERY, soc=6.0)
    assert values_of(hybrid, battery, **own)["battery_soc"] == expected
    two = device(BATTERY, soc=6.0), device(BATTERY, soc=8.0)
    assert values_of(*two)["battery_soc"] == 7.0


@pytest.mark.parametrize(
    ("own", "devices", "key", "expected"),
    [
        ({"pv_energy_ems_total": 2.0, "inverter_yield_total": 3.0}, (), "pv_energy_total", 2.0),
        ({"inverter_yield_today": 3.0}, (), "pv_energy_today", 3.0),
        ({}, (device(INVERTER, pv_energy_total=4.0), device(MICRO, pv_energy_total=5.0)), "pv_energy_total", 9.0),
        ({}, (device(HYBRID, grid_import_total=4.0), device(METER, forward_energy_total=7.0)), "grid_import_total", 4.0),
        ({}, (device(METER, forward_energy_total=7.0),), "grid_import_total", 7.0),
        ({}, (device(METER, reverse_energy_today=7.0),), "grid_export_today", 7.0),
        ({}, (device(METER, reverse_energy_today=7.0), device(METER)), "grid_export_today", None),
        ({}, (device(HYBRID, load_energy_today=7.0),), "load_energy_today", 7.0),
        ({}, (device(HYBRID, self_consumed_total=7.0),), "self_consumed_total", 7.0),
        ({"storage_charge_total": 3.0}, (device(HYBRID, battery_charge_total=7.0),), "battery_charge_total", 3.0),
        ({}, (device(HYBRID, battery_charge_total=7.0), device(HYBRID, battery_charge_total=1.0)), "battery_charge_total", 8.0),
        ({}, (device(BATTERY, discharge_total=7.0),), "battery_discharge_total", 7.0),
        ({"battery_remaining_energy_ems": 6.0}, (), "battery_remaining_energy", 6.0),
    ],
)  # fmt: skip
def test_where_counters_come_from(
    own: dict[str, Value],
    devices: tuple[DeviceLive, ...],
    key: str,
    expected: float | None,
) -> None:
    """In the order of the reference, and of nothing else."""
    assert values_of(*devices, **own).get(key) == expected


def test_a_counter_keeps_its_source() -> None:
    """Two counters of the same thing never stand alike: a change would be a leap."""
    memory: dict[str, Any] = {}
    hybrid = device(HYBRID, grid_import_total=400.0)
    key = "grid_import_total"
    assert values_of(hybrid, memory=memory, grid_import_total=410.0)[key] == 410.0
    assert values_of(hybrid, memory=memory)[key] == 410.0
    tomorrow = NOW + timedelta(days=1)
    assert values_of(hybrid, memory=memory, now=tomorrow)[key] == 410.0
    later = NOW + timedelta(days=2)
    found = values_of(memory=memory, now=later, grid_import_total=411.0)
    assert found[key] == 411.0


@pytest.mark.parametrize(
    "stored", [None, -3, {}, {"from": 1}, {"from": [], "day": "x"}, {"from": "gone"}]
)
def test_a_damaged_memory_is_begun_anew(stored: Any) -> None:
    """What was stored may be anything."""
    memory = {"pv_energy_total": stored, "sign/storage_power": stored}
    found = values_of(memory=memory, pv_energy_total=5.0, storage_power=1.0)
    assert (found["pv_energy_total"], found["battery_power"]) == (5.0, -1.0)


@pytest.mark.parametrize(
    ("kind", "values", "key", "expected"),
    [
        (HYBRID, {"mppt4_voltage": 300.0, "mppt4_current": 2.0}, "mppt4_power", 600.0),
        (INVERTER, {"mppt20_voltage": 3.0, "mppt20_current": 2.0}, "mppt20_power", 6.0),
        (BATTERY, {"voltage": 250.0, "current": -2.0}, "power", -500.0),
        (BATTERY, {"voltage": 250.0}, "power", None),
        (52, {"cell_voltage_max": 3310.0, "cell_voltage_min": 3301.0}, "cell_voltage_spread", 9.0),
        (44, {"cell_voltage_max": 3310.0}, "cell_voltage_spread", None),
        (METER, {"voltage": 1.0, "current": 1.0}, "power", None),
    ],
)  # fmt: skip
def test_what_follows_for_a_device(
    kind: int, values: dict[str, Value], key: str, expected: float | None
) -> None:
    """Volt times ampere, and how far the cells are apart."""
    assert device_values(kind, values).get(key) == expected
