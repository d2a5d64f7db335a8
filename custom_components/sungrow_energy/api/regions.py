"""The regions, what identifies an application, and the authorize URL (1.1, 2.2, 2.7)."""

from dataclasses import dataclass
import re
from urllib.parse import quote


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """One region with its own accounts, applications and devices.

    Attributes:
        key: Stable name, part of unique ids.
        base_url: API gateway, without a slash at the end.
        web_url: Where users log in and authorize, likewise.
        cloud_id: ``cloudId`` of the authorize URL.
    """

    key: str
    base_url: str
    web_url: str
    cloud_id: int


REGIONS: tuple[Region, ...] = (
    Region(
        key="eu",
        base_url="https://gateway.isolarcloud.eu",
        web_url="https://web3.isolarcloud.eu",
        cloud_id=3,
    ),
    Region(
        key="intl",
        base_url="https://gateway.isolarcloud.com.hk",
        web_url="https://web3.isolarcloud.com.hk",
        cloud_id=2,
    ),
    Region(
        key="au",
        base_url="https://augateway.isolarcloud.com",
        web_url="https://auweb3.isolarcloud.com",
        cloud_id=7,
    ),
    Region(
        key="cn",
        base_url="https://gateway.isolarcloud.com",
        web_url="https://web3.isolarcloud.com.cn",
        cloud_id=1,
    ),
    Region(
        key="in",
        base_url="https://gateway.isolarcloud.in",
        web_url="https://web3.isolarcloud.in",
        cloud_id=9,
    ),
)
_BY_KEY = {region.key: region for region in REGIONS}

_APPLICATION_ID = re.compile(r"[0-9]{1,18}", re.ASCII)
_ID_IN_URL = re.compile(
    r"(?:[?&#]|^)(?:applicationId|id)=([0-9]{1,18})(?![0-9])", re.ASCII | re.IGNORECASE
)
_APP_KEY = re.compile(r"[0-9A-Fa-f]{32}", re.ASCII)
_SECRET = re.compile(r"[\x21-\x7e]{32}")


def region(key: str) -> Region | None:
    """Return the region of that key, None for an unknown one."""
    return _BY_KEY.get(key)


def authorize_url(
    web_url: str, cloud_id: int, application_id: str, redirect_uri: str, state: str
) -> str:
    """Return where the user grants access; to be used as it is, byte for byte.

    ``state`` stands before the ``#`` and behind it: which of them comes back, if any,
    is not known per region (2.3).
    """
    token = quote(state, safe="")
    return (
        f"{web_url.rstrip('/')}/?state={token}#/authorized-app?cloudId={cloud_id}"
        f"&applicationId={quote(application_id, safe='')}"
        f"&redirectUrl={quote(redirect_uri, safe='')}&state={token}"
    )


def application_id(value: str) -> str | None:
    """Return the application id of what somebody typed, None if there is none.

    It is the number itself, or an address of the portal that has it: the "Authorize
    URL" (``applicationId=``) or the one of its details page (``id=``).
    """
    value = "".join(value.split())
    if _APPLICATION_ID.fullmatch(value):
        return value
    match = _ID_IN_URL.search(value)
    return match[1] if match else None


def app_key(value: str) -> str | None:
    """Return an app key without blanks (32 hexadecimal digits), None if it is none."""
    value = "".join(value.split())
    return value if _APP_KEY.fullmatch(value) else None


def secret_key(value: str) -> str | None:
    """Return a secret key without blanks (32 characters), None if it is none."""
    value = "".join(value.split())
    return value if _SECRET.fullmatch(value) else None
