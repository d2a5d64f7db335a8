"""What people see of a plant: its values, of which the counters only rise."""

from copy import deepcopy
from dataclasses import replace
from datetime import date

from . import counters
from ._vendor.core.client.decode import mapping
from ._vendor.core.ha.account import Account
from ._vendor.core.ha.preference import said_at
from ._vendor.core.ha.rising import valid
from .chains import COUNTERS, Known
from .derived import plant_values
from .points import PLANT_TYPE
from .readings import Value


def guarded_values(
    account: Account, key: str, known: Known, *, rated_power: float | None = None
) -> dict[str, Value]:
    """Return the values of a plant by the keys of section 9.1.

    A reading is guarded as of when it was made: that it is told again, with another
    document or by a cloud that hears nothing of the plant, confirms nothing.

    Args:
        account: remembers the counters, and what they are made of
        key: the plant's
        known: ``plant.observed_at`` is when its own points were true
        rated_power: of all its modules, W
    """
    note, zone = sources_note(key), known.now.tzinfo
    before = mapping(account.notes.get(note))
    memory = deepcopy(dict(before))
    found = plant_values(replace(known, shown=_shown(account, key)), memory)
    if memory != before:
        account.note(note, memory)
    said = {one: at for one in COUNTERS if (at := said_at(memory, one, zone))}
    plant = known.plant
    return counters.guarded(
        account,
        key,
        PLANT_TYPE,
        found,
        plant.observed_at.astimezone(zone) if plant is not None else known.now,
        rated_power=rated_power,
        said=said,
    )


def sources_note(key: str) -> str:
    """Return the note of where a plant's values come from; see ``plant_values``."""
    return f"{key}/sources"


def _shown(account: Account, key: str) -> dict[str, tuple[float, date]]:
    """Return what the counters showed last, and the day of that."""
    states = {
        one: valid(account.counters.get(f"{key}/{one}"))
        for one in COUNTERS
        if f"{key}/{one}" in account.counters
    }
    return {
        one: (state["value"], date.fromisoformat(state["day"]))
        for one, state in states.items()
        if state
    }
