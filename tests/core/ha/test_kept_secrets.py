"""Secrets of dialogs that need not be typed again."""

from homeassistant.helpers.selector import TextSelector
import probatio

from core.ha.flow import PASSWORD
from core.ha.kept_secrets import MARK, KeptSecrets

FORM = probatio.Schema(
    {
        probatio.Required("user"): TextSelector(),
        probatio.Required("password"): PASSWORD,
        probatio.Optional("token"): PASSWORD,
    }
)
TYPED = {"user": "me", "password": "s3cret", "token": "t0ken"}


def test_what_is_right_stays() -> None:
    """A mark comes back in its place, whatever else is wrong."""
    secrets = KeptSecrets()
    assert secrets.filled_in(TYPED) == TYPED
    shown = secrets.marks(FORM, {"base": "cannot_connect"})
    assert shown == {"password": MARK, "token": MARK}
    again = {"user": "you", **shown}
    assert secrets.filled_in(again) == TYPED | {"user": "you"}
    assert secrets.filled_in(again) == TYPED | {"user": "you"}


def test_what_is_wrong_is_typed_anew() -> None:
    """The field is empty; the next one counts."""
    secrets = KeptSecrets()
    secrets.filled_in(TYPED)
    assert secrets.marks(FORM, {"password": "wrong"}) == {"token": MARK}
    secrets.filled_in({"user": "me", "password": "right", "token": MARK})
    assert secrets.filled_in({"password": MARK})["password"] == "right"


def test_nothing_typed() -> None:
    """There is nothing to mark, and a mark means nothing."""
    secrets = KeptSecrets()
    assert secrets.marks(FORM, {}) == {}
    assert secrets.filled_in({"password": MARK, "token": ""}) == {
        "password": "",
        "token": "",
    }
    assert secrets.marks(FORM, {"base": "wrong"}) == {}


def test_the_mark_tells_nothing() -> None:
    """It is the same for all."""
    assert "s3cret" not in MARK
    assert MARK == "__**secret_not_changed**__"
