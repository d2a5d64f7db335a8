"""How a browser gets to iSolarCloud and is known again when it comes back."""

from typing import Any, override
from urllib.parse import urlsplit

from homeassistant.core import HomeAssistant
from homeassistant.helpers import http
from homeassistant.helpers.config_entry_oauth2_flow import (
    AUTH_CALLBACK_PATH,
    HEADER_FRONTEND_BASE,
    LocalOAuth2Implementation,
    async_get_redirect_uri,
)
from homeassistant.helpers.network import NoURLAvailableError, get_url
from yarl import URL

from ._vendor.core.ha.flow import InvalidServerUrl
from .const import DOMAIN
from .views import CALLBACK_PATH


class _Signer(LocalOAuth2Implementation):
    """Makes a ``state`` for a redirect URL that is not the present request's."""

    def __init__(self, hass: HomeAssistant, redirect_uri: str) -> None:
        """Sign for a redirect URL."""
        super().__init__(hass, DOMAIN, "", "", redirect_uri, "")
        self._redirect_uri = redirect_uri

    @property
    @override
    def redirect_uri(self) -> str:
        return self._redirect_uri


async def signed_state(hass: HomeAssistant, flow_id: str, redirect_uri: str) -> str:
    """Return the ``state`` by which Home Assistant's own callback finds a flow."""
    signer = _Signer(hass, redirect_uri)
    return URL(await signer.async_generate_authorize_url(flow_id)).query["state"]


def redirect_choices(hass: HomeAssistant) -> list[str]:
    """Return the redirect URLs that lead back here, the best one first.

    Home Assistant's own, then the integration's. Without a request of a browser
    the address of this Home Assistant may be unknown; the list can be empty.
    """
    base = redirect_base(hass)
    try:
        found = [async_get_redirect_uri(hass)]
    except RuntimeError:
        found = [] if base is None else [f"{base}{AUTH_CALLBACK_PATH}"]
    if base is not None:
        found.append(f"{base}{CALLBACK_PATH}")
    return found


def checked_redirect(value: Any) -> str:
    """Return a redirect URL as it was registered, without blanks around it.

    A slash at its end stays: it is compared byte for byte. iSolarCloud strips
    parameters, so that one with them can never be right (reference section 2.3).
    Raises ``InvalidServerUrl``.
    """
    text = value.strip() if isinstance(value, str) else ""
    try:
        parts = urlsplit(text)
        usable = bool(URL(text).host) and text.isprintable()
    except ValueError as err:
        raise InvalidServerUrl("invalid_redirect") from err
    if parts.scheme not in {"http", "https"} or not usable or " " in text:
        raise InvalidServerUrl("invalid_redirect")
    if "?" in text or "#" in text:
        raise InvalidServerUrl("redirect_has_parameters")
    return text


def comes_to_own_view(redirect_uri: str) -> bool:
    """Whether a browser that is sent there comes to the integration's own view."""
    return urlsplit(redirect_uri).path == CALLBACK_PATH


def redirect_base(hass: HomeAssistant) -> str | None:
    """Return the address of this Home Assistant as the browser has it."""
    request = http.current_request.get()
    if request is not None and (base := request.headers.get(HEADER_FRONTEND_BASE)):
        return base.rstrip("/")
    try:
        return get_url(hass, prefer_external=True)
    except NoURLAvailableError:
        return None
