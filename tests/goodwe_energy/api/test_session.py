"""Logins and what follows from them (reference sections 2.5 to 2.8)."""

import asyncio
from collections.abc import Callable
from typing import Any

from aiohttp import web
import pytest

from custom_components.goodwe_energy._vendor.core.client.errors import (
    ApiError,
    AuthError,
    MaintenanceError,
    ThrottledError,
    TransportError,
)
from custom_components.goodwe_energy._vendor.core.client.redact import Redactor
from custom_components.goodwe_energy.api.client import GoodWeClient
from custom_components.goodwe_energy.api.regions import Hosts
from custom_components.goodwe_energy.api.session import Session
from custom_components.goodwe_energy.api.signature import encode_password
from tests.core.fake_clock import FakeClock

from .conftest import (
    ACCOUNT,
    FIRST,
    PASSWORD,
    SECOND,
    STATION,
    UID,
    Asked,
    Cloud,
    Notes,
    no,
    ok,
    session_of,
)

AGREEMENT = ok({"agreement": True, "api": "https://eu-gateway.semsportal.com"})


class TwoHosts(Hosts):
    """Two logins on one server: ``/first`` and ``/second``."""

    def __init__(self, url: str, region: str = "auto") -> None:
        super().__init__(region, country="AU")
        self._url = url

    @property
    def logins(self) -> tuple[str, ...]:
        return tuple(f"{self._url}/{name}/web/sems" for name in ("first", "second"))


def only(token: str, code: str = "C0602") -> Callable[[Asked], Any]:
    """Return an answer that takes the session of that token alone."""

    def answer(asked: Asked) -> Any:
        return ok({"soc": 63}) if asked.token["token"] == token else no(code)

    return answer


async def failure(session: Session) -> ApiError:
    """Return what the automatic login raises."""
    with pytest.raises(ApiError) as caught:
        await session.token()
    return caught.value


async def test_a_login_is_the_one_of_the_reference(
    session: Session, cloud: Cloud
) -> None:
    assert (await session.log_in()).uid == UID
    asked = cloud.last
    assert asked.path == "/web/sems/sems-user/api/v1/auth/cross-login"
    assert asked.body == {
        "account": ACCOUNT,
        "pwd": encode_password(PASSWORD),
        "agreement": 1,
        "isLocal": False,
        "isChinese": False,
    }
    assert asked.headers["Token"] == (
        '{"uid":"","timestamp":0,"token":"","client":"semsPlusWeb","version":"",'
        '"language":"en"}'
    )


async def test_an_account_of_china_says_so(
    make_session: Callable[..., Session], cloud: Cloud
) -> None:
    await make_session(TwoHosts(cloud.url, "cn")).log_in()
    assert cloud.last.body["isChinese"] is True
    assert cloud.last.body["isLocal"] is True


@pytest.mark.parametrize("where", ["data", "top"])
async def test_the_gateway_is_told_here_or_there(
    client: GoodWeClient, cloud: Cloud, where: str
) -> None:
    gateway = f"{cloud.url}/elsewhere/sems"
    told = session_of()
    (told["data"] if where == "data" else told)["api"] = gateway
    cloud.say(told)
    await client.flow(STATION)
    assert cloud.last.path == "/elsewhere/sems/sems-plant/api/stations/flow"
    assert cloud.last.token == {**session_of()["data"], "api": gateway}


async def test_the_region_is_told(session: Session) -> None:
    assert session.region is None
    assert (await session.log_in()).region == session.region == "au"


async def test_however_many_ask_there_is_one_login(
    client: GoodWeClient, cloud: Cloud
) -> None:
    await asyncio.gather(*(client.flow(STATION) for _ in range(5)))
    assert len(cloud.logins) == client.session.logins == 1


async def test_a_session_outlives_a_restart(
    client: GoodWeClient,
    make_session: Callable[..., Session],
    cloud: Cloud,
    notes: Notes,
) -> None:
    await client.flow(STATION)
    assert notes.saved == 1
    again = make_session(Hosts(server=cloud.url))
    assert (await again.token()).fields == session_of()["data"]
    assert again.uid == UID
    assert len(cloud.logins) == 1


async def test_another_password_does_not_use_the_session(
    session: Session, make_session: Callable[..., Session], cloud: Cloud
) -> None:
    await session.token()
    other = make_session(Hosts(server=cloud.url), password="another one")
    assert not other.logged_in
    await other.token()
    assert len(cloud.logins) == 2


