"""The homes that the simulator has unless it is given others."""

from collections.abc import Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from ..spec import EvSpec, HouseSpec
from .home import (
    BATTERY,
    CABINET,
    CHARGER,
    DONGLE,
    INVERTER,
    METER,
    OWNER,
    RACK,
    DeviceSpec,
    Home,
)

_BATTERY_NODES = ("pSystem", "pConsum", "pGrid")


def _storage(sn: str, model: str, work_mode: str, rated_w: float) -> DeviceSpec:
    return DeviceSpec(
        type=INVERTER,
        sn=sn,
        name="Inverter 1",
        model=model,
        subtype="store",
        rated_w=rated_w,
        work_mode=work_mode,
        arm="12",
        firmware="04.12.23",
    )


def _battery(inverter: str, share: float = 1.0) -> DeviceSpec:
    return DeviceSpec(
        type=BATTERY,
        sn=f"VD2001{inverter}",
        name="BAT1",
        parent=inverter,
        number="1",
        translate_code="mppt1_battery",
        share=share,
    )


def _meter(inverter: str) -> DeviceSpec:
    sn = f"VD3001000{inverter}"
    return DeviceSpec(type=METER, sn=sn, name="Meter 1", parent=inverter)


def _dongle(sn: str) -> DeviceSpec:
    return DeviceSpec(type=DONGLE, sn=sn, name="Dongle 1", firmware="1.0.9")


def _hybrid(sn: str, model: str, work_mode: str, dongle: str) -> tuple[DeviceSpec, ...]:
    watts = {"GW10K-ET": 10_000.0, "GW6000-EH": 6_000.0, "GW5048D-ES": 5_000.0}[model]
    return (
        _storage(sn, model, work_mode, watts),
        _battery(sn),
        _meter(sn),
        _dongle(dongle),
    )


