"""Codes and what they mean (alphaess.md section 4)."""

import logging

import pytest

from custom_components.alphaess_energy._vendor.core.client.errors import (
    ApiError,
    AuthError,
    BadDataError,
    MaintenanceError,
    NotPermittedError,
    ThrottledError,
    TransportError,
    UnsupportedError,
    WriteError,
    WriteRejected,
    WriteUnknown,
)
from custom_components.alphaess_energy.api.client import AlphaEssClient
from simulator.alphaess import APP_SECRET, AlphaEssSimulator
from tests.core.fake_clock import FakeClock

from .conftest import SYSTEM_1, SYSTEM_2

type Kind = type[ApiError]

# code, class and reason after a read, how often it is sent, the same after a write
CODES: list[tuple[int, Kind, str | None, int, Kind, str | None]] = [
    (6001, BadDataError, None, 1, WriteRejected, None),
    (6002, NotPermittedError, "not_registered", 1, NotPermittedError, "not_registered"),
    (
        6004,
        NotPermittedError,
        "wrong_check_code",
        1,
        NotPermittedError,
        "wrong_check_code",
    ),
    (6005, NotPermittedError, "not_bound", 1, NotPermittedError, "not_bound"),
    (6007, AuthError, None, 1, AuthError, None),
    (6008, MaintenanceError, None, 1, WriteRejected, None),
    (6010, AuthError, None, 1, AuthError, None),
    (6011, BadDataError, None, 1, WriteRejected, None),
    (6012, AuthError, None, 1, AuthError, None),
    (6017, UnsupportedError, "no_permission", 1, UnsupportedError, "no_permission"),
    (6026, TransportError, "vendor_busy", 3, WriteUnknown, "vendor_busy"),
    (6029, MaintenanceError, "vendor_busy", 1, WriteRejected, None),
    (6038, NotPermittedError, "unknown_serial", 1, NotPermittedError, "unknown_serial"),
    (6042, MaintenanceError, "device_offline", 1, MaintenanceError, "device_offline"),
    (6046, NotPermittedError, "wrong_code", 1, NotPermittedError, "wrong_code"),
    (6053, ThrottledError, None, 2, ThrottledError, None),
    (10001, BadDataError, None, 1, WriteRejected, None),
    (7777, MaintenanceError, None, 1, WriteRejected, None),
]


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    ("code", "kind", "reason", "sent", "write_kind", "write_reason"),
    CODES,
    ids=[str(row[0]) for row in CODES],
)
async def test_codes(
    client: AlphaEssClient,
    sim: AlphaEssSimulator,
    language: str,
    code: int,
    kind: Kind,
    reason: str | None,
    sent: int,
    write_kind: Kind,
    write_reason: str | None,
) -> None:
    """Only the code decides, in any language; a write is never sent again."""
    sim.language = "zh" if language == "zh" else "en"
    sim.faults.add("vendor_error", code=code)
    with pytest.raises(ApiError) as read:
        await client.last_power(SYSTEM_1)
    assert (type(read.value), read.value.reason) == (kind, reason)
    assert read.value.code == str(code)
    assert sim.counters.count() == sent
    sim.counters.reset()
    with pytest.raises(ApiError) as written:
        await client.bind(SYSTEM_2, "1")
    assert (type(written.value), written.value.reason) == (write_kind, write_reason)
    assert sim.counters.count() == 1


@pytest.mark.parametrize(
    ("code", "endpoint"), [(6003, "bindSn"), (6005, "unBindSn")], ids=str
)
async def test_what_is_so_already_is_no_error(
    client: AlphaEssClient, sim: AlphaEssSimulator, code: int, endpoint: str
) -> None:
    """Bound before binding, not bound before unbinding; and nothing else."""
    sim.faults.add("vendor_error", code=code)
    if endpoint == "bindSn":
        await client.bind(SYSTEM_1, "123456")
        with pytest.raises(WriteRejected):
            await client.unbind(SYSTEM_1)
    else:
        await client.unbind(SYSTEM_1)
        with pytest.raises(NotPermittedError):
            await client.bind(SYSTEM_1, "123456")


