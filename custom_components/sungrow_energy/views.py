"""The integration's own way to iSolarCloud and back, bound to the browser.

iSolarCloud may lose the ``state``. A browser that begins here gets a cookie, and
comes back with it (reference section 2.3). Who has neither is refused: to take the
only waiting flow instead would let anybody bring in a code of his own.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
import secrets
from typing import Any

from aiohttp import web
from homeassistant.core import HomeAssistant, callback
from homeassistant.data_entry_flow import UnknownFlow
from homeassistant.helpers.http import KEY_HASS, HomeAssistantView
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey

from .const import DOMAIN
from .paste import CODE

_ROOT = f"/api/{DOMAIN}"
AUTHORIZE_PATH = f"{_ROOT}/authorize"
CALLBACK_PATH = f"{_ROOT}/callback"
COOKIE = f"{DOMAIN}_authorization"
STEP = "auth"  # the external step that waits for the browser

_LIFE = timedelta(minutes=10)
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; script-src 'unsafe-inline'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_CLOSE = (
    "<!doctype html><title>Home Assistant</title>"
    "<p>You can close this window.</p><script>window.close()</script>"
)


@dataclass(slots=True, kw_only=True, repr=False)
class _Waiting:
    """A flow whose browser is on its way."""

    flow_id: str
    address: str
    state: str
    until: datetime
    secure: bool
    start: str
    cookie: str | None = None


class Travellers:
    """The browsers that are on their way, known by a secret each."""

    def __init__(self) -> None:
        """Begin with nobody away."""
        self._waiting: dict[str, _Waiting] = {}

    @callback
    def depart(self, flow_id: str, address: str, state: str, redirect_uri: str) -> str:
        """Return where a flow's browser begins its way to an address.

        It is on the host that it comes back to, for the cookie to be there, and whole:
        the frontend opens no relative address. It is good for ten minutes; an older
        one of the flow is worth nothing then.
        """
        self.forget(flow_id)
        start = secrets.token_urlsafe(24)
        self._waiting[flow_id] = _Waiting(
            flow_id=flow_id,
            address=address,
            state=state,
            until=dt_util.utcnow() + _LIFE,
            secure=redirect_uri.startswith("https:"),
            start=start,
        )
        return (
            f"{redirect_uri.removesuffix(CALLBACK_PATH)}{AUTHORIZE_PATH}?flow={start}"
        )

    @callback
    def forget(self, flow_id: str) -> None:
        """Take nobody back for a flow any more."""
        self._waiting.pop(flow_id, None)

    def by_start(self, start: str | None) -> _Waiting | None:
        """Return whose way begins there."""
        return self._find({one.start: one for one in self._present()}, start)

    def returned(self, state: str | None, cookie: str | None) -> _Waiting | None:
        """Return who comes back with a state, else with a cookie.

        A state that nobody was given is refused even with a cookie: another page
        sent the browser.
        """
        if state:
            return self._find({one.state: one for one in self._present()}, state)
        return self._find(
            {one.cookie: one for one in self._present() if one.cookie}, cookie
        )

    def _present(self) -> list[_Waiting]:
        now = dt_util.utcnow()
        for one in [one for one in self._waiting.values() if one.until <= now]:
            self.forget(one.flow_id)
        return list(self._waiting.values())

    @staticmethod
    def _find(known: dict[Any, _Waiting], secret: str | None) -> _Waiting | None:
        return known.get(secret) if secret else None


_TRAVELLERS: HassKey[Travellers] = HassKey(f"{DOMAIN}.travellers")


@callback
def async_register_views(hass: HomeAssistant) -> Travellers:
    """Serve the views; also before there is any entry. A second call changes nothing."""
    if (travellers := hass.data.get(_TRAVELLERS)) is None:
        travellers = hass.data[_TRAVELLERS] = Travellers()
        hass.http.register_view(AuthorizeView(travellers))
        hass.http.register_view(CallbackView(travellers))
    return travellers


@callback
def async_forget(hass: HomeAssistant, flow_id: str) -> None:
    """Take no browser back for a flow that has ended."""
    if (travellers := hass.data.get(_TRAVELLERS)) is not None:
        travellers.forget(flow_id)


class AuthorizeView(HomeAssistantView):
    """Marks a browser and sends it to iSolarCloud."""

    url = AUTHORIZE_PATH
    name = f"api:{DOMAIN}:authorize"
    requires_auth = False

    def __init__(self, travellers: Travellers) -> None:
        """Send these browsers."""
        self._travellers = travellers

    async def get(self, request: web.Request) -> web.Response:
        """Set the cookie and redirect."""
        one = self._travellers.by_start(request.query.get("flow"))
        if one is None:
            return _refused("This link is not valid any more.")
        one.cookie = secrets.token_urlsafe(24)
        response = web.Response(
            status=HTTPStatus.FOUND, headers={**_HEADERS, "Location": one.address}
        )
        response.set_cookie(
            COOKIE,
            one.cookie,
            path=_ROOT,
            max_age=int(_LIFE.total_seconds()),
            httponly=True,
            samesite="Lax",
            secure=one.secure,
        )
        return response


class CallbackView(HomeAssistantView):
    """Takes a browser back that iSolarCloud sends with a code."""

    url = CALLBACK_PATH
    name = f"api:{DOMAIN}:callback"
    requires_auth = False

    def __init__(self, travellers: Travellers) -> None:
        """Take these browsers back."""
        self._travellers = travellers

    async def get(self, request: web.Request) -> web.Response:
        """Go on with the flow of the browser, once."""
        one = self._travellers.returned(
            request.query.get("state"), request.cookies.get(COOKIE)
        )
        if one is None:
            return _refused("Nobody here waits for this browser.")
        code = request.query.get("code", "")
        if CODE.fullmatch(code):
            user_input = {"code": code}
        elif "error" in request.query:
            user_input = {"error": "declined"}
        else:
            return _refused("There is no code in this address.")
        self._travellers.forget(one.flow_id)
        if not await _go_on(request.app[KEY_HASS], one.flow_id, user_input):
            return _refused("The dialog is not open any more.")
        response = web.Response(text=_CLOSE, content_type="text/html", headers=_HEADERS)
        response.del_cookie(COOKIE, path=_ROOT)
        return response


async def _go_on(hass: HomeAssistant, flow_id: str, user_input: dict[str, str]) -> bool:
    """Continue a flow that waits for its browser; False if it does not."""
    flows = hass.config_entries.flow
    try:
        if flows.async_get(flow_id).get("step_id") != STEP:
            return False
        await flows.async_configure(flow_id, user_input)
    except UnknownFlow:
        return False
    return True


def _refused(why: str) -> web.Response:
    return web.Response(
        text=f"{why} Go back to Home Assistant and begin again there.",
        status=HTTPStatus.BAD_REQUEST,
        headers=_HEADERS,
    )
