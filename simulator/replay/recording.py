"""A diagnostics download of Home Assistant, read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
import json
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ..clock import Clock
from .pseudonyms import Form, invented
from .times import Mover


class RecordingError(Exception):
    """A file that nothing can be played back from; its text goes on after the name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """What a download tells of one config entry."""

    domain: str
    recorded_at: datetime
    zone: ZoneInfo
    data: Mapping[str, Any]

    def invented(self, forms: Mapping[str, Form]) -> Recording:
        """Return it with invented values in the place of its pseudonyms."""
        return Recording(
            domain=self.domain,
            recorded_at=self.recorded_at,
            zone=self.zone,
            data=invented(self.data, forms),
        )

    @property
    def documents(self) -> dict[str, Any]:
        """The vendor's documents by their keys, with the times of the recording."""
        return {
            key: document.get("raw")
            for key, document in self.section("documents").items()
            if isinstance(document, Mapping)
        }

    def section(self, name: str) -> dict[str, Any]:
        """Return an object of the data; what is missing is empty."""
        found = self.data.get(name)
        return dict(found) if isinstance(found, Mapping) else {}

    def player(self, clock: Clock, zone: tzinfo | None = None) -> Callable[[str], Any]:
        """Return what gives a document by its key, None if there is none.

        It is as old as it was when Home Assistant received it; times without a zone
        are of `zone`, the recording's own unless it is said.
        """
        documents, zone = self.section("documents"), zone or self.zone

        def play(key: str) -> Any:
            if (document := documents.get(key)) is None:
                return None
            received_at = datetime.fromisoformat(document["received_at"])
            return Mover(received_at, clock, zone).document(document["raw"])

        return play


def load(path: Path) -> Recording:
    """Read a download as Home Assistant has written it.

    Raises `RecordingError`, also for a file that is none.
    """
    try:
        # Some editors put a mark of three bytes before the text
        return recording(json.loads(path.read_text(encoding="utf-8-sig")))
    except OSError as err:
        raise RecordingError(f"cannot be read: {err.strerror}") from err
    except json.JSONDecodeError as err:
        raise RecordingError(
            f"is no JSON, or not all of it: {err.msg} in line {err.lineno}"
        ) from err
    except (ValueError, RecursionError) as err:
        raise RecordingError("is no JSON") from err


def recording(file: Any) -> Recording:
    """Take the content of a download. Raises `RecordingError`."""
    try:
        domain, data = str(file["integration_manifest"]["domain"]), file["data"]
        told_zone = data.get("time_zone") or file["home_assistant"].get("timezone")
        recorded_at = datetime.fromisoformat(data["now"]).astimezone(UTC)
    except (TypeError, LookupError, AttributeError, ValueError, OverflowError) as err:
        raise RecordingError(
            "is no diagnostics download of an entry that was set up"
        ) from err
    try:
        zone = ZoneInfo(str(told_zone or "UTC"))
    except (ZoneInfoNotFoundError, ValueError, OSError) as err:
        raise RecordingError(f"has an unknown time zone: {told_zone}") from err
    found = Recording(domain=domain, recorded_at=recorded_at, zone=zone, data=data)
    if not found.documents:
        raise RecordingError("is of a time when nothing had been read yet")
    for key, document in found.section("documents").items():
        if not _is_dated(document):
            raise RecordingError(f"does not say when {key} was received")
    return found


def _is_dated(document: Any) -> bool:
    try:
        return datetime.fromisoformat(document["received_at"]).tzinfo is not None
    except TypeError, LookupError, ValueError:
        return False