@pytest.mark.parametrize("code", ["C0602", "100002", "100001"])
async def test_an_ended_session_costs_one_login_however_many_see_it(
    client: GoodWeClient, cloud: Cloud, code: str
) -> None:
    await client.flow(STATION)
    cloud.usual, cloud.login = only(SECOND, code), session_of(SECOND)
    found = await asyncio.gather(*(client.flow(STATION) for _ in range(4)))
    assert found == [{"soc": 63}] * 4
    assert len(cloud.logins) == 2


async def test_a_change_is_repeated_after_a_login(
    client: GoodWeClient, cloud: Cloud
) -> None:
    await client.session.token()
    cloud.say(no("C0602"), session_of(SECOND), ok())
    await client.charger_stop(STATION, "EV1")
    assert [asked.path.rpartition("/")[2] for asked in cloud.asked[1:]] == [
        "stopCharge",
        "cross-login",
        "stopCharge",
    ]


async def test_a_new_session_that_is_refused_is_no_loop(
    client: GoodWeClient, cloud: Cloud, clock: FakeClock
) -> None:
    cloud.usual = no("C0602")
    with pytest.raises(MaintenanceError) as caught:
        await client.flow(STATION)
    assert caught.value.reason == "session"
    # What was got for this very request is not renewed at once
    assert len(cloud.logins) == 1
    # Nobody logs in again within the minute, however often it is asked
    for _ in range(5):
        with pytest.raises(ThrottledError) as throttled:
            await client.device_status(STATION)
        assert throttled.value.reason == "login_failed"
    assert len(cloud.logins) == 1
    for _ in range(24 * 60):
        await clock.advance(60)
        with pytest.raises(ApiError):
            await client.flow(STATION)
    assert len(cloud.logins) <= 2 + 5 + 48


async def test_an_endpoint_that_refuses_alone_costs_no_further_login(
    client: GoodWeClient, cloud: Cloud, clock: FakeClock
) -> None:
    def answer(asked: Asked) -> Any:
        return no("C0602") if "alarm" in asked.path else ok({})

    cloud.usual = answer
    for _ in range(10):
        await client.flow(STATION)
        with pytest.raises(MaintenanceError):
            await client.alarm_counts([STATION])
        await clock.advance(120)
    assert len(cloud.logins) == 2


async def test_a_device_that_refuses_alone_costs_no_further_login(
    client: GoodWeClient, cloud: Cloud, clock: FakeClock
) -> None:
    def answer(asked: Asked) -> Any:
        return no("C0602") if "BBBB" in asked.path else ok([])

    cloud.usual = answer
    for _ in range(10):
        await client.telemetry(STATION, "AAAA1111", "INVERTER")
        with pytest.raises(MaintenanceError):
            await client.telemetry(STATION, "BBBB2222", "SMART_METER")
        await clock.advance(120)
    assert len(cloud.logins) == 2


async def test_after_a_long_outage_the_next_login_is_near(
    client: GoodWeClient, cloud: Cloud, clock: FakeClock
) -> None:
    cloud.login = no("100004")
    for _ in range(20 * 60):
        with pytest.raises(ApiError):
            await client.flow(STATION)
        await clock.advance(60)
    cloud.login = session_of()
    await clock.advance(1800)
    await client.flow(STATION)


@pytest.mark.parametrize("code", ["100005", "A0210"])
async def test_what_somebody_typed_is_refused_at_once(
    session: Session, cloud: Cloud, code: str
) -> None:
    cloud.say(no(code))
    with pytest.raises(AuthError) as caught:
        await session.log_in()
    assert caught.value.reason == "wrong_password"
    assert len(cloud.logins) == 1
    assert (await failure(session)).reason == "wrong_password"
    assert len(cloud.logins) == 1
    await session.log_in()  # typed again, and right


async def test_a_password_is_given_up_after_three_refusals(
    session: Session,
    make_session: Callable[..., Session],
    cloud: Cloud,
    clock: FakeClock,
) -> None:
    cloud.say(*[no("100005")] * 3)
    reasons = []
    for pause in (60, 120, 0):
        reasons.append((await failure(session)).reason)
        assert (await failure(session)).reason in {"login_failed", "wrong_password"}
        session = make_session(Hosts(server=cloud.url))  # a restart changes nothing
        await clock.advance(pause + 1)
    assert reasons == ["login_refused", "login_refused", "wrong_password"]
    await clock.advance(7200)
    assert isinstance(await failure(session), AuthError)
    assert len(cloud.logins) == 3
    await session.log_in()
    assert session.logged_in


