"""What a device measures (reference section 3.6)."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .equipment import equipment
from .factors import Factor, Groups, grouped
from .home import BATTERY, CABINET, INVERTER, METER, RACK

if TYPE_CHECKING:
    from ..house import Live
    from .call import Call
    from .device import Device

_VOLTS, _HERTZ = 238.4, 50.01
_PACK_VOLTS = 409.6
_PHASES = "ABC"
_NO_VOLTS, _NO_AMPERES = 6553.5, 655.35


def telemetry(call: Call) -> list[dict[str, Any]]:
    """`equipments/{sn}/telemetry`; nothing of a device that is offline."""
    device, fits = equipment(call)
    build = _BUILD.get(device.type) if fits else None
    if build is None or not device.online or device.switches.telemetry == "empty":
        return []
    live = device.part_of(device.station.sample.live)
    return grouped(build(device, live), call.simulator.cloud)


def _inverter(device: Device, live: Live) -> Groups:
    cloud = device.station.cloud
    ac_kw = (live.pv_w + live.battery_w) / 1000
    hours = (device.station.sample.day - device.station.ledger.created).days * 12
    groups: Groups = {
        "system": [
            Factor("sn", device.sn),
            Factor("Temperature", 28 + abs(ac_kw) * 3, "℃", 1),
            Factor("hTotal", float(hours), "H"),
        ],
        "ac": [
            Factor("pAc", ac_kw, "kW"),
            Factor("qAc", abs(ac_kw) / 12, "kVar"),
            Factor("storagePF" if device.has_battery else "gridPF", 0.99),
            *_ac(device, ac_kw),
            Factor("Fac", _HERTZ, "Hz"),
        ],
    }
    if device.has_battery:
        backup_kw = live.load_w / 1000 * (0.1 if live.grid else 1.0)
        groups["backup"] = [
            Factor("pBackup", backup_kw, "kW"),
            Factor("vBackupPhA", _VOLTS - 0.3, "V"),
            Factor("aBackupPhA", backup_kw * 1000 / _VOLTS, "A", 1),
        ]
    if live.pv_w > 0 or cloud.night == "values":
        groups["pv"] = [
            Factor("pDc", live.pv_w / 1000, "kW"),
            Factor("ISOLimit", None, "kΩ"),
            *_strings(live),
        ]
    return groups


def _ac(device: Device, kw: float) -> list[Factor]:
    amperes = kw * 1000 / _VOLTS
    if device.station.home.spec.phases == 3:
        return [
            factor
            for place, phase in enumerate(_PHASES)
            for factor in (
                Factor(f"PHASE-{phase}:Vac", _VOLTS + place * 0.6, "V", 1),
                Factor(f"PHASE-{phase}:Iac", abs(amperes) / 3, "A", 1),
            )
        ]
    factors = [Factor("Vac", _VOLTS, "V"), Factor("Iac", abs(amperes), "A", 1)]
    if device.station.cloud.sentinels:
        for phase in _PHASES[1:]:
            factors += [
                Factor(f"PHASE-{phase}:Vac", _NO_VOLTS, "V"),
                Factor(f"PHASE-{phase}:Iac", _NO_AMPERES, "A"),
            ]
    return factors


def _strings(live: Live) -> list[Factor]:
    return [
        factor
        for number, watts in enumerate(live.strings_w, start=1)
        for factor in (
            Factor(f"MPPT-{number}:Ppv", watts / 1000, "kW"),
            Factor(f"MPPT-{number}:Vpv", 512.3 if watts else 0.0, "V"),
            Factor(f"MPPT-{number}:Ipv", watts / 512.3, "A", 1),
        )
    ]


def _battery(device: Device, live: Live) -> Groups:
    limit = device.station.home.spec.max_charge_w * device.spec.share
    return {
        "battery": [
            Factor("soc", live.soc, "%", 0),
            Factor("soh", 99.0, "%"),
            Factor("pBat", live.battery_w / 1000, "kW"),
            Factor("voltage", _PACK_VOLTS, "V"),
            Factor("a", live.battery_w / _PACK_VOLTS, "A", 1),
            Factor("batSysTemp", 26.5, "℃"),
            Factor("aMaxChar", limit / _PACK_VOLTS, "A", 1),
            Factor("aMaxDischar", limit / _PACK_VOLTS, "A", 1),
        ]
    }


def _rack(device: Device, live: Live) -> Groups:
    spec, sentinels = device.station.home.spec, device.station.cloud.sentinels
    return {
        "battery": [
            Factor("soc", live.soc, "%", 0),
            Factor("soh", 99.0, "%"),
            Factor("pBat", live.battery_w / 1000, "kW"),
            Factor("voltage", _PACK_VOLTS, "V"),
            Factor("a", live.battery_w / _PACK_VOLTS, "A", 1),
            Factor("v", 51.2, "V"),
            Factor("pMaxChar", spec.max_charge_w / 1000, "kW"),
            Factor("pMaxDischar", spec.max_discharge_w / 1000, "kW"),
            Factor("aMaxChar", spec.max_charge_w / _PACK_VOLTS, "A", 1),
            Factor("aMaxDischar", spec.max_discharge_w / _PACK_VOLTS, "A", 1),
            Factor("tempMaxCell", 65535.0 if sentinels else 27.4, "℃"),
            Factor("tempMinCell", 25.1, "℃"),
            Factor("vMaxCell", 3341.0, "mV"),
            Factor("vMinCell", 3329.0, "mV"),
            Factor("version", device.spec.firmware),
            Factor("dcdcVersion", "12"),
            Factor("serCellTotal", 128.0),
        ]
    }


def _meter(device: Device, live: Live) -> Groups:
    """Return a meter's values; power + exports, as `pGrid` does."""
    kw = -live.grid_w / 1000
    phases = _PHASES if device.station.home.spec.phases == 3 else "A"
    share = kw / len(phases)
    return {
        "meter": [
            Factor("totalPac", kw, "kW"),
            # Of what, nobody knows; it differs from the total
            Factor("pAc", kw * 1.2, "kW"),
            *(
                factor
                for phase in phases
                for factor in (
                    Factor(f"PHASE-{phase}:pAc", share, "kW"),
                    Factor(f"PHASE-{phase}:voltage", _VOLTS, "V"),
                    Factor(
                        f"PHASE-{phase}:current", abs(share) * 1000 / _VOLTS, "A", 1
                    ),
                )
            ),
            Factor("pf", 0.98),
            Factor("fac", _HERTZ, "Hz"),
        ]
    }


_BUILD: dict[str, Callable[[Device, Live], Groups]] = {
    INVERTER: _inverter,
    CABINET: _inverter,
    BATTERY: _battery,
    RACK: _rack,
    METER: _meter,
}
