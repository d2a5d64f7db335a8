"""What a person should know of a device's control, as repair issues."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers import device_registry as dr, issue_registry as ir
from homeassistant.loader import IntegrationNotLoaded, async_get_loaded_integration

from ..control.outcome import Problem
from .midnight import each_day
from .repairs import anonymous, set_issue

if TYPE_CHECKING:
    from ..control.manager import ControlManager

# A battery that does not come back costs money until somebody looks.
_ERRORS = frozenset({Problem.RESTORE_FAILED, Problem.HALF_APPLIED})
_FIXABLE = frozenset({Problem.FORCED_WITHOUT_LEASE})


@callback
def follow_problems(
    hass: HomeAssistant,
    domain: str,
    manager: ControlManager,
    *,
    suffix: str,
    names: Callable[[], Mapping[str, str]],
    fix: Mapping[str, str | int | float | None] | None = None,
) -> CALLBACK_TYPE:
    """Raise an issue for each problem of a manager while it has it.

    Args:
        suffix: tells the issues of several devices apart
        names: the placeholders that name the device and its account
        fix: what the flow needs to find the manager again
    Returns:
        what ends it; issues that are raised then stay
    """
    told: dict[Problem, Mapping[str, str] | None] = {}

    @callback
    def update() -> None:
        current = manager.problems
        for problem in Problem:
            details = current.get(problem)
            if problem in told and told[problem] == details:
                continue
            told[problem] = dict(details) if details is not None else None
            set_issue(
                hass,
                domain,
                str(problem),
                details is not None,
                suffix=suffix,
                severity=(
                    ir.IssueSeverity.ERROR
                    if problem in _ERRORS
                    else ir.IssueSeverity.WARNING
                ),
                placeholders={**names(), **(details or {})},
                fix=dict(fix or {}) if problem in _FIXABLE else None,
            )

    @callback
    def stop() -> None:
        for end in ends:
            end()

    update()
    # What is said of a day ends with it.
    ends = [manager.listen(update), each_day(hass, update)]
    return stop


@callback
def clear_problems(hass: HomeAssistant, domain: str, suffix: str) -> None:
    """Take back what was told of a device that nobody looks after any more."""
    for problem in Problem:
        set_issue(hass, domain, str(problem), False, suffix=suffix)


def device_names(
    hass: HomeAssistant, domain: str, owner: str, key: str
) -> dict[str, str]:
    """Name a device as people know it, its system and the account.

    It may be a charger, which is no system; and its entry may be removed already.
    """
    entry = hass.config_entries.async_get_entry(owner)
    device = dr.async_get(hass).async_get_device_by_identifier(
        (domain, key.partition("/")[0]), owner
    )
    name = device and (device.name_by_user or device.name)
    names = _names(entry.title if entry is not None else "-", key)
    return names | {"device": name or f"…{names['system']}"}


@callback
def tell_left(hass: HomeAssistant, domain: str, key: str) -> None:
    """Say that something could not be put back; it stays said after a restart.

    Of the device, not of its entry: whoever controls it next may end it. What stays
    is in each download of diagnostics, so that the vendor stands for the account,
    which people call as they like.
    """
    ir.async_create_issue(
        hass,
        domain,
        _left_id(key),
        is_fixable=False,
        is_persistent=True,
        severity=ir.IssueSeverity.ERROR,
        translation_key="left_forced",
        translation_placeholders=_names(_vendor(hass, domain), key),
    )


@callback
def clear_left(hass: HomeAssistant, domain: str, key: str) -> bool:
    """Take that back; return whether it was said."""
    told = (domain, _left_id(key)) in ir.async_get(hass).issues
    ir.async_delete_issue(hass, domain, _left_id(key))
    return told


def _vendor(hass: HomeAssistant, domain: str) -> str:
    try:
        return async_get_loaded_integration(hass, domain).name
    except IntegrationNotLoaded:
        return domain


def _left_id(key: str) -> str:
    return f"left_forced_{anonymous(key)}"


def _names(account: str, key: str) -> dict[str, str]:
    # Serials stand in no text that people post
    return {"account": account, "system": key.partition("/")[0][-4:]}
