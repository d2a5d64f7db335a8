"""Reference sections 2.1, 4.1 to 4.3, Q12, Q18 and Q19."""

from typing import Any

from aiohttp import web
import pytest

from custom_components.growatt_energy._vendor.core.client.errors import (
    ApiError,
    AuthError,
    BadDataError,
    MaintenanceError,
    NotPermittedError,
    ThrottledError,
    TransportError,
    UnsupportedError,
    WriteRejected,
    WriteUnknown,
)
from custom_components.growatt_energy.api.token_client import TokenClient
from tests.core.fake_clock import FakeClock

from .conftest import LOGIN_PAGE, MIN, TOKEN, Cloud


def v1(code: int, message: str = "") -> dict[str, Any]:
    return {"data": "", "error_code": code, "error_msg": message}


def v4(code: int, message: str = "") -> dict[str, Any]:
    return {"code": code, "data": None, "message": message}


@pytest.mark.parametrize(
    ("answer", "kind", "reason"),
    [
        (v1(10001), TransportError, "vendor_busy"),
        (v1(10002), UnsupportedError, "not_found"),
        (v1(10003), BadDataError, "bad_request"),
        (v1(10005), UnsupportedError, "not_found"),
        (v1(10011, "error_permission_denied"), NotPermittedError, "permission"),
        (v1(10012, "error_frequently_access"), ThrottledError, "rate_limit"),
        (v1(-1, "use the new domain name"), NotPermittedError, "wrong_host"),
        (v1(10099), MaintenanceError, None),
        ({"data": {}}, BadDataError, None),
        ([], TransportError, "not_json"),
        ("<html>down for maintenance</html>", TransportError, "not_json"),
        (LOGIN_PAGE, TransportError, "session"),
        (web.Response(status=502), TransportError, "server_error"),
        (web.Response(status=401), NotPermittedError, None),
        (web.Response(status=405), MaintenanceError, "blocked"),
        (
            web.Response(status=403, text="denied by UA ACL = blacklist"),
            NotPermittedError,
            "ua_blocked",
        ),
    ],
)
async def test_a_read_of_a_device_is_refused(
    client: TokenClient,
    cloud: Cloud,
    answer: Any,
    kind: type[ApiError],
    reason: str | None,
) -> None:
    cloud.say(answer)
    with pytest.raises(ApiError) as caught:
        await client.settings(MIN)
    assert type(caught.value) is kind
    assert caught.value.reason == reason
    assert len(cloud.asked) == 1


@pytest.mark.parametrize(
    ("answer", "kind", "reason"),
    [
        (v1(10001), TransportError, "vendor_busy"),
        (v1(10003), MaintenanceError, "offline"),
        (v1(10005), MaintenanceError, "offline"),
        (v1(10006), UnsupportedError, "unsupported"),
        (v1(10009), UnsupportedError, "unsupported"),
        (v1(0), BadDataError, None),
    ],
)
async def test_a_live_read_is_refused(
    client: TokenClient,
    cloud: Cloud,
    answer: Any,
    kind: type[ApiError],
    reason: str | None,
) -> None:
    cloud.say(answer)
    with pytest.raises(ApiError) as caught:
        await client.read_param("min", MIN, "charge_power")
    assert type(caught.value) is kind
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    ("answer", "kind", "reason"),
    [
        (v1(10001, "system error"), WriteUnknown, "vendor_busy"),
        (v1(10002), WriteUnknown, "vendor_busy"),
        (v1(10002, "error_useTrueHostToSet"), NotPermittedError, "wrong_host"),
        (v1(10003), WriteRejected, "offline"),
        (v1(10005), WriteRejected, "offline"),
        (v1(10006), UnsupportedError, "unsupported"),
        (v1(10008), WriteRejected, "out_of_range"),
        (v1(10011), UnsupportedError, "permission"),
        (v1(10012, "error_frequently_access"), ThrottledError, "rate_limit"),
        (v1(10012, "device does not exist"), WriteRejected, "not_found"),
        (v1(10013), WriteRejected, "end_before_start"),
        (v1(10099), WriteUnknown, None),
        ("<html>oops</html>", WriteUnknown, "not_json"),
        (web.Response(status=500), WriteUnknown, "server_error"),
    ],
)
async def test_a_write_is_refused(
    client: TokenClient,
    cloud: Cloud,
    answer: Any,
    kind: type[ApiError],
    reason: str | None,
) -> None:
    cloud.say(answer)
    with pytest.raises(ApiError) as caught:
        await client.write_param("min", MIN, "charge_power", ["80"])
    assert type(caught.value) is kind
    assert caught.value.reason == reason
    assert len(cloud.asked) == 1


@pytest.mark.parametrize(
    ("answer", "kind", "reason"),
    [
        (v4(1, "SYSTEM_ERROR"), WriteUnknown, "vendor_busy"),
        (v4(2, "TOKEN_IS_INVALID"), UnsupportedError, "permission"),
        (v4(5), WriteRejected, "offline"),
        (v4(6), WriteRejected, "setting_failed"),
        (v4(7), UnsupportedError, "unsupported"),
        (v4(12), UnsupportedError, "permission"),
        (v4(102, "FREQUENTLY_ACCESS"), ThrottledError, "rate_limit"),
        (v4(-1), NotPermittedError, "wrong_host"),
    ],
)
async def test_a_vpp_write_is_refused(
    client: TokenClient,
    cloud: Cloud,
    answer: Any,
    kind: type[ApiError],
    reason: str | None,
) -> None:
    cloud.say(answer)
    with pytest.raises(ApiError) as caught:
        await client.set_vpp("min", MIN, 27, -60)
    assert type(caught.value) is kind
    assert caught.value.reason == reason


@pytest.mark.parametrize("code", [6, 7])
async def test_a_model_without_vpp_says_so_when_it_is_read(
    client: TokenClient, cloud: Cloud, code: int
) -> None:
    cloud.say(v4(code))
    with pytest.raises(UnsupportedError):
        await client.read_vpp("min", MIN, 1)


async def test_the_token_is_only_blamed_at_the_second_refusal_in_a_row(
    client: TokenClient, cloud: Cloud, clock: FakeClock
) -> None:
    async def refusals() -> list[type[ApiError]]:
        found = []
        for ask in (client.plants, client.query_devices):
            with pytest.raises(ApiError) as caught:
                await ask()
            found.append(type(caught.value))
        await clock.sleep(400)
        return found

    cloud.say(v1(10011), v4(2))
    assert await refusals() == [NotPermittedError, AuthError]
    cloud.say(v1(0))
    await client.devices("1234567")
    cloud.say(v1(10011), v4(0), v1(10011))
    with pytest.raises(NotPermittedError):
        await client.plants()
    await client.query_devices()
    await clock.sleep(400)
    with pytest.raises(NotPermittedError):
        await client.plants()


async def test_a_refusal_about_one_device_does_not_count(
    client: TokenClient, cloud: Cloud, clock: FakeClock
) -> None:
    cloud.say(v1(10011), v1(10011), v1(10011))
    for _ in range(2):
        with pytest.raises(NotPermittedError):
            await client.settings(MIN)
    with pytest.raises(NotPermittedError):
        await client.plants()


async def test_the_vendors_text_is_redacted(client: TokenClient, cloud: Cloud) -> None:
    cloud.say(v1(10002, f"no {TOKEN}"))
    with pytest.raises(UnsupportedError) as caught:
        await client.settings(MIN)
    assert TOKEN not in str(caught.value)
    assert "10002" in str(caught.value)
