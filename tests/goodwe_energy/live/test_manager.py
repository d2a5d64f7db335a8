"""Where the live feed of an entry listens (reference section 1)."""

from types import SimpleNamespace
from typing import Any

from homeassistant.core import HomeAssistant
import pytest

from custom_components.goodwe_energy.connection import Login
from custom_components.goodwe_energy.live import manager


@pytest.mark.parametrize(
    ("chosen", "told", "server", "broker"),
    [
        ("au", None, None, "wss://netty-wss-au.iot.goodwe-power.com:8885/mqtt"),
        ("auto", "us", None, "wss://netty-wss-us.iot.goodwe-power.com:8885/mqtt"),
        ("auto", None, None, "wss://netty-wss-eu.iot.goodwe-power.com:8885/mqtt"),
        ("cn", "cn", None, "wss://netty-wss-hz.iot.goodwe-power.com:8885/mqtt"),
        ("auto", "eu", "http://127.0.0.1:80", "ws://127.0.0.1:80/mqtt"),
        ("auto", "eu", "https://example.com", "wss://example.com/mqtt"),
    ],
)
async def test_each_region_has_a_broker_of_its_own(
    hass: HomeAssistant,
    monkeypatch: pytest.MonkeyPatch,
    chosen: str,
    told: str | None,
    server: str | None,
    broker: str,
) -> None:
    given: dict[str, Any] = {}
    monkeypatch.setattr(manager, "LiveFeed", lambda *_, **made: given.update(made))
    login = Login(account="a", password="p", region=chosen, server=server)
    runtime: Any = SimpleNamespace(
        hass=hass,
        client=None,
        plants={},
        live_changed=None,
        connection=SimpleNamespace(login=login, session=SimpleNamespace(region=told)),
    )
    manager.LiveManager(runtime)
    assert given["url"]() == broker