_ET = HouseSpec(
    pv_peak_w=12_300.0,
    inverter_limit_w=10_000.0,
    battery_capacity_wh=16_000.0,
    max_charge_w=8_000.0,
    max_discharge_w=8_000.0,
    phases=3,
    load_level=1.3,
)
_HYBRID = Home(
    kind="hybrid",
    name="Hillcrest Solar",
    id="3f6c1b52-7d0e-4a9b-9c35-1e2f8a6d4b70",
    spec=_ET,
    devices=_hybrid("9010KETU22AW0417", "GW10K-ET", "3.0", "DNG24A0031"),
)
_V2 = Home(
    kind="v2",
    name="Lakeside",
    id="5a1e77c0-0b41-4f6e-8d1c-94f2a0b3c002",
    spec=replace(
        _ET,
        pv_peak_w=6_400.0,
        inverter_limit_w=6_000.0,
        battery_capacity_wh=10_200.0,
        max_charge_w=5_000.0,
        max_discharge_w=5_000.0,
        phases=1,
        load_level=1.0,
    ),
    devices=_hybrid("6000EHBN219S0202", "GW6000-EH", "2.0", "DNG24A0202"),
)
_V1 = Home(
    kind="v1",
    name="Old Mill",
    id="5a1e77c0-0b41-4f6e-8d1c-94f2a0b3c003",
    spec=replace(
        _V2.spec,
        pv_peak_w=5_200.0,
        inverter_limit_w=5_000.0,
        battery_capacity_wh=9_600.0,
        max_charge_w=4_600.0,
        max_discharge_w=4_600.0,
    ),
    devices=_hybrid("5048ESBN188W0303", "GW5048D-ES", "1.0", "DNG18A0303"),
)
_ALL_IN_ONE = Home(
    kind="all_in_one",
    name="Harbour House",
    id="5a1e77c0-0b41-4f6e-8d1c-94f2a0b3c004",
    spec=replace(_ET, battery_capacity_wh=8_300.0, max_charge_w=5_000.0),
    devices=(
        DeviceSpec(
            type=CABINET,
            sn="9010ESAU24CW0404",
            name="ESA 1",
            model="GW9.99K-ESA-10",
            subtype="RESIDENTIAL",
            rated_w=9_990.0,
            work_mode="3.0",
            arm="745",
            firmware="02.07.11",
        ),
        DeviceSpec(
            type=RACK,
            sn="8300BATU24CW0404",
            name="Battery rack 1",
            model="GW8.3-BAT-D-G20",
            parent="9010ESAU24CW0404",
            firmware="3.14",
        ),
        _meter("9010ESAU24CW0404"),
        _dongle("DNG24A0404"),
    ),
)
_STRING = Home(
    kind="string",
    name="Barn",
    id="5a1e77c0-0b41-4f6e-8d1c-94f2a0b3c005",
    spec=HouseSpec(
        pv_peak_w=6_600.0, inverter_limit_w=6_000.0, battery_capacity_wh=0.0
    ),
    devices=(
        DeviceSpec(
            type=INVERTER,
            sn="56000DNS216L0505",
            name="Inverter 1",
            model="GW6000-DNS-30",
            subtype="RESIDENTIAL",
            rated_w=6_000.0,
            firmware="01.03.05",
        ),
        _meter("56000DNS216L0505"),
        _dongle("DNG21A0505"),
    ),
    station_type="1",
)
_CHARGER = Home(
    kind="charger",
    name="Orchard",
    id="5a1e77c0-0b41-4f6e-8d1c-94f2a0b3c006",
    spec=replace(_ET, ev=EvSpec(), import_limit_w=24_000.0),
    devices=(
        *_hybrid("9010KETU23AW0606", "GW10K-ET", "3.0", "DNG23A0606"),
        DeviceSpec(
            type=CHARGER,
            sn="9110HCAU23AW0606",
            name="Charger 1",
            model="GW11K-HCA-20",
            rated_w=11_000.0,
        ),
    ),
    nodes=(*_BATTERY_NODES, "pEvChar"),
)
_VIEWER = Home(
    kind="viewer",
    name="Shared roof",
    id="5a1e77c0-0b41-4f6e-8d1c-94f2a0b3c007",
    spec=_ET,
    devices=_hybrid("9010KETU22AW0707", "GW10K-ET", "3.0", "DNG22A0707"),
    permissions=tuple(it for it in OWNER if it != "INVERTER_REMOTE"),
)
_PAIR_SHARES = {"9010KETU22AW0808": 0.65, "9010KETU22AW0809": 0.35}
_PAIR = Home(
    kind="pair",
    name="Twin gables",
    id="5a1e77c0-0b41-4f6e-8d1c-94f2a0b3c008",
    spec=replace(
        _ET,
        pv_peak_w=20_000.0,
        inverter_limit_w=20_000.0,
        battery_capacity_wh=24_000.0,
        max_charge_w=12_000.0,
        max_discharge_w=12_000.0,
    ),
    devices=(
        *(
            replace(
                _storage(sn, "GW10K-ET", "3.0", 10_000.0),
                name=f"Inverter {number}",
                share=share,
            )
            for number, (sn, share) in enumerate(_PAIR_SHARES.items(), start=1)
        ),
        *(_battery(sn, share) for sn, share in _PAIR_SHARES.items()),
        _meter("9010KETU22AW0808"),
        _dongle("DNG22A0808"),
    ),
)
HOMES: dict[str, Home] = {
    home.kind: home
    for home in (_HYBRID, _V2, _V1, _ALL_IN_ONE, _STRING, _CHARGER, _VIEWER, _PAIR)
}
# A name for several stations of one account
_TOGETHER = {"two": ("hybrid", "string")}


def default_homes(
    homes: int | Sequence[str] = 1, *, seed: int = 1, time_zone: str = "Europe/Berlin"
) -> list[Home]:
    """Return homes of the usual order, or of these kinds; each with a seed of its own.

    A kind that comes again gets serial numbers and a station id of its own.
    """
    usual = list(HOMES)
    kinds = (
        [usual[place % len(usual)] for place in range(homes)]
        if isinstance(homes, int)
        else [kind for name in homes for kind in _TOGETHER.get(name, (name,))]
    )
    built: list[Home] = []
    for place, kind in enumerate(kinds):
        home = HOMES[kind]
        if lap := kinds[:place].count(kind):
            home = _copy(home, lap)
        spec = replace(home.spec, seed=seed + place, zone=ZoneInfo(time_zone))
        built.append(replace(home, spec=spec))
    return built


def _copy(home: Home, lap: int) -> Home:
    mark = f"{lap:02d}"
    return replace(
        home,
        name=f"{home.name} {lap + 1}",
        id=f"{home.id[:-4]}{mark}{home.id[-2:]}",
        devices=tuple(
            replace(
                device,
                sn=f"{device.sn}{mark}",
                parent=device.parent and f"{device.parent}{mark}",
            )
            for device in home.devices
        ),
    )
