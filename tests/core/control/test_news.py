"""Who listens hears everything, and a person only of what happens again."""

from core.control.news import ControlEvent, News
from core.control.outcome import EventType, Problem


def test_everybody_hears_of_a_change_until_they_stop_listening() -> None:
    news, heard = News(), []
    stop = news.listen(lambda: heard.append("one"))
    news.listen(lambda: heard.append("two"))
    news.changed()
    stop()
    news.changed()
    assert heard == ["one", "two", "two"]


def test_who_stops_while_being_told_harms_nobody() -> None:
    news, heard = News(), []

    def once() -> None:
        heard.append("once")
        stop()

    stop = news.listen(once)
    news.listen(lambda: heard.append("always"))
    news.changed()
    news.changed()
    assert heard == ["once", "always", "always"]


def test_an_event_carries_its_data_to_everybody() -> None:
    news: News = News()
    heard: list[ControlEvent] = []
    others: list[ControlEvent] = []
    stop = news.listen_events(heard.append)
    news.listen_events(others.append)
    news.emit(EventType.STARTED, intent="hold")
    stop()
    news.emit(EventType.LOST)
    assert heard == [ControlEvent(type=EventType.STARTED, data={"intent": "hold"})]
    assert [event.type for event in others] == [EventType.STARTED, EventType.LOST]
    assert others[1].data == {}


def test_events_and_changes_are_told_apart() -> None:
    news, changes, events = News(), [], []
    news.listen(lambda: changes.append(1))
    news.listen_events(events.append)
    news.changed()
    assert (len(changes), len(events)) == (1, 0)
    news.emit(EventType.ENDED)
    assert (len(changes), len(events)) == (1, 1)


def test_a_problem_is_told_at_once() -> None:
    news = News()
    news.problem(Problem.RESTORE_FAILED, intent="hold")
    assert news.problems == {Problem.RESTORE_FAILED: {"intent": "hold"}}


def test_some_problems_are_told_when_they_come_again() -> None:
    news = News()
    news.problem(Problem.UNVERIFIED, times=2)
    assert news.problems == {}
    news.problem(Problem.UNVERIFIED, times=2)
    assert news.problems == {Problem.UNVERIFIED: {}}
    news.problem(Problem.UNVERIFIED, times=2, latest="yes")
    assert news.problems == {Problem.UNVERIFIED: {"latest": "yes"}}


def test_what_is_solved_begins_from_the_start() -> None:
    news = News()
    news.problem(Problem.UNVERIFIED, times=2)
    news.problem(Problem.NOT_FOLLOWING, times=1)
    news.solved(Problem.UNVERIFIED, Problem.MANY_WRITES)
    news.problem(Problem.UNVERIFIED, times=2)
    assert news.problems == {Problem.NOT_FOLLOWING: {}}
    news.solved(Problem.NOT_FOLLOWING)
    assert news.problems == {}


def test_who_listens_late_hears_what_nobody_has_heard() -> None:
    """A lease may end before anybody listens: while Home Assistant starts."""
    news, heard = News(), []
    for _ in range(30):
        news.emit(EventType.STARTED)
    news.emit(EventType.ENDED)
    news.listen_events(heard.append)
    assert [event.type for event in heard[-2:]] == [EventType.STARTED, EventType.ENDED]
    assert len(heard) == 20
    news.listen_events(heard.append)
    assert len(heard) == 20


def test_problems_survive_a_restart() -> None:
    kept = []
    news = News(None, kept.append)
    news.problem(Problem.UNVERIFIED, times=2)
    news.problem(Problem.RESTORE_FAILED, intent="hold")
    again = News(kept[-1], kept.append)
    assert again.problems == {Problem.RESTORE_FAILED: {"intent": "hold"}}
    again.problem(Problem.UNVERIFIED, times=2)
    assert Problem.UNVERIFIED in again.problems
    again.solved(Problem.UNVERIFIED, Problem.RESTORE_FAILED)
    assert again.problems == {}
    assert kept[-1] is None
    written = len(kept)
    again.solved(Problem.UNVERIFIED)
    assert len(kept) == written


def test_odd_notes_are_no_problems() -> None:
    for noted in (
        [],
        "x",
        {"x": 1},
        {"control_unverified": {}},
        {"control_unverified": {"times": "x", "told": {}}},
        {"control_unverified": {"times": 1, "told": "x"}},
    ):
        assert News(noted).problems == {}
