"""Records of all families agree with what the house did."""

from dataclasses import replace
from datetime import UTC, datetime
import json
from typing import Any

import pytest

from simulator.clock import ManualClock
from simulator.growatt import Device, Family, GrowattSimulator, Home, default_homes
from simulator.growatt.payloads import info, last, meter


def still(kind: str, family: Family | None = None) -> Device:
    """Return the first device of a home that stands still; imports 1500 W."""
    clock = ManualClock(datetime(2026, 5, 3, 11, 10, 30, tzinfo=UTC))
    (home,) = default_homes((kind,))
    if family is not None:
        home = _of_family(home, family)
    sim = GrowattSimulator(clock=clock, homes=(home,))
    house = sim.plants[0].house
    house.override(pv_w=home.spec.inverter_limit_w / 4, soc=80)
    # Empties the battery's power and takes the rest from the grid
    out = home.spec.max_discharge_w if home.spec.battery_capacity_wh else 0.0
    limit = home.spec.inverter_limit_w
    house.override(load_w=min(limit / 4 + out, limit) + 1500)
    return sim.plants[0].devices[0]


def _of_family(home: Home, family: Family) -> Home:
    return replace(home, devices=(replace(home.devices[0], family=family),))


def both(device: Device) -> list[dict[str, Any]]:
    shot = device.now()
    return [last(device, shot), last(device, shot, v4=True)]


KINDS = [
    ("MIN", None),
    ("SPH", None),
    ("SPA", None),
    ("NOAH", None),
    ("STORAGE", None),
    ("MAX", None),
    ("NEO", None),
    ("SPH", Family.SPH_S),
    ("SPH", Family.WIT),
]


@pytest.mark.parametrize(("kind", "family"), KINDS)
def test_every_family_has_records(kind: str, family: Family | None) -> None:
    device = still(kind, family)
    for record in (*both(device), info(device, device.now())):
        assert json.loads(json.dumps(record)) == record
        # Nothing is below zero but sentinels, and the one signed power of a storage
        negative = {
            key
            for key, value in record.items()
            if isinstance(value, int | float) and value < 0
        }
        assert negative <= {"eex1Today", "pex1", "epsPf", "pCharge"}


@pytest.mark.parametrize(
    ("kind", "load", "imported", "exported"),
    [
        ("MIN", "pacToLocalLoad", "pacToUserTotal", "pacToGridTotal"),
        ("SPH", "plocalLoadTotal", "pacToUserTotal", "pacToGridTotal"),
        ("SPA", "plocalLoadTotal", "pacToUserTotal", "pacToGridTotal"),
        ("STORAGE", "outPutPower", "pAcInPut", "pacToGrid"),
    ],
)
def test_powers_balance(kind: str, load: str, imported: str, exported: str) -> None:
    device = still(kind)
    live = device.house.live()
    assert live.grid_w > 0
    for record in both(device):
        assert record[load] == pytest.approx(live.load_w, abs=0.06)
        assert record[imported] == pytest.approx(live.grid_w, abs=0.06)
        assert record[exported] == 0


@pytest.mark.parametrize(
    ("kind", "charge", "discharge"),
    [
        ("MIN", "bdc1ChargePower", "bdc1DischargePower"),
        ("SPH", "pcharge1", "pdischarge1"),
        ("SPA", "pcharge1", "pdischarge1"),
    ],
)
def test_battery_is_split_by_direction(kind: str, charge: str, discharge: str) -> None:
    device = still(kind)
    live = device.house.live()
    record = last(device, device.now())
    assert record[discharge] == pytest.approx(live.battery_w, abs=0.06)
    assert live.battery_w > 0
    assert record[charge] == 0
    device.house.override(load_w=0)
    record = last(device, device.now())
    assert record[charge] == pytest.approx(-device.house.live().battery_w, abs=0.06)
    assert record[discharge] == 0


