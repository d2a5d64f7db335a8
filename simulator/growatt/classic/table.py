"""Who answers which path and `op` or `action` (index in reference section 3.F)."""

from collections.abc import Callable, Mapping

from aiohttp import web

from . import devices, noah, plants, writes
from .protocol import Call

type Handler = Callable[[Call], web.Response]
type Verbs = Mapping[str, tuple[str, Handler]]

_TLX: Verbs = {
    "getTlxData": ("GET", devices.tlx_data),
    "getTlxDetailData": ("GET", devices.tlx_detail),
    "getTlxParams": ("GET", devices.tlx_parameters),
    "getSystemStatus_KW": ("POST", devices.tlx_status),
    "getEnergyOverview": ("POST", devices.tlx_overview),
    "getEnergyProdAndCons_KW": ("POST", devices.tlx_production),
    "getMonthPac": ("GET", devices.tlx_month),
    "getYearPac": ("GET", devices.tlx_year),
    "getTotalPac": ("GET", devices.tlx_total),
    "getTlxSetData": ("POST", devices.tlx_settings),
    "getBatInfo": ("POST", devices.tlx_battery),
    "getBatDetailData": ("POST", devices.tlx_battery_detail),
}
_MIX: Verbs = {
    "getMixInfo": ("GET", devices.mix_info),
    "getEnergyOverview": ("POST", devices.mix_totals),
    "getSystemStatus_KW": ("POST", devices.mix_status),
    "getEnergyProdAndCons_KW": ("POST", devices.mix_detail),
    "getMixSetParams": ("GET", devices.mix_settings),
}
_SPA: Verbs = {
    "getSystemStatus": ("POST", devices.spa_status),
    "getSpaEnergy": ("POST", devices.spa_overview),
    "getEnergyOverview": ("POST", devices.spa_overview),
    "getEnergyProdAndConsData": ("POST", devices.spa_detail),
    "getSpaSetData": ("POST", devices.spa_settings),
}
_INVERTER: Verbs = {
    "getInverterData": ("GET", devices.inverter_data),
    "getInverterDetailData": ("GET", devices.inverter_detail),
    "getInverterDetailData_two": ("GET", devices.inverter_detail_two),
    "getInverterDetailData_max": ("GET", devices.max_detail),
    "getInverterDetailData_max_two": ("GET", devices.max_detail_two),
}
_STORAGE: Verbs = {
    "getStorageInfo_sacolar": ("GET", devices.storage_detail),
    "getStorageParams_sacolar": ("GET", devices.storage_parameters),
    "getStorageParams": ("GET", devices.storage_parameters_plain),
    "getEnergyOverviewData_sacolar": ("POST", devices.storage_overview),
    "getEnergyOverviewData": ("POST", devices.storage_overview_plain),
}
_WRITES: Verbs = {
    "tlxSet": ("POST", writes.set_tlx),
    "mixSetApiNew": ("POST", writes.set_mix),
    "mixSetApi": ("POST", writes.set_mix),
    "spaSetApi": ("POST", writes.set_spa),
    "storageSet": ("POST", writes.set_storage),
    "storageSPF5000Set": ("POST", writes.set_storage),
    "storageSacolarSet": ("POST", writes.set_storage),
    "readDeviceParam": ("POST", writes.read_parameter),
}
_PORTAL: Verbs = {
    "inverterSet": ("POST", writes.set_inverter),
    "tlxSet": ("POST", writes.set_tlx),
    "mixSet": ("POST", writes.set_mix),
    "spaSet": ("POST", writes.set_spa),
}
_PLANTS_TWO: Verbs = {
    "getAllPlantListTwo": ("POST", plants.all_plants),
    "getAllDeviceListTwo": ("GET", plants.plant_info),
    "getAllDeviceList": ("GET", plants.device_list),
    "getUserCenterEnertyDataByPlantid": ("POST", plants.summary),
    "updatePlant": ("POST", plants.update),
}
_PLANTS: Verbs = {
    "getPlant": ("GET", plants.settings),
    "getEnergyStorageData": ("POST", plants.dashboard),
}
PATHS: Mapping[str, Verbs] = {
    "PlantListAPI.do": {"": ("GET", plants.plant_list)},
    "PlantDetailAPI.do": {"": ("GET", plants.plant_detail)},
    "newPlantDetailAPI.do": {"": ("GET", plants.plant_detail)},
    "newTwoPlantAPI.do": _PLANTS_TWO,
    "newPlantAPI.do": _PLANTS,
    "newInverterAPI.do": _INVERTER,
    "newTlxApi.do": _TLX,
    "newMixApi.do": _MIX,
    "newSpaApi.do": _SPA,
    "newStorageAPI.do": _STORAGE,
    "newTcpsetAPI.do": _WRITES,
    "tcpSet.do": _PORTAL,
    "newLoginAPI.do": {"getSetPass": ("POST", devices.enabled_settings)},
    "componentsApi/getViewData": {"": ("POST", devices.panels)},
    "commonDeviceSetC/setInverter": {"": ("GET", devices.inverter_page)},
    "noahDeviceApi/noah/isPlantNoahSystem": {"": ("POST", plants.noah_plant)},
}
NOAH: Mapping[str, Handler] = {
    "noahDeviceApi/noah/getSystemStatus": noah.status,
    "noahDeviceApi/noah/getNoahInfoBySn": noah.info,
    "noahDeviceApi/noah/getBatteryData": noah.batteries,
    "noahDeviceApi/noah/set": noah.write,
    "noahDeviceApi/nexa/getSystemStatus": noah.nexa_status,
    "noahDeviceApi/nexa/getNexaInfoBySn": noah.nexa_info,
    "noahDeviceApi/nexa/getBatteryData": noah.batteries,
    "noahDeviceApi/nexa/set": noah.write_nexa,
}
"""Paths that answer a token too, under `/v4/`."""
