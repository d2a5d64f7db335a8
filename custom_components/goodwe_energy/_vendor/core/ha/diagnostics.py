"""Diagnostics that may be posted in public, and still say what is needed."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.util import dt as dt_util

from ..client.people import without_people
from ..control.manager import ControlManager
from .account import Account
from .coordinator import BundleCoordinator


def diagnostics(
    entry: ConfigEntry[Any],
    account: Account,
    coordinators: Iterable[BundleCoordinator[Any]],
    *,
    names: Collection[str] = (),
    private: Collection[str] = (),
    passing: Mapping[str, Any] | None = None,
    **more: Any,
) -> dict[str, Any]:
    """Return plain data with every secret replaced by its pseudonym.

    The documents are the vendor's own, so that a simulator can play them back. For
    ``names`` and ``private`` see ``without_people``; ``passing`` are documents that
    the account does not keep.
    """
    coordinators = list(coordinators)
    # Serials are known to the redactor once a document was decoded, not before.
    keys = {c.document.key for c in coordinators if c.known}
    hidden = account.redactor.data(
        {
            "entry": {
                "version": f"{entry.version}.{entry.minor_version}",
                "data": dict(entry.data),
                "options": dict(entry.options),
            },
            "now": dt_util.utcnow().isoformat(),
            "budget": {
                "requests_today": account.budget.requests_today,
                "left": account.budget.left,
            },
            "coordinators": {
                coordinator.document.key: {
                    "interval": str(coordinator.document.interval),
                    "success": coordinator.last_update_success,
                    "fresh": coordinator.fresh,
                    "observed_at": coordinator.observed_at.isoformat()
                    if coordinator.observed_at
                    else None,
                    "error": _error(coordinator.last_exception),
                }
                for coordinator in coordinators
            },
            "documents": {
                key: {"received_at": stored.received_at.isoformat(), "raw": stored.raw}
                for key, stored in account.documents.items()
                if key in keys
            }
            | dict(passing or {}),
            "counters": {
                key: dict(state)
                for key, state in account.counters.items()
                if any(key.split("/")[0] == other.split("/")[0] for other in keys)
            },
            "seen": _seen(account),
            **more,
        }
    )
    found: dict[str, Any] = without_people(hidden, names=names, private=private)
    return found


def control_diagnostics(managers: Iterable[ControlManager]) -> dict[str, Any]:
    """Return what is known of the control of each device, with its leases."""
    return {
        manager.key: {
            "allowed": manager.allowed,
            "state": str(manager.state),
            "problems": {
                str(key): dict(text) for key, text in manager.problems.items()
            },
            "writes_today": manager.writes_today,
            "leases": {
                str(slot): lease.dump() for slot, lease in manager.leases.items()
            },
        }
        for manager in managers
    }


def _seen(account: Account) -> list[str]:
    """Return what was ever there: its entities stay, whatever is answered now.

    Only of what the redactor knows by now.
    """
    found: list[str] = []
    for key, note in account.notes.items():
        owner = key.split("/")[0]
        if account.redactor.text(owner) == owner:
            continue
        if note is True:
            found.append(key)
        elif key.endswith("/seen") and isinstance(note, list):
            found += [f"{key}/{feature}" for feature in note]
    return sorted(found)


def _error(err: BaseException | None) -> str | None:
    """Return what went wrong; the vendor's part of it is in the cause."""
    if err is None:
        return None
    cause = err.__cause__ or err
    return f"{type(cause).__name__}: {cause}"
