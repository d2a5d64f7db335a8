"""What an error tells."""

from datetime import UTC, datetime

import pytest

from core.client import errors
from core.client.errors import ApiError


def test_the_set_is_closed() -> None:
    public = {
        name: cls
        for name, cls in vars(errors).items()
        if isinstance(cls, type)
        and issubclass(cls, Exception)
        and not name.startswith("_")
    }
    assert set(public) == {
        "ApiError",
        "TransportError",
        "ThrottledError",
        "LockedError",
        "AuthError",
        "NotPermittedError",
        "MaintenanceError",
        "BadDataError",
        "UnsupportedError",
        "WriteError",
        "WriteRejected",
        "WriteUnverified",
        "WriteUnknown",
    }
    assert all(issubclass(cls, ApiError) for cls in public.values())
    writes = {name for name, c in public.items() if issubclass(c, errors.WriteError)}
    assert writes == {"WriteError", "WriteRejected", "WriteUnverified", "WriteUnknown"}


@pytest.mark.parametrize("cls", [errors.ThrottledError, errors.MaintenanceError])
def test_pause(cls: type[errors.ThrottledError | errors.MaintenanceError]) -> None:
    error = cls("too fast", retry_after=10.0, code="6053", reason="too_fast")
    assert (str(error), error.retry_after, error.code, error.reason) == (
        "too fast",
        10.0,
        "6053",
        "too_fast",
    )
    assert cls("too fast").retry_after is None


def test_lock() -> None:
    until = datetime(2026, 11, 21, tzinfo=UTC)
    error = errors.LockedError("locked", until=until, code="507", reason="locked")
    assert (error.until, error.code, error.reason) == (until, "507", "locked")
    assert errors.LockedError("locked").until is None


def test_others() -> None:
    error = errors.WriteRejected("no", code="6008", reason="device_refused")
    assert (str(error), error.code, error.reason) == ("no", "6008", "device_refused")
    assert errors.AuthError("no").code is None
