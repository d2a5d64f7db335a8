"""Diagnostics that can be posted: they say what is needed and no secret."""

from datetime import timedelta
import json

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import MockConfigEntry

from core.client.errors import TransportError
from core.control.intent import ForceCharge
from core.ha.diagnostics import control_diagnostics, diagnostics
from core.ha.rising import day_counter
from tests.core.control.fakes import World

from .home import NOW, Home

SERIAL, SECRET = "AL7011024010101", "0123456789abcdef0123456789abcdef"


async def test_what_is_in_it(home: Home, hass: HomeAssistant) -> None:
    """Each document with its age and its error, the counters, the budget."""
    account = home.account
    account.redactor.add(SERIAL, "system 1")
    account.redactor.add(SECRET, "app secret")
    entry = MockConfigEntry(
        data={"app_secret": SECRET, "app_id": "alpha1"}, options={"live_interval": 30}
    )
    live = home.coordinator(f"{SERIAL}/live")
    await live.async_refresh()
    home.vendor.answer = TransportError(f"no answer about {SERIAL}", reason="timeout")
    await home.step()
    await live.async_refresh()
    energy = home.coordinator(f"{SERIAL}/energy")
    day_counter(
        account.counter(f"{SERIAL}/solar_today"), 21.6, NOW.date(), dt_util.utcnow()
    )
    account.put("OTHER00001/live", {"value": 5}, NOW)
    account.counter("OTHER00001/solar_today")["value"] = 1.0
    async with account.budget.slot():
        pass

    found = diagnostics(entry, account, [live, energy], extra={"serial": SERIAL})
    text = json.dumps(found)
    assert SERIAL not in text
    assert SECRET not in text
    assert "OTHER" not in text  # another entry's system
    assert found["entry"]["options"] == {"live_interval": 30}
    assert found["budget"] == {"requests_today": 1, "left": None}
    coordinators = found["coordinators"]
    assert coordinators["**system 1**/live"] == {
        "interval": "0:01:00",
        "success": False,
        "fresh": True,
        "observed_at": NOW.isoformat(),
        "error": "TransportError: no answer about **system 1**",
    }
    assert coordinators["**system 1**/energy"]["observed_at"] is None
    assert coordinators["**system 1**/energy"]["error"] is None
    assert found["documents"] == {
        "**system 1**/live": {"received_at": NOW.isoformat(), "raw": {"value": 1}}
    }
    assert found["counters"]["**system 1**/solar_today"]["value"] == 21.6
    assert found["extra"] == {"serial": "**system 1**"}
    assert found["now"] == (NOW + timedelta(minutes=1)).isoformat()


async def test_before_anything_was_read(home: Home) -> None:
    """A set-up that failed has a file to post too."""
    found = diagnostics(MockConfigEntry(), home.account, [])
    assert found["coordinators"] == found["documents"] == found["counters"] == {}
    json.dumps(found)


async def test_control_tells_its_leases() -> None:
    """So that a report of a battery that did not come back says what was promised."""
    world = World()
    until = world.clock.now() + timedelta(minutes=30)
    await world.run(world.manager.execute(ForceCharge(until=until)))
    found = control_diagnostics([world.manager])["SN1"]
    world.kill()
    assert found["state"] == "starting"
    assert found["allowed"] is True
    assert found["writes_today"] == 2
    assert found["problems"] == {}
    assert found["leases"]["mode"]["until"] == until.isoformat()
    assert found["leases"]["mode"]["put_back"]["mode"] == "self_use"
    assert json.loads(json.dumps(found)) == found
