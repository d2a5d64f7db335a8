"""The public API of Amber Electric over simulated sites and a simulated market."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Literal, override

from aiohttp import web

from ..clock import Clock, system_clock
from ..server import Simulator
from . import prices, usage
from .limits import Group, Limits
from .market import Market
from .nem import today
from .protocol import (
    Account,
    ApiError,
    bearer,
    failure,
    gateway_throttled,
    success,
)
from .sites import TOKEN, Site, default_sites
from .stream import Stream
from .switches import switch_routes
from .timing import Timing
from .truth import Truth


class AmberSimulator(Simulator):
    """The cloud of Amber Electric.

    Plain attributes are switches; those of one site are at `sites[id]`, those of the
    rate limits at `limits`, of the confirmation times at `timing`, of the prices at
    `market`, of the websocket at `stream`.
    """

    name = "amber"
    base_path = "/v1"

    def __init__(
        self,
        *,
        clock: Clock = system_clock,
        sites: int | Sequence[Site] = 2,
        seed: int = 1,
        token: str = TOKEN,
        accounts: Sequence[Account] | None = None,
        timing: Timing | None = None,
    ) -> None:
        """Build `sites` (a number of usual ones) for one account with one token.

        `accounts` replaces that account.
        """
        super().__init__(clock, {})
        now = clock()
        if isinstance(sites, int):
            sites = default_sites(sites, seed=seed, now=now)
        self.sites: dict[str, Site] = {site.id: site for site in sites}
        if accounts is None:
            accounts = [Account(name="customer", tokens={token})]
        self.accounts = list(accounts)
        self.token = min(self.accounts[0].tokens)
        """One of the first account, valid until it is revoked."""
        self.seed = seed
        self.market = Market(seed)
        self.timing = timing or Timing(seed=seed)
        self.limits = Limits(seed)
        self.stream = Stream(self)
        self.truth = Truth(self)

        self.bad_token_status: Literal[401, 403] = 403
        self.foreign_site_status: Literal[403, 404] = 404
        self.unsupplied: Literal["empty", "not_found"] = "empty"
        """What the present prices of a site are that is not active."""
        self.token_expires: datetime | None = None
        """From then on no token is valid; None is never."""
        self.resolution_honoured = True
        self.interval_limit: Literal["channel", "total"] = "channel"
        """What the 2048 intervals are counted per."""
        self.horizon_hours = 40.0
        self.blanks: Literal["absent", "null"] = "absent"
        """Of `range` and `advancedPrice` where there is none."""
        self.range_flickers = False
        """Every second answer leaves the ranges out."""
        self.midnight_minutes = 5.0
        """So long before midnight NEM `/prices` without a start date fails (502)."""
        self.prices_since = date(2025, 3, 1)
        self.retention: Literal["fixed", "rolling"] = "fixed"
        self.retention_days = 89
        """Days back that usage is kept; `fixed` counts them from the start."""
        self.usage_future_fails = False
        """Usage of days to come is answered 500, as it formerly was."""
        self.endpoints = dict(_SITE_ENDPOINTS)
        """Those of a site, each with its budget; a recording has some of its own."""
        self.renewables = prices.renewables
        self._started_on = today(now)
        self._answers = 0

    # For tests

    @property
    def stream_url(self) -> str:
        """Where the websocket is."""
        return self.origin.replace("http", "ws", 1) + "/"

    @property
    def usage_since(self) -> date:
        """The first NEM day of which usage is kept."""
        day = today(self.clock()) if self.retention == "rolling" else self._started_on
        return day - timedelta(days=self.retention_days)

    def revoke(self, token: str) -> None:
        """Take a token away from its account."""
        for account in self.accounts:
            account.tokens.discard(token)

    def spend(self, group: Group, requests: int, token: str | None = None) -> None:
        """Use up some of a budget, as another client of the same customer does."""
        token = token or self.token
        account = next(
            (each for each in self.accounts if token in each.tokens), self.accounts[0]
        )
        caller = self.caller(account, token)
        self.limits.use(caller, group, self.clock(), requests)

    def next_ranges(self) -> bool:
        """Return whether the next answer has ranges."""
        self._answers += 1
        return not self.range_flickers or self._answers % 2 == 1

    # Life

    @override
    async def stop(self) -> None:
        await self.stream.close()
        await super().stop()

    # Protocol

    @override
    def routes(self) -> list[web.RouteDef]:
        return [
            *switch_routes(self),
            web.get("/", self.stream.answer),
            web.route("*", self.base_path + "/{path:.*}", self._answer),
        ]

    @override
    async def identify(self, request: web.Request) -> tuple[str, str | None]:
        """Name endpoints `sites`, `prices/current`, `prices`, `usage`, `renewables`.

        The websocket is `stream`. The system is the site's id, or the state.
        """
        path = request.path.removeprefix(self.base_path).strip("/").split("/")
        match path:
            case ["sites", site_id, *rest] if rest:
                return "/".join(rest), site_id
            case ["state", state, *_]:
                return "renewables", state
            case [""]:
                return "stream", None
        return "/".join(path), None

    @override
    def error_response(self, code: int, message: str | None) -> web.Response:
        if code == 429 and message is None:
            return gateway_throttled()
        return failure(code, message)

    @override
    def credentials(self) -> dict[str, str]:
        return {"Token": self.token}

    def account_of(self, request: web.Request) -> tuple[Account, str] | None:
        """Return whose valid token a request carries, and the token."""
        token = bearer(request)
        if self.token_expires is not None and self.clock() >= self.token_expires:
            return None
        for account in self.accounts:
            if token is not None and token in account.tokens:
                return account, token
        return None

    async def _answer(self, request: web.Request) -> web.Response:
        now = self.clock()
        if self.limits.is_throttled(now):
            return gateway_throttled()
        path = request.match_info["path"].strip("/").split("/")
        group = _group_of(path)
        if group is None or request.method != "GET":
            return failure(404)
        account, caller = None, request.remote or ""
        if group != "renewables":
            found = self.account_of(request)
            if found is None:
                return failure(self.bad_token_status)
            account, caller = found[0], self.caller(*found, caller)
        limited = group != "renewables" or self.limits.renewables
        if limited and not self.limits.spend(caller, group, now):
            return self._refused(caller, group, now)
        try:
            response = success(self._document(account, path, request.query, now))
        except ApiError as failed:
            response = failure(failed.status, failed.text)
        if limited and self.limits.headers != "none" and response.status != 403:
            response.headers.update(self.limits.told(caller, group, now))
        return response

    def caller(self, account: Account, token: str, address: str = "127.0.0.1") -> str:
        """Return what the limits know somebody by."""
        return {"token": token, "account": account.name, "address": address}[
            self.limits.scope
        ]

    def _document(
        self,
        account: Account | None,
        path: Sequence[str],
        query: Mapping[str, str],
        now: datetime,
    ) -> list[dict[str, Any]]:
        match path:
            case ["state", state, *_]:
                return self.renewables(self, state, query, now)
            case ["sites"]:
                return [
                    site.document(now)
                    for site in self.sites.values()
                    if site.listed and account is not None and account.owns(site.id)
                ]
            case ["sites", site_id, *endpoint]:
                site = self.sites.get(site_id)
                if site is None or not site.listed:
                    raise ApiError(404)
                if account is None or not account.owns(site_id):
                    raise ApiError(self.foreign_site_status)
                return self.endpoints["/".join(endpoint)][1](self, site, query, now)
            case _:
                raise ApiError(404)

    def _refused(self, caller: str, group: Group, now: datetime) -> web.Response:
        """Answer that the own budget is used up; no sample of it is recorded."""
        match self.limits.refused_body:
            case "json":
                response = failure(429)
            case "text":
                response = failure(429, "Rate limit exceeded")
            case _:
                response = web.Response(status=429)
        told = self.limits.told(caller, group, now)
        shown = self.limits.refused_headers
        response.headers.update(
            {
                name: value
                for name, value in told.items()
                if shown == "all" or (shown == "reset" and "reset" in name.lower())
            }
        )
        return response


type _Endpoint = Callable[
    [AmberSimulator, Site, Mapping[str, str], datetime], list[dict[str, Any]]
]
_SITE_ENDPOINTS: dict[str, tuple[Group, _Endpoint]] = {
    "prices": ("prices", prices.ranged),
    "prices/current": ("prices_current", prices.current),
    "usage": ("sites_usage", usage.usage),
}


def _group_of(path: Sequence[str]) -> Group | None:
    match path:
        case ["state", _, "renewables", "current"]:
            return "renewables"
        case ["sites"]:
            return "sites_usage"
        case ["sites", _, *endpoint]:
            found = _SITE_ENDPOINTS.get("/".join(endpoint))
            return None if found is None else found[0]
    return None
