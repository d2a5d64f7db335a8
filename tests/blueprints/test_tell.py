"""What is told of a force: each event once, and nothing of the time before a restart."""

from typing import Any

import pytest

from custom_components.sonnen_energy._vendor.core.control.outcome import EventType

from .stage import Stage


async def listening(stage: Stage, **changes: Any) -> None:
    inputs = {"events": [stage.id("event", "control_events")]}
    await stage.automate("tell_when_force_ends_or_fails", **inputs | changes)


@pytest.mark.parametrize("vendor", ["sonnen", "alphaess"])
async def test_an_end_is_told_once(stage: Stage) -> None:
    await listening(stage)
    await stage.select("force_charge")
    assert stage.told == []
    await stage.select("self_use")
    assert stage.told == ["Forced charging was ended."]
    await stage.minutes(1)
    await stage.room.reload()
    await stage.settle()
    assert stage.told == ["Forced charging was ended."]


async def test_somebody_elses_change_is_told(stage: Stage) -> None:
    await listening(stage)
    await stage.select("force_charge")
    await stage.minutes(1)
    stage.room.battery.write_as_app(EM_OperatingMode="10")
    await stage.minutes(2)
    assert stage.told[-1] == "Forced charging was changed by somebody else and let go."


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
    assert stage.told == []


async def test_what_never_began_has_not_ended(stage: Stage) -> None:
    await listening(stage)
    stage.room.manager._news.emit(
        EventType.ENDED, intent="force_charge", reason="not_applied"
    )
    await stage.settle()
    assert stage.told == ["Forced charging did not reach the battery."]


async def test_two_events_of_one_moment_are_both_told(stage: Stage) -> None:
    await listening(stage, kinds=["target_reached", "ended"])
    news = stage.room.manager._news
    news.emit(EventType.TARGET_REACHED, intent="force_charge")
    news.emit(EventType.ENDED, intent="force_charge", reason="target")
    await stage.settle()
    assert stage.told == [
        "Forced charging has reached its target.",
        "Forced charging has ended at its target.",
    ]


async def test_each_event_that_can_be_has_a_text(stage: Stage) -> None:
    await listening(stage, kinds=[str(kind) for kind in EventType])
    for kind in EventType:
        stage.room.manager._news.emit(kind, intent="hold")
        await stage.minutes(0.1)
    assert len(stage.told) == len(EventType)
    assert not set(stage.told) & {f"Holding {kind}." for kind in EventType}
