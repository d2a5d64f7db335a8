"""The client of one account: a method per endpoint of the reference."""

from .._vendor.core.client.redact import Redactor
from .access import Access
from .alarms import Alarms
from .chargers import Chargers
from .devices import Devices
from .frame import Frame
from .functions import Functions
from .hidden import Hidden
from .live import LivePush
from .session import Session
from .settings import Settings
from .stations import Stations
from .statistics import Statistics


class GoodWeClient(
    Stations, Devices, Statistics, Alarms, Chargers, Functions, Settings, LivePush
):
    """Asks SEMS+ and logs in when it has to; answers are plain JSON as they came.

    Pages are put together, a success without data is empty. Besides what is named,
    each method raises what ``Access.ask`` raises. What is asked about is kept out of
    logs from before it is sent.
    """

    def __init__(self, frame: Frame, session: Session, *, redactor: Redactor) -> None:
        """Nothing is sent."""
        self._access = Access(frame, session)
        self.session = session
        self.hidden = Hidden(redactor)
