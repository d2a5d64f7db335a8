"""One request within a session of the app's API (reference section 2.2)."""

from collections.abc import Callable

from .._vendor.core.client.errors import TransportError
from .._vendor.core.client.message import Request, Response
from .classic_answers import check_account, cookies_of
from .errors import check_status
from .login_state import LoginState


class Attempt:
    """One request: which session its cookies are of, and what the answer does to it."""

    def __init__(self, state: LoginState) -> None:
        """Prepare; nothing is built yet."""
        self._state = state
        self._number = 0

    def built(self, build: Callable[[], Request]) -> Callable[[], Request]:
        """Return ``build``, which takes the cookies of the moment it is called."""

        def noted() -> Request:
            self._number = self._state.number
            return build()

        return noted

    def decoded[T](self, decode: Callable[[Response], T]) -> Callable[[Response], T]:
        """Return ``decode`` for answers that are about the request."""

        def checked(response: Response) -> T:
            check_status(response)
            try:
                body = response.json()
            except TransportError:
                body = None  # for `decode` to say what it is
            check_account(body, response.received_at)
            found = decode(response)
            self._state.keep(cookies_of(response.headers), self._number)
            return found

        return checked

    @property
    def replaced(self) -> bool:
        """Whether another session has begun since the request went out."""
        return self._number != self._state.number

    def expired(self) -> None:
        """Let go of the session that was refused, not of one begun meanwhile."""
        if not self.replaced:
            self._state.end()