async def test_only_refusals_in_a_row_count(
    session: Session, cloud: Cloud, clock: FakeClock
) -> None:
    cloud.say(no("100005"), no("100005"), no("100000"), no("100005"))
    for _ in range(4):
        assert isinstance(await failure(session), MaintenanceError)
        await clock.advance(1801)
    await session.token()


async def test_failing_logins_come_later_and_later(
    session: Session, cloud: Cloud, clock: FakeClock
) -> None:
    cloud.usual = no("100000")
    cloud.say(*[no("100000")] * 8)
    pauses = []
    for _ in range(8):
        assert (await failure(session)).reason == "vendor_trouble"
        err = await failure(session)
        assert isinstance(err, ThrottledError)
        pauses.append(round(err.retry_after or 0))
        await clock.advance(pauses[-1] + 1)
    assert pauses == [60, 120, 240, 480, 960, 1800, 1800, 1800]
    assert len(cloud.logins) == 8
    await session.token()


@pytest.mark.parametrize(
    ("answer", "raised", "reason"),
    [
        (AGREEMENT, MaintenanceError, "agreement"),
        (ok({"agreement_agreement": True}), MaintenanceError, "agreement"),
        (ok(None), MaintenanceError, "login_failed"),
        (session_of(""), MaintenanceError, "login_failed"),
        (session_of(uid=None), MaintenanceError, "login_failed"),
        (web.Response(status=404), MaintenanceError, "login_failed"),
        (no("100004"), MaintenanceError, "login_parameters"),
        (no("C0602"), MaintenanceError, "session"),
        (no("100000"), MaintenanceError, "vendor_trouble"),
        (web.Response(status=401), TransportError, None),
        ("<html>portal</html>", TransportError, "not_json"),
    ],
)
async def test_logins_fail_for_the_reason_of_the_reference(
    session: Session,
    cloud: Cloud,
    answer: Any,
    raised: type[ApiError],
    reason: str | None,
) -> None:
    cloud.say(answer)
    with pytest.raises(ApiError) as caught:
        await session.log_in()
    assert (type(caught.value), caught.value.reason) == (raised, reason)
    assert not session.logged_in
    assert len(cloud.logins) == 1


async def test_nobody_logs_in_while_the_account_is_limited(
    session: Session, cloud: Cloud, clock: FakeClock
) -> None:
    cloud.say(no("GY0429"))
    assert (await failure(session)).reason == "rate_limited"
    with pytest.raises(ThrottledError):
        await session.log_in()
    assert len(cloud.logins) == 1
    await clock.advance(301)
    await session.token()


@pytest.mark.parametrize(
    ("region", "answer", "tries"),
    [
        ("auto", no("C0602"), 2),
        ("auto", no("100004"), 2),
        ("auto", no("100005"), 1),
        ("auto", no("100000"), 1),
        ("auto", AGREEMENT, 1),
        ("auto", no("GY0429"), 1),
        ("auto", web.Response(status=502), 1),
        ("au", web.Response(status=502), 2),
        ("au", no("C0602"), 2),
        ("au", no("100005"), 1),
    ],
)
async def test_another_host_is_tried_once_where_that_can_help(
    make_session: Callable[..., Session],
    cloud: Cloud,
    region: str,
    answer: Any,
    tries: int,
) -> None:
    session = make_session(TwoHosts(cloud.url, region))
    cloud.say(*[answer] * 3)
    await failure(session)
    assert isinstance(await failure(session), ThrottledError)
    hosts = [asked.path.split("/")[1] for asked in cloud.logins]
    assert hosts == ["first", "second"][:tries]


async def test_no_secret_is_told(
    client: GoodWeClient, redactor: Redactor, cloud: Cloud
) -> None:
    await client.flow(STATION)
    asked = cloud.last
    told = redactor.text(
        " ".join((asked.headers["Token"], *asked.query.values(), ACCOUNT, PASSWORD))
    )
    for secret in (FIRST, UID, "7a0c5d1e9b", STATION, ACCOUNT, PASSWORD):
        assert secret not in told
    assert encode_password(PASSWORD) not in redactor.text(encode_password(PASSWORD))
    assert FIRST not in repr(await client.session.token())
