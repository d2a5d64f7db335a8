"""Nobody learns from a download who somebody is, where, or how to get in (row 42)."""

from collections.abc import Mapping
from importlib import import_module
import json
from typing import Any

from aiohttp import web
from homeassistant.core import HomeAssistant
import pytest

from .room import Room
from .vendor import Case
from .vendors import ALPHAESS, AMBER, GOODWE, GROWATT, SONNEN, SUNGROW

CASES = (
    Case(ALPHAESS, 4),
    *(Case(AMBER, place) for place in range(2)),
    Case(GOODWE, ("hybrid", "all_in_one", "string", "charger")),
    *(
        Case(GROWATT, (kind,), mode)
        for mode in ("token", "login")
        for kind in ("MIN", "SPH", "SPA", "NOAH")
    ),
    Case(SONNEN, 0),
    Case(SUNGROW, ("hybrid", "micro"), "oauth"),
    Case(SUNGROW, ("hybrid",), "login"),
)
# What a vendor may tell of people and places tomorrow, by whatever name
SALT: Mapping[str, Any] = {
    "ownerName": "Canary Nightingale",
    "owner": {"name": "Canary Nightingale", "number": 73_910_007},
    "owner_email": "canary@example.org",
    "contactName": "Canary Nightingale",
    "userName": "canary.nightingale",
    "accountName": "canary.nightingale",
    "address": "Canarystreet 12, 12345 Canarytown",
    "plantAddress": "Canarystreet 12, 12345 Canarytown",
    "ps_location": "Canarytown",
    "city": "Canarytown",
    "postCode": "CANARY-12345",
    "latitude": 48.739110077,
    "plant_lng": "11.739110077",
    "phoneNum": "+49 170 73911077",
    "mobile": 4917073911077,
    "remarks": "the key of Canary is under the mat",
    "wifiSsid": "CanaryNet",
    "installer": "Canary Solar Ltd",
    "accessToken": "canary0token0canary",
    "wifi_password": "canary0password",
    "link": "https://canary:canary0pw@example.org/?token=canary0token",
    "note": "write to canary@example.org",
}
CANARIES = ("canary", "nightingale", "73911077", "739110077", "73910007", "73_910_007")


def salted(value: Any) -> Any:
    """Return an answer in which each object has what nobody may read."""
    if isinstance(value, dict):
        own = {key: salted(item) for key, item in value.items()}
        plain = any(not isinstance(item, dict | list) for item in value.values())
        return {**SALT, **own} if plain else own
    if isinstance(value, list):
        return [salted(item) for item in value]
    return value


@web.middleware
async def salting(request: web.Request, handler: Any) -> web.StreamResponse:
    """Salt whatever is answered in JSON."""
    response: web.StreamResponse = await handler(request)
    # Some clients send back the whole of what a login told them
    if "login" in request.path:
        return response
    if isinstance(response, web.Response) and response.text and response.status < 300:
        try:
            document = json.loads(response.text)
        except ValueError:
            return response
        response.text = json.dumps(salted(document))
    return response


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
async def test_row_42_download(
    hass: HomeAssistant, room: Room, sim: Any, case: Case, all_enabled: None
) -> None:
    vendor, make_app = case.vendor, type(sim).app

    def app(self: Any) -> web.Application:
        made: web.Application = make_app(self)
        made.middlewares.append(salting)
        return made

    with pytest.MonkeyPatch.context() as patch:
        await sim.stop()
        patch.setattr(type(sim), "app", app)
        await sim.start()
        entry = vendor.entry(sim, case.mode)
        house = await room.shown(entry)
        assert house.values > 9
        # What could not be put back is told for good, and Home Assistant adds it
        issues = import_module(
            f"custom_components.{vendor.domain}._vendor.core.ha.control_issues"
        )
        secrets = [*vendor.secrets(sim)]
        issues.tell_left(hass, vendor.domain, secrets[0])
        text = await room.keep(entry)
    lines = {line.strip() for line in text.casefold().splitlines()}
    assert [
        (secret, line)
        for secret in (*CANARIES, *secrets)
        for line in lines
        if secret.casefold() in line
    ] == []
    file = json.loads(text)
    assert any(issue["is_persistent"] for issue in file["issues"])
    assert '"ownerName": "**redacted**"' in text