async def test_no_data_is_no_success_of_a_write(
    client: AlphaEssClient, sim: AlphaEssSimulator
) -> None:
    """6016 is an empty answer to a reading, but a change did not happen."""
    sim.faults.add("vendor_error", code=6016)
    for call in (
        client.bind(SYSTEM_1, "1"),
        client.unbind(SYSTEM_1),
        client.send_verification_code(SYSTEM_1, "CHK"),
    ):
        with pytest.raises(WriteRejected):
            await call
    assert sim.counters.count() == 3


@pytest.mark.parametrize(
    ("status", "kind", "sent"),
    [
        (401, AuthError, 1),
        (403, AuthError, 1),
        (404, UnsupportedError, 1),
        (405, UnsupportedError, 1),
        (500, TransportError, 3),
        (502, TransportError, 3),
        (503, TransportError, 3),
    ],
)
async def test_statuses(
    client: AlphaEssClient,
    sim: AlphaEssSimulator,
    status: int,
    kind: Kind,
    sent: int,
) -> None:
    """What a gateway says, with a page instead of JSON."""
    sim.faults.add("status", status=status)
    with pytest.raises(kind):
        await client.last_power(SYSTEM_1)
    assert sim.counters.count() == sent
    sim.counters.reset()
    with pytest.raises(WriteUnknown if kind is TransportError else kind):
        await client.bind(SYSTEM_1, "1")
    assert sim.counters.count() == 1


@pytest.mark.parametrize(
    "body", ["{}", "[]", "null", "5", '"x"', "<html>", '{"msg":"x"}', '{"code":null}']
)
async def test_answers_without_a_code(
    client: AlphaEssClient, sim: AlphaEssSimulator, body: str
) -> None:
    """Somebody else answered: a read is repeated, of a write nobody knows."""
    sim.faults.add("replace", body=body)
    with pytest.raises(TransportError):
        await client.last_power(SYSTEM_1)
    assert sim.counters.count() == 3
    sim.counters.reset()
    with pytest.raises(WriteUnknown):
        await client.bind(SYSTEM_1, "1")
    assert sim.counters.count() == 1


async def test_a_short_trouble_is_not_noticed(
    client: AlphaEssClient, sim: AlphaEssSimulator, clock: FakeClock
) -> None:
    """A read is repeated after about 2 and about 5 seconds."""
    sim.faults.add("vendor_error", count=2, code=6026)
    assert (await client.last_power(SYSTEM_1))["soc"] is not None
    first, second = sim.counters.gaps()
    assert 1.6 <= first <= 2.4 + 0.1
    assert 4 <= second <= 6 + 0.1
    assert len({request.at for request in sim.counters.requests("*")}) == 3


async def test_each_attempt_is_signed_anew(
    client: AlphaEssClient, sim: AlphaEssSimulator, clock: FakeClock
) -> None:
    """A read that waited for minutes behind others is still within the window."""
    sim.faults.add("vendor_error", count=1, code=6053)
    await client.last_power(SYSTEM_1)
    for _ in range(60):
        await client.last_power(SYSTEM_1)
    assert all(request.code == 200 for request in sim.counters.requests("*")[1:])
    assert sum(sim.counters.gaps()) > 300


async def test_too_fast(
    client: AlphaEssClient, sim: AlphaEssSimulator, clock: FakeClock
) -> None:
    """6053: 10 s between requests for a quarter of an hour, the read once more."""
    await client.last_power(SYSTEM_1)
    sim.faults.add("vendor_error", count=1, code=6053)
    began = clock.monotonic()
    await client.last_power(SYSTEM_1)
    while clock.monotonic() - began < 17 * 60:
        await client.last_power(SYSTEM_1)
    gaps = sim.counters.gaps()
    assert gaps[0] == pytest.approx(1, abs=0.1)
    slow = [gap for gap in gaps[1:] if gap > 5]
    assert all(gap == pytest.approx(10, abs=0.1) for gap in slow)
    assert sum(slow) == pytest.approx(15 * 60, abs=11)
    assert gaps[-1] == pytest.approx(1, abs=0.1)


