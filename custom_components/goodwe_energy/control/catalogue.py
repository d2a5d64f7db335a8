"""What can be set: only what is known and wanted (reference sections 6.2 to 6.4).

Never here: safety country, firmware, and the switches of a dongle (6.6).
"""

from .._vendor.core.control.driver import Range
from .setting import Form, Setting, Unit

RUNNING = "running"
EXPORT, EXPORT_POWER = "export_limit", "export_limit_power"
EXPORT_PERCENT = "export_limit_percent"
IMMEDIATE, IMMEDIATE_SOC = "immediate_charge", "immediate_charge_soc"
IMMEDIATE_POWER = "immediate_charge_power"
RESERVE, OFF_GRID_RESERVE = "reserve", "off_grid_reserve"
CHARGE_LIMIT = "charge_limit"
SOC_PROTECTION, DOD_HOLDING = "soc_protection", "dod_holding"
TOU, OFF_GRID, OPERATION = "tou_mode", "off_grid_mode", "operation_mode"
BACKUP, BACKUP_GRID = "backup_mode", "backup_grid_charge"
BACKUP_POWER = "backup_power"
PEAK, PEAK_START, PEAK_END = "peak_shaving", "peak_shaving_start", "peak_shaving_end"
PEAK_SOC, PEAK_POWER = "peak_shaving_soc", "peak_shaving_power"
DELAYED, DELAYED_RELEASE = "delayed_charge", "delayed_charge_release"
DELAYED_START, DELAYED_EXPORT = "delayed_charge_start", "delayed_charge_export"
DELAYED_PV_FIRST, DELAYED_MONTHS = "delayed_charge_pv_first", "delayed_charge_months"
RUNNING_MODE = "running_mode"
# One of four rules a device of the first generation, by their number on the wire
MODES = ("self_use", "off_grid", "backup", "tou")
# Off grid is no mode to be picked in passing: it cuts the house off (6.3).
OFFERED_MODES = ("self_use", "backup", "tou")

MOST_SLOTS = 8


def slot_key(number: int) -> str:
    """Return the key of a slot, from 1."""
    return f"tou_slot_{number}"


SLOTS = tuple(slot_key(number) for number in range(1, MOST_SLOTS + 1))


def _percent(key: str, *, low: float = 0, enabled: bool = False) -> Setting:
    return Setting(
        key=key,
        form=Form.NUMBER,
        unit=Unit.PERCENT,
        allowed=Range(low=low, high=100),
        enabled=enabled,
    )


SETTINGS = (
    Setting(key=RUNNING),
    Setting(key=EXPORT),
    Setting(
        key=EXPORT_POWER,
        form=Form.NUMBER,
        unit=Unit.WATT,
        allowed=Range(low=0, high=1_000_000),
    ),
    _percent(EXPORT_PERCENT),
    Setting(key=IMMEDIATE, enabled=False),
    _percent(IMMEDIATE_SOC),
    _percent(IMMEDIATE_POWER),
    _percent(RESERVE),
    _percent(CHARGE_LIMIT),
    _percent(OFF_GRID_RESERVE),
    Setting(key=SOC_PROTECTION, enabled=False),
    Setting(key=DOD_HOLDING, enabled=False),
    Setting(key=OPERATION, form=Form.CHOICE, listed=False),
    Setting(key=TOU),
    Setting(key=BACKUP),
    Setting(key=BACKUP_GRID),
    _percent(BACKUP_POWER, enabled=True),
    Setting(key=OFF_GRID, enabled=False),
    Setting(key=PEAK),
    Setting(key=PEAK_START, form=Form.TIME, enabled=False),
    Setting(key=PEAK_END, form=Form.TIME, enabled=False),
    _percent(PEAK_SOC),
    Setting(
        key=PEAK_POWER,
        form=Form.NUMBER,
        unit=Unit.KILOWATT,
        allowed=Range(low=0, high=500, step=0.01),
        enabled=False,
    ),
    Setting(key=DELAYED),
    Setting(key=DELAYED_RELEASE, listed=False),
    Setting(key=DELAYED_START, form=Form.TIME, enabled=False),
    Setting(
        key=DELAYED_EXPORT,
        form=Form.NUMBER,
        unit=Unit.PERCENT,
        allowed=Range(low=0, high=100, step=0.1),
        enabled=False,
    ),
    Setting(key=DELAYED_PV_FIRST, enabled=False),
    Setting(key=DELAYED_MONTHS, form=Form.MONTHS, listed=False),
    *(Setting(key=key, form=Form.SLOT, listed=False) for key in SLOTS),
    Setting(key=RUNNING_MODE, form=Form.CHOICE, listed=False, writable=False),
)
BY_KEY = {setting.key: setting for setting in SETTINGS}

# Which of a device's registers are which settings: discovery.py
REGISTERS = (
    RUNNING,
    EXPORT,
    EXPORT_POWER,
    EXPORT_PERCENT,
    IMMEDIATE,
    IMMEDIATE_SOC,
    IMMEDIATE_POWER,
    RESERVE,
    CHARGE_LIMIT,
    OFF_GRID_RESERVE,
    SOC_PROTECTION,
    DOD_HOLDING,
    BACKUP_GRID,
)
# Registers of a battery's own menu, told to the inverter without a serial of theirs
OF_BATTERY = frozenset({IMMEDIATE, IMMEDIATE_SOC, IMMEDIATE_POWER})
COMMANDS = ("start", "shutdown", "restart")
