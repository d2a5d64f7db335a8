"""The homes that the simulator has unless it is given others."""

from collections.abc import Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from ..spec import HouseSpec
from .families import Family
from .home import DeviceSpec, Home

_MIN = Home(
    kind="MIN",
    name="Home",
    plant_id=1234567,
    spec=HouseSpec(
        pv_peak_w=11_800.0,
        inverter_limit_w=12_000.0,
        battery_capacity_wh=25_000.0,
        max_charge_w=11_000.0,
        max_discharge_w=11_000.0,
        phases=3,
        load_level=1.3,
        import_limit_w=24_000.0,
    ),
    devices=(
        DeviceSpec(
            sn="TPJ0CD4001",
            family=Family.MIN,
            model="MOD 12KTL3-XH",
            model_text="S23B08D00T00P0FU01M0071",
            device_id=164021,
            rated_w=12_000,
            dtc=5401,
            alias="Garage",
            battery="APX 25.0P-B1",
            vpp=True,
        ),
    ),
    datalogger="QMN0A1B2C3",
    meter="CRAZM00001",
)
_SPH = Home(
    kind="SPH",
    name="Cottage",
    plant_id=1234601,
    spec=HouseSpec(
        pv_peak_w=6_600.0,
        inverter_limit_w=6_000.0,
        battery_capacity_wh=13_300.0,
        max_charge_w=6_000.0,
        max_discharge_w=6_000.0,
    ),
    devices=(
        DeviceSpec(
            sn="ODCDA2500A",
            family=Family.SPH,
            model="SPH 6000TL BL-UP",
            model_text="A0B1D0T0PFU2M7S0",
            device_id=1776,
            rated_w=6_000,
            dtc=3501,
            battery="GBLI 6532",
            vpp=True,
        ),
    ),
    datalogger="XGD6A7K4P9",
)
_SPA = Home(
    kind="SPA",
    name="Barn",
    plant_id=1234602,
    spec=HouseSpec(
        pv_peak_w=6_000.0,
        inverter_limit_w=8_600.0,
        battery_capacity_wh=13_000.0,
        max_charge_w=3_000.0,
        max_discharge_w=3_000.0,
    ),
    devices=(
        DeviceSpec(
            sn="WPD0A1234K",
            family=Family.SPA,
            model="SPA 3000TL BL",
            model_text="A0B0D0T0PFU1M5S0",
            device_id=1801,
            rated_w=3_000,
            dtc=3701,
            battery="GBLI 6532",
            has_pv=False,
            vpp=True,
        ),
        DeviceSpec(
            sn="INV0A5600B",
            family=Family.INVERTER,
            model="5600MTL-S",
            model_text="A1B0D0T0P0U0M1S0",
            device_id=1802,
            rated_w=5_600,
            dtc=134,
            sleeps=True,
            measures_grid=False,
        ),
    ),
    datalogger="JPC0D5E6F7",
)
_NOAH = Home(
    kind="NOAH",
    name="Balcony",
    plant_id=1234603,
    spec=HouseSpec(
        pv_peak_w=1_600.0,
        inverter_limit_w=800.0,
        battery_capacity_wh=2_048.0,
        max_charge_w=1_600.0,
        max_discharge_w=800.0,
        load_level=0.5,
        import_limit_w=11_000.0,
    ),
    devices=(
        DeviceSpec(
            sn="0HVR00AA25BB0001",
            family=Family.NOAH,
            model="NOAH 2000",
            model_text="NOAH 2000",
            device_id=1901,
            rated_w=800,
            dtc=61001,
            alias="Balcony storage",
            battery="NOAH 2000",
            listed=False,
        ),
    ),
    datalogger="",
)
_STORAGE = Home(
    kind="STORAGE",
    name="Cabin",
    plant_id=1234604,
    spec=HouseSpec(
        pv_peak_w=4_000.0,
        inverter_limit_w=5_000.0,
        battery_capacity_wh=9_600.0,
        max_charge_w=4_000.0,
        max_discharge_w=5_000.0,
        strings=1,
        load_level=0.7,
    ),
    devices=(
        DeviceSpec(
            sn="KHM0A12345",
            family=Family.STORAGE,
            model="SPF 5000ES",
            model_text="P0U0M0S0",
            device_id=2001,
            rated_w=5_000,
            dtc=20105,
            battery="AXE 5.0L",
        ),
    ),
    datalogger="KPC0G8H1J2",
)
_MAX = Home(
    kind="MAX",
    name="Workshop",
    plant_id=1234605,
    spec=HouseSpec(
        pv_peak_w=50_000.0,
        inverter_limit_w=50_000.0,
        battery_capacity_wh=0.0,
        strings=4,
        phases=3,
        load_level=3.0,
        import_limit_w=60_000.0,
    ),
    devices=(
        DeviceSpec(
            sn="MXJ0A50001",
            family=Family.MAX,
            model="MAX 50KTL3 LV",
            model_text="S26B00D00T00P0FU01M0005",
            device_id=2101,
            rated_w=50_000,
            dtc=5001,
            sleeps=True,
            measures_grid=False,
        ),
    ),
    datalogger="MAC0L3M4N5",
)
_NEO = Home(
    kind="NEO",
    name="Shed",
    plant_id=1234606,
    spec=HouseSpec(
        pv_peak_w=960.0,
        inverter_limit_w=800.0,
        battery_capacity_wh=0.0,
        load_level=0.5,
        import_limit_w=11_000.0,
    ),
    devices=(
        DeviceSpec(
            sn="BZP4N2K00E",
            family=Family.MIN,
            model="NEO 800M-X",
            model_text="S00B00D00T00P0FU01M0001",
            device_id=2201,
            rated_w=800,
            dtc=5203,
            has_settings=False,
            sleeps=True,
            measures_grid=False,
        ),
    ),
    datalogger="NEO0R6S7T8",
)
_WIT = Home(
    kind="WIT",
    name="Workshop",
    plant_id=1234607,
    spec=HouseSpec(
        pv_peak_w=18_000.0,
        inverter_limit_w=15_000.0,
        battery_capacity_wh=30_000.0,
        max_charge_w=15_000.0,
        max_discharge_w=15_000.0,
        phases=3,
        load_level=2.5,
        import_limit_w=40_000.0,
    ),
    devices=(
        DeviceSpec(
            sn="WTQ0A70009",
            family=Family.WIT,
            model="WIT 15K-HU",
            model_text="S30B00D00T00P0FU01M0009",
            device_id=2301,
            rated_w=15_000,
            dtc=5600,
            battery="APX",
            listed=False,
        ),
    ),
    datalogger="WIT0U1V2W3",
)
_SPH_S = Home(
    kind="SPH-S",
    name="Lodge",
    plant_id=1234608,
    spec=HouseSpec(
        pv_peak_w=9_000.0,
        inverter_limit_w=8_000.0,
        battery_capacity_wh=10_000.0,
        import_limit_w=14_000.0,
    ),
    devices=(
        DeviceSpec(
            sn="SHS0A80007",
            family=Family.SPH_S,
            model="SPH 8000TL-HUB",
            model_text="S40B00D00T00P0FU01M0010",
            device_id=2401,
            rated_w=8_000,
            dtc=21_200,
            battery="AXE",
            listed=False,
        ),
    ),
    datalogger="SHS0X4Y5Z6",
)
HOMES: dict[str, Home] = {
    home.kind: home
    for home in (
        _MIN,
        _SPH,
        _SPA,
        _NOAH,
        _STORAGE,
        _MAX,
        _NEO,
        _WIT,
        _SPH_S,
    )
}


