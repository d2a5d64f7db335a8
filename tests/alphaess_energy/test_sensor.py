"""Sensors: which there are, what they are, and what they show."""

from typing import Any
from unittest.mock import patch

from homeassistant.components.sensor import SensorStateClass
from homeassistant.const import EntityCategory, Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    snapshot_platform,
)
from syrupy.assertion import SnapshotAssertion

from custom_components.alphaess_energy._vendor.core.client.budget import Budget
from custom_components.alphaess_energy.const import DOMAIN
from simulator.alphaess import APP_ID, AlphaEssSimulator

from .conftest import CHARGER, SYSTEM_1, SYSTEM_2, Step, set_up
from .platforms import only

type Kind = tuple[str | None, str | None, str | None]
type Table = dict[str, tuple[Kind, bool]]

W = ("power", "W", SensorStateClass.MEASUREMENT)
KWH = ("energy", "kWh", SensorStateClass.TOTAL_INCREASING)
KW_RATING = ("power", "W", None)
STORED = ("energy_storage", "kWh", SensorStateClass.MEASUREMENT)
SHARE = (None, "%", SensorStateClass.MEASUREMENT)
MONEY = ("monetary", "EUR", SensorStateClass.TOTAL)
TEXT = (None, None, None)

# Reference section 9.1 with the bundle's keys: class, unit, state class; enabled
EVERY_SYSTEM: Table = {
    "battery_soc": (("battery", "%", SensorStateClass.MEASUREMENT), True),
    "battery_power": (W, True),
    "battery_charge_power": (W, False),
    "battery_discharge_power": (W, False),
    "grid_power": (W, True),
    "grid_import_power": (W, False),
    "grid_export_power": (W, False),
    "solar_power": (W, True),
    "solar_power_1": (W, True),
    "solar_power_2": (W, True),
    "solar_meter_power": (W, False),
    "load_power": (W, True),
    "inverter_power_l1": (W, False),
    "solar_energy_today": (KWH, True),
    "import_energy_today": (KWH, True),
    "export_energy_today": (KWH, True),
    "battery_charge_energy_today": (KWH, True),
    "battery_discharge_energy_today": (KWH, True),
    "battery_grid_charge_energy_today": (KWH, True),
    "load_energy_today": (KWH, True),
    "solar_to_battery_energy_today": (KWH, False),
    "solar_to_load_energy_today": (KWH, False),
    "grid_to_load_energy_today": (KWH, False),
    "solar_energy_total": (KWH, True),
    "income_today": (MONEY, True),
    "income_total": (MONEY, True),
    "self_consumption": (SHARE, True),
    "self_sufficiency": (SHARE, True),
    "co2_reduction": (("weight", "kg", SensorStateClass.TOTAL_INCREASING), False),
    "trees_planted": (
        (None, "trees", SensorStateClass.TOTAL_INCREASING),
        False,
    ),
    "ems_status": (TEXT, True),
    "inverter_nominal_power": (KW_RATING, False),
    "solar_nominal_power": (KW_RATING, False),
    "battery_capacity": (STORED, True),
    "battery_usable_capacity": (STORED, False),
    "battery_usable_share": (SHARE, False),
    "battery_energy": (STORED, False),
    "battery_model": (TEXT, False),
    "schedule_mode": (("enum", None, None), True),
    "charge_window_1": (TEXT, False),
    "charge_window_2": (TEXT, False),
    "discharge_window_1": (TEXT, False),
    "discharge_window_2": (TEXT, False),
    "last_reported": (("timestamp", None, None), False),
    "history_import": ((None, "%", None), True),
    "control_state": (("enum", None, None), True),
    "control_ends": (("timestamp", None, None), True),
    "setting_writes_today": (
        (None, "writes", SensorStateClass.TOTAL_INCREASING),
        True,
    ),
}
WITH_CHARGER: Table = {
    "ev_power": (W, True),
    "ev_energy_today": (KWH, True),
}
THREE_PHASES: Table = {
    **{f"grid_power_l{n}": (W, True) for n in (1, 2, 3)},
    **{f"inverter_power_l{n}": (W, False) for n in (2, 3)},
}
OF_THE_CHARGER: Table = {
    "ev_status": (("enum", None, None), True),
    "ev_charging_power": (W, True),
}
OF_THE_ACCOUNT: Table = {
    "requests_today": ((None, "requests", SensorStateClass.TOTAL_INCREASING), True),
    "requests_left": ((None, "requests", SensorStateClass.MEASUREMENT), True),
}
EXPECTED: dict[str, Table] = {
    SYSTEM_1: EVERY_SYSTEM | WITH_CHARGER,
    SYSTEM_2: EVERY_SYSTEM | THREE_PHASES,
    CHARGER: OF_THE_CHARGER,
    APP_ID: OF_THE_ACCOUNT,
}
DIAGNOSTIC = {
    "ems_status",
    "inverter_nominal_power",
    "solar_nominal_power",
    "battery_capacity",
    "battery_usable_capacity",
    "battery_usable_share",
    "battery_model",
    "schedule_mode",
    "charge_window_1",
    "charge_window_2",
    "discharge_window_1",
    "discharge_window_2",
    "last_reported",
    "history_import",
    "setting_writes_today",
    "requests_today",
    "requests_left",
}


