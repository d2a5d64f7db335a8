"""The app's server: user agent, login, sessions, and who answers what."""

from collections.abc import Mapping
import re
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

from aiohttp import web

from ..protocol import login_page, v4_failure
from .protocol import Call, Refusal, Status, back, bare, page, redirect, refused
from .sessions import COOKIE, Sessions, modified_md5
from .table import NOAH, PATHS, Handler

if TYPE_CHECKING:
    from ..server import GrowattSimulator

_LOGINS = ("newTwoLoginAPI.do", "newTwoLoginAPIV2.do")
_DENIED = (
    "<html><head><title>403 Forbidden</title></head><body><h1>403 Forbidden</h1>"
    "<p>denied by UA ACL = blacklist</p><hr/>Powered by Tengine</body></html>"
)
_SERVERS = {
    "global": "server.growatt.com",
    "us": "server-us.growatt.com",
    "au": "server-au.growatt.com",
    "cn": "server-cn.growatt.com",
}


class Classic:
    """What the phone talks to; the plain attributes are switches."""

    def __init__(self, simulator: GrowattSimulator) -> None:
        """Serve the account of a simulator."""
        self._simulator = simulator
        self.sessions = Sessions(clock=simulator.clock)
        self.blocked_agents = r"aiohttp|python-requests|python-urllib|curl|wget"
        """Pattern of user agents that are denied, like a missing one (2.3)."""
        self.plant_power_stuck = True
        """`PlantListAPI.do` says "0 W" (Q16)."""
        self.device_list_key = True
        """False: `getAllDeviceListTwo` has no `deviceList` (Q13)."""
        self.device_list_cut = False
        """`deviceList` of `getAllDeviceListTwo` ends after one row (Q13)."""
        self.money_sign = True
        """False: `plantMoneyText` has no currency (Q14)."""
        self.storage_beans: Literal["full", "empty", "missing"] = "full"
        """Other models answer only the ops without `_sacolar` (Q15)."""
        self.noah_units = False
        """Older NOAH firmware: "200Watt"."""
        self.padded_times = True
        """Hours and minutes of a write have two digits (6.3)."""
        self.named_servers = True
        """`getServerUrlByName` says the old name of the home host, else its address."""
        self.knows_server = True
        """False: `getServerUrlByName` does not know where the user lives."""
        self.plant_writes: list[dict[str, str]] = []
        """The parts of each `updatePlant` that was carried out."""
        self.paths = dict(PATHS)
        """Who answers, by path and verb; a recording has some of its own."""
        self.noah = dict(NOAH)
        """Those that answer a token too, likewise."""
        self._dips = 0

    def dips(self) -> bool:
        """Return whether the dashboard's import is a bit too low this time (Q4)."""
        self._dips += 1
        return self._dips % 3 == 0

    def routes(self) -> list[web.RouteDef]:
        """Return all routes, those under `/v4/` for tokens among them."""
        paths = [*PATHS, *NOAH]
        return [
            *(web.post(f"/{path}", self._login) for path in _LOGINS),
            web.post("/LoginAPI.do", self._gone),
            web.get("/logout.do", self._logout),
            web.get("/error.do", self._error),
            web.get("/login", self._error),
            *(web.route("*", f"/{path}", self._answer) for path in paths),
            *(web.post(f"/v4/{path}", self._answer_token) for path in NOAH),
        ]

    def error_response(self, code: int, message: str | None) -> web.Response:
        """Return a refusal with a code, or with words."""
        return refused(str(code) if message is None else message)

    # Doors

    def _denied(self, request: web.Request) -> web.Response | None:
        agent = request.headers.get("User-Agent", "")
        if agent and not re.search(self.blocked_agents, agent, re.IGNORECASE):
            return None
        return page(_DENIED, 403)

    async def _login(self, request: web.Request) -> web.Response:
        if denied := self._denied(request):
            return denied
        account = self._simulator.account
        given = await parameters(request)
        if (
            not self._simulator.is_home(request)
            or given.get("userName") != account.user_name
        ):
            return back({"success": False, "msg": "502"})
        session = self.sessions.login()
        if session is None:
            return back(self.sessions.locked_answer())
        if given.get("password") != modified_md5(account.password):
            self.sessions.close({COOKIE: session})
            return back({"success": False, "msg": "502"})
        response = back(self._welcome())
        response.set_cookie(COOKIE, session, path="/", httponly=True)
        response.set_cookie("SERVERID", "a1b2c3d4", path="/")
        return response

    def _welcome(self) -> dict[str, Any]:
        account = self._simulator.account
        now = self._simulator.clock()
        return {
            "success": True,
            "msg": "",
            "app_code": "1",
            "service": "1",
            "quality": "0",
            "isOpenSmartFamily": 0,
            "deviceCount": str(len(account.devices)),
            "data": [
                {"plantId": str(plant.id), "plantName": plant.name}
                for plant in account.plants
            ],
            "totalData": {},
            "user": {
                "id": account.user_id,
                "accountName": account.user_name,
                "rightlevel": account.rightlevel,
                "enabled": True,
                "timeZone": account.plants[0].offset_hours if account.plants else 8,
                "country": account.country,
                "area": "Europe",
                "email": account.email,
                "phoneNum": account.phone,
                "serverUrl": "",
                "cpowerToken": account.cpower_token,
                "password": modified_md5(account.password),
                "lastLoginTime": self._simulator.cloud.text(now),
                "type": 0,
                "userLanguage": "en",
            },
        }

    async def _gone(self, _request: web.Request) -> web.Response:
        return web.Response(status=405)

    async def _logout(self, request: web.Request) -> web.Response:
        self.sessions.close(request.cookies)
        return web.Response(status=302, headers={"Location": "/login"})

    async def _error(self, _request: web.Request) -> web.Response:
        return page()

    def _where(self, given: Mapping[str, str]) -> web.Response:
        """`getServerUrlByName`: on which server a user lives."""
        simulator = self._simulator
        known = given.get("userName") == simulator.account.user_name
        if not (known and self.knows_server):
            return bare({"success": False, "msg": ""})
        name = _SERVERS.get(simulator.home_host) if self.named_servers else None
        return bare({"success": True, "msg": name or urlsplit(simulator.url).netloc})

    async def _answer(self, request: web.Request) -> web.Response:
        if denied := self._denied(request):
            return denied
        path = request.path.strip("/")
        verb = request.query.get("op") or request.query.get("action") or ""
        if path == "newLoginAPI.do" and verb == "getServerUrlByName":
            return self._where(await parameters(request))
        if path == "newLoginAPI.do" and not verb:
            return await self._gone(request)
        if not (
            self._simulator.is_home(request) and self.sessions.knows(request.cookies)
        ):
            return self._no_session()
        if found := self.noah.get(path):
            return await self._call(request, "POST", found)
        entry = self.paths[path].get(verb)
        if entry is None:
            return refused("501")
        return await self._call(request, *entry)

    async def _answer_token(self, request: web.Request) -> web.Response:
        token = request.headers.get("token")
        if not token:
            return login_page()
        if not self._simulator.is_home(request):
            return v4_failure(-1, "use the new domain name")
        if token != self._simulator.account.token:
            return v4_failure(2)
        return await self._call(
            request, "POST", self.noah[request.path.removeprefix("/v4/")]
        )

    def _no_session(self) -> web.Response:
        match self.sessions.expiry:
            case "redirect":
                return redirect()
            case "html":
                return page()
            case "json":
                return refused("Dear user, you have not login to the system")

    async def _call(
        self, request: web.Request, verb: str, handler: Handler
    ) -> web.Response:
        if request.method != verb:
            return web.Response(status=405)
        given = await parameters(request)
        parts = len(await request.post()) if _is_multipart(request) else 0
        try:
            return handler(Call(self, self._simulator.account, given, parts))
        except Refusal as refusal:
            return refused(refusal.message)
        except Status as error:
            return page("<html><body>error</body></html>", error.status)


def _is_multipart(request: web.Request) -> bool:
    return request.content_type == "multipart/form-data"


async def parameters(request: web.Request) -> dict[str, str]:
    """Return query and form together; files of a multipart body are no parameters."""
    given = dict(request.query)
    if request.method == "POST":
        try:
            form = await request.post()
        except ValueError, web.HTTPException:
            return given
        given |= {key: value for key, value in form.items() if isinstance(value, str)}
    return given