async def test_a_gateways_too_many_slows_down_after_a_write_too(
    client: AlphaEssClient, sim: AlphaEssSimulator
) -> None:
    """429 is about all requests, whatever it was said to."""
    sim.faults.add("status", count=1, status=429)
    with pytest.raises(ThrottledError):
        await client.bind(SYSTEM_1, "1")
    assert sim.counters.count("bindSn") == 1
    await client.last_power(SYSTEM_1)
    assert sim.counters.gaps() == [pytest.approx(10, abs=0.1)]


async def test_our_own_pause_is_no_reason_to_slow_down(
    client: AlphaEssClient, sim: AlphaEssSimulator, clock: FakeClock
) -> None:
    """After a Retry-After nothing is sent until it is over, and then as ever."""
    sim.faults.add("status", count=1, status=429, retry_after=60)
    for _ in range(3):
        with pytest.raises(ThrottledError) as caught:
            await client.last_power(SYSTEM_1)
        assert caught.value.retry_after == pytest.approx(60, abs=3)
    assert sim.counters.count() == 1
    sim.faults.add("status", count=1, status=503, retry_after=1200)
    await clock.sleep(61)
    with pytest.raises(MaintenanceError):
        await client.last_power(SYSTEM_1)
    with pytest.raises(ThrottledError):
        await client.last_power(SYSTEM_1)
    await clock.sleep(1201)
    sim.counters.reset()
    await client.last_power(SYSTEM_1)
    await client.last_power(SYSTEM_1)
    assert sim.counters.gaps() == [pytest.approx(1, abs=0.1)]


async def test_reads_raise_no_error_of_writes(
    client: AlphaEssClient, sim: AlphaEssSimulator
) -> None:
    """Whatever the code, a read cannot have been rejected as a change."""
    for code in range(6000, 6060):
        if code == 6016:
            continue
        sim.faults.clear()
        sim.faults.add("vendor_error", code=code)
        with pytest.raises(ApiError) as caught:
            await client.last_power(SYSTEM_1)
        assert not isinstance(caught.value, WriteError)


async def test_an_unknown_code_is_logged_once(
    client: AlphaEssClient, sim: AlphaEssSimulator, caplog: pytest.LogCaptureFixture
) -> None:
    """So that it can be reported, without flooding the log."""
    sim.faults.add("vendor_error", code=7777)
    with caplog.at_level(logging.WARNING):
        for _ in range(2):
            with pytest.raises(MaintenanceError):
                await client.last_power(SYSTEM_1)
    assert [r.getMessage() for r in caplog.records if "7777" in r.getMessage()] == [
        "AlphaESS answered with the unknown code 7777"
    ]


@pytest.mark.parametrize("padding", [0, 150, 180, 200, 225, 239, 5000])
async def test_secrets_in_the_vendors_text(
    client: AlphaEssClient, sim: AlphaEssSimulator, padding: int
) -> None:
    """No serial and no secret gets into a message, nor a part of one at its end."""
    text = f"{'x' * padding} sign of {APP_SECRET} for {SYSTEM_1} is wrong"
    sim.faults.add("vendor_error", code=6001, message=text)
    with pytest.raises(BadDataError) as caught:
        await client.last_power(SYSTEM_1)
    shown = str(caught.value)
    assert len(shown) <= 250
    for secret in (APP_SECRET, SYSTEM_1):
        assert secret[:6] not in shown


async def test_the_text_names_the_parameter(
    client: AlphaEssClient, sim: AlphaEssSimulator
) -> None:
    """``expMsg`` says what was wrong; some answers have ``info`` instead of ``msg``."""
    body = '{"code":6001,"info":"Parameter error","expMsg":"time list is null"}'
    sim.faults.add("replace", body=body)
    with pytest.raises(BadDataError, match=r"Parameter error time list is null"):
        await client.last_power(SYSTEM_1)