@pytest.fixture
def homes() -> int:
    """One phase with an EV charger, and three phases without."""
    return 2


@pytest.fixture
def entry(entry: MockConfigEntry) -> MockConfigEntry:
    """An entry whose id, which is in the registries, is always the same."""
    return MockConfigEntry(
        domain=DOMAIN,
        title=entry.title,
        unique_id=entry.unique_id,
        data=dict(entry.data),
        entry_id="account",
    )


def by_unique_id(hass: HomeAssistant, entry: MockConfigEntry) -> dict[str, Any]:
    """Return the registered entities."""
    found = er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
    return {item.unique_id: item for item in found}


async def test_sensors(
    hass: HomeAssistant,
    sim: AlphaEssSimulator,
    entry: MockConfigEntry,
    entity_registry: er.EntityRegistry,
    snapshot: SnapshotAssertion,
) -> None:
    """All sensors with their states, enabled or not."""
    with (
        only(Platform.SENSOR),
        # These go on counting while the entities are added
        patch.object(Budget, "requests_today", 12),
        patch.object(Budget, "left", 2300),
    ):
        await set_up(hass, entry)
    await snapshot_platform(hass, entity_registry, snapshot, entry.entry_id)
    assert "-0.0" not in {state.state for state in hass.states.async_all()}


async def test_devices(
    hass: HomeAssistant,
    sim: AlphaEssSimulator,
    entry: MockConfigEntry,
    device_registry: dr.DeviceRegistry,
    snapshot: SnapshotAssertion,
) -> None:
    """The account, its systems below it, and the charger below its system."""
    await set_up(hass, entry)
    devices = {
        identifier: device
        for device in dr.async_entries_for_config_entry(device_registry, entry.entry_id)
        for _, identifier in device.identifiers
    }
    assert devices.keys() == {entry.entry_id, SYSTEM_1, SYSTEM_2, CHARGER}
    account = devices[entry.entry_id]
    assert account.via_device_id is None
    assert devices[SYSTEM_1].via_device_id == account.id
    assert devices[SYSTEM_2].via_device_id == account.id
    assert devices[CHARGER].via_device_id == devices[SYSTEM_1].id
    for identifier, device in devices.items():
        assert device == snapshot(name=identifier)


async def test_kinds(
    hass: HomeAssistant, sim: AlphaEssSimulator, entry: MockConfigEntry
) -> None:
    """Each reading of the reference is there, with its class, unit and category."""
    with only(Platform.SENSOR):
        await set_up(hass, entry)
    found = by_unique_id(hass, entry)
    expected = {
        f"{owner}_{key}": (kind, key)
        for owner, sensors in EXPECTED.items()
        for key, (kind, _) in sensors.items()
    }
    assert found.keys() == expected.keys()
    for unique_id, ((device_class, unit, state_class), key) in expected.items():
        item = found[unique_id]
        state = hass.states.get(item.entity_id)
        assert state is not None
        attributes = state.attributes
        assert attributes.get("device_class") == device_class, key
        assert attributes.get("unit_of_measurement") == unit, key
        assert attributes.get("state_class") == state_class, key
        category = EntityCategory.DIAGNOSTIC if key in DIAGNOSTIC else None
        assert item.entity_category == category, key


