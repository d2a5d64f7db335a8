"""The web host: log in, tick plants, agree (reference sections 2.2 and 2.3)."""

from collections.abc import Callable, Collection, Sequence
from pathlib import Path
import secrets
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from aiohttp import web

from .oauth import OAuth
from .plant import Plant
from .users import Application, User, Users

_PAGE = Path(__file__).with_name("authorize_page.html")
_WRONG = {"message": "Incorrect account or password"}


class Unregistered(Exception):
    """The redirect URL is not one of the application's: the page is a 404."""


class AuthorizePage:
    """What the browser sees of one application."""

    def __init__(
        self,
        application: Application,
        cloud_id: int,
        users: Users,
        plants: Callable[[], Sequence[Plant]],
        oauth: OAuth,
    ) -> None:
        """Serve the users of one cloud."""
        self._application = application
        self._cloud_id = cloud_id
        self._users = users
        self._plants = plants
        self._oauth = oauth
        self._sessions: dict[str, User] = {}

    def routes(self) -> list[web.RouteDef]:
        """Return the routes of the web host."""
        return [
            web.get("/", self._page),
            web.post("/web/login", self._login),
            web.post("/web/authorize", self._authorize),
        ]

    def agree(
        self,
        user: User,
        plants: Collection[str],
        redirect: str,
        *,
        in_query: str | None = None,
        in_fragment: str | None = None,
    ) -> str:
        """Return what the browser is sent to; Unregistered.

        The states are the ones that the authorize URL had before and behind its `#`;
        the redirect URL loses its query.
        """
        bare = urlunsplit(urlsplit(redirect)._replace(query="", fragment=""))
        if bare not in self._application.redirect_uris:
            raise Unregistered(bare)
        code = self._oauth.authorize(user, plants, redirect)
        states = {"query": in_query, "fragment": in_fragment, "none": None}
        state = states[self._oauth.state_returned]
        returned = {"code": code} if state is None else {"code": code, "state": state}
        return f"{bare}?{urlencode(returned)}"

    async def _page(self, _request: web.Request) -> web.Response:
        return web.Response(text=_PAGE.read_text(), content_type="text/html")

    async def _login(self, request: web.Request) -> web.Response:
        form = await request.json()
        user = self._users.named(form.get("user"))
        if user is None or user.disabled or form.get("password") != user.password:
            return web.json_response(_WRONG)
        session = secrets.token_hex(16)
        self._sessions[session] = user
        plants = [
            {"id": plant.id, "name": plant.name}
            for plant in self._plants()
            if plant.id in user.plants
        ]
        return web.json_response({"session": session, "plants": plants})

    async def _authorize(self, request: web.Request) -> web.Response:
        form: dict[str, Any] = await request.json()
        user = self._sessions.get(str(form.get("session")))
        plants = form.get("plants")
        if (
            user is None
            or form.get("applicationId") != self._application.application_id
            or form.get("cloudId") != str(self._cloud_id)
            or not isinstance(plants, list)
            or not user.plants.issuperset(plants)
        ):
            return web.Response(status=404)
        try:
            location = self.agree(
                user,
                plants,
                str(form.get("redirectUrl")),
                in_query=form.get("stateInQuery"),
                in_fragment=form.get("stateInFragment"),
            )
        except Unregistered:
            return web.Response(status=404)
        return web.json_response({"location": location})
