"""Answers as the reference shows them (sections 3.1 to 3.7)."""

from typing import Any

PLANTS: dict[str, Any] = {
    "rows": [
        {
            "ps_id": 5123456,
            "ps_name": "Home",
            "ps_type": 5,
            "online_status": 1,
            "valid_flag": 1,
            "ps_fault_status": 3,
            "connect_type": 2,
            "ps_current_time_zone": "GMT+2",
            "build_status": 2,
        }
    ],
    "details": {
        "not_authorization_ps_list": ["77"],
        "data_list": [
            {
                "ps_id": "5123456",
                "ps_type_name": "户用储能",
                "fault_count": 0,
                "alarm_count": "0",
                "install_power": 9960,
                "ps_feedin_power_price_kwh": "0.08",
                "ps_consumption_power_price_kwh": "0.32",
                "power_price_unit": "EUR",
                "ps_current_time_zone": "GMT+2",
            }
        ],
    },
}
DEVICES: list[dict[str, Any]] = [
    {
        "uuid": 10941275,
        "ps_key": "5123456_14_1_1",
        "device_sn": "A2351607928",
        "device_name": "SH10RT",
        "device_type": 14,
        "type_name": "储能逆变器",
        "device_model_id": 346856,
        "device_model_code": "SH10RT-V112",
        "dev_fault_status": 4,
        "dev_status": "1",
        "communication_dev_sn": "B2261882811",
        "factory_name": "阳光电源股份有限公司",
        "ps_id": 5123456,
        "firmware_version_info": {
            "lcd_version": "SAPPHIRE-H_01011.51.04",
            "mdsp_version": "SAPPHIRE-H_03011.51.04",
            "sdsp_version": None,
        },
    },
    {
        "uuid": 10941276,
        "ps_key": "5123456_43_2_1",
        "device_sn": "S2350000001",
        "device_name": "Battery1",
        "device_type": 43,
        "device_model_code": "SBR128",
        "dev_fault_status": 4,
        "dev_status": "1",
        "ps_id": 5123456,
    },
    {
        "uuid": 10941277,
        "ps_key": "5123456_7_1_1",
        "device_sn": "M2300000001",
        "device_name": "Meter1",
        "device_type": 7,
        "device_model_code": "DTSU666",
        "dev_fault_status": 4,
        "dev_status": "1",
        "ps_id": 5123456,
    },
    {
        "uuid": 10941278,
        "ps_key": "5123456_22_247_1",
        "device_sn": "B2261882811",
        "device_name": "WiNet-S",
        "device_type": 22,
        "device_model_code": "WiNet-S",
        "dev_fault_status": 4,
        "dev_status": "1",
        "ps_id": 5123456,
    },
]
HYBRID: dict[str, Any] = {
    "device_point_list": [
        {
            "device_point": {
                "ps_key": "5123456_14_1_1",
                "device_sn": "A2351607928",
                "uuid": 10941275,
                "device_name": "SH10RT",
                "device_time": "20260902151500",
                "ps_id": 5123456,
                "dev_status": 1,
                "dev_fault_status": 4,
                "p13141": "0.791",
                "p13126": "0.0",
                "p13150": "854.0",
                "p13119": "712.0",
                "p13121": "0.0",
                "p13149": "0.0",
                "p13146": "64",
                "p13001": "400",
                "p13002": "2.5",
                "p13105": None,
                "p13106": "--",
            }
        }
    ],
    "illegal_ps_key_list": [],
    "point_dict": [
        {"point_id": "13141", "point_name": "Battery Level (SOC)", "point_unit": ""}
    ],
}
PLANT_POINTS: dict[str, Any] = {
    "device_point_list": [
        {
            "ps_id": "5123456",
            "uuid": 10941270,
            "ps_key": "5123456_11_0_0",
            "p83022": "20200.0",
            "p83024": "67851100.0",
            "p83033": "801.0",
            "p83106": "1567.0",
            "p83252": "0.41",
            "p83238": None,
        }
    ],
    "point_dict": [],
    "fail_ps_id_list": [88],
}
FAULT: dict[str, Any] = {
    "fault_name": "Grid Power Outage",
    "fault_code": "60005.202609.47b8b34242077",
    "fault_type": 1,
    "fault_type_code": 60005,
    "fault_level": 1,
    "process_status": 1,
    "create_time": "2026-09-01 16:41:52",
    "over_time": "",
    "uuid": "10941275",
    "ps_key": "5123456_14_1_1",
    "device_name": "SH10RT",
    "device_type": 14,
    "ps_id": 5123456,
}
