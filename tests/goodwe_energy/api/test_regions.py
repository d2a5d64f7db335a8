"""Hosts of the regions (reference sections 1 and 2.8)."""

import pytest

from custom_components.goodwe_energy.api import regions
from custom_components.goodwe_energy.api.regions import Hosts

GATEWAY = "https://eu-gateway.semsportal.com/web/sems"
LOGIN = "https://{}semsplus.goodwe.com/web/sems"


@pytest.mark.parametrize(
    "url",
    [
        GATEWAY,
        "https://hz-gateway.sems.com.cn/web/sems",
        "https://a.b.goodwe.com/web/sems",
        "https://eu-gateway.semsportal.com",
    ],
)
def test_gateways_of_the_vendor_are_taken(url: str) -> None:
    assert regions.allowed_gateway(url) == url
    assert regions.allowed_gateway(f"{url}/") == url


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "http://eu-gateway.semsportal.com/web/sems",
        "https://semsportal.com/web/sems",
        "https://eu-gatewaysemsportal.com/web/sems",
        "https://semsportal.com.evil.example/web/sems",
        "https://evil.example/.semsportal.com",
        "https://evil.example#.semsportal.com",
        "https://evil.example?a=.semsportal.com",
        "https://evil.example\\.semsportal.com/",
        "https://user@eu-gateway.semsportal.com/web/sems",
        "https://eu-gateway.semsportal.com@evil.example/web/sems",
        "https://eu-gateway.semsportal.com:8443/web/sems",
        "https://eu-gateway.semsportal.com./web/sems",
        "https://eu-gateway。semsportal.com/web/sems",
        "https://eu-gateway.semsportal.com/web/../sems",
        "https://eu-gateway.semsportal.com/web/sems\n",
        "https://eu-gateway.semsportal.com/web sems",
        "//eu-gateway.semsportal.com/web/sems",
    ],
)
def test_other_gateways_are_not(url: str | None) -> None:
    found = regions.allowed_gateway(url)
    assert found is None or found == GATEWAY
    assert found is None or url == f"{GATEWAY}\n"  # blanks around it do no harm


@pytest.mark.parametrize(
    ("hosts", "expected"),
    [
        (Hosts(), [""]),
        (Hosts(country="AU"), ["", "au-"]),
        (Hosts(country="DE"), ["", "eu-"]),
        (Hosts(country="BR"), ["", "us-"]),
        (Hosts(country="cn"), ["", "cn-"]),
        (Hosts(country="ZA"), ["", "hk-"]),
        (Hosts("us", country="AU"), ["us-", ""]),
        (Hosts("nowhere"), [""]),
    ],
)
def test_logins_are_tried_in_the_order_of_the_reference(
    hosts: Hosts, expected: list[str]
) -> None:
    assert hosts.logins == tuple(LOGIN.format(prefix) for prefix in expected)


def test_a_server_stands_for_all_hosts() -> None:
    hosts = Hosts("eu", "http://127.0.0.1:8123/", "AU")
    assert hosts.logins == ("http://127.0.0.1:8123/web/sems",)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("http://127.0.0.1:8123/other/sems", "http://127.0.0.1:8123/other/sems"),
        ("http://127.0.0.1:8124/web/sems", "http://127.0.0.1:8123/web/sems"),
        ("http://127.0.0.1:8123@evil.example", "http://127.0.0.1:8123/web/sems"),
        ("http://127.0.0.1:none/", "http://127.0.0.1:8123/web/sems"),
        (GATEWAY, "http://127.0.0.1:8123/web/sems"),
        (None, "http://127.0.0.1:8123/web/sems"),
    ],
)
def test_a_server_may_only_lead_to_itself(told: str | None, expected: str) -> None:
    assert Hosts(server="http://127.0.0.1:8123").gateway(told, "eu") == expected


@pytest.mark.parametrize(
    ("chosen", "told", "named", "expected"),
    [
        ("auto", "https://us-gateway.semsportal.com/web/sems", "eu", "us"),
        ("auto", "https://evil.example/web/sems", "au", "au"),
        ("hk", "https://evil.example/web/sems", "", "hk"),
        ("auto", None, "mars", "eu"),
    ],
)
def test_the_gateway_is_the_told_one_or_that_of_the_region(
    chosen: str, told: str | None, named: str, expected: str
) -> None:
    found = Hosts(chosen).gateway(told, named)
    assert found == f"https://{expected}-gateway.semsportal.com/web/sems"
    assert regions.region_of_gateway(found) == expected


def test_china_is_elsewhere() -> None:
    hosts = Hosts("cn")
    assert hosts.china
    assert hosts.gateway(None, "") == "https://hz-gateway.sems.com.cn/web/sems"
    assert regions.broker_url("cn") == (
        "wss://netty-wss-hz.iot.goodwe-power.com:8885/mqtt"
    )


def test_the_broker_is_that_of_the_region_or_of_the_server() -> None:
    assert regions.broker_url("au") == (
        "wss://netty-wss-au.iot.goodwe-power.com:8885/mqtt"
    )
    assert "netty-wss-eu" in regions.broker_url(None)
    assert regions.broker_url("eu", "http://127.0.0.1:8123") == (
        "ws://127.0.0.1:8123/mqtt"
    )
    assert regions.broker_url("eu", "https://own.example") == "wss://own.example/mqtt"


@pytest.mark.parametrize("country", [None, ""])
def test_no_country_has_no_region(country: str | None) -> None:
    assert regions.region_of_country(country) is None


def test_a_gateway_of_no_region_tells_none() -> None:
    assert regions.region_of_gateway("http://127.0.0.1:8123/web/sems") is None
    assert Hosts(server="http://127.0.0.1:8123").gateway(
        "http://127.0.0.1:8123/a?b=c", "eu"
    ) == ("http://127.0.0.1:8123/web/sems")
