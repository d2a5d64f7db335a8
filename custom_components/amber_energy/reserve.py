"""Keeps what people ask for from using up the polling's requests (reference 5.1)."""

from datetime import datetime

from homeassistant.exceptions import HomeAssistantError, ServiceValidationError

from ._vendor.core.client.errors import ApiError, ThrottledError
from ._vendor.core.ha.errors import action_error
from .api.ratelimits import RateLimits
from .const import DOMAIN
from .polling import RESERVE


def check_reserve(limits: RateLimits, now: datetime, requests: int = 1) -> None:
    """Refuse so many requests if less than the reserve would be left after them.

    Raises ``ServiceValidationError``, which says how long to wait.
    """
    told = limits.tightest(now)
    if told is not None and told.left(now) - requests < RESERVE:
        raise no_requests_left(told.wait(now))


def no_requests_left(seconds: float) -> ServiceValidationError:
    """Return the error for requests that would be too many for so many seconds."""
    return ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key="no_requests_left",
        translation_placeholders={"seconds": str(max(1, round(seconds)))},
    )


def asked_error(err: ApiError) -> HomeAssistantError:
    """Return what is raised when Amber did not answer what somebody asked for."""
    if isinstance(err, ThrottledError) and err.retry_after is not None:
        return no_requests_left(err.retry_after)
    return action_error(DOMAIN, err)