def default_homes(
    homes: int | Sequence[str] = 1, *, seed: int = 1, time_zone: str = "Europe/Berlin"
) -> list[Home]:
    """Return homes of the usual order, or of these kinds; each with a seed of its own.

    A kind that comes again gets serial numbers and a plant id of its own.
    """
    usual = list(HOMES)
    kinds = (
        [usual[place % len(usual)] for place in range(homes)]
        if isinstance(homes, int)
        else list(homes)
    )
    built: list[Home] = []
    for place, kind in enumerate(kinds):
        home = HOMES[kind]
        lap = kinds[:place].count(kind)
        if lap:
            home = _copy(home, lap)
        spec = replace(home.spec, seed=seed + place, zone=ZoneInfo(time_zone))
        built.append(replace(home, spec=spec))
    return built


def _copy(home: Home, lap: int) -> Home:
    def other(sn: str) -> str:
        # Some end in 01 as they are
        return sn and f"{sn[:-2]}{lap + 10:02d}"

    return replace(
        home,
        name=f"{home.name} {lap + 1}",
        plant_id=home.plant_id + 100 * lap,
        datalogger=other(home.datalogger),
        meter=other(home.meter),
        devices=tuple(
            replace(device, sn=other(device.sn), device_id=device.device_id + lap)
            for device in home.devices
        ),
    )
