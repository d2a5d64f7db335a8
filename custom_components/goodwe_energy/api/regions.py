"""Hosts of the regions, and which of them may be talked to (sections 1 and 2.8)."""

from collections.abc import Mapping
from dataclasses import dataclass
import re
from urllib.parse import urlsplit

AUTO = "auto"
CHINA = "cn"

_PATH = "/web/sems"
_LOGIN_HOST = "semsplus.goodwe.com"
_BROKER = "netty-wss-{}.iot.goodwe-power.com:8885"
_OURS = (".semsportal.com", ".goodwe.com", ".sems.com.cn")
# Strict, so that no two parsers can read it in two ways
_GATEWAY = re.compile(
    r"https://([a-z0-9-]+(?:\.[a-z0-9-]+)+)(?::443)?((?:/[a-z0-9_-]+)*)/?",
    re.ASCII | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """One region of the vendor's cloud.

    Attributes:
        key: As the vendor and our options name it.
        login: Base URL of its login, without a slash at the end.
        gateway: Where its API is, likewise, if the login does not tell.
        broker: What stands for the region in the name of the broker.
    """

    key: str
    login: str
    gateway: str
    broker: str


def _region(key: str) -> Region:
    gateway = f"https://{key}-gateway.semsportal.com{_PATH}"
    china = key == CHINA
    return Region(
        key=key,
        login=f"https://{key}-{_LOGIN_HOST}{_PATH}",
        gateway=f"https://hz-gateway.sems.com.cn{_PATH}" if china else gateway,
        broker="hz" if china else key,
    )


REGIONS: Mapping[str, Region] = {
    key: _region(key) for key in ("eu", "au", "us", "hk", CHINA)
}
_DEFAULT = REGIONS["eu"]
GLOBAL_LOGIN = f"https://{_LOGIN_HOST}{_PATH}"

_COUNTRIES: Mapping[str, str] = {
    "eu": "AD AL AT BA BE BG BY CH CY CZ DE DK EE ES FI FO FR GB GG GI GR HR HU IE IM "
    "IS IT JE LI LT LU LV MC MD ME MK MT NL NO PL PT RO RS SE SI SK SM UA VA XK",
    "au": "AU NZ FJ PG NC PF VU SB WS TO",
    "us": "US CA MX BR AR BO CL CO CR CU DO EC GT GY HN HT JM NI PA PE PR PY SR SV TT "
    "UY VE",
    CHINA: "CN",
}
_ELSEWHERE = "hk"


def region_of_country(country: str | None) -> str | None:
    """Return the region that fits an ISO country code, None without a country."""
    if not country:
        return None
    found = (
        key for key, known in _COUNTRIES.items() if country.upper() in known.split()
    )
    return next(found, _ELSEWHERE)


def allowed_gateway(url: str | None) -> str | None:
    """Return an API base that the vendor told if it is one of its own, else None.

    Only https, without user and odd port, on a host of the vendor's domains.
    """
    if url is None or (match := _GATEWAY.fullmatch(url.strip())) is None:
        return None
    host, path = match[1].lower(), match[2]
    return f"https://{host}{path}" if host.endswith(_OURS) else None


def region_of_gateway(url: str) -> str | None:
    """Return the region of an API base, None if its host does not tell."""
    host = urlsplit(url).hostname
    for region in REGIONS.values():
        if host == urlsplit(region.gateway).hostname:
            return region.key
    return None


def broker_url(region: str | None, server: str | None = None) -> str:
    """Return where live values are pushed (section 5); ``server`` as in ``Hosts``."""
    if server:
        parts = urlsplit(server)
        scheme = "wss" if parts.scheme == "https" else "ws"
        return f"{scheme}://{parts.netloc}/mqtt"
    home = REGIONS.get(region or "", _DEFAULT)
    return f"wss://{_BROKER.format(home.broker)}/mqtt"


class Hosts:
    """Where one account logs in and where its API may be."""

    def __init__(
        self, region: str = AUTO, server: str | None = None, country: str | None = None
    ) -> None:
        """Take what the user chose.

        Args:
            region: Key of a region, or ``auto``.
            server: Base URL that stands for all hosts of the vendor: a test's.
            country: Where Home Assistant says it is, as ISO code.
        """
        self.chosen = REGIONS.get(region)
        self.server = server.rstrip("/") if server else None
        self._near = REGIONS.get(region_of_country(country) or "")

    @property
    def logins(self) -> tuple[str, ...]:
        """Base URLs of the login: at most two, to be tried in this order."""
        if self.server is not None:
            return (f"{self.server}{_PATH}",)
        if self.chosen is not None:
            return self.chosen.login, GLOBAL_LOGIN
        return (GLOBAL_LOGIN, self._near.login) if self._near else (GLOBAL_LOGIN,)

    @property
    def china(self) -> bool:
        """Whether the login is to be one of China."""
        return self.chosen is not None and self.chosen.key == CHINA

    def gateway(self, told: str | None, region: str) -> str:
        """Return the API base: what the login told, if it may be believed.

        ``region`` is the one that the login named, empty if it named none.
        """
        if self.server is not None:
            same = told is not None and _origin(told) == _origin(self.server)
            return told.rstrip("/") if told and same else f"{self.server}{_PATH}"
        if (found := allowed_gateway(told)) is not None:
            return found
        home = REGIONS.get(region) or self.chosen or _DEFAULT
        return home.gateway


def _origin(url: str) -> tuple[str, str, int | None] | None:
    """Return scheme, host and port, None for what is no base URL."""
    try:
        parts = urlsplit(url)
        origin = parts.scheme, parts.hostname or "", parts.port
    except ValueError:
        return None
    extra = parts.username is not None or parts.query or parts.fragment
    return None if extra else origin
