"""What the codes of the API mean, as slugs (reference sections 3.11 and 8.4).

The server's own texts may be Chinese whatever language is asked for: only these are
shown. A code that a table does not have has no slug.
"""

from collections.abc import Mapping

from ._vendor.core.client.decode import integer

type Codes = Mapping[int, str]

_OPERATING: Codes = {
    0: "grid_connected",
    1: "shut_down",
    2: "awaiting_startup",
    4: "emergency_stop",
    8: "standby",
    16: "initial_standby",
    20: "microgrid",
    32: "starting_up",
    64: "running",
    65: "off_grid_charging",
    128: "derated",
    256: "operation_fault",
    512: "update_failed",
    1024: "maintenance",
    2048: "forced_mode",
    4096: "off_grid",
    4369: "uninitialized",
    4608: "initial_standby",
    4864: "awaiting_press_to_start",
    5120: "standby",
    5376: "emergency_stop",
    5632: "starting_up",
    5888: "afci_self_test",
    6144: "smart_plant_building",
    6400: "security_mode",
    8192: "open_loop",
    9472: "display_communication_fault",
    9473: "restarting",
    16384: "energy_dispatch",
    16435: "low_insulation_resistance",
    16439: "insulation_board_anomaly",
    20992: "shutting_down",
    21760: "shut_down_by_fault",
    32768: "shut_down",
    33024: "derated_running",
    33280: "dispatched_running",
    33792: "anti_pid_running",
    37120: "running_with_alarm",
}
_MICRO_CODES = (
    0, 1024, 2048, 4369, 4608, 4864, 5120, 5632, 8192, 21760, 32768, 33024, 33280,
    37120,
)  # fmt: skip

CODES: Mapping[str, Codes] = {
    "operating_status_hybrid": {**_OPERATING, 16385: "emergency_charging"},
    "operating_status_inverter": {**_OPERATING, 16385: "energy_dispatch"},
    "operating_status_micro": {
        **{code: _OPERATING[code] for code in _MICRO_CODES},
        4096: "backup",
    },
    "charger_status": {
        1: "idle",
        2: "standby",
        3: "charging",
        4: "paused_by_station",
        5: "paused_by_vehicle",
        6: "completed",
        7: "reserved",
        8: "disabled",
        9: "fault",
    },
    "plant_type": {
        1: "utility",
        3: "distributed_pv",
        4: "residential_pv",
        5: "residential_storage",
        6: "village",
        7: "distributed_storage",
        8: "poverty_alleviation",
        9: "wind",
        10: "utility_storage",
        12: "commercial_storage",
    },
    "connect_type": {
        1: "full_feed_in",
        2: "surplus_feed_in",
        3: "zero_feed_in",
        4: "off_grid",
    },
    "build_status": {
        0: "not_started",
        1: "building",
        2: "connected",
        3: "planned",
        4: "not_connected",
    },
    "valid_flag": {1: "normal", 2: "disabled", 3: "connecting"},
    # A plant's normal is 3, a device's is 4.
    "plant_fault": {1: "fault", 2: "alarm", 3: "normal"},
    "device_fault": {1: "fault", 2: "alarm", 4: "normal"},
    "fault_kind": {1: "fault", 2: "alarm", 3: "notice", 4: "suggestion"},
    "fault_level": {1: "major", 2: "secondary", 3: "minor", 4: "slight"},
    "fault_process": {
        1: "unconfirmed",
        2: "pending",
        3: "processing",
        4: "resolved",
        9: "closed",
    },
    "device_type": {
        1: "inverter",
        2: "container",
        3: "grid_connection_point",
        4: "combiner_box",
        5: "meteo_station",
        6: "transformer",
        7: "meter",
        8: "ups",
        9: "data_logger",
        10: "string",
        11: "plant",
        12: "circuit_protection",
        13: "splitting_device",
        14: "hybrid_inverter",
        15: "sampling_device",
        16: "emu",
        17: "unit",
        18: "climate_sensor",
        19: "distribution_cabinet",
        20: "display",
        21: "ac_cabinet",
        22: "communication_module",
        23: "system_bms",
        24: "array_bms",
        25: "dc_dc",
        26: "ems",
        27: "tracker",
        28: "wind_converter",
        29: "svg",
        30: "pt_cabinet",
        31: "bus_protection",
        32: "cleaning_robot",
        33: "dc_cabinet",
        34: "public_measurement",
        37: "pcs",
        41: "optimizer",
        43: "battery",
        44: "battery_cluster",
        45: "local_controller",
        51: "charger",
        52: "battery_controller",
        55: "microinverter",
        63: "diesel_generator",
    },
}
OPTIONS: Mapping[str, tuple[str, ...]] = {
    name: tuple(dict.fromkeys(codes.values())) for name, codes in CODES.items()
}

# Of an inverter 60000 + n, of an energy storage system 13800 + n ([D:appendix-9])
_FAULTS: Codes = {
    1: "grid_overvoltage",
    2: "grid_undervoltage",
    3: "grid_overfrequency",
    4: "grid_underfrequency",
    5: "grid_outage",
    6: "excessive_leakage_current",
    7: "grid_abnormal",
    8: "grid_voltage_imbalance",
    9: "pv_reverse_connection_fault",
    10: "pv_reverse_connection_alarm",
    11: "pv_abnormal",
    12: "ambient_temperature_high",
    13: "ambient_temperature_low",
    14: "low_insulation_resistance",
    15: "grounding_cable_fault",
    16: "afci_fault",
    17: "backup_overload",
    18: "meter_reverse_connection",
    19: "meter_communication_abnormal",
    20: "grid_conflict",
    21: "parallel_communication_alarm",
    22: "bms_communication_fault",
    23: "battery_connection_abnormal",
    24: "battery_alarm",
    25: "battery_fault",
    26: "pv_overvoltage",
    27: "mppt_reverse_connection",
    28: "boost_capacitor_overvoltage_alarm",
    29: "boost_capacitor_overvoltage_fault",
    30: "string_current_backfeed",
    32: "rsd_abnormal",
    35: "pv_grounding_fault",
    63: "system_alarm",
    64: "system_fault",
}
_STORAGE_FAULTS: Codes = {
    93: "bypass_overvoltage",
    94: "bypass_undervoltage",
    95: "bypass_overcurrent",
    96: "bypass_overcurrent",
}
_INVERTER_BASE, _STORAGE_BASE = 60000, 13800
FAULTS: Codes = {
    **{_INVERTER_BASE + n: slug for n, slug in _FAULTS.items()},
    **{_STORAGE_BASE + n: slug for n, slug in {**_FAULTS, **_STORAGE_FAULTS}.items()},
}
# What a fault can be for people; ``unknown_fault`` stands for the other codes.
UNKNOWN_FAULT = "unknown_fault"
FAULT_OPTIONS = (*dict.fromkeys(FAULTS.values()), UNKNOWN_FAULT)


def slug(codes: str, code: object) -> str | None:
    """Return what a code of a table means, None if the table does not say."""
    whole = integer(code)
    return None if whole is None else CODES[codes].get(whole)
