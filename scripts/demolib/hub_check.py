"""scripts/demo --hacs --check: the life of the bundle, from its download to its end."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
import tempfile
import time

from scripts.buildlib.bundle import HUB

from .folder import DemoError
from .house import create_entries, few_entities
from .hub_folder import build_hub, delete_hub, extract_hub
from .hub_forces import ForcedBattery
from .hub_life import DOMAINS, RESTART_ISSUE, HubLife
from .hub_release import build_next, version_after
from .hub_stay import begin_with_hub
from .report import Report, no_problem_within
from .runner import Running
from .session import in_temporary_folder, left_running
from .sim import Simulator, simulator_session, simulators
from .vendor import Vendor
from .vendors import VENDORS, entries_with_ports

SETTLE = 60  # s that an entity may take for its first state
FORCE = timedelta(minutes=1)  # the shortest there is
SILENT = {None, "unavailable", "unknown"}
LONG = timedelta(minutes=30)
FIRST, SECOND, THIRD = (version_after(steps) for steps in range(3))


class HubCheck:
    """Goes through the life of the bundle, one chapter after the other."""

    def __init__(
        self, running: Running, releases: list[Path], houses: Mapping[str, Simulator]
    ) -> None:
        """Takes the zips of the two releases that follow the installed one."""
        self._life = HubLife(running)
        self._running, self._demo, self._hass = running, running.demo, running.hass
        self._second, self._third = releases
        self._short, self._long = (
            ForcedBattery(running, houses, place) for place in range(2)
        )
        self._start_took = datetime.now(UTC) - running.since

    async def run(self, report: Report) -> None:
        """Goes through all chapters, up to the first that fails."""
        for title, chapter in (
            ("all are ticked, placed and added without a restart", self._begin),
            ("the hub's entry deleted: used vendors stay, others go", self._leave),
            ("all vendors have entities with values", self._entities),
            ("a battery is forced for a while", self._force),
            ("hub replaced, Home Assistant restarted: new code", self._update),
            ("hub replaced, Home Assistant killed: old code, an issue", self._kill),
            ("restarted by the issue: new code", self._fix),
            ("the hub's folder deleted: all vendors work", self._lose),
            ("without the hub: all entities come", self._all_entities),
            ("without the hub: a deleted entry leaves no force", self._delete_entry),
            (
                "without the hub: the first force, which outlived it all, ends",
                self._outlast,
            ),
        ):
            begin = time.monotonic()
            try:
                problems = await chapter()
            except DemoError as err:
                problems = [str(err)]
            report.add(f"{title} ({time.monotonic() - begin:.0f} s)", problems)
            if problems:
                return

    async def _begin(self) -> list[str]:
        """Goes on with the dialog that follows, and adds all vendors but the last."""
        problems = self._life.folder_problems([], version=FIRST, hub=FIRST)
        problems += [f"{one} is ticked already" for one in await self._life.ticked()]
        end = await self._life.install()
        if not end.get("next_flow"):
            return [*problems, "no dialog follows"]
        first, *others = VENDORS[:-1]
        [(place, answers)] = entries_with_ports(first)
        flow_id, simulator = end["next_flow"][1], self._demo.simulator_url(place)
        await self._hass.go_on(first.domain, flow_id, answers(simulator))
        await asyncio.gather(
            create_entries(self._hass, self._demo, first),
            *(self._add(vendor) for vendor in others),
        )
        return problems + self._life.folder_problems(DOMAINS, version=FIRST, hub=FIRST)

    async def _add(self, vendor: Vendor) -> None:
        """Adds all entries of a vendor at the same time: some take long."""
        await asyncio.gather(
            *(
                self._hass.create_entry(
                    vendor.domain, answers(self._demo.simulator_url(place))
                )
                for place, answers in entries_with_ports(vendor)
            )
        )
        await create_entries(self._hass, self._demo, vendor)  # which sets options

    async def _leave(self) -> list[str]:
        """Adds the hub and the last vendor again afterwards."""
        used = DOMAINS[:-1]
        [entry] = await self._life.entries(HUB)
        await self._life.delete_entry(entry["entry_id"])
        problems = self._life.folder_problems(used, version=FIRST, hub=FIRST)
        if set(ticked := await self._life.ticked()) != set(used):
            problems.append(f"{ticked} are ticked beforehand")
        await self._life.install()
        await self._add(VENDORS[-1])
        return problems + await self._life.problems(
            on_disk=FIRST, running=None, hub=FIRST
        )

    async def _entities(self) -> list[str]:
        async def missing() -> list[str]:
            entities = await self._hass.entities(*DOMAINS)
            telling = {one.platform for one in entities if one.state not in SILENT}
            return [f"no values of {one}" for one in DOMAINS if one not in telling]

        return await no_problem_within(SETTLE, missing)

    async def _all_entities(self) -> list[str]:
        async def missing() -> list[str]:
            silent = [
                f"{one.entity_id} is {one.state}"
                for one in await self._hass.entities(*DOMAINS)
                if not one.disabled and one.state in {None, "unavailable"}
            ]
            return [*await few_entities(self._hass, VENDORS), *silent]

        return await no_problem_within(SETTLE, missing)

    async def _force(self) -> list[str]:
        """It lasts until after the hub is gone, however slow the machine is."""
        return await self._short.force(max(FORCE, 16 * self._start_took))

    async def _update(self) -> list[str]:
        """Nothing is exchanged while it runs, everything when it stops."""
        extract_hub(self._demo, self._second)
        problems = self._life.folder_problems(DOMAINS, version=FIRST, hub=SECOND)
        await self._running.stop_home_assistant()
        problems += self._life.folder_problems(DOMAINS, version=SECOND, hub=SECOND)
        await self._running.start_home_assistant_again()
        return [
            *problems,
            *await self._life.problems(on_disk=SECOND, running=SECOND, hub=SECOND),
            *[f"there is the issue {one}" for one in await self._life.issues()],
        ]

    async def _kill(self) -> list[str]:
        extract_hub(self._demo, self._third)
        await self._running.kill_home_assistant()
        await self._running.start_home_assistant_again()
        problems = await self._life.problems(on_disk=SECOND, running=SECOND, hub=THIRD)
        if (issues := await self._life.issues()) != [RESTART_ISSUE]:
            problems.append(f"the issues are {issues}")
        return problems

    async def _fix(self) -> list[str]:
        await self._life.restart_by_issue()
        return [
            *await self._life.problems(on_disk=THIRD, running=THIRD, hub=THIRD),
            *[f"there is the issue {one}" for one in await self._life.issues()],
        ]

    async def _lose(self) -> list[str]:
        """It is gone while Home Assistant is down and two batteries are forced."""
        problems = await self._long.force(LONG)
        await self._running.stop_home_assistant()
        delete_hub(self._demo)
        await self._running.start_home_assistant_again()
        return [
            *problems,
            *await self._life.problems(on_disk=THIRD, running=THIRD, hub=None),
            *await self._short.problems(),
            *await self._long.problems(),
        ]

    async def _delete_entry(self) -> list[str]:
        await self._life.delete_entry(await self._long.entry_id())
        return await self._long.undone_problems()

    async def _outlast(self) -> list[str]:
        return await self._short.undone_problems_after_end()


async def check_hub(*, port: int | None, keep: bool) -> int:
    """Installs the bundle in a folder of its own; returns the exit code."""
    report = Report()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        first = build_hub(folder / FIRST)
        releases = [build_next(folder, version) for version in (SECOND, THIRD)]

        async def work(running: Running) -> None:
            async with simulator_session() as session:
                houses = simulators(running.demo, session)
                await HubCheck(running, releases, houses).run(report)
            report.add("the simulator has no error", running.simulator_log.errors)

        demo, log, children = await in_temporary_folder(
            work, port=port, keep=keep, beginning=begin_with_hub(first)
        )
    report.add("Home Assistant's log has no warning about us", log.ours())
    report.add("nothing is left running", left_running(demo, children))
    return report.conclude()
