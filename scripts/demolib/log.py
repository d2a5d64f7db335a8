"""What the child processes print: kept whole, shown where it matters."""

from dataclasses import dataclass, field
import re

RECORD = re.compile(
    r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+ (?P<level>WARNING|ERROR|CRITICAL) "
    r"\(.*?\) \[(?P<logger>[^]]+)\] (?P<text>.*)"
)
EXPECTED = (
    "which has not been tested by Home Assistant",  # said of every custom integration
    "Skipping pip installation",  # we asked for it
    "[asyncio] Executing <",  # in debug mode: a busy machine took its time
)


@dataclass
class HomeAssistantLog:
    """Warnings and errors of Home Assistant, with their tracebacks."""

    domains: tuple[str, ...]
    records: list[str] = field(default_factory=list)
    _hidden: bool = True

    def line(self, line: str) -> None:
        """Takes a line of output; prints it if it belongs to a warning or an error."""
        if RECORD.match(line):
            self._hidden = any(text in line for text in EXPECTED)
            if not self._hidden:
                self.records.append(line)
        elif re.match(r"^\d{4}-\d\d-\d\d ", line):
            self._hidden = True
        elif not self._hidden:
            self.records[-1] += f"\n{line}"
        elif line.startswith(("Traceback", "Fatal")):  # before logging is set up
            self._hidden = False
            self.records.append(line)
        if not self._hidden:
            print(f"Home Assistant: {line}", flush=True)

    def ours(self) -> list[str]:
        """Returns the records that come from our integrations or name them."""
        return [
            record
            for record in self.records
            if "custom_components" in record
            or any(domain in record for domain in self.domains)
        ]


@dataclass
class SimulatorLog:
    """The simulator's output; only its tracebacks are shown at once."""

    lines: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    _in_traceback: bool = False

    def line(self, line: str) -> None:
        """Takes a line of output."""
        self.lines = [*self.lines[-50:], line]
        if line.startswith("Traceback"):
            self._in_traceback = True
        if self._in_traceback:
            self.errors.append(line)
            print(f"simulator: {line}", flush=True)
            # a traceback ends with its first line that is not indented
            self._in_traceback = line.startswith(("Traceback", " "))

    def show(self) -> None:
        """Prints the last lines, after a failure."""
        for line in self.lines:
            print(f"simulator: {line}", flush=True)
