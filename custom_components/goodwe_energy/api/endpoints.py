"""Every path of the API (reference sections 2.1 and 3 to 7), and how each is counted.

They stand together because the vendor changes them often (quirk 20).
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One endpoint.

    Attributes:
        method: HTTP verb.
        path: Below the gateway, with ``{sn}`` where a serial belongs.
        group: What the budget counts it as.
    """

    method: str
    path: str
    group: str


_PLANT, _REMOTE, _ALARM = "sems-plant/api", "sems-remote/api", "sems-alarm/api"
_EQUIPMENT = f"{_PLANT}/equipments/{{sn}}"
_ADDRESS = "address/remote"

LOGIN = Endpoint("POST", "sems-user/api/v1/auth/cross-login", "login")

STATIONS = Endpoint("POST", f"{_PLANT}/portal/stations/page", "stations")
STATIONS_SIMPLE = Endpoint("POST", f"{_PLANT}/stations/simple-query", "simple-query")
STATION_INFO = Endpoint("POST", f"{_PLANT}/portal/stations/basic/info", "info")
FLOW = Endpoint("GET", f"{_PLANT}/stations/flow", "flow")

DEVICE_STATUS = Endpoint("GET", f"{_PLANT}/stations/device/all-status", "all-status")
DEVICE_PAGE = Endpoint("POST", f"{_PLANT}/web/device/station/page", "device-page")
DEVICES_BY_TYPE = Endpoint(
    "GET", f"{_PLANT}/web/device/station/getDevicesByType", "devices-by-type"
)
TELEMETRY = Endpoint("GET", f"{_EQUIPMENT}/telemetry", "telemetry")
COUNTERS = Endpoint("GET", f"{_EQUIPMENT}/telecounting", "telecounting")
INFORMATION = Endpoint("GET", f"{_EQUIPMENT}/information", "information")
RELATED = Endpoint("GET", f"{_EQUIPMENT}/relatedDevices", "related")

STATISTICS = Endpoint("POST", f"{_PLANT}/stations/statistics", "statistics")
PRODUCTION = Endpoint("POST", f"{_PLANT}/stations/production", "production")
POWER_DAY = Endpoint(
    "POST", f"{_PLANT}/v1/hems/power/statisticsAndPreV2", "power-series"
)

ALARM_COUNTS = Endpoint("POST", f"{_ALARM}/alarm/statistics", "alarm-counts")
ALARMS = Endpoint("POST", f"{_ALARM}/v2/alarm/page", "alarms")

CHARGER = Endpoint("POST", f"{_REMOTE}/ev-charger/detail", "charger")
CHARGER_SESSION = Endpoint(
    "GET", f"{_PLANT}/v1/chargePile/getLastCharge", "charger-session"
)
CHARGER_LOG = Endpoint(
    "POST", f"{_PLANT}/v1/chargePile/queryChargeLogList", "charger-log"
)
CHARGER_MODE = Endpoint("POST", f"{_REMOTE}/ev-charger/set-mode", "set-mode")
CHARGER_START = Endpoint("POST", f"{_REMOTE}/ev-charger/startCharge", "start-charge")
CHARGER_STOP = Endpoint("POST", f"{_REMOTE}/ev-charger/stopCharge", "stop-charge")

WORK_MODE = Endpoint("GET", f"{_REMOTE}/v2/{_ADDRESS}/get-work-mode", "work-mode")
RELATED_SN = Endpoint("POST", f"{_REMOTE}/v2/{_ADDRESS}/get-related-sn", "related-sn")
FUNCTION_MENUS = Endpoint(
    "POST", f"{_REMOTE}/v2/{_ADDRESS}/getDeviceFunctionTabMenus", "function-menus"
)
FUNCTION_VALUES = Endpoint(
    "POST",
    f"{_REMOTE}/v1/{_ADDRESS}/get-cache-device-function-parameters",
    "function-values",
)
SET_FUNCTION = Endpoint(
    "POST", f"{_REMOTE}/v1/{_ADDRESS}/setDeviceFunctionParameters", "set-function"
)
SETTINGS = Endpoint("POST", f"{_REMOTE}/v1/remote/get", "settings")
SET_SETTING = Endpoint("POST", f"{_REMOTE}/v1/remote/set", "set-setting")

LIVE_ENABLE = Endpoint("GET", f"{_PLANT}/second-data/enable", "live-enable")
LIVE_CONFIG = Endpoint("GET", f"{_PLANT}/second-data/config", "live-config")

# What changes something: a turn of their own, because each may take 90 s.
WRITES = frozenset(
    endpoint.group
    for endpoint in (
        CHARGER_MODE,
        CHARGER_START,
        CHARGER_STOP,
        SET_FUNCTION,
        SET_SETTING,
    )
)
