"""What an answer's status means to us (reference section 4).

Amber has no codes of its own, and its texts may change: only the status decides.
"""

from .._vendor.core.client.decode import number
from .._vendor.core.client.errors import (
    ApiError,
    AuthError,
    BadDataError,
    NotPermittedError,
    ThrottledError,
    TransportError,
    UnsupportedError,
)
from .._vendor.core.client.message import Response
from .ratelimits import RENEWABLES, WINDOW, RateLimit

# Beyond the end of the window, so that a clock's rounding cannot spoil it
RESET_MARGIN = 2.0

_BAD_REQUEST = frozenset({400, 422})
_TRANSIENT = frozenset({408, 425})


def error_for(group: str, response: Response, told: RateLimit | None) -> ApiError:
    """Return the error for an answer that is no success.

    ``told`` is what its headers said of the group's limit.
    """
    status, code = response.status, str(response.status)
    message = f"Amber answered HTTP {status}"
    if status in {401, 403}:
        # The renewables are asked without the token: it is not to blame
        if group == RENEWABLES:
            return NotPermittedError(message, code=code, reason="refused")
        return AuthError(message, code=code)
    if status == 404:
        return UnsupportedError(message, code=code, reason="not_found")
    if status in _BAD_REQUEST:
        return BadDataError(message, code=code, reason="bad_request")
    if status == 429:
        if _limited(response):
            return used_up(group, _reset(response, told), message, code=code)
        return TransportError(message, code=code, reason="gateway_throttled")
    if status >= 500 or status in _TRANSIENT:
        return TransportError(message, code=code, reason="server_error")
    return UnsupportedError(message, code=code)


def used_up(
    group: str, seconds: float, message: str, *, code: str | None = None
) -> ThrottledError:
    """Return the error for a window that is used up for ``seconds`` more."""
    return ThrottledError(
        message,
        retry_after=seconds + RESET_MARGIN,
        code=code,
        reason="rate_limit",
        group=group,
    )


def _reset(response: Response, told: RateLimit | None) -> float:
    """Return the seconds to the end of the window; a whole one if nobody tells."""
    if told is not None:
        return float(told.reset)
    seconds = number(response.headers.get("RateLimit-Reset"), low=0, high=3600)
    return float(WINDOW) if seconds is None else seconds


def _limited(response: Response) -> bool:
    """Return whether the API itself refused, and not the gateway before it."""
    return any(name.lower().startswith("ratelimit-") for name in response.headers)
