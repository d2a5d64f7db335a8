"""Answers as the reference shows them (sections 3.1 to 3.14)."""

from typing import Any

STATION = "3f6c1b52-7d0e-4a9b-9c35-1e2f8a6d4b70"
INVERTER, METER = "9010KETU22AW0417", "VD30010009010KETU22AW0417"
BATTERY, DONGLE = "VD20019010KETU22AW0417", "DNG24A0031"

STATIONS: list[dict[str, Any]] = [
    {
        "id": STATION,
        "name": "Hillcrest Solar",
        "status": 1,
        "installedPower": 10.0,
        "pvInstallP": 12.3,
        "timeZone": "UTC+10:00",
        "isShared": True,
        "pSystem": 4.2,
        "productionToday": 24.6,
        "productionTotal": 18342.7,
        "proCharStatsTotal": 5120.3,
        "proDischarStatsTotal": "4698.9",
    }
]
INFO: dict[str, Any] = {
    "stationId": STATION,
    "name": "Hillcrest Solar",
    "status": "1",
    "gridStatus": "1",
    "installedPower": 10.0,
    "pvCapacity": 12.3,
    "batteryCapacity": 16.0,
    "timeZone": "UTC+10:00",
    "zoneId": "Australia/Brisbane",
    "createTime": "2024-05-02T09:17:41.69",
    "permissions": ["INVERTER_REMOTE", "INVERTER_REMOTE_READ", "STATION_VIEW"],
    "chartMap": {"energy_flow": "pSystem,soc,pBat,pConsum,pGrid"},
}
FLOW: dict[str, Any] = {
    "id": STATION,
    "status": "1",
    "pSystem": 4.215,
    "pAc": 2.575,
    "pBat": -1.640,
    "pGrid": 1.205,
    "pConsum": 1.370,
    "soc": 63,
    "flows": {"pSystem": ["pConsum", "pBat", "pGrid"]},
    "refreshTime": "2026-10-12T11:04:00",
}
PUSH: dict[str, Any] = {
    "stationId": STATION,
    "time": "2026-10-12 11:04:05",
    "pSystem": "4.231",
    "pAc": "2.590",
    "pConsum": "1.371",
    "pBat": "-1.641",
    "pGrid": "1.219",
    "soc": "63.0",
    "flows": {"pSystem": ["pConsum", "pBat", "pGrid"]},
}


def _group(kind: str, status: int, serial: str, **detail: Any) -> dict[str, Any]:
    return {
        "deviceType": kind,
        "statusDetailList": [
            {
                "status": status,
                "snList": [serial],
                "detailMap": {serial: {"sn": serial, **detail}},
            }
        ],
    }


DEVICES: dict[str, Any] = {
    "status": {
        "deviceDetailList": [
            _group("INVERTER", 5, INVERTER, name="Inverter 1", subtype="store"),
            _group("SMART_METER", 1, METER, name="Meter 1", preSn=INVERTER),
            _group("DONGLE", 1, DONGLE, name="通讯模块"),
            _group("COFFEE_MACHINE", 1, "X1", name="Kitchen"),
        ]
    },
    "page": [
        {
            "sn": INVERTER,
            "name": "Inverter 1",
            "deviceType": "INVERTER",
            "model": "GW10K-ET",
            "brand": "GOODWE",
            "status": 5,
        },
        {
            "sn": DONGLE,
            "deviceType": "DONGLE",
            "status": 1,
            "communicationMode": "LAN",
            "wirelessSignalStrength": "0",
        },
    ],
    "related": {
        INVERTER: [
            {
                "sn": BATTERY,
                "no": "1",
                "name": "BAT1",
                "type": "BAT_SYS",
                "status": 7,
                "soc": 63.0,
                "pbat": -1.64,
                "translateCode": "mppt1_battery",
            }
        ]
    },
}


def factors(**values: Any) -> list[dict[str, Any]]:
    """Return one group of factors; ``__`` stands for a colon, ``___`` for a dash."""
    return [
        {
            "code": "group",
            "factors": [
                {"code": name.replace("___", "-").replace("__", ":"), "data": value}
                for name, value in values.items()
            ],
        }
    ]


TELEMETRY = factors(
    sn=INVERTER,
    Temperature="41.2",
    hTotal="8123",
    pAc="2.575",
    qAc="0.214",
    PHASE___A__Vac="238.4",
    PHASE___B__Vac="6553.5",
    PHASE___A__Iac="3.7",
    Fac="50.01",
    pBackup="0.18",
    ISOLimit=None,
    pDc="4.215",
    MPPT___1__Ppv="2.301",
    MPPT___1__Vpv="512.3",
    MPPT___12__Ppv="0.5",
)
COUNTERS = factors(
    pAc="2.575",
    ratedPower="10",
    proPvStatsToday="24.6",
    proPvStatsTotal="18342.7",
    proCharStatsTotal="5120.300000",
    proDischarStatsTotal="4698.9",
)
STATISTICS: dict[str, Any] = {
    "production": 23.9,
    "proSelfConsumRate": 63.82,
    "contributionRate": "81.5",
    "dataList": [
        {
            "item": "proSystemTotalStats",
            "unit": "kWh",
            "statisticsList": [{"date": "2026-10-12", "val": 24.6}],
        },
        {
            "item": "proPurchaseStats",
            "unit": "kWh",
            "statisticsList": [{"date": "2026-10-12", "val": "3.2"}],
        },
    ],
}
INCOME: dict[str, Any] = {
    "proSystemTotalStats": 24.6,
    "profitProStats": 4.31,
    "profitGridStats": "0.62",
    "currency": "AUD",
}
ALARM: dict[str, Any] = {
    "warningid": "w1",
    "warning_code": "E12",
    "warningNameEn": "Utility Loss",
    "warningname": "市电丢失",
    "alarmLevel": "Total_FaultLevel_Fault",
    "status": 0,
    "deviceName": "Inverter 1",
    "devicesn": INVERTER,
    "happentime": "1790000000000",
    "recoverytime": None,
}
CHARGER: dict[str, Any] = {
    "detail": {
        "status": "EVDetail_Status_Title_Charging",
        "workState": "available_gun_insered",
        "chargeMode": 0,
        "chargePower": 11.0,
        "chargePowerSetted": 7.0,
        "startStatus": False,
    },
    "session": {
        "workStu": 6,
        "pevChar": "6.9",
        "chargeTimeLength": 42,
        "currentChargeQuantity": 4.8,
    },
    "log": [
        {
            "chargeStartTime": "2026-10-11 18:00:00",
            "chargeEndTime": "2026-10-11 20:00:00",
            "currentChargeQuantity": "12.5",
            "chargeSerialNumber": "S1",
            "chargeTimeLength": 120,
        }
    ],
}
