"""The ways in which a request can fail, said once. Entrypoints turn them into a page, problem+json, a socket's ack or an exit code."""


class Failure(Exception):
    """Base of all answers that are not a yes. `reason` is a sentence for the person; `status` the HTTP status."""

    status = 500
    retry_after: int | None = None

    def __init__(self, reason: str = "") -> None:
        super().__init__(str(reason))
        self.reason = str(reason)


class BadInput(Failure):
    """What was sent cannot be used. `errors` names each field with its sentences."""

    status = 400

    def __init__(self, errors: dict[str, list[str]]) -> None:
        super().__init__("; ".join(f"{field}: {' '.join(found)}" for field, found in errors.items()))
        self.errors = errors


class NotSignedIn(Failure):
    """Nobody is signed in, or the token is unknown or ended."""

    status = 401


class Refused(Failure):
    """The person may read this but not do that, or the token may only read."""

    status = 403


class NotFound(Failure):
    """It is not, or this viewer may not read it; the two look the same."""

    status = 404


class Conflict(Failure):
    """Right in itself, but not in the state the thing is in: closed, merged, withdrawn, taken."""

    status = 409


class Outdated(Failure):
    """The text was changed by somebody else since it was read (If-Match)."""

    status = 412


class PreconditionMissing(Failure):
    """The call needs If-Match."""

    status = 428


class TooMany(Failure):
    """Too much in too short a time. `retry_after` in seconds."""

    status = 429

    def __init__(self, reason: str, retry_after: int) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class Unavailable(Failure):
    """Something the site needs does not answer; nothing was lost, and it is worth trying again. `retry_after` in seconds."""

    status = 503
    retry_after = 5
