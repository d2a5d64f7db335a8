"""The regional hosts, and which of them knows an account (reference section 1.2)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from .._vendor.core.client.decode import flag, text
from .._vendor.core.client.errors import (
    ApiError,
    AuthError,
    BadDataError,
    MaintenanceError,
    NotPermittedError,
    TransportError,
    UnsupportedError,
)
from .classic_session import ClassicSession
from .errors import PERMISSION
from .token_client import TokenClient


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """One server with its own accounts.

    Attributes:
        key: Stable name; the prefix of what is stored per host.
        url: Where token and classic API are, without a slash at the end.
        old: Names of the host that older answers and apps use.
        automatic: Whether credentials are sent there without being told to: not
            without TLS.
    """

    key: str
    url: str
    old: tuple[str, ...] = ()
    automatic: bool = True


HOSTS: tuple[Host, ...] = (
    Host(
        key="global",
        url="https://openapi.growatt.com",
        old=("server-api.growatt.com", "server.growatt.com"),
    ),
    Host(
        key="us",
        url="https://openapi-us.growatt.com",
        old=("server-us.growatt.com",),
    ),
    Host(
        key="au",
        url="https://openapi-au.growatt.com",
        old=("server-au.growatt.com",),
    ),
    Host(
        key="cn",
        url="https://openapi-cn.growatt.com",
        old=("server-cn.growatt.com",),
    ),
    Host(key="atess", url="http://ess-server.atesspower.com", automatic=False),
    Host(key="smten", url="http://server.smten.com", automatic=False),
)
_DOMAIN = ".growatt.com"


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundHost:
    """Where a token is known; ``plants`` is what ``plant/list`` said, for set-up."""

    url: str
    plants: dict[str, Any]


def host_key(url: str) -> str | None:
    """Return the key of a host by any of its names, None for an unknown one."""
    place = _place(url)
    for host in HOSTS:
        if place in {_place(host.url), *host.old}:
            return host.key
    return None


async def find_token_host(make_client: Callable[[str], TokenClient]) -> FoundHost:
    """Return the first host that knows the token, asking each once.

    Args:
        make_client: Returns a client for a base URL.

    Raises:
        AuthError: ``permission``: all answered, none knows it.
        ThrottledError: At once, whichever host says so.
        ApiError: The one that kept a host from answering, if no other knows it.
    """
    silent: ApiError | None = None
    for host in HOSTS:
        if not host.automatic:
            continue
        try:
            plants = await make_client(host.url).plants()
        except AuthError, NotPermittedError, UnsupportedError:
            continue
        except (TransportError, MaintenanceError, BadDataError) as err:
            silent = silent or err
        else:
            return FoundHost(url=host.url, plants=plants)
    if silent is not None:
        raise silent
    raise AuthError("no host knows the token", reason=PERMISSION)


async def find_login_host(
    make_session: Callable[[str], ClassicSession],
) -> tuple[str, ...]:
    """Return the base URLs that may know the user name, the likeliest first.

    No login is tried. The first host that answers is asked, and the one of China, which
    others do not know of. Empty: none of them knows the name, the user has to choose.

    Raises:
        ThrottledError, LockedError: At once.
        ApiError: The one that kept the last host from answering, if none did.
    """
    automatic = [host for host in HOSTS if host.automatic]
    china = [host for host in automatic if host.key == "cn"]
    silent: ApiError | None = None
    answered = False
    for host in [*(host for host in automatic if host not in china), *china]:
        if answered and host not in china:
            continue
        try:
            body = await make_session(host.url).user_host()
        except (
            TransportError,
            MaintenanceError,
            BadDataError,
            UnsupportedError,
            NotPermittedError,
        ) as err:
            silent = err
            continue
        answered = True
        if flag(body.get("success")) and (told := text(body.get("msg"))) is not None:
            if urls := _urls(told):
                return urls
    if not answered and silent is not None:
        raise silent
    return ()


def _urls(told: str) -> tuple[str, ...]:
    """Return where a host of that name is: first ours, then the very one.

    A name that is not the vendor's is left out: the password would go there.
    """
    place = _place(told)
    for host in HOSTS:
        if place == _place(host.url):
            return (host.url,)
        if place in host.old:
            return host.url, f"https://{place}"
    return (f"https://{place}",) if place.endswith(_DOMAIN) else ()


def _place(url: str) -> str:
    """Return host and port of a URL or a bare name, in lower case."""
    try:
        return urlsplit(url if "://" in url else f"//{url}").netloc.lower()
    except ValueError:
        return ""
