"""Plants: `PlantListAPI.do`, `newTwoPlantAPI.do`, `newPlantAPI.do` (section 3.F)."""

from aiohttp import web

from ..families import Family
from ..payloads import mix_app, plants_app
from .protocol import Call, Refusal, back, bare, result, shot_of

PARTS = {
    "plantCoal": "formulaCoal",
    "plantSo2": "formulaSo2",
    "accountName": "userAccount",
    "plantID": "id",
    "plantFirm": None,
    "plantCountry": "country",
    "plantType": "plantType",
    "plantIncome": "formulaMoneyStr",
    "plantAddress": "plantAddress",
    "plantTimezone": "timezone",
    "plantLng": "plant_lng",
    "plantCity": "city",
    "plantCo2": "formulaCo2",
    "plantMoney": "formulaMoneyUnitId",
    "plantPower": "nominalPower",
    "plantLat": "plant_lat",
    "plantDate": "createDateText",
    "plantName": "plantName",
}
"""Parts of `updatePlant` and the key of `getPlant` that each of them changes (6.9)."""


def plant_list(call: Call) -> web.Response:
    """`PlantListAPI.do`: the plants of `userId`."""
    if call.text("userId") != str(call.account.user_id):
        return back({"success": False, "msg": "501"})
    stuck = call.server.plant_power_stuck
    return back(plants_app.list_answer(call.account, stuck=stuck))


def all_plants(call: Call) -> web.Response:
    """`getAllPlantListTwo`: pages of plants, without a user id."""
    size = call.number("pageSize", 15)
    first = (call.number("toPageNum", 1) - 1) * size
    return bare(
        {
            "PlantList": [
                plants_app.entry_two(plant)
                for plant in call.account.plants[first : first + size]
            ]
        }
    )


def plant_detail(call: Call) -> web.Response:
    """`PlantDetailAPI.do`: production over a day, month, year or all."""
    plant = call.plant()
    kind = call.number("type", plants_app.DAY)
    if not plants_app.DAY <= kind <= plants_app.ALL:
        return back({"success": False, "msg": "501"})
    day = call.day() if kind != plants_app.ALL else plant.house.today()
    return back(plants_app.detail(plant, kind, day))


def plant_info(call: Call) -> web.Response:
    """`getAllDeviceListTwo`: what the plant does now, and some of its devices."""
    document = plants_app.info(call.plant())
    if call.server.device_list_cut:
        document["deviceList"] = document["deviceList"][:1]
    if not call.server.device_list_key:
        del document["deviceList"]
    if not call.server.money_sign:
        document["plantMoneyText"] = document["plantMoneyText"].partition("/")[0]
    return bare(document)


def device_list(call: Call) -> web.Response:
    """`getAllDeviceList`: all devices but NOAH."""
    return bare(
        {
            "deviceList": [
                plants_app.device_entry(device)
                for device in call.plant().devices
                if device.facts.classic
            ]
        }
    )


def summary(call: Call) -> web.Response:
    """`getUserCenterEnertyDataByPlantid`."""
    return bare(plants_app.summary(call.plant()))


def settings(call: Call) -> web.Response:
    """`getPlant`."""
    account = call.account
    document = plants_app.settings(call.plant())
    return bare(document | {"userAccount": account.user_name})


def update(call: Call) -> web.Response:
    """`updatePlant`: takes all 18 parts or nothing."""
    plant = call.plant("plantID")
    given = call.parameters
    if call.parts != len(PARTS) or not given.keys() >= PARTS.keys():
        raise Refusal("501")
    current = plants_app.settings(plant)
    call.server.plant_writes.append({part: given[part] for part in PARTS})
    changes = {
        key: _like(current[key], given[part])
        for part, key in PARTS.items()
        if key not in {None, "id", "userAccount"}
    }
    plant.details |= changes
    plant.name = str(changes["plantName"])
    return bare({"success": True, "msg": "200"})


def _like(current: object, text: str) -> object:
    """Return a text as the type that the plant's value has."""
    if isinstance(current, int | float):
        try:
            return type(current)(float(text))
        except ValueError as err:
            raise Refusal("501") from err
    return text


def dashboard(call: Call) -> web.Response:
    """`getEnergyStorageData`: the dashboard of a plant with a MIX; else empty."""
    plant = call.plant()
    device = next((d for d in plant.devices if d.family is Family.SPH), None)
    if device is None:
        return bare({"chartData": {}, "chartDataUnit": "kW"})
    dip = device.switches.dashboard_dips and call.server.dips()
    day = call.day()
    return bare(mix_app.dashboard(device, shot_of(device), day, dip=dip))


def noah_plant(call: Call) -> web.Response:
    """`isPlantNoahSystem`."""
    plant = call.plant()
    noah = next((d for d in plant.devices if d.family is Family.NOAH), None)
    return result(
        {
            "isPlantNoahSystem": noah is not None,
            "isPlantHaveNoah": noah is not None and not noah.switches.nexa,
            "isPlantHaveNexa": noah is not None and noah.switches.nexa,
            "deviceSn": noah.sn if noah else "",
            "plantId": str(plant.id),
            "plantName": plant.name,
        }
    )
