"""How time passes for Home Assistant and the simulators in it."""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager
from importlib import import_module
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from tests.amber_energy.passing import StepClock

from .vendor import Step


@contextmanager
def quick(domain: str, freezer: FrozenDateTimeFactory) -> Generator[None]:
    """Have sleeping move the time on at once."""
    clock = import_module(f"custom_components.{domain}._vendor.core.client.clock")

    async def sleep(_self: object, seconds: float) -> None:
        freezer.tick(seconds)
        await asyncio.sleep(0)

    with patch.object(clock.SystemClock, "sleep", sleep):
        yield


@contextmanager
def stepwise(domain: str, freezer: FrozenDateTimeFactory) -> Generator[None]:
    """Have a request that is repeated move it on; who polls waits for a step."""
    StepClock.forget()
    with (
        quick(domain, freezer),
        patch(f"custom_components.{domain}.site.SystemClock", StepClock),
    ):
        yield


def steps(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> Step:
    async def pass_time(seconds: float) -> None:
        freezer.tick(seconds)
        async_fire_time_changed(hass)
        await hass.async_block_till_done(wait_background_tasks=True)

    return pass_time
