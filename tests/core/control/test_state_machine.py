"""Nothing that can happen breaks what a lease promises (control.md sections 2, 3)."""

from hypothesis import settings

from .machine import ControlMachine, WritesMachine

_SETTINGS = settings(
    deadline=None, database=None, derandomize=True, report_multiple_bugs=False
)

TestWrites = WritesMachine.TestCase
TestWrites.settings = settings(_SETTINGS, max_examples=1500, stateful_step_count=10)
TestControl = ControlMachine.TestCase
TestControl.settings = settings(_SETTINGS, max_examples=1200, stateful_step_count=20)
