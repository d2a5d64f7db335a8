"""Short stories that chance rarely tells, each with all moments at which it may end."""

from collections.abc import Callable

from .disk import Death
from .machine import InstallerMachine, Moment
from .made import ONE

CHANGES = ("os.mkdir", "os.rename", "os.remove", "os.rmdir")
type Story = Callable[[InstallerMachine, Moment], None]


def update(machine: InstallerMachine, death: Moment) -> None:
    machine.update("2", death)


def update_before_a_broken_release(machine: InstallerMachine, death: Moment) -> None:
    machine.update("2", death)
    machine.hacs_is_cut_off(ONE)


def update_before_a_deletion(machine: InstallerMachine, death: Moment) -> None:
    machine.update("2", death)
    machine.somebody_deletes_it(ONE)
    machine.hacs_leaves_nothing()


def put_back(machine: InstallerMachine, death: Moment) -> None:
    machine.somebody_edits_it(ONE)
    machine.choose_to_put_back(ONE)
    machine.stop(death)
    machine.hacs_is_cut_off(ONE)


def untick(machine: InstallerMachine, death: Moment) -> None:
    machine.submit(set(), death)


def untick_what_is_installed_otherwise(
    machine: InstallerMachine, death: Moment
) -> None:
    machine.somebody_installs_it_otherwise(ONE)
    machine.submit(set(), death)


STORIES: list[Story] = [
    update,
    update_before_a_broken_release,
    update_before_a_deletion,
    put_back,
    untick,
    untick_what_is_installed_otherwise,
]


def tell(story: Story) -> None:
    """Tell a story without an accident, and with one before each change of a folder."""
    _tell(story, None)
    for kind in CHANGES:
        for at in range(100):
            if not _tell(story, Death(kind, at)):
                break


def _tell(story: Story, death: Moment) -> bool:
    machine = InstallerMachine()
    try:
        machine.has_been_set_up(has_entry=False)
        story(machine, death)
    finally:
        machine.teardown()
    return death is not None and death.came
