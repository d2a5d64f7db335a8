"""The 18 settings of a plant, which are always written together (reference section 6.9)."""

from collections.abc import Mapping
from typing import Any

from ._vendor.core.client.clock import SystemClock
from ._vendor.core.client.decode import number, text
from ._vendor.core.client.errors import ApiError, WriteUnknown, WriteUnverified
from ._vendor.core.control.outcome import Outcome, Refusal
from .api.classic_client import ClassicClient
from .api.classic_plants import PLANT_FIELDS
from .plant import Plant

# Whose plant it is, and which: said by many clients, but not to be changed
IDENTITY = frozenset({"plantID", "accountName"})
# So long a copy of them may be behind
_PAUSES = (5.0, 15.0)


async def update(
    client: ClassicClient, plant: Plant, changes: Mapping[str, str]
) -> tuple[Outcome, dict[str, str | None]]:
    """Change some settings of a plant; all others are sent as they are.

    Returns how it ended and what was set before, by the names of ``changes``.

    Raises:
        Refusal: It would become another plant or somebody else's.
        WriteUnverified: It was accepted and does not show.
        ApiError: Also ``unknown_value``: a current value is missing, and none is made
            up; nothing was sent then.
    """
    async with plant.writing:
        current = await client.get_plant_settings(plant.id)
        before = {name: _now(current, name) for name in changes}
        wanted = {
            name: value
            for name, value in changes.items()
            if not _same(value, before[name])
        }
        if others := ", ".join(sorted(IDENTITY & wanted.keys())):
            raise Refusal("plant_identity", fields=others)
        if not wanted:
            return Outcome.UNCHANGED, before
        doubt: WriteUnknown | None = None
        try:
            await client.update_plant_settings(plant.id, wanted, current)
        except WriteUnknown as err:
            doubt = err
        if await _shown(client, plant, wanted):
            return Outcome.APPLIED, before
        raise doubt or WriteUnverified("the plant does not show the change")


async def _shown(
    client: ClassicClient, plant: Plant, wanted: Mapping[str, str]
) -> bool:
    """Read them back, a few times. Raises ``WriteUnknown`` if that never succeeds."""
    failed: ApiError | None = None
    for pause in (0.0, *_PAUSES):
        if pause:
            await SystemClock().sleep(pause)
        try:
            seen = await client.get_plant_settings(plant.id)
        except ApiError as err:
            failed = err
            continue
        failed = None
        if all(_same(value, _now(seen, name)) for name, value in wanted.items()):
            return True
    if failed is not None:
        raise WriteUnknown(str(failed), reason="unreadable") from failed
    return False


def _now(settings: Mapping[str, Any], name: str) -> str | None:
    """Return a value as the form has it; ``plantFirm`` is always 0 there."""
    key = PLANT_FIELDS[name]
    if key is None:
        return "0"
    value = settings.get(key)
    return value if isinstance(value, str) else text(value)


def _same(one: str, other: str | None) -> bool:
    """Whether two values are one: ``4.2`` is ``4.20``."""
    first, second = number(one), number(other)
    return one == other or (first is not None and first == second)
