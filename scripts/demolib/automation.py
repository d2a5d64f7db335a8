"""An automation that forces a battery, made and watched as a user does in the editor."""

from collections.abc import Mapping
from typing import Any

from .battery import DURATION
from .folder import DemoError
from .hass import Hass
from .homes import Home
from .report import no_problem_within
from .vendor import Force

EVENT = "demo_force"
ANSWER = "answer"
READY = 10  # s in which a new automation waits for its event


def configuration(home: Home, force: Force) -> dict[str, Any]:
    """Returns the automation: triggered again, it cancels its own run and starts anew."""
    return {
        "alias": f"{force} of {home.name}",
        "description": "Begins anew with each event",
        "mode": "restart",
        "triggers": [
            {
                "trigger": "event",
                "event_type": EVENT,
                "event_data": {"serial": home.serial},
            }
        ],
        "actions": [
            {
                "action": f"{home.vendor.domain}.{force}",
                "data": {
                    "device_id": home.device_id,
                    "duration": {"minutes": DURATION.total_seconds() / 60},
                },
                "response_variable": ANSWER,
            }
        ],
    }


def end_of_run(run: Any) -> str:
    """Returns how a run has ended: finished, cancelled, error; or that it is running."""
    if run["state"] != "stopped":
        return "running"
    # nothing is said of one that was cancelled while an action waited
    return run["script_execution"] or "cancelled"


class ForceAutomation:
    """The automation of one home."""

    def __init__(self, hass: Hass, home: Home, force: Force) -> None:
        """Prepares it; `create` makes it."""
        self._hass, self._home, self._force = hass, home, force
        self._id = f"demo_force_{home.serial.lower()}"

    async def create(self) -> None:
        """Makes it; DemoError if it does not work then.

        One after the other: of several at once, some miss their first event.
        """
        await self._hass.post(
            f"/api/config/automation/config/{self._id}",
            configuration(self._home, self._force),
        )
        if problems := await no_problem_within(READY, self._problems):
            raise DemoError(problems[0])

    async def _problems(self) -> list[str]:
        states = {
            entity.unique_id: entity.state
            for entity in await self._hass.entities("automation")
        }
        state = states.get(self._id)
        return [] if state == "on" else [f"the automation is {state}"]

    async def trigger(self) -> None:
        """Fires its event."""
        await self._hass.post(f"/api/events/{EVENT}", {"serial": self._home.serial})

    async def runs(self) -> list[Any]:
        """Returns what Home Assistant traced of its runs, oldest first."""
        traces: list[Any] = await self._hass.call(
            "trace/list", domain="automation", item_id=self._id
        )
        return sorted(traces, key=lambda trace: trace["timestamp"]["start"])

    async def answer(self, run: Any) -> Mapping[str, Any]:
        """Returns the response that a run got; DemoError if it got none."""
        trace = await self._hass.call(
            "trace/get",
            domain="automation",
            item_id=self._id,
            run_id=run["run_id"],
        )
        for steps in trace["trace"].values():
            for step in steps:
                if found := step.get("changed_variables", {}).get(ANSWER):
                    answer: Mapping[str, Any] = found[self._home.device_id]
                    return answer
        raise DemoError(f"the automation got no response: {trace.get('error')}")
