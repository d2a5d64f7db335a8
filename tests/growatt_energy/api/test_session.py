"""One login, none too many, none while locked (reference sections 2.2, 2.3 and 5.3)."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
import logging
from typing import Any

from aiohttp import web
import pytest

from custom_components.growatt_energy._vendor.core.client.budget import Budget
from custom_components.growatt_energy._vendor.core.client.errors import (
    ApiError,
    AuthError,
    LockedError,
    MaintenanceError,
    NotPermittedError,
    ThrottledError,
    TransportError,
    UnsupportedError,
    WriteUnknown,
)
from custom_components.growatt_energy.api.classic_client import ClassicClient
from custom_components.growatt_energy.api.classic_session import ClassicSession
from custom_components.growatt_energy.api.limits import login_budget
from custom_components.growatt_energy.api.password import modified_md5
from tests.core.fake_clock import START, FakeClock

from .conftest import (
    AGENT,
    HASH,
    LOGIN_PAGE,
    MIN,
    USER,
    Asked,
    Cloud,
    Notes,
    no_login,
    refused,
    welcome,
)

LOCKED = refused(
    "507", error="Current account has been locked for 24 hours", lockDuration=24
)
ACCEPTED = {"success": True, "msg": "200"}
LOG_IN_AGAIN = {"success": False, "msg": "Please log in again"}
# All that an expired session was ever seen to answer
EXPIRED = [
    no_login,
    lambda: web.Response(status=302, headers={"Location": "/login"}),
    lambda: web.Response(text=LOGIN_PAGE, content_type="text/html"),
    lambda: web.json_response(LOG_IN_AGAIN),
    lambda: web.json_response(
        {"success": False, "msg": "Dear user, you have not login to the system"}
    ),
]


async def test_the_login_is_the_apps(session: ClassicSession, cloud: Cloud) -> None:
    cloud.say(welcome())
    back = await session.login()
    (asked,) = cloud.asked
    assert (asked.method, asked.path) == ("POST", "/newTwoLoginAPI.do")
    assert asked.form == {"userName": USER, "password": HASH}
    assert asked.headers["User-Agent"] == AGENT
    assert "Cookie" not in asked.headers
    assert back["user"]["id"] == 2345678
    assert (session.user_id, session.visitor) == ("2345678", False)


async def test_cookies_are_sent_with_everything_after_the_login(
    classic: ClassicClient, cloud: Cloud
) -> None:
    cloud.say(welcome(7))
    await classic.tlx_detail(MIN)
    assert cloud.logins == 1
    assert cloud.asked[1].headers["Cookie"] == "JSESSIONID=session-7; SERVERID=front-7"
    assert cloud.asked[1].headers["User-Agent"] == AGENT


async def test_many_at_once_make_one_login(
    classic: ClassicClient, cloud: Cloud
) -> None:
    cloud.say(welcome())
    await asyncio.gather(*(classic.tlx_detail(f"SN{number}") for number in range(5)))
    assert cloud.logins == 1


async def test_ten_restarts_make_no_further_login(
    new_session: Callable[..., ClassicSession], cloud: Cloud, clock: FakeClock
) -> None:
    cloud.say(welcome())
    for _ in range(10):
        await ClassicClient(new_session(), clock=clock).tlx_detail(MIN)
        await clock.sleep(6)
    assert cloud.logins == 1
    assert len(cloud.asked) == 11


async def test_a_login_is_on_disk_at_once(
    session: ClassicSession, cloud: Cloud, notes: Notes
) -> None:
    cloud.say(welcome())
    await session.login()
    assert notes.saved == 1


@pytest.mark.parametrize("expired", EXPIRED)
async def test_an_expired_session_costs_one_login_and_the_request_once_more(
    classic: ClassicClient,
    cloud: Cloud,
    clock: FakeClock,
    expired: Callable[[], web.Response],
) -> None:
    cloud.say(welcome(1))
    await classic.tlx_detail(MIN)
    await clock.sleep(3600)
    cloud.say(expired(), welcome(2), {"data": {"ppv": 5}})
    assert await classic.tlx_detail(MIN) == {"ppv": 5}
    assert cloud.logins == 2
    assert cloud.asked[-1].headers["Cookie"].startswith("JSESSIONID=session-2")


async def test_an_expiry_that_many_meet_costs_one_login(
    classic: ClassicClient, cloud: Cloud, clock: FakeClock
) -> None:
    cloud.say(welcome(1))
    await classic.tlx_detail(MIN)
    await clock.sleep(3600)

    def answer(asked: Asked) -> Any:
        if asked.path == "/newTwoLoginAPI.do":
            return welcome(2)
        return {} if "session-2" in asked.headers["Cookie"] else no_login()

    cloud.usual = answer
    await asyncio.gather(*(classic.tlx_detail(f"SN{number}") for number in range(5)))
    assert cloud.logins == 2


async def test_a_session_that_a_flow_began_meanwhile_is_used(
    new_session: Callable[..., ClassicSession], cloud: Cloud, clock: FakeClock
) -> None:
    flow = new_session()
    entry = ClassicClient(new_session(), clock=clock)
    cloud.say(welcome(1))
    await entry.tlx_detail(MIN)

    def meanwhile(_: Asked) -> web.Response:
        flow._state.begin({}, {"JSESSIONID": "session-2"})
        return no_login()

    cloud.say(meanwhile, {"data": {"ppv": 5}})
    assert await entry.tlx_detail(MIN) == {"ppv": 5}
    assert cloud.asked[-1].headers["Cookie"] == "JSESSIONID=session-2"
    assert cloud.logins == 1


async def test_a_write_that_met_an_expired_session_is_sent_again(
    classic: ClassicClient, cloud: Cloud, clock: FakeClock
) -> None:
    cloud.say(welcome(1))
    await classic.tlx_detail(MIN)
    await clock.sleep(3600)
    cloud.say(no_login(), welcome(2), ACCEPTED)
    await classic.write_setting("min", MIN, "charge_power", ["80"])
    assert cloud.paths[-3:] == [
        "/newTcpsetAPI.do",
        "/newTwoLoginAPI.do",
        "/newTcpsetAPI.do",
    ]


async def test_a_write_without_an_answer_is_not_sent_again(
    classic: ClassicClient, cloud: Cloud
) -> None:
    cloud.say(welcome(), web.Response(status=502))
    with pytest.raises(WriteUnknown):
        await classic.write_setting("min", MIN, "charge_power", ["80"])
    assert cloud.paths.count("/newTcpsetAPI.do") == 1


async def test_a_new_session_that_is_not_accepted_is_not_replaced_again(
    classic: ClassicClient, cloud: Cloud, clock: FakeClock
) -> None:
    cloud.say(welcome(1))
    await classic.tlx_detail(MIN)
    await clock.sleep(3600)
    cloud.say(no_login(), welcome(2), no_login(), no_login())
    for _ in range(2):  # less than a minute since the login
        with pytest.raises(TransportError) as caught:
            await classic.tlx_detail(MIN)
        assert caught.value.reason == "session"
    assert cloud.logins == 2
    assert await classic.tlx_detail(MIN) == {}  # it was good after all


@pytest.mark.parametrize("op", ["getPlant", "getTlxDetailData"])
async def test_an_endpoint_that_always_leads_to_the_login_fails_alone(
    classic: ClassicClient, cloud: Cloud, clock: FakeClock, op: str
) -> None:
    """And is not asked for a day after three times, which cost a login at most."""

    def answer(asked: Asked) -> Any:
        if asked.path == "/newTwoLoginAPI.do":
            return welcome(cloud.logins)
        return no_login() if asked.query.get("op") == op else {"obj": {}}

    cloud.usual = answer
    reasons = []
    for _ in range(20):
        await classic.mix_totals("MIX", "1234567")
        asks = {
            "getPlant": classic.get_plant_settings,
            "getTlxDetailData": classic.tlx_detail,
        }
        with pytest.raises((TransportError, UnsupportedError)) as caught:
            await asks[op]("1234567")
        reasons.append(caught.value.reason)
        await classic.mix_totals("MIX", "1234567")
        await clock.sleep(300)
    assert reasons == ["session"] * 3 + ["unsupported"] * 17
    assert cloud.logins == 3


async def test_a_session_is_kept_as_long_as_there_may_be_no_login(
    classic: ClassicClient, cloud: Cloud, clock: FakeClock
) -> None:
    """However many endpoints lead to the login page, the others go on."""

    def answer(asked: Asked) -> Any:
        if asked.path == "/newTwoLoginAPI.do":
            return welcome(cloud.logins)
        return no_login() if asked.query.get("op") == "getTlxDetailData" else {}

    cloud.usual = answer
    for number in range(12):
        with pytest.raises((TransportError, ThrottledError)):
            await classic.tlx_detail(f"SN{number}")
        await classic.mix_totals("MIX", "1234567")
        await clock.sleep(300)
    assert cloud.logins == 10


@pytest.mark.parametrize(
    "answer",
    [
        lambda: web.Response(status=502),
        lambda: web.Response(status=503),
        lambda: web.Response(text="<html>We are working</html>"),
        lambda: web.Response(
            status=302, headers={"Location": "https://other.example/"}
        ),
        lambda: web.Response(status=500),
    ],
)
async def test_an_outage_makes_no_login(
    classic: ClassicClient,
    cloud: Cloud,
    clock: FakeClock,
    answer: Callable[[], web.Response],
) -> None:
    cloud.say(welcome())
    await classic.tlx_detail(MIN)
    await clock.sleep(3600)
    cloud.say(answer(), answer())
    with pytest.raises(TransportError):
        await classic.tlx_detail(MIN)
    cloud.queue.clear()  # what leads astray is not tried twice
    await classic.tlx_detail(MIN)
    assert cloud.logins == 1


async def test_ten_logins_a_day_are_the_most(
    session: ClassicSession, cloud: Cloud, clock: FakeClock
) -> None:
    for number in range(10):
        assert session.logins_left == 10 - number
        cloud.say(welcome(number))
        await session.login()
        await clock.sleep(61)
    assert session.logins_left == 0
    with pytest.raises(ThrottledError):
        await session.login()
    assert cloud.logins == 10


async def test_the_count_of_logins_outlives_a_restart(
    session: ClassicSession, cloud: Cloud, clock: FakeClock, budget: Budget
) -> None:
    cloud.say(welcome())
    await session.login()
    restored = login_budget(clock)
    restored.restore(budget.dump())
    with pytest.raises(ThrottledError):
        restored.require(1, "login")


async def test_wrong_credentials_are_sent_once(
    new_session: Callable[..., ClassicSession], cloud: Cloud, clock: FakeClock
) -> None:
    cloud.say(refused("502"))
    for number in range(3):
        with pytest.raises(AuthError) as caught:
            await ClassicClient(new_session(), clock=clock).tlx_detail(MIN)
        assert caught.value.reason == "credentials"
        assert (caught.value.code == "502") is (number == 0)
        await clock.sleep(3600)
    assert len(cloud.asked) == 1


async def test_a_changed_password_is_tried_at_once(
    new_session: Callable[..., ClassicSession], cloud: Cloud
) -> None:
    cloud.say(refused("502"), welcome())
    with pytest.raises(AuthError):
        await new_session().login(by_user=True)
    await new_session(password_hash=modified_md5("other")).login(by_user=True)
    assert cloud.logins == 2


async def test_a_confirmed_password_is_tried_again(
    session: ClassicSession, cloud: Cloud, classic: ClassicClient
) -> None:
    cloud.say(refused("502"), welcome())
    with pytest.raises(AuthError):
        await session.login()
    await session.login(by_user=True)
    await classic.tlx_detail(MIN)
    assert cloud.logins == 2


async def test_cookies_of_another_password_are_not_used(
    new_session: Callable[..., ClassicSession], cloud: Cloud, clock: FakeClock
) -> None:
    cloud.say(welcome(1))
    await new_session().login()
    await clock.sleep(61)
    other = new_session(password_hash=modified_md5("other"))
    assert not other.logged_in
    cloud.say(welcome(2))
    await ClassicClient(other, clock=clock).tlx_detail(MIN)
    assert cloud.asked[-1].headers["Cookie"].startswith("JSESSIONID=session-2")


async def test_while_locked_nothing_is_sent_also_after_restarts(
    new_session: Callable[..., ClassicSession],
    cloud: Cloud,
    clock: FakeClock,
    notes: Notes,
) -> None:
    cloud.say(LOCKED)
    end = START + timedelta(hours=24)
    for _ in range(3):
        session = new_session()
        with pytest.raises(LockedError) as caught:
            await ClassicClient(session, clock=clock).tlx_detail(MIN)
        assert caught.value.until == pytest.approx(end, abs=timedelta(seconds=5))
        with pytest.raises(LockedError):
            await session.login(by_user=True)
        with pytest.raises(LockedError):
            session.admit()
        assert session.locked_until == caught.value.until
        await clock.sleep(3600)
    assert len(cloud.asked) == 1
    assert notes.saved == 1
    await clock.sleep(21 * 3600 + 10)
    session = new_session()
    assert session.locked_until is None
    assert session.last_lock == pytest.approx(end, abs=timedelta(seconds=5))
    cloud.say(welcome())
    await ClassicClient(session, clock=clock).tlx_detail(MIN)
    assert cloud.logins == 2


@pytest.mark.parametrize(
    ("answer", "hours"),
    [
        (refused("507", lockDuration=2), 2),
        (refused("507"), 24),
        ({"success": False, "msg": "507", "lockDuration": "6"}, 6),
        (refused("507", lockDuration=9000), 168),
        (refused("507", lockDuration="soon"), 24),
    ],
)
async def test_the_length_of_a_lock(
    session: ClassicSession, cloud: Cloud, clock: FakeClock, answer: Any, hours: float
) -> None:
    cloud.say(answer)
    with pytest.raises(LockedError):
        await session.login()
    assert session.locked_until is not None
    left = session.locked_until - clock.now()
    assert left == pytest.approx(timedelta(hours=hours), abs=timedelta(seconds=5))


async def test_a_lock_that_another_request_meets_counts_too(
    classic: ClassicClient, session: ClassicSession, cloud: Cloud
) -> None:
    cloud.say(welcome(), {"success": False, "msg": "507", "lockDuration": 24})
    with pytest.raises(LockedError):
        await classic.tlx_detail(MIN)
    with pytest.raises(LockedError):
        await classic.tlx_detail(MIN)
    assert len(cloud.asked) == 2
    assert session.locked_until is not None


async def test_a_refused_user_agent_is_not_sent_again(
    classic: ClassicClient, cloud: Cloud, clock: FakeClock
) -> None:
    cloud.usual = lambda _: web.Response(
        status=403, text="<html>denied by UA ACL = blacklist</html>"
    )
    for _ in range(3):
        with pytest.raises(NotPermittedError) as caught:
            await classic.tlx_detail(MIN)
        assert caught.value.reason == "ua_blocked"
        await clock.sleep(300)
    assert len(cloud.asked) == 1


@pytest.mark.parametrize(
    ("answer", "kind", "reason"),
    [
        (refused("501"), TransportError, "login_refused"),
        (refused("no such user here"), NotPermittedError, "login_refused"),
        ({"back": {}}, NotPermittedError, "login_refused"),
        (LOGIN_PAGE, TransportError, "session"),
        (web.Response(status=405), MaintenanceError, "blocked"),
        (web.Response(status=502), TransportError, "server_error"),
    ],
)
async def test_a_login_that_fails_otherwise_is_no_matter_of_the_password(
    session: ClassicSession,
    cloud: Cloud,
    clock: FakeClock,
    answer: Any,
    kind: type[ApiError],
    reason: str,
) -> None:
    cloud.say(answer)
    with pytest.raises(ApiError) as caught:
        await session.login()
    assert type(caught.value) is kind
    assert caught.value.reason == reason
    await clock.sleep(61)
    with pytest.raises(ThrottledError):  # not at once again
        await session.login()
    assert cloud.logins == 1
    await clock.sleep(1800)
    cloud.say(welcome())
    await session.login()


async def test_failed_logins_come_less_and_less_often(
    session: ClassicSession, cloud: Cloud, clock: FakeClock
) -> None:
    cloud.usual = refused("501")
    tries = []
    for _ in range(24 * 12):
        before = cloud.logins
        with pytest.raises((TransportError, ThrottledError)):
            await session.login()
        if cloud.logins > before:
            tries.append(clock.now())
        await clock.sleep(300)
    assert len(tries) == 10
    assert tries[-1] - tries[-2] >= timedelta(hours=1)


async def test_the_text_of_a_refusal_is_for_the_user_without_secrets(
    session: ClassicSession, cloud: Cloud
) -> None:
    cloud.say(refused(f"{USER} is not on this server"))
    with pytest.raises(NotPermittedError) as caught:
        await session.login()
    assert "is not on this server" in str(caught.value)
    assert USER not in str(caught.value)


async def test_requests_are_a_second_apart_and_1800_a_day(
    classic: ClassicClient, cloud: Cloud, clock: FakeClock, budget: Budget
) -> None:
    cloud.say(welcome())
    before = clock.monotonic()
    for _ in range(3):
        await classic.tlx_detail(MIN)
    assert clock.monotonic() - before >= 3
    with pytest.raises(ThrottledError):
        budget.require(1740)
    budget.require(1700)


async def test_cookies_that_an_answer_changes_are_kept(
    classic: ClassicClient, cloud: Cloud, clock: FakeClock
) -> None:
    changed = web.json_response({})
    changed.headers.add("Set-Cookie", "SERVERID=front-9; Path=/")
    cloud.say(welcome(1), changed)
    await classic.tlx_detail(MIN)
    await classic.tlx_detail(MIN)
    assert cloud.asked[-1].headers["Cookie"] == "JSESSIONID=session-1; SERVERID=front-9"


async def test_damaged_cookies_are_left_out(
    classic: ClassicClient, cloud: Cloud
) -> None:
    odd = web.json_response({})
    for cookie in ("JSESSIONID=session-1", "GONE=x; Max-Age=0", "EMPTY=", "a b;c=;"):
        odd.headers.add("Set-Cookie", cookie)
    cloud.say(welcome(1), odd)
    await classic.tlx_detail(MIN)
    await classic.tlx_detail(MIN)
    assert cloud.asked[-1].headers["Cookie"] == "JSESSIONID=session-1; SERVERID=front-1"


async def test_nothing_secret_is_logged(
    classic: ClassicClient, cloud: Cloud, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    cloud.say(welcome())
    await classic.tlx_detail(MIN)
    assert "newTlxApi" in caplog.text
    for secret in (USER, HASH, "session-1"):
        assert secret not in caplog.text
