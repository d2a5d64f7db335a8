"""How numbers, and what is not there, are said (reference section 3)."""

from typing import Any

from .switches import CloudSwitches

_MIXED = ("null", "", "--", "missing")


class Speller:
    """Says values as the cloud's switches want them."""

    def __init__(self, cloud: CloudSwitches) -> None:
        """Follow the switches."""
        self._cloud = cloud

    def object(self, document: dict[str, Any]) -> dict[str, Any]:
        """Return an object whose numbers and missing values are spelled."""
        return {
            name: self.number(value)
            if isinstance(value, float)
            else self.nothing(name)
            if value is None
            else value
            for name, value in document.items()
            if value is not None or not self.left_out(name)
        }

    def number(self, value: float, *, factor: bool = False) -> Any:
        """Return a number; of factors they usually are text."""
        as_text = self._cloud.numbers == "text" or (
            factor and self._cloud.numbers == "usual"
        )
        number = int(value) if value.is_integer() else value
        return str(number) if as_text else number

    def left_out(self, name: str) -> bool:
        """Return whether a missing value has no key."""
        return self._spelling(name) == "missing"

    def nothing(self, name: str) -> str | None:
        """Return what stands in place of a missing value."""
        spelling = self._spelling(name)
        return None if spelling == "null" else spelling

    def _spelling(self, name: str) -> str:
        if self._cloud.null_spelling != "mixed":
            return self._cloud.null_spelling
        return _MIXED[sum(name.encode()) % len(_MIXED)]
