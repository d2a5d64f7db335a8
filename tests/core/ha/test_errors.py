"""Errors of the client in the words of Home Assistant (design.md section 4)."""

from datetime import timedelta

from freezegun.api import FrozenDateTimeFactory
from homeassistant.exceptions import ConfigEntryAuthFailed, HomeAssistantError
from homeassistant.helpers.update_coordinator import UpdateFailed
from homeassistant.util import dt as dt_util
import pytest

from core.client import errors as client_errors
from core.client.errors import (
    ApiError,
    AuthError,
    BadDataError,
    LockedError,
    MaintenanceError,
    NotPermittedError,
    ThrottledError,
    TransportError,
    UnsupportedError,
    WriteError,
    WriteRejected,
    WriteUnknown,
    WriteUnverified,
)
from core.ha.errors import (
    ERROR_KEYS,
    action_error,
    error_key,
    read_error,
    retry_after,
)

from .home import DOMAIN

KEYS: list[tuple[ApiError, str]] = [
    (ApiError("x"), "unknown"),
    (AuthError("x"), "invalid_auth"),
    (BadDataError("x"), "bad_data"),
    (LockedError("x"), "locked"),
    (MaintenanceError("x"), "maintenance"),
    (NotPermittedError("x"), "not_permitted"),
    (ThrottledError("x"), "throttled"),
    (TransportError("x"), "cannot_connect"),
    (UnsupportedError("x"), "unsupported"),
    (WriteError("x"), "unknown"),
    (WriteRejected("x"), "write_rejected"),
    (WriteUnknown("x"), "write_unknown"),
    (WriteUnverified("x"), "write_unverified"),
    # What people can do about it
    (NotPermittedError("x", reason="clock_skew"), "clock_skew"),
    (TransportError("x", reason="vendor_busy"), "vendor_busy"),
    (ThrottledError("x", reason="budget"), "budget"),
    # What only says how the connection failed
    *(
        (TransportError("x", reason=reason), "cannot_connect")
        for reason in (
            "bad_response",
            "closed",
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
        )
    ),
    # That nobody knows matters more than why
    (WriteUnknown("x", reason="vendor_busy"), "write_unknown"),
]


@pytest.mark.parametrize(("err", "key"), KEYS, ids=repr)
def test_keys(err: ApiError, key: str) -> None:
    """A stable text for each class, or for the reason where that helps more."""
    assert error_key(err) == key


def test_every_class_has_a_key() -> None:
    """A class that is new must not be "unknown"."""
    classes = {
        item
        for name, item in vars(client_errors).items()
        if isinstance(item, type)
        and issubclass(item, ApiError)
        and not name.startswith("_")
    }
    assert classes - {WriteError} == set(ERROR_KEYS)
    # Looked up in order: a class must not hide one that is derived from it
    order = list(ERROR_KEYS)
    for position, kind in enumerate(order):
        assert not any(issubclass(later, kind) for later in order[position + 1 :])


@pytest.mark.parametrize(
    ("err", "seconds"),
    [
        (ThrottledError("x"), None),
        (ThrottledError("x", retry_after=600), 600),
        (ThrottledError("x", retry_after=0), 10),
        (MaintenanceError("x", retry_after=0.5), 10),
        (MaintenanceError("x", retry_after=1200), 1200),
        (LockedError("x"), None),
        (TransportError("x"), None),
        (AuthError("x"), None),
    ],
    ids=repr,
)
def test_pauses(err: ApiError, seconds: float | None) -> None:
    """As long as asked for; "at once" would be a storm."""
    assert retry_after(err) == seconds


@pytest.mark.parametrize(("minutes", "seconds"), [(90, 5400), (0, 10), (-5, 10)])
def test_the_end_of_a_lock(
    freezer: FrozenDateTimeFactory, minutes: int, seconds: float
) -> None:
    """Told as a time; one that is over already is no reason to storm."""
    until = dt_util.utcnow() + timedelta(minutes=minutes)
    assert retry_after(LockedError("x", until=until)) == pytest.approx(seconds)


def test_of_a_read() -> None:
    """Only rejected credentials ask for new ones."""
    for err, key in KEYS:
        raised = read_error(DOMAIN, err)
        auth = isinstance(err, AuthError)
        assert type(raised) is (ConfigEntryAuthFailed if auth else UpdateFailed)
        assert raised.translation_domain == DOMAIN
        assert raised.translation_key == key
        assert raised.translation_placeholders == {"detail": "x"}
    throttled = read_error(DOMAIN, ThrottledError("x", retry_after=600))
    assert isinstance(throttled, UpdateFailed)
    assert throttled.retry_after == 600


def test_of_an_action() -> None:
    """People see what went wrong, in their language."""
    raised = action_error(DOMAIN, WriteRejected("AlphaESS answered 6008: Set failed"))
    assert type(raised) is HomeAssistantError
    assert (raised.translation_domain, raised.translation_key) == (
        DOMAIN,
        "write_rejected",
    )
    assert raised.translation_placeholders == {
        "detail": "AlphaESS answered 6008: Set failed"
    }
