"""The vendors' pages: their tables are made anew, or compared."""

from collections.abc import Callable
import difflib
from functools import cached_property
from pathlib import Path

from homeassistant.helpers.entity import EntityDescription

from . import actions, entities, finder
from .integration import Integration
from .markdown import replace_block
from .meanings import COMMON, Key, Meanings, load, style_faults

SHOWN = 12  # lines of a difference that are told

type Find = Callable[[str], list[tuple[str, EntityDescription]]]


class Pages:
    """The folder docs/, and what is wrong with it."""

    def __init__(self, docs: Path, find: Find = finder.descriptions) -> None:
        """Finds nothing wrong yet."""
        self.docs = docs
        self.faults: list[str] = []
        self._find = find
        self._used: set[Key] = set()

    @cached_property
    def _common(self) -> Meanings:
        return self._meanings(COMMON)

    def _meanings(self, name: str) -> Meanings:
        path = self.docs / "meanings" / f"{name}.yaml"
        try:
            found = load(path)
        except ValueError as err:
            self._fault(path, str(err))
            return {}
        for fault in style_faults(found):
            self._fault(path, fault)
        return found

    def _fault(self, path: Path, what: str) -> None:
        self.faults.append(f"{path.relative_to(self.docs.parent)}: {what}")

    def made(self, integration: Integration) -> tuple[Path, str, str] | None:
        """Returns a page with what it is and what it should be, if it can be made."""
        found = entities.collect(
            self._find(integration.domain), integration.english["entity"]
        )
        own = self._meanings(integration.domain)
        file = self.docs / "meanings" / f"{integration.domain}.yaml"
        for platform, key in [key for key in found if key not in self._common | own]:
            self._fault(file, f"{platform}.{key} has no meaning")
        for platform, key in sorted(own.keys() - found.keys()):
            self._fault(file, f"{platform}.{key} is no entity")
        self._used |= found.keys() - own.keys()
        for (platform, key), entity in found.items():
            if entity.lacks_unit:
                self._fault(file, f"{platform}.{key} has no unit")
        for platform, keys in integration.english["entity"].items():
            for key in keys:
                if (platform, key) not in found:
                    self._fault(file, f"{platform}.{key} has a name, and no row")

        path = self.docs / f"{integration.page}.md"
        if not path.exists():
            self._fault(path, "is not there")
            return None
        old = new = path.read_text("utf-8")
        blocks: dict[str, Callable[[], str]] = {
            "entities": lambda: entities.render(found, self._common | own),
            "actions": lambda: actions.render(
                integration.domain, integration.services, integration.english
            ),
        }
        for name, block in blocks.items():
            try:
                new = replace_block(new, name, block())
            except ValueError as err:
                self._fault(path, str(err))
        return path, old, new

    def write(self, integration: Integration) -> bool:
        """Makes the tables anew; tells whether the page is another one now."""
        if (made := self.made(integration)) is None:
            return False
        path, old, new = made
        if old != new:
            path.write_text(new, "utf-8")
        return old != new

    def compare(self, integration: Integration) -> None:
        """Finds where the page is not what it should be."""
        if (made := self.made(integration)) is None or made[1] == made[2]:
            return
        path, old, new = made
        lines = [
            line
            for line in difflib.unified_diff(
                old.splitlines(), new.splitlines(), n=0, lineterm=""
            )
            if not line.startswith(("---", "+++", "@@"))
        ]
        for line in lines[:SHOWN]:
            self._fault(path, line)
        if len(lines) > SHOWN:
            self._fault(path, f"and {len(lines) - SHOWN} more lines")
        self._fault(path, "is not what the code says, run scripts/docs")

    def unused(self) -> None:
        """Finds shared meanings that nobody uses, once all pages were looked at."""
        path = self.docs / "meanings" / f"{COMMON}.yaml"
        for platform, key in sorted(self._common.keys() - self._used):
            self._fault(path, f"{platform}.{key} is used by nobody")
