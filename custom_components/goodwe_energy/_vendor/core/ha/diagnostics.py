"""Diagnostics that may be posted in public, and still say what is needed."""

from collections.abc import Iterable
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.util import dt as dt_util

from ..control.manager import ControlManager
from .account import Account
from .coordinator import BundleCoordinator


def diagnostics(
    entry: ConfigEntry[Any],
    account: Account,
    coordinators: Iterable[BundleCoordinator[Any]],
    **more: Any,
) -> dict[str, Any]:
    """Return plain data with every secret replaced by its pseudonym.

    The documents are the vendor's own, so that a simulator can play them back.
    """
    coordinators = list(coordinators)
    # Serials are known to the redactor once a document was decoded, not before.
    keys = {c.document.key for c in coordinators if c.known}
    return account.redactor.data(  # type: ignore[no-any-return]
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
            },
            "counters": {
                key: dict(state)
                for key, state in account.counters.items()
                if any(key.split("/")[0] == other.split("/")[0] for other in keys)
            },
            **more,
        }
    )


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


def _error(err: BaseException | None) -> str | None:
    """Return what went wrong; the vendor's part of it is in the cause."""
    if err is None:
        return None
    cause = err.__cause__ or err
    return f"{type(cause).__name__}: {cause}"
