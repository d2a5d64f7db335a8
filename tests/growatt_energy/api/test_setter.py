"""Writes and live reads, whichever way the account is reached (reference section 6)."""

from collections.abc import Awaitable, Callable

import pytest

from custom_components.growatt_energy._vendor.core.client.errors import (
    BadDataError,
    UnsupportedError,
)
from custom_components.growatt_energy.api.classic_client import ClassicClient
from custom_components.growatt_energy.api.setter import (
    LoginSetter,
    Setter,
    TokenSetter,
)
from custom_components.growatt_energy.api.token_client import TokenClient

from .conftest import MIN, NOAH, SPH, Cloud, welcome


@pytest.fixture
def token(client: TokenClient, cloud: Cloud) -> Setter:
    """Settings with a token."""
    cloud.usual = {"error_code": 0, "code": 0, "data": 80, "message": "success"}
    return TokenSetter(client)


@pytest.fixture
def login(classic: ClassicClient, cloud: Cloud) -> Setter:
    """Settings with a login."""
    cloud.say(welcome())
    cloud.usual = {"success": True, "msg": "200", "result": 1}
    return LoginSetter(classic)


async def test_a_token_writes_and_reads(token: Setter, cloud: Cloud) -> None:
    await token.set("min", MIN, "charge_power", ["80"])
    assert await token.read_named("min", MIN, "charge_power") == "80"
    await token.set_vpp("min", MIN, 25, 1)
    assert await token.read_vpp("min", MIN, 25) == 80
    await token.set_on("sph", SPH, on=True)
    await token.set_power("inverter", "INV1", 70)
    assert await token.read_power("inverter", "INV1") == 80
    assert [path.rsplit("/", 1)[1] for path in cloud.paths] == [
        "tlxSet",
        "readMinParam",
        "setVppParameter",
        "readVppParameter",
        "setOnOrOff",
        "setPower",
        "readPower",
    ]
    assert (token.padded, token.vpp) == (False, True)


async def test_a_token_sends_only_the_limits_of_a_noah_that_change(
    token: Setter, cloud: Cloud
) -> None:
    await token.set_noah(NOAH, "charging_soc", high=None, low=15)
    await token.set_noah(NOAH, "charging_soc", high=95, low=15)
    await token.set_noah(NOAH, "output_power", watts=300)
    await token.set_noah(NOAH, "grid_charge", on=True)
    await token.set_noah(NOAH, "off_grid", on=False)
    assert [
        (asked.path.rsplit("/", 1)[1], asked.form["value"]) for asked in cloud.asked
    ] == [
        ("setLowLimitSoc", "15"),
        ("setHighLimitSoc", "95"),
        ("setLowLimitSoc", "15"),
        ("setPower", "300"),
        ("setGridCharge", "1"),
        ("setOffGrid", "0"),
    ]
    await token.set_noah(NOAH, "charging_soc", high=90)
    assert cloud.paths[-1].endswith("setHighLimitSoc")
    segment = {"number": 2, "start": "01:00", "end": "02:00", "mode": 0}
    await token.set_noah(NOAH, "time_segment", **segment, power=300, enabled=True)
    assert cloud.asked[-1].form["type"] == "2"
    with pytest.raises(BadDataError):
        await token.set_noah(NOAH, "colour", on=True)


@pytest.mark.parametrize("family", ["storage", "sph_s"])
async def test_some_families_cannot_be_switched_with_a_token(
    token: Setter, cloud: Cloud, family: str
) -> None:
    for call in (
        token.set_on(family, "SN1", on=True),
        token.set_power(family, "SN1", 50),
        token.read_power(family, "SN1"),
    ):
        with pytest.raises(UnsupportedError):
            await call
    assert cloud.asked == []


@pytest.mark.parametrize(
    "what",
    ["set", "vpp", "output_power", "charging_soc", "time_segment", "grid_charge"],
)
def test_a_fresh_account_admits_every_write(token: Setter, what: str) -> None:
    token.admit("noah" if what != "set" else "min", what)


async def test_a_login_switches_with_the_familys_own_setting(
    login: Setter, cloud: Cloud
) -> None:
    login.admit("min")
    await login.set_on("min", MIN, on=False)
    await login.set_on("sph", SPH, on=True)
    await login.set_power("min", MIN, 70)
    await login.set_power("inverter", "INV1", 60)
    sent = [asked.query for asked in cloud.asked[1:]]
    assert [query.get("type") or query["paramId"] for query in sent] == [
        "tlx_on_off",
        "pv_on_off",
        "pv_active_p_rate",
        "pv_active_p_rate",
    ]
    assert [query.get("param1") or query["command_1"] for query in sent] == [
        "0000",
        "0001",
        "70",
        "60",
    ]
    assert (login.padded, login.vpp) == (True, False)


async def test_a_login_writes_both_limits_of_a_noah(
    login: Setter, cloud: Cloud
) -> None:
    await login.set_noah(NOAH, "charging_soc", high=95, low=15)
    await login.set_noah(NOAH, "output_power", watts=300)
    assert [(asked.path, asked.form) for asked in cloud.asked[1:]] == [
        (
            "/noahDeviceApi/noah/set",
            {
                "serialNum": NOAH,
                "type": "charging_soc",
                "param1": "95",
                "param2": "15",
            },
        ),
        (
            "/noahDeviceApi/noah/set",
            {"serialNum": NOAH, "type": "default_power", "param1": "300"},
        ),
    ]
    with pytest.raises(BadDataError):
        await login.set_noah(NOAH, "charging_soc", high=95)
    with pytest.raises(BadDataError, match="needed"):
        await login.set_noah(NOAH, "output_power", nexa=True, watts=300, mode=None)


@pytest.mark.parametrize(
    "call",
    [
        lambda setter: setter.read_vpp("min", MIN, 1),
        lambda setter: setter.set_vpp("min", MIN, 1, 1),
        lambda setter: setter.set_noah(NOAH, "grid_charge", on=True),
        lambda setter: setter.set_noah(NOAH, "time_segment", number=1),
        lambda setter: setter.set("storage", "ST1", "storage_cmd_on_off", ["0001"]),
        lambda setter: setter.set_on("max", "MAX1", on=True),
        lambda setter: setter.set_power("noah", NOAH, 50),
        lambda setter: setter.read_power("min", MIN),
        lambda setter: setter.read_named("spa", "SPA1", "pv_on_off"),
    ],
)
async def test_what_a_login_cannot_do_is_not_sent(
    login: Setter, cloud: Cloud, call: Callable[[Setter], Awaitable[object]]
) -> None:
    with pytest.raises(UnsupportedError):
        await call(login)
    assert cloud.asked == []


async def test_a_login_reads_the_limit_of_an_inverter_from_its_page(
    login: Setter, cloud: Cloud
) -> None:
    cloud.say("""<script>inv=JSON.parse('{"activeRate":"70"}')</script>""")
    assert await login.read_power("inverter", "INV1") == 70
