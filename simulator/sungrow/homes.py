"""The homes that the simulator has unless it is given others."""

from collections.abc import Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from ..spec import EvSpec, HouseSpec
from .home import (
    BATTERY,
    CHARGER,
    COMBINER,
    CONTROLLER,
    EMS,
    HYBRID,
    INVERTER,
    LOCAL,
    LOGGER,
    METEO,
    METER,
    MICRO,
    MODULE,
    PCS,
    RACK,
    DeviceSpec,
    Home,
)

_SAPPHIRE = (
    ("lcd_version", "SAPPHIRE-H_01011.51.04"),
    ("mdsp_version", "SAPPHIRE-H_03011.51.04"),
)
_WINET = (("m_version", "WINET-SV200.001.00.P027"),)


def _meter(uuid: int, sn: str) -> DeviceSpec:
    return DeviceSpec(type=METER, uuid=uuid, sn=sn, name="Meter1", model="DTSU666")


def _winet(uuid: int, sn: str) -> DeviceSpec:
    return DeviceSpec(
        type=MODULE,
        code=247,
        uuid=uuid,
        sn=sn,
        name="WiNet-S",
        model="WiNet-S",
        firmware=_WINET,
    )


_HYBRID = Home(
    kind="hybrid",
    name="Home",
    ps_id=5123456,
    spec=HouseSpec(
        pv_peak_w=9_960.0,
        inverter_limit_w=10_000.0,
        battery_capacity_wh=12_800.0,
        max_charge_w=6_600.0,
        max_discharge_w=6_600.0,
        floor_percent=5.0,
        phases=3,
        load_level=1.3,
    ),
    devices=(
        DeviceSpec(
            type=HYBRID,
            uuid=10941275,
            sn="A2351607928",
            name="SH10RT",
            model="SH10RT-V112",
            model_id=346856,
            rated_w=10_000.0,
            firmware=_SAPPHIRE,
        ),
        DeviceSpec(
            type=BATTERY,
            code=2,
            uuid=10941276,
            sn="S2350000001",
            name="Battery1",
            model="SBR128",
            modules=4,
        ),
        _meter(10941277, "M2300000001"),
        _winet(10941278, "B2261882811"),
    ),
)
_TWO_BATTERIES = Home(
    kind="two_batteries",
    name="Farm",
    ps_id=5123501,
    spec=HouseSpec(
        pv_peak_w=14_400.0,
        strings=3,
        inverter_limit_w=15_000.0,
        battery_capacity_wh=25_600.0,
        max_charge_w=10_600.0,
        max_discharge_w=10_600.0,
        floor_percent=5.0,
        phases=3,
        load_level=1.6,
        import_limit_w=24_000.0,
        ev=EvSpec(),
    ),
    devices=(
        DeviceSpec(
            type=HYBRID,
            uuid=10942001,
            sn="A2361700011",
            name="Energy Storage System1",
            model="SH15T-V11",
            model_id=362011,
            rated_w=15_000.0,
            firmware=_SAPPHIRE,
        ),
        *(
            DeviceSpec(
                type=BATTERY,
                code=1 + place,
                uuid=10942001 + place,
                sn=f"S236000000{place}",
                name=f"Battery{place}",
                model="SBR128",
                share=0.5,
                modules=4,
            )
            for place in (1, 2)
        ),
        DeviceSpec(
            type=CHARGER,
            uuid=10942004,
            sn="C2360000001",
            name="Charger1",
            model="AC011E-01",
            rated_w=11_000.0,
        ),
        _meter(10942005, "M2360000001"),
        _winet(10942006, "B2361000001"),
    ),
)
_STRING = Home(
    kind="string",
    name="Barn",
    ps_id=5123502,
    ps_type=4,
    spec=HouseSpec(
        pv_peak_w=11_200.0,
        inverter_limit_w=10_000.0,
        battery_capacity_wh=0.0,
        phases=3,
    ),
    devices=(
        DeviceSpec(
            type=INVERTER,
            uuid=10943001,
            sn="A2290000123",
            name="SG10RT",
            model="SG10RT-P2",
            model_id=344001,
            rated_w=10_000.0,
            firmware=(("lcd_version", "SUNSTONE-H_04011.01.52"),),
        ),
        _meter(10943002, "M2290000001"),
        DeviceSpec(
            type=LOGGER,
            code=247,
            uuid=10943003,
            sn="B2290000001",
            name="Logger1000",
            model="Logger1000A",
            rated_w=10_000.0,
            firmware=(("m_version", "LOGGER1000_M-WEB-V300_101"),),
        ),
    ),
)
_MICRO = Home(
    kind="micro",
    name="Balcony",
    ps_id=5123503,
    ps_type=4,
    connect_type=1,
    spec=HouseSpec(
        pv_peak_w=900.0,
        inverter_limit_w=800.0,
        battery_capacity_wh=0.0,
        load_level=0.6,
    ),
    devices=tuple(
        DeviceSpec(
            type=MICRO,
            code=place,
            uuid=10944000 + place,
            sn=f"A234000000{place}",
            name=f"S450S {place}",
            model="S450S",
            rated_w=450.0,
            share=0.5,
        )
        for place in (1, 2)
    ),
)
_STORAGE = Home(
    kind="storage",
    name="Workshop",
    ps_id=5123504,
    ps_type=12,
    spec=HouseSpec(
        pv_peak_w=99_000.0,
        strings=4,
        inverter_limit_w=160_000.0,
        battery_capacity_wh=215_000.0,
        max_charge_w=100_000.0,
        max_discharge_w=100_000.0,
        floor_percent=5.0,
        phases=3,
        load_level=25.0,
        import_limit_w=250_000.0,
    ),
    devices=(
        DeviceSpec(
            type=INVERTER,
            uuid=10945001,
            sn="A2310000777",
            name="Inverter1",
            model="SG110CX",
            rated_w=110_000.0,
        ),
        DeviceSpec(
            type=EMS,
            uuid=10945002,
            sn="E2310000001",
            name="EMS1",
            model="EMS200",
            rated_w=100_000.0,
        ),
        DeviceSpec(
            type=PCS,
            uuid=10945003,
            sn="P2310000001",
            name="PCS1",
            model="SC100CX",
            rated_w=100_000.0,
        ),
        DeviceSpec(
            type=RACK, uuid=10945004, sn="R2310000001", name="CMU1", model="ST215CS"
        ),
        DeviceSpec(
            type=LOCAL, uuid=10945005, sn="L2310000001", name="LC1", model="LC200"
        ),
        DeviceSpec(
            type=CONTROLLER, uuid=10945006, sn="K2310000001", name="BSC1", model="BSC"
        ),
        DeviceSpec(
            type=METEO, uuid=10945007, sn="W2310000001", name="Meteo1", model="PC-4"
        ),
        DeviceSpec(
            type=COMBINER, uuid=10945008, sn="J2310000001", name="PVS1", model="PVS-16"
        ),
        _meter(10945009, "M2310000001"),
    ),
)
_HYBRID_WITHOUT_BATTERY = Home(
    kind="hybrid_without_battery",
    name="Cottage",
    ps_id=5123505,
    spec=HouseSpec(
        pv_peak_w=6_400.0,
        inverter_limit_w=6_000.0,
        battery_capacity_wh=0.0,
        phases=1,
    ),
    devices=(
        DeviceSpec(
            type=HYBRID,
            uuid=10946001,
            sn="A2320000456",
            name="SH6.0RS",
            model="SH6.0RS",
            rated_w=6_000.0,
            firmware=_SAPPHIRE,
        ),
        _meter(10946002, "M2320000001"),
        _winet(10946003, "B2320000001"),
    ),
)
HOMES: dict[str, Home] = {
    home.kind: home
    for home in (
        _HYBRID,
        _TWO_BATTERIES,
        _STRING,
        _MICRO,
        _STORAGE,
        _HYBRID_WITHOUT_BATTERY,
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
    return replace(
        home,
        name=f"{home.name} {lap + 1}",
        ps_id=home.ps_id + 100 * lap,
        devices=tuple(
            replace(
                device,
                uuid=device.uuid + 100_000 * lap,
                sn=f"{device.sn[:1]}{lap:02d}{device.sn[3:]}",
            )
            for device in home.devices
        ),
    )
