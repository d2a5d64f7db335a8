"""The lease that goes with a plan."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import chain
from typing import Any

from .driver import Plan, Settings
from .intent import Leasable, Value, Values
from .lease import Lease


def lease_for(
    intent: Leasable,
    until: datetime,
    settings: Settings,
    plan: Plan,
    undone: Values,
    replaced: Sequence[Lease],
    memo: Mapping[str, Any],
    now: datetime,
) -> Lease:
    """Return the lease for a plan: it also covers what those replaced have left.

    Whatever fails from now on, what the device shows of either is put back to how it
    was before the first of them.
    """
    original = {**settings.values, **undone}
    put_back = {
        key: original.get(key)
        for key in {**plan.target, **undone}
        if key in undone or original.get(key) != plan.target[key]
    }
    return Lease(
        intent=intent,
        started=now,
        until=until,
        put_back=put_back,
        expect={**undone, **plan.target},
        ours={
            key: joined(
                *(lease.ours.get(key, ()) for lease in replaced),
                (plan.target[key],) if key in plan.target else (),
            )
            for key in put_back
        },
        device_until=plan.device_until,
        memo=memo,
        effective=plan.effective,
        store=settings.store,
        mark=plan.mark,
    )


def otherwise(plan: Plan, after: Settings) -> dict[str, Value]:
    """Return what the device has made of values that it did not take as they were."""
    return {
        key: after.values.get(key)
        for key, value in plan.target.items()
        if key not in after.assumed and after.values.get(key) != value
    }


def joined(*groups: Iterable[Value]) -> tuple[Value, ...]:
    """Return all values, each once; lists cannot be hashed."""
    found: list[Value] = []
    for value in chain.from_iterable(groups):
        if value not in found:
            found.append(value)
    return tuple(found)