async def test_enabled_by_default(
    hass: HomeAssistant, sim: AlphaEssSimulator, entry: MockConfigEntry
) -> None:
    """What few people need is there, but disabled."""
    with only(Platform.SENSOR, all_enabled=False):
        await set_up(hass, entry)
    shown = {key: not item.disabled for key, item in by_unique_id(hass, entry).items()}
    assert shown == {
        f"{owner}_{key}": enabled
        for owner, sensors in EXPECTED.items()
        for key, (_, enabled) in sensors.items()
    }


async def test_requests_are_counted(
    hass: HomeAssistant, sim: AlphaEssSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """What the cloud counted until the last list; left is what an hour allows."""
    await set_up(hass, entry)
    for _ in range(16):
        await step(60)
    found = by_unique_id(hass, entry)

    def value(key: str) -> int:
        state = hass.states.get(found[f"{APP_ID}_{key}"].entity_id)
        assert state is not None
        return int(state.state)

    listed = sim.counters.requests("getEssList")[-1].at
    before = sim.counters.count() - sim.counters.count(since=listed)
    assert before <= value("requests_today") <= before + 1
    assert value("requests_left") == 3340 - value("requests_today")


@pytest.mark.parametrize(
    ("solar", "load", "soc", "battery", "grid"),
    [
        (1000, 2500, 55, 1, 0),  # the battery helps
        (4000, 500, 55, -1, 0),  # the sun charges
        (100, 700, 5, 0, 1),  # empty: the grid has to help
        (4000, 500, 100, 0, -1),  # full: the sun feeds in
    ],
)
async def test_readings_are_the_houses(
    hass: HomeAssistant,
    sim: AlphaEssSimulator,
    entry: MockConfigEntry,
    solar: float,
    load: float,
    soc: float,
    battery: int,
    grid: int,
) -> None:
    """Signs and units: import and discharge are positive, powers in W, in balance."""
    for house in sim.houses.values():
        house.override(pv_w=solar, load_w=load, soc=soc)
    with only(Platform.SENSOR):
        await set_up(hass, entry)
    found = by_unique_id(hass, entry)
    for serial in (SYSTEM_1, SYSTEM_2):
        shown = {}
        for key, (kind, _) in EXPECTED[serial].items():
            if kind == W:
                state = hass.states.get(found[f"{serial}_{key}"].entity_id)
                assert state is not None
                shown[key] = float(state.state)
        live = sim.houses[serial].live()
        assert shown["solar_power"] == solar
        assert shown["load_power"] == pytest.approx(load, abs=2)
        for key, sign, watts in (
            ("battery", battery, live.battery_w),
            ("grid", grid, live.grid_w),
        ):
            power = shown[f"{key}_power"]
            assert power == pytest.approx(watts, abs=2)
            if sign:
                assert power * sign > 400
            taken, given = {
                "battery": ("battery_discharge_power", "battery_charge_power"),
                "grid": ("grid_import_power", "grid_export_power"),
            }[key]
            assert (shown[taken], shown[given]) == (max(power, 0), max(-power, 0))
        assert shown["load_power"] == (
            shown["solar_power"] + shown["grid_power"] + shown["battery_power"]
        )
        strings = shown["solar_power_1"] + shown["solar_power_2"]
        assert strings == shown["solar_power"]


@pytest.mark.parametrize(
    ("money_type", "unit"),
    [
        ("EUR", "EUR"),
        ("aud", "AUD"),
        ("€", "EUR"),
        ("£", "GBP"),
        ("A$", "AUD"),
        ("$", "CHF"),
        ("money", "CHF"),
        (None, "CHF"),
    ],
)
async def test_currency(
    hass: HomeAssistant,
    sim: AlphaEssSimulator,
    entry: MockConfigEntry,
    money_type: str | None,
    unit: str,
) -> None:
    """A sign that is one currency's is that one; else it is the one of the home."""
    hass.config.currency = "CHF"
    sim.systems[SYSTEM_1].money_type = money_type
    with only(Platform.SENSOR):
        await set_up(hass, entry)
    item = by_unique_id(hass, entry)[f"{SYSTEM_1}_income_today"]
    state = hass.states.get(item.entity_id)
    assert state is not None
    assert state.attributes["unit_of_measurement"] == unit
    assert state.attributes["last_reset"] == "2026-05-12T00:00:00+02:00"
