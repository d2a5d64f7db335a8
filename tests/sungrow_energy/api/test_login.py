"""Sessions of the account login (reference section 2.5)."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from custom_components.sungrow_energy._vendor.core.client.budget import Budget
from custom_components.sungrow_energy._vendor.core.client.errors import (
    ApiError,
    AuthError,
    BadDataError,
    MaintenanceError,
    ThrottledError,
    TransportError,
)
from custom_components.sungrow_energy._vendor.core.client.redact import Redactor
from custom_components.sungrow_energy.api.frame import Frame
from custom_components.sungrow_energy.api.login import LoginRefused, LoginSession
from tests.core.fake_clock import FakeClock

from .conftest import APPLICATION, Cloud, Notes, no, ok

USER, PASSWORD = "owner@example.com", "Zon&Wind2024"


def session_of(token: str = "700321_6f1d") -> dict[str, Any]:
    """Return the answer to a login that succeeds."""
    return ok(
        {
            "login_state": "1",
            "token": token,
            "user_id": "12345",
            "user_account": USER,
            "err_times": "0",
        }
    )


def refused(state: str | int, **beside: Any) -> dict[str, Any]:
    """Return the answer to a login that does not."""
    return ok({"login_state": state, "msg": "密码错误", "token": None, **beside})


@pytest.fixture
def make_session(
    frame: Frame, budget: Budget, notes: Notes, redactor: Redactor
) -> Callable[..., LoginSession]:
    """Makes a session with the notes of the account."""

    def make(password: str = PASSWORD) -> LoginSession:
        return LoginSession(
            frame,
            APPLICATION,
            USER,
            password,
            budget=budget,
            notes=notes,
            redactor=redactor,
        )

    return make


@pytest.fixture
def session(make_session: Callable[..., LoginSession]) -> LoginSession:
    """A session."""
    return make_session()


async def failure(session: LoginSession) -> ApiError:
    """Return what the automatic login raises."""
    with pytest.raises(ApiError) as caught:
        await session.token()
    return caught.value


async def test_a_login_is_the_one_of_the_reference(
    session: LoginSession, cloud: Cloud
) -> None:
    cloud.usual = session_of()
    assert await session.token() == "700321_6f1d"
    asked = cloud.last
    assert asked.path == "/openapi/login"
    assert asked.headers["x-access-key"] == APPLICATION.secret
    assert asked.headers["sys_code"] == "901"
    assert asked.body == {
        "appkey": APPLICATION.app_key,
        "user_account": USER,
        "user_password": PASSWORD,
        "login_type": "1",
        "lang": "_en_US",
    }


async def test_one_login_serves_all_and_a_restart(
    make_session: Callable[..., LoginSession], cloud: Cloud, notes: Notes
) -> None:
    cloud.usual = session_of()
    session = make_session()
    tokens = await asyncio.gather(*(session.token() for _ in range(5)))
    assert {*tokens, await make_session().token()} == {"700321_6f1d"}
    assert len(cloud.asked) == 1
    assert notes.saved == 1
    assert make_session().user_id == "12345"


async def test_another_password_does_not_use_the_session(
    make_session: Callable[..., LoginSession], cloud: Cloud, clock: FakeClock
) -> None:
    cloud.say(session_of(), refused("0"))
    await make_session().token()
    await clock.advance(61)
    assert (await failure(make_session("another"))).reason == "wrong_password"


async def test_a_refused_token_is_renewed_once_for_all(
    session: LoginSession, cloud: Cloud, clock: FakeClock
) -> None:
    cloud.say(session_of("old"), session_of("new"))
    await session.token()
    await clock.advance(61)
    found = await asyncio.gather(*(session.renew("old") for _ in range(5)))
    assert set(found) == {"new"}
    assert len(cloud.asked) == 2
    assert await session.renew("old") == "new"


async def test_a_token_that_dies_at_once_does_not_lead_to_a_storm(
    session: LoginSession, cloud: Cloud
) -> None:
    cloud.usual = session_of("dead")
    await session.token()
    with pytest.raises(ThrottledError) as caught:
        await session.renew("dead")
    assert caught.value.group is None
    assert len(cloud.asked) == 1


@pytest.mark.parametrize(
    ("answer", "reason", "remaining"),
    [
        (refused("0", err_times="1", remain_times="4"), "wrong_password", 4),
        (refused(0, remain_times=None), "wrong_password", None),
        (refused("-1"), "no_account", None),
        (refused(2, remain_times="0"), "account_locked", 0),
        (refused("5"), "account_disabled", None),
        (refused("9"), "wrong_password", None),
    ],
)
async def test_a_refusal_says_why(
    session: LoginSession,
    cloud: Cloud,
    answer: Any,
    reason: str,
    remaining: int | None,
) -> None:
    cloud.usual = answer
    err = await failure(session)
    assert isinstance(err, LoginRefused)
    assert isinstance(err, AuthError)
    assert (err.reason, err.remaining) == (reason, remaining)
    assert "密" not in str(err)


@pytest.mark.parametrize(
    "answer",
    [
        ok(None),
        ok({}),
        ok({"token": "700321_6f1d", "user_id": "12345"}),
        ok({"login_state": None, "token": None}),
        refused("1"),
    ],
)
async def test_an_odd_answer_refuses_nothing(
    make_session: Callable[..., LoginSession],
    cloud: Cloud,
    clock: FakeClock,
    answer: Any,
) -> None:
    cloud.say(answer, session_of())
    session = make_session()
    assert type(await failure(session)) is BadDataError
    assert isinstance(await failure(session), ThrottledError)
    assert len(cloud.asked) == 1
    await clock.advance(61)
    assert await make_session().token() == "700321_6f1d"


async def test_a_refused_password_is_never_tried_again_by_itself(
    make_session: Callable[..., LoginSession], cloud: Cloud, clock: FakeClock
) -> None:
    cloud.usual = refused("2")
    first = await failure(make_session())
    await clock.advance(100_000)
    again = await failure(make_session())
    assert (first.reason, again.reason) == ("account_locked", "account_locked")
    assert len(cloud.asked) == 1


async def test_a_person_may_try_it_again(
    make_session: Callable[..., LoginSession], cloud: Cloud
) -> None:
    cloud.say(refused("2"), refused("2"), session_of())
    session = make_session()
    await failure(session)
    with pytest.raises(LoginRefused):
        await session.log_in()
    found = await session.log_in()
    assert (found.user_id, found.account) == ("12345", USER)
    assert await make_session().token() == "700321_6f1d"
    assert len(cloud.asked) == 3


async def test_a_new_password_is_tried(
    make_session: Callable[..., LoginSession], cloud: Cloud, clock: FakeClock
) -> None:
    cloud.say(refused("0"), session_of())
    await failure(make_session())
    await clock.advance(61)
    assert await make_session("another").token() == "700321_6f1d"


async def test_a_refused_login_ends_the_session(
    make_session: Callable[..., LoginSession], cloud: Cloud, clock: FakeClock
) -> None:
    cloud.say(session_of("old"), refused("0"))
    session = make_session()
    await session.token()
    await clock.advance(61)
    with pytest.raises(LoginRefused):
        await session.renew("old")
    with pytest.raises(LoginRefused):
        await make_session().token()


async def test_too_many_logins_are_waited_for(
    session: LoginSession, cloud: Cloud, clock: FakeClock
) -> None:
    cloud.say(no("E916"), session_of())
    err = await failure(session)
    assert err.reason == "login_too_frequent"
    await clock.advance(890)
    for attempt in (session.token, session.log_in):
        with pytest.raises(ThrottledError) as caught:
            await attempt()
        assert caught.value.reason == "login_too_frequent"
    assert len(cloud.asked) == 1
    await clock.advance(11)
    assert await session.token() == "700321_6f1d"


@pytest.mark.parametrize(
    ("answer", "kind"), [(no("-1"), MaintenanceError), ("<html>", TransportError)]
)
async def test_trouble_is_no_wrong_password(
    session: LoginSession,
    cloud: Cloud,
    clock: FakeClock,
    answer: Any,
    kind: type[ApiError],
) -> None:
    cloud.say(answer, answer, session_of())
    assert isinstance(await failure(session), kind)
    assert (await failure(session)).reason == "login_failed"
    await clock.advance(61)
    assert isinstance(await failure(session), kind)
    await clock.advance(290)
    assert (await failure(session)).reason == "login_failed"
    await clock.advance(11)
    assert await session.token() == "700321_6f1d"
    assert len(cloud.asked) == 3


async def test_wrong_keys_are_no_wrong_password(
    session: LoginSession, cloud: Cloud, notes: Notes
) -> None:
    cloud.usual = no("E912")
    err = await failure(session)
    assert (type(err), err.reason) == (AuthError, "wrong_secret")
    assert not notes


async def test_notes_of_any_shape_are_no_harm(
    session: LoginSession, cloud: Cloud, notes: Notes
) -> None:
    notes.update({"login/session": ["x"], "login/rejected": 7})
    cloud.usual = session_of()
    assert await session.token() == "700321_6f1d"


async def test_a_token_is_kept_out_of_logs(
    session: LoginSession, cloud: Cloud, redactor: Redactor
) -> None:
    cloud.usual = session_of()
    token = await session.token()
    assert token not in redactor.text(f"it is {token}")
