"""What an error of a write says about the device (control.md section 2)."""

import pytest

from core.client.errors import (
    ApiError,
    AuthError,
    BadDataError,
    ThrottledError,
    TransportError,
    WriteRejected,
    WriteUnknown,
    WriteUnverified,
)
from core.control.outcome import Outcome, Refusal, Result, outcome_of


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (WriteUnknown("x"), Outcome.UNKNOWN),
        (WriteUnverified("x"), Outcome.UNVERIFIED),
        (WriteRejected("x"), Outcome.REJECTED),
        (TransportError("x"), Outcome.REJECTED),
        (ThrottledError("x"), Outcome.REJECTED),
        (AuthError("x"), Outcome.REJECTED),
        (BadDataError("x"), Outcome.REJECTED),
        (ApiError("x"), Outcome.REJECTED),
    ],
)
def test_an_error_is_one_outcome(error: ApiError, outcome: Outcome) -> None:
    assert outcome_of(error) is outcome


def test_a_refusal_names_its_text_and_what_goes_into_it() -> None:
    refusal = Refusal("power_range", low=100, high=5000.5, why=ValueError("no"))
    assert str(refusal) == refusal.key == "power_range"
    assert refusal.placeholders == {"low": "100", "high": "5000.5", "why": "no"}


def test_a_result_says_nothing_that_is_not_known() -> None:
    result = Result(outcome=Outcome.UNCHANGED)
    assert result.following is None
    assert result.effective == {}
    assert result.effective_from is None
    assert result.expires_at is None
    assert result.warnings == ()
