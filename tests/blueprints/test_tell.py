"""What is told of a force: each event once, and nothing of the time before a restart."""

from typing import Any

from homeassistant.components import persistent_notification
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest

from .stage import Stage


def told(hass: HomeAssistant) -> list[str]:
    """Return what was told, oldest first."""
    notes = persistent_notification._async_get_or_create_notifications(hass)
    return [str(note["message"]) for note in notes.values()]


async def listening(stage: Stage, **changes: Any) -> None:
    assert await async_setup_component(stage.hass, "persistent_notification", {})
    inputs = {"events": [stage.id("event", "control_events")]}
    await stage.automate("tell_when_force_ends_or_fails", **inputs | changes)


@pytest.mark.parametrize("vendor", ["sonnen", "alphaess"])
async def test_an_end_is_told_once(stage: Stage) -> None:
    await listening(stage)
    await stage.select("force_charge")
    assert told(stage.hass) == []
    await stage.select("self_use")
    assert told(stage.hass) == ["Forced charging has ended."]
    await stage.minutes(1)
    await stage.room.reload()
    await stage.settle()
    assert told(stage.hass) == ["Forced charging has ended."]


async def test_somebody_elses_change_is_told(stage: Stage) -> None:
    await listening(stage)
    await stage.select("force_charge")
    await stage.minutes(1)
    stage.room.battery.write_as_app(EM_OperatingMode="10")
    await stage.minutes(2)
    assert (
        told(stage.hass)[-1]
        == "Forced charging was changed by somebody else and let go."
    )


async def test_what_is_told_can_be_chosen(stage: Stage) -> None:
    calls: list[dict[str, Any]] = []

    async def note(call: Any) -> None:
        calls.append(dict(call.data))

    stage.hass.services.async_register("test", "note", note)
    data = {"text": "{{ battery }}: {{ event_type }} {{ intent }}"}
    tell = [{"action": "test.note", "data": data}]
    await listening(stage, kinds=["started"], tell=tell)
    await stage.select("hold")
    await stage.select("self_use")
    assert [call["text"].split(": ")[1] for call in calls] == ["started hold"]
    assert told(stage.hass) == []
