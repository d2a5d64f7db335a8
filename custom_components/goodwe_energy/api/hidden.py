"""Ids and serials that no log may show."""

from .._vendor.core.client.redact import Redactor

# What can still be in a message: three values for each of three connections
_KEPT = 9


class Hidden:
    """Numbers stations and devices, so that a log still tells them apart."""

    def __init__(self, redactor: Redactor) -> None:
        """Know none yet."""
        self._redactor = redactor
        self._numbers: dict[str, dict[str, int]] = {"plant": {}, "device": {}}

    def station(self, value: str | None) -> None:
        """Hide the id of a station."""
        self._add("plant", value)

    def device(self, value: str | None) -> None:
        """Hide a serial."""
        self._add("device", value)

    def secret(self, value: str | None, label: str) -> None:
        """Hide what is good for one connection only."""
        self._redactor.add(value, label, keep=_KEPT)

    def _add(self, kind: str, value: str | None) -> None:
        known = self._numbers[kind]
        if value and value not in known:
            known[value] = len(known) + 1
            self._redactor.add(value, f"{kind} {known[value]}")