def test_storage_has_one_signed_power() -> None:
    device = still("STORAGE")
    record = last(device, device.now())
    assert record["pCharge"] == -record["pDischarge"] < 0


def test_min_inputs_add_up_and_there_is_no_sum_of_today() -> None:
    device = still("MIN")
    record = last(device, device.now())
    assert "epvToday" not in record
    shot = device.now()
    total = sum(record[f"epv{number}Total"] for number in range(1, 5))
    assert total == pytest.approx(shot.total.solar_wh / 1000, abs=0.11)
    assert sum(record[f"ppv{number}"] for number in range(1, 5)) == pytest.approx(
        record["ppv"], abs=0.11
    )


def test_second_battery_is_a_phantom() -> None:
    device = still("MIN")
    record = last(device, device.now())
    assert record["bdc2ChargeTotal"] > 0
    assert record["bdc2Vbat"] == 0
    device.switches.phantom_bdc2 = False
    assert last(device, device.now())["bdc2ChargeTotal"] == 0


@pytest.mark.parametrize("kind", ["MIN", "SPH"])
def test_without_a_meter_the_grid_is_unknown(kind: str) -> None:
    device = still(kind)
    device.switches.has_meter = False
    record = last(device, device.now())
    grid = {
        key: value
        for key, value in record.items()
        if key.lower().startswith(
            ("pactogrid", "pactouser", "pactolocal", "plocal", "etogrid", "etouser")
        )
    }
    assert grid
    assert set(grid.values()) == {0}
    assert record["eacTotal"] > 0


def test_lead_acid_pack_has_no_bms() -> None:
    device = still("SPH")
    device.switches.soc_from_bms = False
    record = last(device, device.now())
    assert (record["soc"], record["bmsSOC"]) == (80, 0)


def test_spelling_of_v4() -> None:
    device = still("SPH")
    old, new = both(device)
    assert {"eselfToday", "esystemTotal"} <= old.keys()
    assert {"eselftoday", "esystemtotal", "epvtoday"} <= new.keys()
    assert isinstance(old["calendar"], dict)
    assert old["calendar"]["timeInMillis"] == new["calendar"]


def test_string_inverter_beside_an_spa_knows_only_the_sun() -> None:
    device = still("SPA")
    plant_inverter = Device(
        spec=device.home.devices[1],
        home=device.home,
        house=device.house,
        cloud=device.cloud,
    )
    record = last(plant_inverter, plant_inverter.now())
    assert record["pac"] == pytest.approx(device.house.live().pv_w)
    assert record["powerTotal"] == record["epvTotal"]


def test_meter_signs() -> None:
    device = still("MIN")
    record = meter.last(device, device.now())
    assert record["activePower"] == pytest.approx(device.house.live().grid_w, abs=0.06)
    assert record["reverActivePower"] == 0
    assert sum(record[f"activePowerL{n}"] for n in (1, 2, 3)) == pytest.approx(
        record["activePower"], abs=0.2
    )


def test_noah_status_tells_the_direction() -> None:
    device = still("NOAH")
    device.house.override(pv_w=700)
    record = last(device, device.now(), v4=True)
    assert record["totalBatteryPackChargingStatus"] == 1
    device.house.override(pv_w=0)
    record = last(device, device.now(), v4=True)
    assert record["totalBatteryPackChargingStatus"] == 2
    assert record["totalBatteryPackChargingPower"] > 0
    assert record["ctSelfPower"] == pytest.approx(device.house.live().grid_w, abs=0.06)
    device.switches.household_wraps = True
    record = last(device, device.now(), v4=True)
    assert record["totalHouseholdLoad"] == 65451


def test_micro_inverter_has_no_bean() -> None:
    neo, hybrid = still("NEO"), still("MIN")
    assert info(neo, neo.now())["tlxSetbean"] is None
    assert info(hybrid, hybrid.now())["tlxSetbean"]["chargePowerCommand"] == 100
    assert info(hybrid, hybrid.now(), v4=True)["tlxSetbean"] is None
