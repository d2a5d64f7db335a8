"""The table of all vendors whose downloads are played back."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator.alphaess import AlphaEssSimulator, default_homes
from simulator.amber import AmberSimulator
from simulator.amber.market import Market
from simulator.amber.sites import default_sites
from simulator.clock import system_clock
from simulator.goodwe import GoodWeSimulator
from simulator.goodwe.controls import Controls
from simulator.goodwe.homes import default_homes as goodwe_homes
from simulator.growatt import GrowattSimulator
from simulator.growatt.homes import default_homes as growatt_homes
from simulator.sonnen import SonnenSimulator
from simulator.sonnen.homes import default_homes as batteries
from simulator.sungrow import SungrowSimulator
from simulator.sungrow.homes import default_homes as sungrow_homes
from tests.alphaess_energy.conftest import set_up
from tests.amber_energy.conftest import entry_of as amber_entry, set_up as set_amber_up
from tests.amber_energy.passing import Passing
from tests.goodwe_energy.conftest import entry_data as goodwe_data
from tests.growatt_energy.conftest import entry_data as growatt_data
from tests.sonnen_energy.conftest import entry_of as sonnen_entry
from tests.sungrow_energy.conftest import entry_data as sungrow_data

from .passing_time import quick, steps, stepwise
from .vendor import Vendor

_BERLIN = "Europe/Berlin"
_NOON = datetime(2026, 5, 12, 10, 0, tzinfo=UTC)  # 12:00 in Berlin
_CONTROL = {"allow_control": True}


# Names as people give them


def _lived_in(homes: Iterable[Any], named: str) -> list[Any]:
    """Return homes with names of their own, whose devices have some in a field."""
    return [
        replace(
            home,
            name=f"Villa Kunterbunt {place}",
            devices=tuple(
                replace(device, **{named: f"Annika's {place}.{number}"})
                for number, device in enumerate(home.devices, 1)
            ),
        )
        for place, home in enumerate(homes, 1)
    ]


def _names(homes: Iterable[Any], named: str) -> Iterable[str]:
    for home in homes:
        yield home.name
        yield from (getattr(device, named) for device in home.devices)


# AlphaESS


def _change_alphaess(sim: AlphaEssSimulator) -> None:
    for system in sim.systems.values():
        system.house.override(pv_w=777.0, load_w=2345.0)
        if system.has_battery:
            system.house.override(soc=41.0)
            system.write_as_app(system.charge, batHighCap=91, timeChae1="05:30")
            system.write_as_app(system.discharge, batUseCap=17)
            system.write_as_app(system.periodic, gridChargeCycle=1)
        if system.charger is not None:
            system.write_as_app(system.household, currentsetting=20.0)


def _alphaess_secrets(sim: AlphaEssSimulator) -> Iterable[str]:
    yield from sim.systems
    yield from sim.credentials().values()
    for system in sim.systems.values():
        if system.charger is not None:
            yield system.charger.serial
    yield from (home.check_code for home in default_homes(len(sim.systems)))


def _alphaess_entry(sim: AlphaEssSimulator, _mode: str) -> MockConfigEntry:
    told = sim.credentials()
    return MockConfigEntry(
        domain="alphaess_energy",
        unique_id=told["AppID"],
        data={
            "app_id": told["AppID"],
            "app_secret": told["AppSecret"],
            "base_url": sim.url,
        },
    )


ALPHAESS = Vendor(
    domain="alphaess_energy",
    zone=_BERLIN,
    start=_NOON,
    make=lambda homes: AlphaEssSimulator(homes=homes, time_zone=_BERLIN),
    entry=_alphaess_entry,
    change=_change_alphaess,
    secrets=_alphaess_secrets,
    seconds=(61.0,),
    time=quick,
    step=steps,
    set_up=set_up,
)


# Amber


def _amber(place: int) -> AmberSimulator:
    """Return an account whose only site is the one of the usual ones at a place."""
    site = default_sites(place + 1, now=system_clock())[place]
    return AmberSimulator(sites=[site])


def _change_amber(sim: AmberSimulator) -> None:
    sim.market = Market(9)
    for site in sim.sites.values():
        site.spec = replace(site.spec, seed=9)
        site.network = "Endeavour"


def _amber_secrets(sim: AmberSimulator) -> Iterable[str]:
    yield sim.token
    for site in sim.sites.values():
        yield from (site.id, site.nmi)


AMBER = Vendor(
    domain="amber_energy",
    zone="Australia/Sydney",
    # 12:02 in the market's time; the price of this interval is final
    start=datetime(2026, 10, 7, 2, 2, tzinfo=UTC),
    make=_amber,
    entry=lambda sim, _mode: amber_entry(sim, next(iter(sim.sites.values()))),
    change=_change_amber,
    secrets=_amber_secrets,
    seconds=(61.0,),
    time=stepwise,
    step=Passing,
    set_up=set_amber_up,
)


# GoodWe


def _change_goodwe(sim: GoodWeSimulator) -> None:
    for station in sim.stations:
        station.house.override(pv_w=777.0, load_w=2345.0)
        for device in station.devices:
            if isinstance(device.control, Controls):
                device.control.write_as_app({"47509": 1, "47510": 4200.0})
    sim.upload()


def _goodwe_secrets(sim: GoodWeSimulator) -> Iterable[str]:
    yield from (*sim.devices, *sim.houses, sim.account, sim.password, sim.uid)
    yield from _names((station.home for station in sim.stations), "name")


GOODWE = Vendor(
    domain="goodwe_energy",
    zone=_BERLIN,
    start=_NOON,
    make=lambda kinds: GoodWeSimulator(
        homes=_lived_in(goodwe_homes(kinds, time_zone=_BERLIN), "name")
    ),
    entry=lambda sim, _mode: MockConfigEntry(
        domain="goodwe_energy",
        unique_id=sim.uid,
        title=sim.stations[0].name,
        data=goodwe_data(sim),
        options={"live": False, **_CONTROL},
    ),
    change=_change_goodwe,
    secrets=_goodwe_secrets,
    seconds=(61.0,),
    time=quick,
    step=steps,
    set_up=set_up,
)


# Growatt


def _change_growatt(sim: GrowattSimulator) -> None:
    for plant in sim.plants:
        plant.house.override(pv_w=777.0, load_w=2345.0)
    for device in sim.devices.values():
        if "chargePowerCommand" in device.settings.stored:
            device.write_as_app(chargePowerCommand=61, disChargePowerCommand=62)
        device.push()


def _growatt_secrets(sim: GrowattSimulator) -> Iterable[str]:
    yield from (*sim.devices, *sim.houses, str(sim.user_id))
    yield from (sim.token, sim.user_name, sim.password)
    yield from _names((plant.home for plant in sim.plants), "alias")
    for plant in sim.plants:
        yield from filter(None, (plant.home.datalogger, plant.home.meter))


GROWATT = Vendor(
    domain="growatt_energy",
    zone=_BERLIN,
    start=_NOON,
    make=lambda kinds: GrowattSimulator(
        homes=_lived_in(growatt_homes(kinds, time_zone=_BERLIN), "alias")
    ),
    entry=lambda sim, mode: MockConfigEntry(
        domain="growatt_energy",
        unique_id=f"127.0.0.1_{sim.user_id}",
        title=sim.plants[0].name,
        data=growatt_data(sim, mode),
        options=_CONTROL,
    ),
    change=_change_growatt,
    secrets=_growatt_secrets,
    seconds=(301.0, 301.0, 301.0),
    # Records are some minutes old when they are polled, and as old as they then were
    anew=frozenset({"last_update"}),
    time=quick,
    step=steps,
    set_up=set_up,
)


# sonnen


def _change_sonnen(sim: SonnenSimulator) -> None:
    for battery in sim.batteries:
        battery.write_as_app(EM_USOC="35", EM_OperatingMode="1")
        battery.house.override(soc=41.0, pv_w=777.0, load_w=2345.0)


def _sonnen_secrets(sim: SonnenSimulator) -> Iterable[str]:
    for battery in sim.batteries:
        yield from (battery.token, battery.serial)


SONNEN = Vendor(
    domain="sonnen_energy",
    zone=_BERLIN,
    start=_NOON,
    make=lambda place: SonnenSimulator(
        batteries=[batteries(place + 1, time_zone=_BERLIN)[place]]
    ),
    entry=lambda sim, _mode: sonnen_entry(sim.batteries[0]),
    change=_change_sonnen,
    secrets=_sonnen_secrets,
    seconds=(61.0,),
    # Home Assistant integrates them itself from the first reading on
    anew=frozenset(
        f"{name}_energy_{period}"
        for name in (
            "battery_charge",
            "battery_discharge",
            "export",
            "import",
            "load",
            "solar",
        )
        for period in ("today", "total")
    ),
    time=quick,
    step=steps,
    set_up=set_up,
)


# Sungrow


def _change_sungrow(sim: SungrowSimulator) -> None:
    for plant in sim.plants:
        plant.house.override(pv_w=777.0, load_w=2345.0, soc=41.0)
        for device in plant.devices:
            if device.has_battery:
                device.write_as_app(p10001=910, p10002=170)
        plant.upload()


def _sungrow_secrets(sim: SungrowSimulator) -> Iterable[str]:
    yield from (*filter(None, sim.devices), *sim.houses, str(sim.user_id))
    yield from (sim.app_key, sim.secret, sim.user_name, sim.password)
    yield from _names((plant.home for plant in sim.plants), "name")
    for plant in sim.plants:
        yield from (device.uuid for device in plant.devices)


SUNGROW = Vendor(
    domain="sungrow_energy",
    zone=_BERLIN,
    start=_NOON,
    make=lambda kinds: SungrowSimulator(
        homes=_lived_in(sungrow_homes(kinds, time_zone=_BERLIN), "name")
    ),
    entry=lambda sim, mode: MockConfigEntry(
        domain="sungrow_energy",
        unique_id=f"eu_{sim.user_id}",
        title=sim.plants[0].name,
        data=sungrow_data(sim, mode),
        options=_CONTROL,
    ),
    change=_change_sungrow,
    secrets=_sungrow_secrets,
    seconds=(120.0, 301.0),
    time=quick,
    step=steps,
    set_up=set_up,
)

VENDORS = (ALPHAESS, AMBER, GOODWE, GROWATT, SONNEN, SUNGROW)
