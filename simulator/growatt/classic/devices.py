"""Reads of single devices (section 3.F)."""

from aiohttp import web

from .. import quirks
from ..device import Device
from ..families import Family
from ..payloads import inverter_app, min as tlx, mix_app, storage_app, tlx_app
from .protocol import Call, Refusal, Status, bare, result, shot_of

# TLX


def tlx_data(call: Call) -> web.Response:
    """`getTlxData`: the curve of a day."""
    device = call.device("id", Family.MIN)
    return bare(tlx_app.data(device, shot_of(device), call.day()))


def tlx_detail(call: Call) -> web.Response:
    """`getTlxDetailData`: the live record of V1; HTTP 500 for a MAX (Q22)."""
    device = call.device("id", Family.MIN, Family.MAX)
    if device.family is Family.MAX:
        raise Status(500)
    return bare(tlx_app.detail(quirks.last(device, shot_of(device))))


def tlx_parameters(call: Call) -> web.Response:
    """`getTlxParams`: model and details."""
    device = call.device("id", Family.MIN)
    document = tlx_app.parameters(device, shot_of(device))
    return bare(document | {"newBean": quirks.info(device, shot_of(device))})


def tlx_status(call: Call) -> web.Response:
    """`getSystemStatus_KW`."""
    device = call.device("id", Family.MIN)
    return result(tlx_app.status(device, shot_of(device)))


def tlx_overview(call: Call) -> web.Response:
    """`getEnergyOverview`."""
    device = call.device("id", Family.MIN)
    return result(tlx_app.overview(device, shot_of(device)))


def tlx_production(call: Call) -> web.Response:
    """`getEnergyProdAndCons_KW`."""
    device = call.device("id", Family.MIN)
    kind, day = call.number("type", 0), call.day()
    return result(tlx_app.production(device, shot_of(device), kind, day))


def tlx_settings(call: Call) -> web.Response:
    """`getTlxSetData`: null for a device without settings."""
    device = call.device("serialNum", Family.MIN)
    if not device.spec.has_settings:
        return result({"tlxSetBean": None})
    bean = tlx_app.settings(device, shot_of(device))
    if device.switches.garbage_times:
        bean["forcedTimeStart9"] = "11:187"
    return result({"tlxSetBean": bean})


def enabled_settings(call: Call) -> web.Response:
    """`getSetPass`: what the app may show, and its password of the day."""
    device = call.device("deviceSn")
    day = call.day("stringTime")
    return bare(
        {
            "result": 1,
            "msg": f"growatt{day:%Y%m%d}",
            "obj": {"enable": tlx_app.enabled_settings(device)},
        }
    )


def tlx_battery(call: Call) -> web.Response:
    """`getBatInfo` of a battery's serial number."""
    device = _battery_owner(call, "serialNum")
    return result(tlx_app.battery(device, shot_of(device)))


def tlx_battery_detail(call: Call) -> web.Response:
    """`getBatDetailData`: in `data`."""
    device = _battery_owner(call, "id")
    return bare({"data": tlx_app.battery(device, shot_of(device))})


def _battery_owner(call: Call, name: str) -> Device:
    serial = call.text(name)
    for device in call.account.devices.values():
        if device.family is Family.MIN and serial in {
            device.sn,
            tlx.battery_sn(device),
        }:
            device.house.advance()
            return device
    raise Refusal("501")


def tlx_month(call: Call) -> web.Response:
    """`getMonthPac`: kWh per day."""
    device = call.device("id", Family.MIN)
    return bare(tlx_app.month(device, call.day()))


def tlx_year(call: Call) -> web.Response:
    """`getYearPac`: kWh per month."""
    device = call.device("id", Family.MIN)
    return bare(tlx_app.year(device, call.day()))


def tlx_total(call: Call) -> web.Response:
    """`getTotalPac`: kWh per year."""
    device = call.device("id", Family.MIN)
    return bare(tlx_app.years(device, shot_of(device)))


def panels(call: Call) -> web.Response:
    """`componentsApi/getViewData`: power or energy per panel."""
    serial = call.text("snList").partition(",")[0]
    device = call.account.devices.get(serial)
    if device is None or device.family is not Family.MIN:
        raise Refusal("501")
    device.house.advance()
    energy = call.number("dataType", 0) == 1
    return result(
        {"box": {"time": tlx_app.panels(device, shot_of(device), energy=energy)}}
    )


# MIX and SPA


def mix_info(call: Call) -> web.Response:
    """`getMixInfo`."""
    device = call.device("mixId", Family.SPH)
    return result(mix_app.info(device, shot_of(device)))


def mix_totals(call: Call) -> web.Response:
    """`getEnergyOverview`."""
    device = call.device("mixId", Family.SPH)
    return result(mix_app.totals(device, shot_of(device)))


