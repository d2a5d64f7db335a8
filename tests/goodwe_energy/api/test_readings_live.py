"""What each home of the simulated cloud says is what happens in its house."""

from collections.abc import AsyncGenerator, Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from custom_components.goodwe_energy import driver
from custom_components.goodwe_energy._vendor.core.client.budget import Budget
from custom_components.goodwe_energy._vendor.core.client.redact import Redactor
from custom_components.goodwe_energy._vendor.core.ha.account import Account
from custom_components.goodwe_energy.api.client import GoodWeClient
from custom_components.goodwe_energy.api.frame import Frame
from custom_components.goodwe_energy.api.regions import Hosts
from custom_components.goodwe_energy.api.session import Session
from custom_components.goodwe_energy.api.statistics import ENERGY_ITEMS
from custom_components.goodwe_energy.chains import Known
from custom_components.goodwe_energy.history_records import day_hours, day_totals
from custom_components.goodwe_energy.hold import device_values
from custom_components.goodwe_energy.plant_values import plant_values
from custom_components.goodwe_energy.readings import DeviceEntry, Devices, PlantEntry
from simulator.goodwe import GoodWeSimulator
from simulator.goodwe.station import Station
from tests.core.fake_clock import FakeClock

HOMES = ("hybrid", "v2", "v1", "all_in_one", "string", "charger", "viewer", "pair")
# The voltages of one phase, of three
PHASES = {"ac_voltage"}, {"ac_voltage_a", "ac_voltage_b", "ac_voltage_c"}


@pytest.fixture
def kind() -> str:
    """Which home there is."""
    return "hybrid"


@pytest.fixture
async def sim(
    clock: FakeClock, socket_enabled: None, kind: str
) -> AsyncGenerator[GoodWeSimulator]:
    """A cloud that has just got values."""
    made = GoodWeSimulator(clock=clock.now, homes=[kind], time_zone="Europe/Berlin")
    await made.start()
    made.upload()
    yield made
    await made.stop()


class Reader:
    """Reads the only station of an account."""

    def __init__(
        self, client: GoodWeClient, sim: GoodWeSimulator, clock: FakeClock
    ) -> None:
        """Prepare; nothing is read yet."""
        self.client, self.clock = client, clock
        (self.station,) = sim.stations

    @property
    def now(self) -> datetime:
        """The present."""
        return self.clock.now()

    async def plant(self) -> PlantEntry:
        """Read the station's row and information."""
        (row,) = driver.plants(await self.client.stations(), self.now).plants.values()
        return driver.info(await self.client.station_info(row.id), self.now, row)

    async def devices(self) -> Devices:
        """Read all lists of devices, as an entry does."""
        document: dict[str, Any] = {
            "status": await self.client.device_status(self.station.id),
            "page": await self.client.device_page(self.station.id),
        }
        found = driver.devices(document, self.now)
        document["related"] = {
            one.serial: await self.client.related(self.station.id, one.serial)
            for one in found.devices.values()
            if one.storage
        }
        return driver.devices(document, self.now)

    async def values(self, entry: DeviceEntry) -> dict[str, Any]:
        """Read what a device measures and counts."""
        about = self.station.id, entry.serial, entry.type
        live = driver.telemetry(await self.client.telemetry(*about), self.now, entry)
        counted = driver.counters(await self.client.counters(*about), self.now, entry)
        return {**counted.values, **live.values}


@pytest.fixture
def reader(
    sim: GoodWeSimulator,
    clock: FakeClock,
    frame: Frame,
    redactor: Redactor,
    make_session: Callable[..., Session],
) -> Reader:
    """Reads as the owner."""
    session = make_session(Hosts(server=sim.url), sim.password, sim.account)
    return Reader(GoodWeClient(frame, session, redactor=redactor), sim, clock)


def truth(station: Station) -> dict[str, float]:
    """Return what the house did as it sent last."""
    live = station.sample.live
    return {
        "pv_power": live.pv_w,
        "load_power": live.load_w,
        "grid_power": live.grid_w,
        "battery_power": live.battery_w,
    }


