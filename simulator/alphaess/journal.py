"""The parts of a system that clients change."""

from typing import Literal

from ..journal import Effect, Journal, Write

type Part = Literal["charge", "discharge", "periodic", "household", "charger"]

__all__ = ["Effect", "Journal", "Part", "Write"]
