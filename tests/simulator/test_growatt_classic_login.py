"""The app's side: who gets in, and how it is said to those who do not."""

from collections.abc import AsyncIterator
from typing import Literal

import aiohttp
import pytest

from simulator.clock import ManualClock
from simulator.growatt import GrowattSimulator
from simulator.growatt.classic import modified_md5

from .growatt_app import Phone

HOUR = 3600.0


@pytest.fixture
async def sim(
    clock: ManualClock, socket_enabled: None
) -> AsyncIterator[GrowattSimulator]:
    simulator = GrowattSimulator(
        clock=clock, homes=("MIN",), hosts=("global", "us"), home_host="us"
    )
    await simulator.start()
    yield simulator
    await simulator.stop()


@pytest.fixture
async def phone(sim: GrowattSimulator) -> AsyncIterator[Phone]:
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(cookie_jar=jar) as session:
        yield Phone(sim, session)


@pytest.mark.parametrize(
    ("password", "digest"),
    [
        ("a", "ccc175b9c0f1b6a831c399e269772661"),
        ("hunter2", "2ab96390c7dbe3439de74dcc9bcb1767"),
        ("growatt", "6c649d2d285d62d3c3c6182ed6863920"),
        ("banaan", "31d674be46e1ba6b54388a671cc9accb"),
        ("SolarPower42!", "1e8187f86cfac0eac6b64c2c66492bfd"),
        ("pä55wörd", "3248c2c39cc97587ce4fdecf27e56bde"),
        ("test1234", "16d7a4fca7442dda3ad93c9a726597e4"),
        ("Zon&Wind2024", "bd841aef80257a278058a69fdd6ac320"),
    ],
)
def test_hash(password: str, digest: str) -> None:
    assert modified_md5(password) == digest


async def test_without_session_nothing_is_said(
    phone: Phone, sim: GrowattSimulator
) -> None:
    params = {"userId": str(sim.user_id)}
    status, _ = await phone.ask("GET", "PlantListAPI.do", params)
    assert status == 302
    await phone.login()
    status, document = await phone.ask("GET", "PlantListAPI.do", params)
    assert (status, document["back"]["success"]) == (200, True)


async def test_plain_md5_is_wrong(phone: Phone, sim: GrowattSimulator) -> None:
    form = {
        "userName": sim.user_name,
        "password": "bd841aef80257a278058a69fdd6a0320",
    }
    _, document = await phone.ask("POST", "newTwoLoginAPI.do", form=form)
    assert document == {"back": {"success": False, "msg": "502"}}


@pytest.mark.parametrize(
    ("expiry", "status", "words"),
    [
        ("redirect", 302, ""),
        ("html", 200, "you have not login to the system"),
        ("json", 200, "you have not login to the system"),
    ],
)
async def test_expired_session(
    phone: Phone,
    sim: GrowattSimulator,
    clock: ManualClock,
    expiry: Literal["redirect", "html", "json"],
    status: int,
    words: str,
) -> None:
    await phone.login()
    sim.classic.sessions.expiry = expiry
    clock.advance(sim.classic.sessions.session_hours * HOUR)
    answer = await phone.ask("GET", "PlantListAPI.do", {"userId": str(sim.user_id)})
    assert answer[0] == status
    assert words in str(answer[1])


async def test_logout(phone: Phone, sim: GrowattSimulator) -> None:
    await phone.login()
    await phone.ask("GET", "logout.do")
    status, _ = await phone.ask("GET", "PlantListAPI.do", {"userId": str(sim.user_id)})
    assert status == 302


async def test_too_many_logins_lock_the_account(
    phone: Phone, sim: GrowattSimulator, clock: ManualClock
) -> None:
    sim.classic.sessions.logins_per_day = 3
    for _ in range(3):
        assert (await phone.login())["success"]
    locked = await phone.login()
    assert (locked["success"], locked["msg"]) == (False, "507")
    assert locked["lockDuration"] == 24
    assert "user" not in locked
    # The open session has ended with it, and what still comes in is counted
    status, _ = await phone.ask("GET", "PlantListAPI.do", {"userId": str(sim.user_id)})
    assert (status, sim.classic.sessions.refused_while_locked) == (302, 1)
    clock.advance(23.5 * HOUR)
    assert (await phone.login())["lockDuration"] == 1
    clock.advance(0.5 * HOUR)
    assert (await phone.login())["success"]
    assert sim.classic.sessions.most_logins == 5


async def test_logins_of_another_day_do_not_count(
    phone: Phone, sim: GrowattSimulator, clock: ManualClock
) -> None:
    sim.classic.sessions.logins_per_day = 1
    for _ in range(3):
        assert (await phone.login())["success"]
        clock.advance(24 * HOUR)
    assert sim.classic.sessions.most_logins == 1


@pytest.mark.parametrize(
    "agent", [None, "Python/3.14 aiohttp/3.14.0", "python-requests/2.32", "curl/8.0"]
)
async def test_denied_agents(
    phone: Phone, sim: GrowattSimulator, agent: str | None
) -> None:
    phone.agent = agent
    form = {"userName": sim.user_name, "password": modified_md5(sim.password)}
    status, page = await phone.ask("POST", "newTwoLoginAPI.do", form=form)
    assert status == 403
    assert "denied by UA ACL = blacklist" in page
    assert sim.classic.sessions.logins == []


async def test_other_host_does_not_know_the_user(
    phone: Phone, sim: GrowattSimulator
) -> None:
    phone.url = sim.urls["global"]
    assert await phone.login() == {"success": False, "msg": "502"}
    assert sim.classic.sessions.logins == []


async def test_where_a_user_lives(phone: Phone, sim: GrowattSimulator) -> None:
    phone.url = sim.urls["global"]
    ask = {"op": "getServerUrlByName"}
    assert await phone.post("newLoginAPI.do", ask, userName=sim.user_name) == {
        "success": True,
        "msg": "server-us.growatt.com",
    }
    stranger = await phone.post("newLoginAPI.do", ask, userName="nobody")
    assert stranger["success"] is False


@pytest.mark.parametrize("path", ["newLoginAPI.do", "LoginAPI.do"])
async def test_old_logins_are_gone(phone: Phone, path: str) -> None:
    status, _ = await phone.ask("POST", path, form={"userName": "x", "password": "y"})
    assert status == 405
