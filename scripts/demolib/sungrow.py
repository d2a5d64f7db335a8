"""What the demo enters for Sungrow, and what a person does on iSolarCloud's page."""

from typing import Any
from urllib.parse import parse_qsl, urlsplit

from aiohttp import ClientSession, ClientTimeout
from yarl import URL

from simulator.sungrow import (
    APP_KEY,
    APPLICATION_ID,
    PASSWORD,
    REDIRECT_URIS,
    SECRET,
    USER_NAME,
    DeviceSpec,
    Home,
    default_homes,
)

from .folder import DemoError
from .vendor import Answers, Door, Errand, Input, Plant

HYBRID = 14  # the type of what leads a battery
HOMES = default_homes(2)
BY_OAUTH, BY_LOGIN = HOMES


def application(simulator: str) -> dict[str, Any]:
    """Returns what both ways in ask for."""
    return {
        "region": "eu",
        "app_key": APP_KEY,
        "secret": SECRET,
        "expert": {"server_url": simulator},
    }


def oauth(simulator: str) -> Answers:
    """Returns the input of the config flow for OAuth2.

    The redirect URL leads to another Home Assistant: the address is pasted.
    """
    url, entered = URL(simulator), application(simulator)
    plant_id = str(BY_OAUTH.ps_id)
    return {
        "user": {"next_step_id": "oauth"},
        "oauth": {
            **entered,
            "application_id": APPLICATION_ID,
            "redirect_uri": REDIRECT_URIS[-1],
            "expert": {
                **entered["expert"],
                "web_url": str(url.with_port((url.port or 0) + 1).origin()),
            },
        },
        "authorize": {"next_step_id": "paste"},
        "paste": pasted(plant_id),
        "plants": {"plants": [plant_id]},
    }


def login(simulator: str) -> Answers:
    """Returns the input of the config flow for an account with a password."""
    return {
        "user": {"next_step_id": "login"},
        "login": {
            **application(simulator),
            "user_name": USER_NAME,
            "password": PASSWORD,
        },
        "plants": {"plants": [str(BY_LOGIN.ps_id)]},
    }


def pasted(plant_id: str) -> Errand:
    """Returns the errand of the step that takes the address the browser ended at."""

    async def go(told: Input) -> Input:
        return {"address": await authorized(told["authorize_url"], plant_id)}

    return go


async def authorized(address: str, plant_id: str) -> str:
    """Logs in, ticks one plant and agrees; returns where the browser is sent then.

    DemoError if the page lets nobody in.
    """
    parts = urlsplit(address)
    origin = f"{parts.scheme}://{parts.netloc}"
    # what is wanted stands behind the #
    wanted = dict(parse_qsl(urlsplit(parts.fragment).query))
    user = {"user": USER_NAME, "password": PASSWORD}
    async with ClientSession(timeout=ClientTimeout(total=20)) as session:
        page = await _sent(session, f"{origin}/web/login", user)
        answer = await _sent(
            session,
            f"{origin}/web/authorize",
            {
                **{key: wanted.get(key) for key in ("applicationId", "cloudId")},
                "redirectUrl": wanted.get("redirectUrl"),
                "session": page.get("session"),
                "plants": [plant_id],
                "stateInQuery": dict(parse_qsl(parts.query)).get("state"),
                "stateInFragment": wanted.get("state"),
            },
        )
    return str(answer["location"])


async def _sent(session: ClientSession, url: str, body: Any) -> Any:
    async with session.post(url, json=body) as response:
        if not response.ok:
            raise DemoError(f"{url} answers with {response.status}")
        return await response.json()


def inverter(home: Home) -> DeviceSpec:
    """Returns what leads a home's battery."""
    return next(device for device in home.devices if device.type == HYBRID)


def doors() -> dict[str, Door]:
    """Returns where each home is asked for; controls name a device by its uuid."""
    return {
        inverter(home).sn: Door(
            place=0, house=str(home.ps_id), system=str(inverter(home).uuid)
        )
        for home in HOMES
    }


def plants() -> dict[str, Plant]:
    """Returns the plants, which are devices of their own."""
    return {
        inverter(home).sn: Plant(identifier=f"plant_{home.ps_id}", past=str(home.ps_id))
        for home in HOMES
    }
