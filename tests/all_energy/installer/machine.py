"""Random months of a Home Assistant with vendors, of which any run may be cut off."""

from collections.abc import Callable, Collection
from contextlib import suppress
from pathlib import Path
import shutil
import tempfile

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from .disk import Death, Killed, watched
from .made import ONE, STAMP, TWO, Content, House

VENDORS = (ONE, TWO)
VERSIONS = ("1", "2", "3")
vendors = st.sampled_from((ONE, ONE, ONE, TWO))
ticks = st.sampled_from(({ONE}, {ONE}, {ONE, TWO}, {TWO}, set[str]()))
# Before which operation a run ends; few of them are those that matter most.
deaths = st.none() | st.one_of(
    st.builds(Death, st.just(""), st.integers(0, 120)),
    st.builds(Death, st.just("os.rename"), st.integers(0, 3)),
    st.builds(Death, st.just("os.remove"), st.integers(0, 6)),
)
type Moment = Death | None


def is_running(machine: InstallerMachine) -> bool:
    return machine.running


def is_off(machine: InstallerMachine) -> bool:
    return not machine.running


class InstallerMachine(RuleBasedStateMachine):
    """Does what people, HACS and Home Assistant do, and knows what has to become of it."""

    def __init__(self) -> None:
        super().__init__()
        self.root = Path(tempfile.mkdtemp())
        self.house = House(self.root)
        self.running = True
        self.is_right = True
        self.ticked: set[str] = set()
        self.chosen: set[str] = set()
        self.entries: set[str] = set()
        self.payload: dict[str, str | None] = {}
        self.loaded: set[str] = set()
        self.foreign: set[str] = set()
        self.edited: set[str] = set()
        self.wanted_there: set[str] = set()  # was there, and nobody took it away
        self.last: dict[str, Content] = {}  # what a vendor's folder was, when it was

    def teardown(self) -> None:
        """Let one run end in peace, and look at all; not after something was wrong."""
        try:
            if self.is_right:
                self.running = False
                self.loaded.clear()
                self.start(death=None)
        finally:
            shutil.rmtree(self.root)

    # What others do

    @initialize(has_entry=st.booleans())
    def has_been_set_up(self, *, has_entry: bool) -> None:
        self.hacs_brings("1")
        self.submit({ONE}, None)
        if has_entry:
            self.add_entry(ONE)

    @rule(version=st.sampled_from(VERSIONS))
    def hacs_brings(self, version: str) -> None:
        """The hub's folder is deleted, and the next one extracted."""
        shutil.rmtree(self.house.payload)
        self.house.bundle(version, *VENDORS)
        self.payload = dict.fromkeys(VENDORS, version)

    @rule(vendor=vendors)
    def hacs_is_cut_off(self, vendor: str) -> None:
        path = self.house.payload / vendor / "__init__.py"
        if path.exists():
            path.write_text("half of it")
        self.payload[vendor] = None

    @rule()
    def hacs_leaves_nothing(self) -> None:
        shutil.rmtree(self.house.payload)
        self.house.payload.mkdir()
        self.payload = dict.fromkeys(VENDORS)

    @rule(vendor=vendors)
    def somebody_installs_it_otherwise(self, vendor: str) -> None:
        self.house.install("1", vendor)
        (self.house.folder(vendor) / STAMP).unlink()
        self.foreign.add(vendor)
        self._was_changed(vendor)

    @rule(vendor=vendors)
    def somebody_edits_it(self, vendor: str) -> None:
        path = self.house.folder(vendor) / "__init__.py"
        if path.exists():
            path.write_text("edited")
            self.edited.add(vendor)
            self._was_changed(vendor)

    @rule(vendor=vendors)
    def somebody_deletes_it(self, vendor: str) -> None:
        if self.house.folder(vendor).exists():
            shutil.rmtree(self.house.folder(vendor))
        self._forget(vendor)

    def _was_changed(self, vendor: str) -> None:
        self.last[vendor] = self.house.content(vendor) or {}
        self.wanted_there.add(vendor)

    def _forget(self, vendor: str) -> None:
        self.foreign.discard(vendor)
        self.edited.discard(vendor)
        self.wanted_there.discard(vendor)

    # What Home Assistant does

    @precondition(is_running)
    @rule(vendor=vendors)
    def add_entry(self, vendor: str) -> None:
        if self.house.folder(vendor).exists():
            self.loaded.add(vendor)
            self.entries.add(vendor)

    @precondition(is_running)
    @rule(vendor=vendors)
    def delete_entry(self, vendor: str) -> None:
        self.entries.discard(vendor)

    @precondition(is_running)
    @rule(vendor=vendors)
    def choose_to_put_back(self, vendor: str) -> None:
        if vendor in self.edited:
            self.chosen.add(vendor)

    @precondition(is_running)
    @rule(ticked=ticks, death=deaths)
    def submit(self, ticked: set[str], death: Moment) -> None:
        """The form: place what is ticked, delete what is not and has no entries."""
        unticked = sorted(self.ticked - ticked - self.entries)
        before = self._contents()

        def work() -> None:
            self.house.installer.bring(ticked, is_busy=self._is_busy)
            self.house.remove(unticked)

        if self._run(work, death):
            self.ticked = ticked | (self.ticked & self.entries)
        gone = {one for one in unticked if one not in self.foreign}
        self._check(before, gone=gone)

    @precondition(is_running)
    @rule(death=deaths)
    def stop(self, death: Moment) -> None:
        before = self._contents()
        self._run(
            lambda: self.house.installer.bring(
                self.ticked, put_back=self.chosen, stopping=True
            ),
            death,
        )
        self.running = False
        self.loaded.clear()
        self._check(before, replaced=self.chosen)
        self.chosen &= self.edited

    @precondition(is_running)
    @rule(version=st.sampled_from(VERSIONS), death=deaths)
    def update(self, version: str, death: Moment) -> None:
        """HACS brings a release, and Home Assistant is restarted."""
        self.hacs_brings(version)
        self.stop(death)

    @precondition(is_running)
    @rule()
    def crash(self) -> None:
        self.running = False
        self.loaded.clear()

    @precondition(is_off)
    @rule(death=deaths)
    def start(self, death: Moment) -> None:
        """Import what has entries and is there, then set up the hub."""
        self.running = True
        before = self._contents()
        self.loaded = {one for one in self.entries if before[one] is not None}
        is_whole = self._run(
            lambda: self.house.installer.bring(self.ticked, is_busy=self._is_busy),
            death,
        )
        self._check(before)
        if is_whole:
            self._check_healed(before)

    def _is_busy(self, vendor: str) -> bool:
        return vendor in self.loaded or vendor in self.entries

    def _run(self, work: Callable[[], object], death: Moment) -> bool:
        """Do file work; False if it was cut off, and Home Assistant with it."""
        if death is None:
            work()
            return True
        with suppress(Killed), watched(death):
            work()
            return True
        self.running = False
        return False

    # What must be true

    def _contents(self) -> dict[str, Content | None]:
        return {vendor: self.house.content(vendor) for vendor in VENDORS}

    def _check(
        self,
        before: dict[str, Content | None],
        *,
        gone: Collection[str] = (),
        replaced: Collection[str] = (),
    ) -> None:
        """Compare with what was there, where some may be gone, or be put back."""
        self.is_right = False
        for vendor, found in self._contents().items():
            if found == before[vendor]:
                continue
            assert vendor not in self.foreign, "a foreign folder was changed"
            if found is None:
                assert vendor in gone or not self.running, "it is gone"
            elif found == self.last.get(vendor):
                assert before[vendor] is None, "an old one came back"
            else:
                assert any(self.house.has(one, vendor) for one in VERSIONS), "mixed"
                is_kept = vendor in self.edited and vendor not in replaced
                assert not is_kept, "an edited folder was changed"
                assert vendor not in self.loaded, "a busy folder was changed"
                self.edited.discard(vendor)
                self._was_changed(vendor)
            if vendor in gone:
                self._forget(vendor)
        if not self.running:
            self.loaded.clear()
            self.wanted_there -= set(gone)
        self.is_right = True

    def _check_healed(self, before: dict[str, Content | None]) -> None:
        assert not self.house.staging.exists(), "something is left"
        for vendor, found in self._contents().items():
            if vendor in self.wanted_there:
                assert found is not None, "it did not come back"
            version = self.payload[vendor]
            if vendor not in self.ticked or not version:
                continue
            is_left = vendor in self.foreign | self.edited
            was_busy = before[vendor] is not None and self._is_busy(vendor)
            if not is_left and not was_busy:
                assert self.house.has(version, vendor), "it is not current"

    @invariant()
    def no_link_or_file_of_ours_elsewhere(self) -> None:
        names = {path.name for path in self.house.components.iterdir()}
        assert names <= {*VENDORS, "all_energy", ".all_energy"}
