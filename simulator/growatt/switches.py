"""What tests can make a device do."""

from dataclasses import dataclass, field
from typing import Literal


@dataclass(slots=True, kw_only=True)
class DeviceSwitches:
    """Quirks of one device; numbers of the reference's quirks in brackets."""

    # Datalogger
    online: bool = True
    """False: no new record, writes and live reads fail."""
    offline_as: Literal["device", "collector"] = "device"
    """V1 10003 or 10005."""
    sleeps: bool = False
    """No record while the sun is down."""
    permission: bool = True
    """False: V1 10011, v4 12 or left out of the answer."""
    lost: bool = False
    """`lost` of lists and details."""
    lost_in_record: bool = True
    """`lost` of live records, also of healthy devices (Q9)."""
    own_datalogger: Literal["no", "yes", "listed"] = "no"
    """Built-in Wi-Fi: it hangs on itself, and may be in the list of dataloggers."""

    # Writes
    vpp: bool = False
    """The model knows VPP; if not, it is answered 6."""
    vpp_refusal: Literal[6, 7] = 6
    """How a model that does not know VPP answers."""
    vpp_passing: int = 0
    """So many more reads of VPP are refused so, then it is as ever."""
    vpp_ended: Literal["cleared", "kept"] = "cleared"
    """What registers 25 and 27 show when the duration is over."""
    executes: bool = True
    """False: writes are accepted and nothing changes."""
    follows: bool = True
    """False: settings and VPP are stored and shown, the battery uses itself."""
    error_though_applied: bool = False
    """Writes are answered with a system error and carried out (Q19)."""
    overlap: Literal["reject", "accept"] = "reject"
    """MIN: what happens to a segment that overlaps an enabled other one."""
    ac_stop_name: Literal["both", "ub_ac_charging_stop_soc", "ac_charge_soc_limit"] = (
        "both"
    )
    """MIN: how the stop SoC of charging from the grid is written (6.2: uncertain)."""
    periods_overlap: Literal["accept", "reject"] = "accept"
    """SPH and SPA: what happens to a period over one of another side (uncertain)."""
    spa_v1_layout: Literal[17, 18] = 18
    """SPA: whether the charge periods of V1 have a mains flag (6.5: uncertain)."""
    clamps: dict[str, float] = field(default_factory=dict)
    """Most that is stored, by read-back name; more is accepted and cut."""
    reaction_delay: float = 2.0
    """Seconds until the inverter obeys."""
    readback_delay: float | None = None
    """Seconds until the cloud's copy shows a write; None is 10 to 90."""
    vpp_zero: Literal["hold", "self_use"] = "hold"
    """What 0 % with remote control enabled means; the reference is silent."""
    vpp_floor: Literal["both", "own"] = "both"
    """Whether the on-grid stop SoC of the settings holds for VPP too (Q20)."""

    nexa: bool = False
    """NOAH: the app's paths know it as a NEXA only."""

    # Records
    has_meter: bool = True
    """False: all grid and load values are 0 (9.9)."""
    zero_record: bool = False
    """An empty record (Q11)."""
    midnight_bounce: bool = False
    """Counters go value, 0, yesterday's value, 0 after midnight (Q3)."""
    noise: bool = True
    """Numbers carry the noise of a 32-bit float."""
    phantom_bdc2: bool = True
    """A second battery that is not there shows values (Q10)."""
    soc_from_bms: bool = True
    """False: lead-acid or BMS-less pack; only `soc` tells the charge."""
    sentinels: bool = True
    """-0.1 and -1 for what the device does not have (Q24)."""
    null_strings: bool = False
    """Missing texts are `null` as a word (Q24)."""
    nul_serials: bool = False
    """Serials of missing parts are NUL bytes (Q24)."""
    garbage_times: bool = False
    """An unused segment reads `11:187` (Q24)."""
    pv_today: bool = False
    """MIN: `epvToday` is in the record; normally it is not."""
    upper_case_discharge: bool = False
    """SPH, V1: `edischargeToday` instead of `edischarge1Today`."""
    household_wraps: bool = False
    """NOAH: negative loads are unsigned 16-bit numbers (Q26)."""
    dashboard_dips: bool = False
    """`etouser` of the dashboard falls by 0.1 now and then (Q4)."""
