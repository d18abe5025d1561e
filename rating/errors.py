"""What a user is told: one clear sentence a problem, without a traceback."""

from collections.abc import Sequence


class RatebookError(Exception):
    """Input or usage that cannot be worked with.

    `messages` holds one sentence per problem; each says which file, which value, what to do.
    """

    def __init__(self, *messages: str) -> None:
        super().__init__("\n".join(messages))
        self.messages: Sequence[str] = messages


def first_line(error: Exception) -> str:
    """The first line of an error's message."""
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
