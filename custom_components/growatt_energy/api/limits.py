"""The documented limits, read as strictly as they can be (reference section 5.2).

Whether they hold per endpoint or per endpoint and family is not known: they are kept
per endpoint over all families and devices, which satisfies both.
"""

from collections.abc import Callable
from datetime import date

from .._vendor.core.client.budget import Budget, Rule
from .._vendor.core.client.clock import Clock

FIVE_MINUTES = 300.0
TEN_SECONDS = 10.0
FIVE_SECONDS = 5.0
MINUTE = 60.0
DAY = 86_400.0

LAST = "queryLastData"
NOAH_LAST = "queryLastData_noah"
NOAH_APP = "noahDeviceApi"
LOGIN = "login"
# With credentials that somebody has just typed: not held up by the one before
LOGIN_BY_USER = "login_by_user"

# A gap of this length is waited for; for longer ones the caller is told.
PATIENCE = 15.0
TOKEN_GAP = 1.0
# After a 10012 all calls of the token keep this distance for a while (5.4).
SLOW_GAP, SLOW_FOR = 3.0, 900.0
# So long an endpoint rests that is asked because somebody wants something.
SHORT_PAUSE = 10.0
_PAUSES = (300.0, 600.0, 1200.0)

# Nobody knows the limit of the classic API; users were told of blocks for a number of
# requests, and it is the logins that matter most (section 5.3).
LOGIN_GAP = 1.0
LOGIN_DAY_LIMIT = 1800
_WRITE_RESERVE = 60
LOGINS_PER_DAY = 10
LOGINS_APART = MINUTE

_PER_ENDPOINT: dict[float, tuple[str, ...]] = {
    FIVE_MINUTES: (
        "plant/list",
        "plant/details",
        "plant/data",
        "plant/power",
        "plant/energy",
        "plant/user_plant_list",
        "plant/sn_plant",
        "user/c_user_list",
        "device/list",
        "device/datalogger/list",
        "device/check/sn",
        "device/sn_datalog",
        "device/tlx/tlx_data_info",
        "device/tlx/tlx_last_data",
        "device/tlx/tlxs_data",
        "device/tlx/alarm_data",
        "device/mix/mix_data",
        "device/max/max_data_info",
        "device/max/max_last_data",
        "device/max/maxs_data",
        "device/max/max_data",
        "device/max/alarm_data",
        "device/inverter/inv_data_info",
        "device/inverter/last_new_data",
        "device/inverter/invs_data",
        "device/inverter/data",
        "device/inverter/alarm",
        "device/inverter/day_energy",
        "device/ammeter/meter_list",
        "device/ammeter/meter_last_data",
        "device/ammeter/meter_data",
        "device/env/env_list",
        "device/env/env_last_data",
        "device/env/env_data",
        LAST,
        "queryDeviceInfo",
        "queryHistoricalData",
        "queryDevicesHistoricalData",
    ),
    # Where nothing is documented it is ten seconds too.
    TEN_SECONDS: (
        "user/check_user",
        "device/tlx/tlx_data",
        "device/tlx/tlx_set_info",
        "device/mix/mix_data_info",
        "device/mix/mix_last_data",
        "device/mix/mixs_data",
        "device/mix/alarm_data",
        "device/spa/spa_data_info",
        "device/spa/spa_last_data",
        "device/spa/spas_data",
        "device/spa/spa_data",
        "device/spa/alarm_data",
        "device/storage/storage_data_info",
        "device/storage/storage_last_data",
        "device/storage/storage_data",
        "device/storage/alarm_data",
        "device/vpp/getSocData",
        "readMinParam",
        "readMixParam",
        "readSpaParam",
        "readMaxParam",
        "readInverterParam",
        "readStorageParam",
        "tlxSet",
        "mixSet",
        "spaSet",
        "storageSet",
        "inverterSet",
        "queryDeviceInfoParam",
        "queryDfcData",
        NOAH_APP,
    ),
    FIVE_SECONDS: (
        "queryDeviceList",
        "getWiFiSignalByDevice",
        "readPower",
        "readVppParameter",
        "setOnOrOff",
        "setPower",
        "setHighLimitSoc",
        "setLowLimitSoc",
        "setTimeSegment",
        "setGridCharge",
        "setOffGrid",
        "setVppParameter",
        "setNewVppParameter",
        "removeVppTimePeriod",
    ),
}
_TEN_PER_DAY = (
    "plant/list",
    "plant/user_plant_list",
    "plant/energy",
    "user/c_user_list",
)

TOKEN_RULES = (
    *(
        Rule(limit=1, window=window, groups=frozenset({endpoint}))
        for window, endpoints in _PER_ENDPOINT.items()
        for endpoint in endpoints
    ),
    *(
        Rule(limit=10, window=DAY, groups=frozenset({endpoint}))
        for endpoint in _TEN_PER_DAY
    ),
    # NOAH may be asked each minute, also after another family; `query_last` keeps the
    # other way round.
    Rule(limit=1, window=MINUTE, groups=frozenset({LAST, NOAH_LAST})),
)
LOGIN_RULES = (
    Rule(limit=LOGIN_DAY_LIMIT, window=DAY, reserve=_WRITE_RESERVE),
    Rule(limit=LOGINS_PER_DAY, window=DAY, groups=frozenset({LOGIN, LOGIN_BY_USER})),
    Rule(limit=1, window=LOGINS_APART, groups=frozenset({LOGIN})),
)


def token_budget(
    clock: Clock,
    *,
    on_change: Callable[[], None] | None = None,
    day: Callable[[], date] | None = None,
) -> Budget:
    """Return the budget of a token on one host; the arguments are those of `Budget`."""
    return Budget(
        TOKEN_RULES, clock=clock, min_gap=TOKEN_GAP, on_change=on_change, day=day
    )


def login_budget(
    clock: Clock,
    *,
    on_change: Callable[[], None] | None = None,
    day: Callable[[], date] | None = None,
) -> Budget:
    """Return the budget of a user name on one host, logins included."""
    return Budget(
        LOGIN_RULES, clock=clock, min_gap=LOGIN_GAP, on_change=on_change, day=day
    )


class Pauses:
    """How long an endpoint rests after each "too frequent": 5, 10, then 20 minutes."""

    def __init__(self) -> None:
        """Begin with none refused."""
        self._refused: dict[str, int] = {}

    def refused(self, group: str) -> float:
        """Return the seconds of the pause that begins now."""
        times = self._refused.get(group, 0)
        self._refused[group] = times + 1
        return _PAUSES[min(times, len(_PAUSES) - 1)]

    def answered(self, group: str) -> None:
        """Take note that the endpoint answers."""
        self._refused.pop(group, None)
