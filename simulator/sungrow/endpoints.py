"""Business endpoints by their path behind `/openapi/` (reference sections 2.5 and 3)."""

from .call import Handler
from .catalogues import call_info, point_names, properties
from .commands import check, records, set_parameters, task_result
from .faults import fault_list
from .history import device_minutes, device_periods, plant_minutes, plant_periods
from .plant_forms import device_list, logger_details, plant_details, plant_list
from .readings import device_points, plant_points

# The same bodies and answers in both flavours
_BOTH: dict[str, Handler] = {
    "getDeviceRealTimeData": device_points,
    "getDevicePointMinuteDataList": device_minutes,
    "getFaultAlarmInfo": fault_list,
    "paramSettingCheck": check,
    "paramSetting": set_parameters,
    "getParamSettingTask": task_result,
    "getDeviceSettingRecordList": records,
}
HANDLERS: dict[str, Handler] = {
    **_BOTH,
    **{f"platform/{name}": handler for name, handler in _BOTH.items()},
    "platform/queryPowerStationList": plant_list,
    "platform/getPowerStationDetail": plant_details,
    "platform/getDeviceListByPsId": device_list,
    "platform/getPowerStationRealTimeData": plant_points,
    "platform/getPowerStationPointMinuteDataList": plant_minutes,
    "platform/getPowerStationPointDayMonthYearDataList": plant_periods,
    "platform/getDevicePointDayMonthYearDataList": device_periods,
    "getPowerStationList": plant_list,
    "getPowerStationDetail": logger_details,
    "getBatchPsDetail": plant_details,
    "getDeviceList": device_list,
    "getDevicePointsDayMonthYearDataList": device_periods,
    "getOpenApiCallInfo": call_info,
    "getOpenPointInfo": point_names,
    "getDevPropertyPointValue": properties,
}
