"""The one place where errors of the client become those of Home Assistant.

Each gets a translation key of the integration: the error's ``reason`` where it
has one (``clock_skew``), else the name of its class. ``ERROR_KEYS`` lists the
latter; every integration translates them and the reasons that its client gives.
"""

from homeassistant.exceptions import ConfigEntryAuthFailed, HomeAssistantError
from homeassistant.helpers.update_coordinator import UpdateFailed
from homeassistant.util import dt as dt_util

from ..client.errors import (
    ApiError,
    AuthError,
    BadDataError,
    LockedError,
    MaintenanceError,
    NotPermittedError,
    ThrottledError,
    TransportError,
    UnsupportedError,
    WriteRejected,
    WriteUnknown,
    WriteUnverified,
)

ERROR_KEYS: dict[type[ApiError], str] = {
    AuthError: "invalid_auth",
    BadDataError: "bad_data",
    LockedError: "locked",
    MaintenanceError: "maintenance",
    NotPermittedError: "not_permitted",
    ThrottledError: "throttled",
    TransportError: "cannot_connect",
    UnsupportedError: "unsupported",
    WriteRejected: "write_rejected",
    WriteUnknown: "write_unknown",
    WriteUnverified: "write_unverified",
    ApiError: "unknown",
}
_SHORTEST_PAUSE = 10.0
# Reasons that only say how the connection failed: the log has them, people get
# the same advice for all.
_TECHNICAL = frozenset(
    {
        "bad_request",
        "bad_response",
        "closed",
        "closing",
        "disconnected",
        "dns",
        "not_json",
        "redirect",
        "refused",
        "server_error",
        "timeout",
        "tls",
        "too_large",
        "unreachable",
        "unreadable",
    }
)


def error_key(err: ApiError) -> str:
    """Return the translation key that tells people about this error.

    That nobody knows whether a change was made matters more than the reason.
    """
    unknown = isinstance(err, WriteUnknown)
    if err.reason and err.reason not in _TECHNICAL and not unknown:
        return err.reason
    return next(key for kind, key in ERROR_KEYS.items() if isinstance(err, kind))


def retry_after(err: ApiError) -> float | None:
    """Return the seconds that the vendor asked us to wait.

    They are at least some: "at once" from a server in trouble would be a storm.
    """
    pause: float | None = None
    if isinstance(err, ThrottledError | MaintenanceError):
        pause = err.retry_after
    elif isinstance(err, LockedError) and err.until is not None:
        pause = (err.until - dt_util.utcnow()).total_seconds()
    return None if pause is None else max(pause, _SHORTEST_PAUSE)


def read_error(
    domain: str, err: ApiError, *, ask: bool = True
) -> UpdateFailed | ConfigEntryAuthFailed:
    """Return what a coordinator raises when a document could not be read.

    ``ask`` whether people are asked for other credentials where they were rejected.
    """
    key, detail = error_key(err), {"detail": str(err)}
    if ask and isinstance(err, AuthError):
        return ConfigEntryAuthFailed(
            translation_domain=domain,
            translation_key=key,
            translation_placeholders=detail,
        )
    return UpdateFailed(
        translation_domain=domain,
        translation_key=key,
        translation_placeholders=detail,
        retry_after=retry_after(err),
    )


def action_error(domain: str, err: ApiError) -> HomeAssistantError:
    """Return what an action raises when the vendor refused or did not answer."""
    return HomeAssistantError(
        translation_domain=domain,
        translation_key=error_key(err),
        translation_placeholders={"detail": str(err)},
    )
