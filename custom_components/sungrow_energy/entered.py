"""What was typed into the dialogs, checked without asking anybody."""

from collections.abc import Mapping
from typing import Any

from ._vendor.core.client.decode import text
from ._vendor.core.ha.flow import (
    CONF_SERVER_URL,
    SECTION_EXPERT,
    InvalidServerUrl,
    server_url,
)
from ._vendor.core.ha.kept_secrets import unmarked
from .api import regions
from .api.encryption import InvalidPublicKey, PublicKey
from .connection import Application
from .const import (
    CONF_APP_KEY,
    CONF_APPLICATION_ID,
    CONF_BASE_URL,
    CONF_MODE,
    CONF_PASSWORD,
    CONF_PUBLIC_KEY,
    CONF_REDIRECT_URI,
    CONF_REGION,
    CONF_SECRET,
    CONF_USER_NAME,
    CONF_WEB_URL,
    MODE_LOGIN,
    MODE_OAUTH,
)
from .oauth_flow import checked_redirect


class InvalidEntry(ValueError):
    """Something typed cannot be right; ``errors`` are those of the form."""

    def __init__(self, errors: dict[str, str]) -> None:
        """Keep the errors by field."""
        super().__init__(", ".join(errors.values()))
        self.errors = errors


def flat(user_input: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """Return a form's input without its section.

    A secret of which there is a mark is the one of ``before``, as is a secret key that
    was left out; what else was left out is empty on purpose.
    """
    found = unmarked(user_input, before)
    found.pop(SECTION_EXPERT, None)
    found.update(user_input.get(SECTION_EXPERT) or {})
    if not text(found.get(CONF_SECRET)):
        found[CONF_SECRET] = text(before.get(CONF_SECRET)) or ""
    return found


def entered_of(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an entry holds as if it had been typed."""
    found = dict(data)
    known = regions.region(text(data.get(CONF_REGION)) or "")
    base_url, web_url = data.get(CONF_BASE_URL), data.get(CONF_WEB_URL)
    if known is None or base_url != known.base_url:
        found[CONF_SERVER_URL] = base_url
    if known is not None and web_url == known.web_url:
        found.pop(CONF_WEB_URL, None)
    found.pop(CONF_PASSWORD, None)
    return found


def application(mode: str, entered: Mapping[str, Any]) -> Application:
    """Return the application that was typed. Raises ``InvalidEntry``."""
    oauth = mode == MODE_OAUTH
    errors: dict[str, str] = {}
    region = regions.region(_text(entered, CONF_REGION)) or regions.REGIONS[0]
    app_id = regions.application_id(_text(entered, CONF_APPLICATION_ID))
    app_key = regions.app_key(_text(entered, CONF_APP_KEY))
    secret = regions.secret_key(_text(entered, CONF_SECRET))
    user_name = _text(entered, CONF_USER_NAME)
    password = str(entered.get(CONF_PASSWORD) or "")  # blanks may be part of it
    for field, missing in {
        CONF_APPLICATION_ID: oauth and app_id is None,
        CONF_APP_KEY: app_key is None,
        CONF_SECRET: secret is None,
        CONF_USER_NAME: not oauth and not user_name,
        CONF_PASSWORD: not oauth and not password,
    }.items():
        if missing:
            errors[field] = f"invalid_{field}"
    base_url, web_url, public_key = region.base_url, region.web_url, None
    try:
        base_url = server_url(text(entered.get(CONF_SERVER_URL)), base_url)
        web_url = server_url(text(entered.get(CONF_WEB_URL)), web_url)
    except InvalidServerUrl as err:
        errors["base"] = str(err)
    if key := _text(entered, CONF_PUBLIC_KEY):
        try:
            PublicKey.load(key)
        except InvalidPublicKey:
            errors.setdefault("base", "invalid_public_key")
        public_key = key
    if oauth:
        try:
            checked_redirect(entered.get(CONF_REDIRECT_URI))
        except InvalidServerUrl as err:
            errors[CONF_REDIRECT_URI] = str(err)
    if errors:
        raise InvalidEntry(errors)
    return Application(
        mode=mode,
        region=region.key,
        base_url=base_url,
        web_url=web_url,
        application_id=(app_id or "") if oauth else "",
        app_key=app_key or "",
        secret=secret or "",
        public_key=public_key,
        user_name="" if oauth else user_name,
        password="" if oauth else password,
    )


def mode_of(data: Mapping[str, Any]) -> str:
    """Return how an entry's account is reached; a damaged one's is OAuth2."""
    return MODE_LOGIN if data.get(CONF_MODE) == MODE_LOGIN else MODE_OAUTH


def _text(entered: Mapping[str, Any], key: str) -> str:
    return text(entered.get(key)) or ""
