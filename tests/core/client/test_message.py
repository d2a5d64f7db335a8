"""What an answer means by itself: fault-matrix.md rows 3, 5, 6."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
import json
import math
import time

from hypothesis import given, settings, strategies as st
import pytest

from core.client.errors import (
    ApiError,
    AuthError,
    MaintenanceError,
    NotPermittedError,
    ThrottledError,
    TransportError,
    UnsupportedError,
)
from core.client.http import Response
from tests.core.fake_clock import START

PROPERTY = settings(deadline=None, database=None, derandomize=True)


def answer(status: int = 200, body: bytes = b"{}", **headers: str) -> Response:
    return Response(
        status=status,
        headers={name.replace("_", "-"): value for name, value in headers.items()},
        body=body,
        received_at=START,
    )


def test_headers_ignore_case() -> None:
    response = answer(RateLimit_Reset="5")
    assert response.headers["ratelimit-reset"] == "5"
    assert response.headers.get("RATELIMIT-RESET") == "5"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b'{"code":200,"data":null}', {"code": 200, "data": None}),
        (b'\xef\xbb\xbf{"a":1}', {"a": 1}),
        (b'{"a":NaN,"b":[Infinity,-Infinity]}', {"a": None, "b": [None, None]}),
        (b'{"a":1e999}', {"a": math.inf}),
        (b"[]", []),
        (b"null", None),
        (' {"a":"é"} '.encode(), {"a": "é"}),
    ],
)
def test_json(body: bytes, expected: object) -> None:
    assert answer(body=body).json() == expected


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<!DOCTYPE html><html><body>Bad Gateway</body></html>",
        b"Bad Gateway",
        b'{"a":1',
        b"\xff\xfe\x00",
        b'{"a":"\xe9"}',
        b"[" * 100_000,
        b"1" * 5000,
        b'{"a":1} trailing',
    ],
    ids=lambda body: repr(body)[:30],
)
def test_no_json(body: bytes) -> None:
    with pytest.raises(TransportError) as caught:
        answer(body=body).json()
    assert caught.value.reason == "not_json"
    assert str(caught.value) == "HTTP 200 without JSON"
    assert caught.value.__suppress_context__


@PROPERTY
@given(st.binary())
def test_json_raises_nothing_else(body: bytes) -> None:
    with suppress(TransportError):
        json.dumps(answer(body=body).json())


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Mon, 05 Oct 2026 02:00:23 GMT", datetime(2026, 10, 5, 2, 0, 23, tzinfo=UTC)),
        (
            "Mon, 05 Oct 2026 02:00:23 -0000",
            datetime(2026, 10, 5, 2, 0, 23, tzinfo=UTC),
        ),
        (
            "Mon, 05 Oct 2026 12:00:23 +1000",
            datetime(2026, 10, 5, 2, 0, 23, tzinfo=UTC),
        ),
        ("Mon, 32 Oct 2026 02:00:23 GMT", None),
        ("Fri, 31 Dec 9999 23:59:59 -2300", None),
        ("now", None),
        ("", None),
    ],
)
def test_server_date(value: str, expected: datetime | None) -> None:
    assert answer(Date=value).server_date == expected


def test_a_date_without_a_zone_is_utc(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "Australia/Sydney")
        time.tzset()
        date = answer(Date="Mon, 05 Oct 2026 02:00:23 -0000").server_date
    time.tzset()
    assert date == datetime(2026, 10, 5, 2, 0, 23, tzinfo=UTC)


def test_no_server_date() -> None:
    assert answer().server_date is None


@PROPERTY
@given(st.text())
def test_headers_never_raise_anything_else(value: str) -> None:
    response = answer(429, Date=value, Retry_After=value)
    assert response.server_date is None or response.server_date.tzinfo is UTC
    with pytest.raises(ThrottledError):
        response.raise_for_status()


@pytest.mark.parametrize("status", [200, 201, 204])
def test_success(status: int) -> None:
    answer(status).raise_for_status()


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (302, TransportError),
        (400, UnsupportedError),
        (401, AuthError),
        (403, NotPermittedError),
        (404, UnsupportedError),
        (405, UnsupportedError),
        (408, TransportError),
        (418, UnsupportedError),
        (425, TransportError),
        (429, ThrottledError),
        (500, TransportError),
        (502, TransportError),
        (503, TransportError),
        (504, TransportError),
        (599, TransportError),
    ],
)
def test_status(status: int, kind: type[ApiError]) -> None:
    with pytest.raises(ApiError) as caught:
        answer(status).raise_for_status()
    assert type(caught.value) is kind
    assert caught.value.code == str(status)


LATER = "Fri, 20 Nov 2026 12:02:00 GMT"


@pytest.mark.parametrize(
    ("headers", "pause"),
    [
        ({}, None),
        ({"Retry-After": "30"}, 30),
        ({"retry-after": " 2.5 "}, 2.5),
        ({"RateLimit-Reset": "187"}, 187),
        ({"ratelimit-reset": "187", "Retry-After": "3"}, 3),
        ({"Retry-After": "soon", "RateLimit-Reset": "9"}, 9),
        ({"Retry-After": "-5"}, None),
        ({"Retry-After": "nan"}, None),
        ({"Retry-After": "inf"}, None),
        ({"Retry-After": LATER}, 120),
        # Its clock is a minute ahead of ours
        ({"Retry-After": LATER, "Date": "Fri, 20 Nov 2026 12:01:00 GMT"}, 60),
        ({"Retry-After": LATER, "Date": "Fri, 20 Nov 2026 12:03:00 GMT"}, 0),
        # A proxy's header must not shut the account out for a day
        ({"Retry-After": "3600"}, 3600),
        ({"Retry-After": "86400"}, 3600),
        ({"RateLimit-Reset": "86400"}, 3600),
        ({"Retry-After": "Sat, 21 Nov 2026 12:02:00 GMT"}, 3600),
    ],
)
def test_pause_of_429(headers: dict[str, str], pause: float | None) -> None:
    response = Response(status=429, headers=headers, body=b"", received_at=START)
    with pytest.raises(ThrottledError) as caught:
        response.raise_for_status()
    assert caught.value.retry_after == pause


def test_maintenance() -> None:
    later = (START + timedelta(minutes=5)).strftime("%a, %d %b %Y %H:%M:%S GMT")
    for value, pause in (("300", 300), (later, 300), ("86400", 3600)):
        with pytest.raises(MaintenanceError) as caught:
            answer(503, Retry_After=value).raise_for_status()
        assert caught.value.retry_after == pause
    with pytest.raises(TransportError):
        answer(503, Retry_After="soon").raise_for_status()
