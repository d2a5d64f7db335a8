"""iSolarCloud: the account login (reference section 2.5)."""

import asyncio

import pytest

from simulator.sungrow import SungrowSimulator

from .sungrow_client import LOGIN, Gateway

DAY = 86400


async def test_a_login_gives_a_token_in_the_body(
    sungrow: SungrowSimulator, gateway: Gateway
) -> None:
    answer = await gateway.login()
    data = answer["result_data"]
    assert (answer["result_code"], data["login_state"]) == ("1", "1")
    assert data["token"].startswith(f"{sungrow.user_id}_")
    assert (data["user_id"], data["user_account"]) == (
        sungrow.user_id,
        sungrow.user_name,
    )
    assert await gateway.seen() == {sungrow.plants[0].id}


async def test_a_token_lives_for_a_day_since_its_last_call(gateway: Gateway) -> None:
    await gateway.login()
    for _ in range(3):
        gateway.clock.advance(DAY - 1)
        assert (await gateway.plants())["result_code"] == "1"
    gateway.clock.advance(DAY)
    assert (await gateway.plants())["result_code"] == "E900"


async def test_a_wrong_password_is_a_success_with_a_state(gateway: Gateway) -> None:
    for errors, left in (("1", "4"), ("2", "3")):
        answer = await gateway.login("wrong")
        data = answer["result_data"]
        assert answer["result_code"] == "1"
        assert (data["login_state"], data["err_times"], data["remain_times"]) == (
            "0",
            errors,
            left,
        )
        assert data["token"] is None
    assert (await gateway.login())["result_data"]["login_state"] == "1"
    assert (await gateway.login("wrong"))["result_data"]["err_times"] == "1"


async def test_wrong_passwords_lock_the_account(
    sungrow: SungrowSimulator, gateway: Gateway
) -> None:
    sungrow.login.lock_after = 2
    states = [
        (await gateway.login(word))["result_data"]["login_state"]
        for word in ("wrong", "wrong", None)
    ]
    assert states == ["0", "2", "2"]
    gateway.clock.advance(DAY)
    assert (await gateway.login())["result_data"]["login_state"] == "1"


async def test_other_accounts_that_do_not_get_in(
    sungrow: SungrowSimulator, gateway: Gateway
) -> None:
    answer = await gateway.login(user="nobody@example.com")
    assert answer["result_data"]["login_state"] == "-1"
    sungrow.users.owner.disabled = True
    answer = await gateway.login()
    assert answer["result_data"]["login_state"] == "5"


async def test_too_many_logins_are_refused_for_an_hour(
    sungrow: SungrowSimulator, gateway: Gateway
) -> None:
    sungrow.login.logins_per_hour = 2
    codes = [(await gateway.login())["result_code"] for _ in range(3)]
    assert codes == ["1", "1", "E916"]
    gateway.clock.advance(3600)
    assert (await gateway.login())["result_code"] == "1"
    assert sungrow.login.attempts == 4


@pytest.mark.parametrize("missing", ["user_account", "user_password"])
async def test_account_and_password_are_required(
    sungrow: SungrowSimulator, gateway: Gateway, missing: str
) -> None:
    account = {"user_account": sungrow.user_name, "user_password": sungrow.password}
    answer = await gateway.ask(LOGIN, **account | {missing: ""})
    assert answer["result_code"] == "009"
    assert sungrow.login.attempts == 0


async def test_a_user_sees_the_own_plants_only(
    sungrow: SungrowSimulator, gateway: Gateway
) -> None:
    sungrow.users.add("other@example.com", "Other&Sun1", [])
    await gateway.login("Other&Sun1", "other@example.com")
    assert await gateway.seen() == set()
    with pytest.raises(ValueError, match="other@example"):
        sungrow.users.add("other@example.com", "Other&Sun1", [])


async def test_logins_at_the_same_time_are_counted(
    sungrow: SungrowSimulator, gateway: Gateway
) -> None:
    sungrow.login.latency = 0.05
    await asyncio.gather(gateway.login(), gateway.login())
    assert sungrow.login.most_concurrent == 2