def mix_status(call: Call) -> web.Response:
    """`getSystemStatus_KW`."""
    device = call.device("mixId", Family.SPH)
    return result(mix_app.status(device, shot_of(device)))


def mix_detail(call: Call) -> web.Response:
    """`getEnergyProdAndCons_KW`."""
    device = call.device("mixId", Family.SPH)
    kind, day = call.number("type", 0), call.day()
    return result(mix_app.detail(device, shot_of(device), kind, day))


def mix_settings(call: Call) -> web.Response:
    """`getMixSetParams`."""
    device = call.device("serialNum", Family.SPH)
    return result({"mixBean": mix_app.settings(device, shot_of(device))})


def spa_status(call: Call) -> web.Response:
    """`getSystemStatus` of a SPA."""
    device = call.device("spaId", Family.SPA)
    return result(mix_app.status(device, shot_of(device)))


def spa_overview(call: Call) -> web.Response:
    """`getEnergyOverview` and `getSpaEnergy` of a SPA."""
    device = call.device("spaId", Family.SPA)
    return result(mix_app.totals(device, shot_of(device)))


def spa_detail(call: Call) -> web.Response:
    """`getEnergyProdAndConsData` of a SPA."""
    device = call.device("spaId", Family.SPA)
    kind, day = call.number("type", 0), call.day()
    return result(mix_app.detail(device, shot_of(device), kind, day))


def spa_settings(call: Call) -> web.Response:
    """`getSpaSetData`."""
    device = call.device("serialNum", Family.SPA)
    return result({"spaBean": mix_app.settings(device, shot_of(device))})


# String inverters and MAX


def inverter_data(call: Call) -> web.Response:
    """`getInverterData`: refused with 501 for a TLX."""
    device = call.device("id", Family.INVERTER, Family.MAX)
    return bare(inverter_app.data(device, shot_of(device), call.day()))


def inverter_detail(call: Call) -> web.Response:
    """`getInverterDetailData`."""
    device = call.device("inverterId", Family.INVERTER)
    return bare(inverter_app.detail(device, shot_of(device)))


def inverter_detail_two(call: Call) -> web.Response:
    """`getInverterDetailData_two`."""
    device = call.device("inverterId", Family.INVERTER)
    return bare(inverter_app.detail_two(device, shot_of(device)))


def max_detail(call: Call) -> web.Response:
    """`getInverterDetailData_max`."""
    device = call.device("inverterId", Family.MAX)
    return bare(inverter_app.detail(device, shot_of(device)))


def max_detail_two(call: Call) -> web.Response:
    """`getInverterDetailData_max_two`."""
    device = call.device("inverterId", Family.MAX)
    return bare(inverter_app.detail_two(device, shot_of(device)))


def inverter_page(call: Call) -> web.Response:
    """`commonDeviceSetC/setInverter`: HTML with the state in a script."""
    device = call.device("invSn", Family.INVERTER, Family.MAX)
    return web.Response(
        text=inverter_app.settings_page(device, shot_of(device)),
        content_type="text/html",
    )


# Storage


def storage_parameters(call: Call) -> web.Response:
    """`getStorageParams_sacolar`: without its beans on some models (Q15)."""
    device = _storage(call, "storageId")
    if device is None:
        return bare(None)
    document = storage_app.parameters(device, shot_of(device))
    if call.server.storage_beans == "missing":
        del document["storageDetailBean"]
    elif call.server.storage_beans == "empty":
        document["storageDetailBean"] = {}
    return bare(document)


def storage_parameters_plain(call: Call) -> web.Response:
    """`getStorageParams`: what those models have instead."""
    device = _storage(call, "storageId")
    return bare(device and storage_app.parameters(device, shot_of(device)))


def storage_detail(call: Call) -> web.Response:
    """`getStorageInfo_sacolar`."""
    device = _storage(call, "storageId")
    return bare(device and storage_app.detail(device, shot_of(device)))


def storage_overview(call: Call) -> web.Response:
    """`getEnergyOverviewData_sacolar`: null on some models (Q15)."""
    device = _storage(call, "storageSn")
    if device is None or call.server.storage_beans != "full":
        return result(None)
    return result(storage_app.overview(device, shot_of(device)))


def storage_overview_plain(call: Call) -> web.Response:
    """`getEnergyOverviewData`."""
    device = _storage(call, "storageSn")
    return result(device and storage_app.overview(device, shot_of(device)))


def _storage(call: Call, name: str) -> Device | None:
    """Return a storage; None for a SPA, which these calls know nothing of."""
    device = call.device(name, Family.STORAGE, Family.SPA)
    return device if device.family is Family.STORAGE else None
