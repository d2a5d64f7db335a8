"""The program, and the real and the frozen clock."""

import asyncio
from datetime import UTC, datetime
import re
import signal
import sys

import aiohttp
from freezegun.api import FrozenDateTimeFactory
import pytest

from simulator.__main__ import main
from simulator.alphaess import AlphaEssSimulator, default_homes

from .alphaess_client import HOME_1, Client, sign


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_serve_and_stop(
    socket_enabled: None, session: aiohttp.ClientSession, number: signal.Signals
) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "simulator", "alphaess"),
        *("--time-zone", "Australia/Sydney", "--homes", "3", "--seed", "7"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        assert process.stderr is not None
        async with asyncio.timeout(20):
            line = (await process.stdout.readline()).decode()
            match = re.fullmatch(
                r"alphaess (http://127\.0\.0\.1:\d+/api) "
                r"AppID=(alpha[0-9a-f]{16}) AppSecret=([0-9a-f]{32})\n",
                line,
            )
            assert match, line
            url, app_id, secret = match.groups()
            timestamp = str(int(datetime.now(UTC).timestamp()))
            headers = {
                "appId": app_id,
                "timeStamp": timestamp,
                "sign": sign(app_id, secret, timestamp),
            }
            async with session.get(f"{url}/getEssList", headers=headers) as response:
                assert len((await response.json())["data"]) == 3
            clock = url.replace("/api", "/_sim/clock")
            async with session.get(clock) as response:
                homes = (await response.json())["homes"]
            assert homes[HOME_1]["time_zone"] == "Australia/Sydney"
            process.send_signal(number)
            assert await process.wait() == 0
            assert await process.stderr.read() == b""
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


@pytest.mark.slow
async def test_every_battery_of_sonnen_has_a_port(
    socket_enabled: None, session: aiohttp.ClientSession
) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "simulator", "sonnen", "alphaess"),
        *("--homes", "2"),
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        async with asyncio.timeout(20):
            lines = [(await process.stdout.readline()).decode() for _ in range(3)]
        assert lines[2].startswith("alphaess ")
        ports = set()
        for line, serial in zip(lines, ("123456", "234567"), strict=False):
            match = re.fullmatch(
                r"sonnen (http://127\.0\.0\.1:(\d+)) Host=127\.0\.0\.1 "
                r"Port=(\d+) Token=([-0-9]{36}) Serial=(\d+)\n",
                line,
            )
            assert match, line
            url, in_url, port, token, shown = match.groups()
            assert (in_url, shown) == (port, serial)
            headers = {"Auth-Token": token}
            path = f"{url}/api/v2/battery"
            async with session.get(path, headers=headers) as response:
                assert response.status == 200
            ports.add(port)
        assert len(ports) == 2
    finally:
        process.kill()
        await process.wait()


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["unknown"],
        ["alphaess", "--homes", "0"],
        ["alphaess", "--time-zone", "Mars/Olympus"],
    ],
)
def test_wrong_arguments(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as error:
        main(arguments)
    assert error.value.code == 2
    assert "usage: python -m simulator" in capsys.readouterr().err


async def test_a_port_in_use_is_an_error(
    socket_enabled: None, session: aiohttp.ClientSession
) -> None:
    one, two = AlphaEssSimulator(homes=1), AlphaEssSimulator(homes=1)
    await one.start()
    try:
        port = int(one.origin.rpartition(":")[2])
        with pytest.raises(OSError, match="in use"):
            await two.start(port)
    finally:
        await one.stop()
        await two.stop()


async def test_the_default_clock_moves_with_a_frozen_one(
    freezer: FrozenDateTimeFactory,
    socket_enabled: None,
    session: aiohttp.ClientSession,
) -> None:
    freezer.move_to("2026-05-03T11:10:30+00:00")
    sim = AlphaEssSimulator(homes=1)
    await sim.start()
    try:
        api = Client(sim, session)
        sim.houses[HOME_1].override(pv_w=0, load_w=500, soc=50)
        before = (await api.get("getLastPowerData", sysSn=HOME_1)).data
        freezer.tick(3600)
        after = (await api.get("getLastPowerData", sysSn=HOME_1)).data
        assert before["soc"] - after["soc"] == pytest.approx(4, abs=0.2)
        assert len(sim.counters.gaps()) == 1
        assert sim.counters.gaps()[0] == 3600
    finally:
        await sim.stop()


def test_many_homes_have_serials_of_their_own() -> None:
    homes = default_homes(9, seed=3, time_zone="Etc/GMT+5")
    assert len({home.serial for home in homes}) == 9
    chargers = [home.charger for home in homes if home.charger]
    assert len(set(chargers)) == len(chargers) == 3
    assert {home.spec.zone.key for home in homes} == {"Etc/GMT+5"}
    assert len({home.spec.seed for home in homes}) == 9
