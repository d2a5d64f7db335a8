"""Simulators that answer what a diagnostics download of Home Assistant has recorded."""

from .pseudonyms import Form, invented
from .recording import Recording, RecordingError, load
from .times import Mover

__all__ = ["Form", "Mover", "Recording", "RecordingError", "invented", "load"]
