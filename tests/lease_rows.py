"""What the rows of a force's life (32 to 47) do to any vendor's room."""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch

from homeassistant.config_entries import ConfigEntryDisabler
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.storage import Store
import pytest

from .orders_room import OrdersRoom


async def killed_around(
    room: OrdersRoom, number: int, *, after: bool, **force: Any
) -> None:
    """Crash right before (or after) a request of a force is sent, and start again."""

    def kill() -> None:
        for task in list(room.manager._jobs._tasks):
            task.cancel()

    order = room.order("force_charge", **force)
    with room.at_write(kill, number=number, after=after):
        with suppress(HomeAssistantError, asyncio.CancelledError):
            await order
        await room.settle()
    await room.crash(10)


async def leave(room: OrdersRoom, how: str) -> None:
    """Disable or remove the entry (``disabled``, ``removed``), or ``control_off``."""
    entries, entry_id = room.hass.config_entries, room.entry.entry_id
    if how == "disabled":
        await entries.async_set_disabled_by(entry_id, ConfigEntryDisabler.USER)
    elif how == "removed":
        await entries.async_remove(entry_id)
    else:
        entries.async_update_entry(room.entry, options={"allow_control": False})
        await room.reload()
    await room.settle()


def issues_name_no_serial(room: OrdersRoom) -> bool:
    """Return whether what people may post is without the device's serial."""
    texts = [
        str(issue.translation_placeholders)
        for issue in ir.async_get(room.hass).issues.values()
    ]
    return not any(room.serial in text for text in texts)


@contextmanager
def clock_jump(room: OrdersRoom, hours: int) -> Generator[None]:
    """Let the wall clock of control be so many hours ahead."""
    clock, jump = type(room.manager._clock), timedelta(hours=hours)
    with patch.object(clock, "now", lambda _: datetime.now(UTC) + jump):
        yield


async def refused_by_a_full_disk(room: OrdersRoom) -> None:
    """Expect that a force is refused of which the lease cannot be saved."""

    async def refuse(*_: Any) -> None:
        """Say nothing, as Home Assistant does."""

    with (
        patch.object(Store, "async_save", refuse),
        pytest.raises(ServiceValidationError) as info,
    ):
        await room.charge(60)
    assert info.value.translation_key == "lease_not_saved"


async def stopped_script(
    room: OrdersRoom, *, after: bool = False, **force: Any
) -> None:
    """Stop waiting for a force right before (or after) its first request."""
    order = room.order("force_charge", duration={"minutes": 60}, **force)
    with room.at_write(order.cancel, after=after):
        await room.settle()
    assert order.cancelled()
