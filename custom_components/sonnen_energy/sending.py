"""Sets single keys, and what is next to a value that cannot be put back."""

from collections.abc import Mapping
from typing import Any

from . import writable
from ._vendor.core.client.errors import BadDataError, NotPermittedError, WriteRejected
from ._vendor.core.control.intent import Value
from .api.client import SonnenClient
from .api.keys import LOWEST_RESERVE
from .memory import MANUAL_FROM, MODE_BEFORE, Memory
from .modes import MANUAL, SELF_CONSUMPTION
from .writable import MODE, RESERVE

# A power plant that has the battery answers 403 (section 4).
_BAD_VALUE = "400"


class Sender:
    """Sends settings, and notes what came of them."""

    def __init__(self, client: SonnenClient, memory: Memory) -> None:
        """Share what the driver uses."""
        self._client, self._memory = client, memory
        # Modes that were refused the last time, though the battery takes such
        self._doubted: set[str] = set()

    async def set(self, key: str, value: Value, memo: Mapping[str, Any]) -> None:
        """Set a key to a value.

        What was there before a force and is refused now must not keep the battery
        forced: it gets what is next to it. Raises ``ApiError``.
        """
        if key == RESERVE:
            self._memory.holds(value, memo)
        try:
            await self._send(key, value)
        except (WriteRejected, NotPermittedError, BadDataError) as err:
            other = _next_to(key, value, memo)
            if key == MODE and err.code == _BAD_VALUE:
                self._memory.lost_way(str(value))
            if other is None or (key == MODE and self._doubt(str(value))):
                raise
            try:
                await self._send(key, other)
            except WriteRejected, NotPermittedError:
                # It takes nothing at all now, so that the value is not to blame.
                raise err from None
            if key == MODE:
                self._memory.refused(str(value))
        else:
            if key == MODE:
                self._doubted.discard(str(value))
                self._memory.taken(str(value))
        if key == RESERVE:
            self._memory.held(value, memo)

    def _doubt(self, mode: str) -> bool:
        """Whether a mode that was refused is worth another try."""
        first = self._memory.takes(mode) and mode not in self._doubted
        self._doubted.add(mode)
        return first

    async def _send(self, key: str, value: Value) -> None:
        written = writable.encode(key, value)
        await self._client.set_configuration(written.key, written.text)


def _next_to(key: str, value: Value, memo: Mapping[str, Any]) -> Value:
    """Return what may be set instead of a value that was there before; None if nothing.

    Some modes are for the firm's own people or for sonnen itself (6.2), and 1 to 4 %
    are not defined (6.3).
    """
    before = {memo.get(MODE_BEFORE), memo.get(MANUAL_FROM)}
    if key == MODE and value in before - {MANUAL, SELF_CONSUMPTION}:
        return SELF_CONSUMPTION
    if key == RESERVE and isinstance(value, int) and 0 < value < LOWEST_RESERVE:
        return LOWEST_RESERVE
    return None
