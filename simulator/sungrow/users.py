"""Who owns which plants, and the application that is let in."""

from collections.abc import Iterable
from dataclasses import dataclass, field

USER_NAME = "owner@example.com"
PASSWORD = "Sun&Battery2026"
USER_ID = "70321"
APPLICATION_ID = "499"
APP_KEY = "0A1B2C3D4E5F60718293A4B5C6D7E8F9"
SECRET = "s3cr3tkey0123456789abcdefghijkl0"
REDIRECT_URIS = (
    "https://my.home-assistant.io/redirect/oauth",
    "http://127.0.0.1:8123/auth/external/callback",
    "http://homeassistant.local:8123/auth/external/callback",
)


@dataclass(slots=True, kw_only=True)
class Application:
    """One application of the developer portal (reference section 1.2)."""

    application_id: str = APPLICATION_ID
    app_key: str = APP_KEY
    secret: str = SECRET
    redirect_uris: list[str] = field(default_factory=lambda: list(REDIRECT_URIS))
    """URLs that may be sent to; compared byte for byte."""


@dataclass(slots=True, kw_only=True, eq=False)
class User:
    """An account of the app."""

    user_name: str = USER_NAME
    password: str = PASSWORD
    user_id: str = USER_ID
    plants: set[str] = field(default_factory=set)
    """Ids of the plants that are the user's or shared with them."""
    disabled: bool = False
    """Locked by an administrator (`login_state` 5)."""
    err_times: int = 0
    """Wrong passwords since the last right one."""
    locked_until: float = 0.0
    """Epoch seconds until which wrong passwords lock the account."""


class Users:
    """All accounts; the first is the owner."""

    def __init__(self, plants: Iterable[str]) -> None:
        """Give all plants to the owner."""
        self.all = [User(plants=set(plants))]

    @property
    def owner(self) -> User:
        """The account that the credentials are of."""
        return self.all[0]

    def named(self, user_name: str) -> User | None:
        """Return an account by what it logs in with."""
        return next((user for user in self.all if user.user_name == user_name), None)

    def add(self, user_name: str, password: str, plants: Iterable[str]) -> User:
        """Register another account; ValueError if the name is taken."""
        if self.named(user_name):
            raise ValueError(f"there is a user {user_name}")
        user = User(
            user_name=user_name,
            password=password,
            user_id=str(int(USER_ID) + len(self.all)),
            plants=set(plants),
        )
        self.all.append(user)
        return user