@pytest.mark.parametrize("numbers", ["usual", "text"])
@pytest.mark.parametrize("kind", HOMES)
async def test_a_home_is_read_as_it_is(
    reader: Reader, sim: GoodWeSimulator, kind: str, numbers: Any
) -> None:
    """Powers, devices and counters; as numbers and as texts."""
    sim.cloud.numbers = numbers
    station = reader.station
    plant = await reader.plant()
    battery = station.home.has_battery
    assert plant.has_battery is battery
    assert plant.zone_name == "Europe/Berlin"
    assert plant.may_write is (kind != "viewer")
    raw = await reader.client.flow(station.id)
    flow = driver.flow(raw, reader.now, station.zone, plant)
    for key, watts in truth(station).items():
        if battery or key != "battery_power":
            # The load is what the rounded powers leave, the car is part of it
            assert flow.values[key] == pytest.approx(watts, abs=3), key
    assert ("battery_soc" in flow.values) is battery
    assert flow.recorded_at is not None

    devices = (await reader.devices()).devices
    known = {one.cls for one in devices.values()}
    assert ("battery" in known) is battery
    powers: dict[str, float] = {}
    for entry in devices.values():
        if not entry.measured:
            continue
        values = await reader.values(entry)
        if entry.cls != "charger":
            powers[entry.cls] = powers.get(entry.cls, 0.0) + values["power"]
        match entry.cls:
            case "inverter":
                assert values["pv_energy_total"] > 0
                shown = {key for key in values if key.startswith("ac_voltage")}
                assert shown in PHASES
            case "battery":
                assert values["soc"] == pytest.approx(station.sample.live.soc, abs=1)
            case "meter":
                assert values["import_total"] > 0
    live = station.sample.live
    assert powers == {
        cls: pytest.approx(watts, abs=3)
        for cls, watts in (
            ("inverter", live.pv_w + live.battery_w),
            ("battery", live.battery_w),
            ("meter", live.grid_w),
        )
        if cls in powers
    }
    assert {"inverter", "meter"} <= powers.keys()


@pytest.mark.parametrize("kind", ["hybrid", "all_in_one", "string", "pair"])
async def test_totals_of_a_station_are_those_of_its_house(reader: Reader) -> None:
    """Of all inverters, and the one meter (section 9)."""
    station, now = reader.station, reader.now.astimezone(reader.station.zone)
    plant, account = (
        await reader.plant(),
        Account(budget=Budget(clock=reader.clock), redactor=Redactor()),
    )
    entries = list((await reader.devices()).devices.values())
    for entry in entries:
        if entry.measured:
            raw = await reader.client.counters(station.id, entry.serial, entry.type)
            counted = driver.counters(raw, reader.now, entry)
            device_values(account, entry, now, counters=counted)
    # Without what the list of stations says of them
    known = Known(now=now, entry=replace(plant, listed={}), devices=entries)
    shown = plant_values(account, plant.id, known)
    ledger = station.ledger
    truth = ledger.between(ledger.created, station.sample.day)
    totals = {
        "solar_energy_total": truth.solar_wh,
        "grid_import_total": truth.import_wh,
        "grid_export_total": truth.export_wh,
    }
    if station.home.has_battery:
        totals["battery_charge_total"] = truth.charge_wh
        totals["battery_discharge_total"] = truth.discharge_wh
    assert {key: shown.get(key) for key in totals} == {
        key: pytest.approx(wh / 1000, abs=0.03) for key, wh in totals.items()
    }


@pytest.mark.parametrize("signs", ["signed", "unsigned"])
@pytest.mark.parametrize("spelling", ["null", "", "--", "missing", "mixed"])
async def test_nothing_is_no_zero_however_it_is_spelt(
    reader: Reader, sim: GoodWeSimulator, signs: Any, spelling: Any
) -> None:
    """With all bits set for what is not there, and both ways of signs (10.8)."""
    sim.cloud.flow_signs, sim.cloud.null_spelling = signs, spelling
    sim.cloud.sentinels = sim.cloud.chinese = sim.cloud.unknown_device = True
    sim.cloud.signed_load = True
    station = reader.station
    raw = await reader.client.flow(station.id)
    flow = driver.flow(raw, reader.now, station.zone, await reader.plant())
    for key, watts in truth(station).items():
        assert flow.values[key] == pytest.approx(watts, abs=3), key
    for entry in (await reader.devices()).devices.values():
        assert entry.name.isascii()
        if entry.measured:
            for key, value in (await reader.values(entry)).items():
                assert value not in (655.35, 6553.5, 65535), key


@pytest.mark.parametrize("signed_load", [False, True])
async def test_a_past_days_hours_make_up_its_energies(
    reader: Reader, sim: GoodWeSimulator, signed_load: bool
) -> None:
    """The powers say when, the statistics how much (section 7)."""
    sim.cloud.signed_load = signed_load
    station = reader.station
    day: date = station.local(reader.now).date() - timedelta(days=1)
    raw = await reader.client.energy(station.id, ENERGY_ITEMS, "day", day, day)
    totals = day_totals(driver.statistics(raw, reader.now), day)
    powers = await reader.client.power_day(station.id, day, timedelta(hours=2))
    found = day_hours(powers, totals, day, station.zone)
    assert set(found) == {
        "solar",
        "import",
        "export",
        "load",
        "battery_charge",
        "battery_discharge",
    }
    for series, hours in found.items():
        assert sum(hours.values()) == pytest.approx(totals[series], abs=0.001)
    solar = {
        hour.astimezone(station.zone).hour
        for hour, kwh in found["solar"].items()
        if kwh
    }
    assert solar <= set(range(4, 22))
    assert len(solar) > 5
