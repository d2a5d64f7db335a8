"""Powers and energies of a device, as all of its records count them."""

from dataclasses import dataclass
from typing import Any

from ...energy import Energy
from ..device import Device, Snapshot
from .numbers import kwh, watts

PHASE_SHARES = {1: (1.0,), 3: (0.334, 0.333, 0.333)}
_STRING_V = (331.5, 362.8, 318.0, 301.2)
_LINE_V = 238.4
_SQRT3 = 1.7321


@dataclass(frozen=True, slots=True)
class Counters:
    """Energies in kWh as an inverter with a battery counts them."""

    solar: float
    ac: float
    """What the inverter put out."""
    charge: float
    discharge: float
    grid_charge: float
    exported: float
    imported: float
    load: float
    own: float
    """Load that did not come from the grid."""
    system: float
    """`own` and what was exported."""


def counters(device: Device, energy: Energy) -> Counters:
    """Return energies in kWh; those of the grid are 0 without a meter."""
    from_solar = max(energy.charge_wh - energy.grid_charge_wh, 0.0)
    output = max(energy.solar_wh + energy.discharge_wh - from_solar, 0.0)
    meter = 1.0 if device.has_meter else 0.0
    return Counters(
        solar=kwh(energy.solar_wh),
        ac=kwh(output),
        charge=kwh(energy.charge_wh),
        discharge=kwh(energy.discharge_wh),
        grid_charge=kwh(energy.grid_charge_wh),
        exported=kwh(energy.export_wh * meter),
        imported=kwh(energy.import_wh * meter),
        load=kwh(energy.load_wh * meter),
        own=kwh(max(output - energy.export_wh, 0.0)),
        system=kwh(output),
    )


@dataclass(frozen=True, slots=True)
class Powers:
    """Powers in W, none of them negative; those of the grid are 0 without a meter."""

    solar: float
    output: float
    charge: float
    discharge: float
    ac_charge: float
    """What the battery takes from the grid."""
    exported: float
    imported: float
    load: float
    own: float


def powers(device: Device, shot: Snapshot) -> Powers:
    """Split the signed powers of a moment by their direction."""
    output = max(shot.live.pv_w + shot.live.battery_w, 0.0)
    exported = max(-shot.live.grid_w, 0.0)
    meter = 1.0 if device.has_meter else 0.0
    return Powers(
        solar=watts(shot.live.pv_w),
        output=watts(output),
        charge=watts(-shot.live.battery_w),
        discharge=watts(shot.live.battery_w),
        ac_charge=watts(-shot.live.battery_w - shot.live.pv_w),
        exported=watts(exported * meter),
        imported=watts(shot.live.grid_w * meter),
        load=watts(shot.live.load_w * meter),
        own=watts(output - exported),
    )


def inputs(shot: Snapshot, count: int) -> dict[str, float]:
    """Return `ppvN`, `vpvN`, `ipvN` of the first `count` inputs (W, V, A)."""
    record: dict[str, float] = {}
    for number in range(1, count + 1):
        used = number <= len(shot.live.strings_w)
        power = shot.live.strings_w[number - 1] if used else 0.0
        volts = _STRING_V[(number - 1) % len(_STRING_V)] if power > 0 else 0.0
        record |= {
            f"ppv{number}": watts(power),
            f"vpv{number}": volts,
            f"ipv{number}": round(power / volts, 1) if volts else 0.0,
        }
    return record


def input_energies(
    device: Device, shot: Snapshot, count: int, *, totals: bool = True
) -> dict[str, float]:
    """Return `epvNToday` and `epvNTotal` of the first `count` inputs (kWh)."""
    shares = device.house.spec.string_shares
    record: dict[str, float] = {}
    for number in range(1, count + 1):
        share = shares[number - 1] if number <= len(shares) else 0.0
        record[f"epv{number}Today"] = kwh(shot.today.solar_wh * share)
        if totals:
            record[f"epv{number}Total"] = kwh(shot.total.solar_wh * share)
    return record


def phase_powers(device: Device, power: float) -> tuple[float, float, float]:
    """Divide a power in W over three phases; a single-phase device has only one."""
    shares = PHASE_SHARES[device.house.spec.phases]
    return (
        watts(power * shares[0]),
        watts(power * shares[1]) if len(shares) > 1 else 0.0,
        watts(power * shares[2]) if len(shares) > 1 else 0.0,
    )


def mains(device: Device, shot: Snapshot, output_w: float) -> dict[str, Any]:
    """Return `vacN`, `iacN`, `pacN` of three phases and the frequency (V, A, W, Hz)."""
    record: dict[str, Any] = {"fac": 50.01 if shot.live.grid else 0.0}
    for number, power in enumerate(phase_powers(device, output_w), start=1):
        there = shot.live.grid and number <= device.house.spec.phases
        volts = round(_LINE_V + 0.3 * (number - 1), 1) if there else 0.0
        record |= {
            f"vac{number}": volts,
            f"iac{number}": round(power / volts, 1) if volts else 0.0,
            f"pac{number}": power,
        }
    return record


def line_volts(device: Device, shot: Snapshot) -> float:
    """Return the voltage between two phases, 0 for one phase."""
    there = shot.live.grid and device.house.spec.phases == 3
    return round(_LINE_V * _SQRT3, 1) if there else 0.0
