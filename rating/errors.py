"""What a user is told: one clear sentence a problem, without a traceback."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

# What would break a line, or move the cursor of a terminal; names in files may hold it.
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")

MOST_SENTENCES = 20  # that are told of one place
INTERRUPTED = 130  # the exit code that shells give for SIGINT


class RatebookError(Exception):
    """Input or usage that cannot be worked with.

    `messages` holds one sentence per problem; each says which file, which value, what to do.
    """

    def __init__(self, *messages: str) -> None:
        self.messages: Sequence[str] = [CONTROL.sub(_escaped, message) for message in messages]
        super().__init__("\n".join(self.messages))


def first_of(sentences: Sequence[str], where: str = "") -> list[str]:
    """The first of many sentences, and how many more there are of the place."""
    more = len(sentences) - MOST_SENTENCES
    rest = [f"{where}and {more:,} more"] if more > 0 else []
    return [*sentences[:MOST_SENTENCES], *rest]


def _escaped(found: re.Match[str]) -> str:
    return found.group().encode("unicode_escape").decode("ascii")


def require_folder(file: Path) -> None:
    """Raise `RatebookError` where there is no folder for FILE to be written into."""
    if not file.parent.is_dir():
        raise RatebookError(f"the folder {file.parent} does not exist; create it first")


@contextmanager
def writing_to(file: Path) -> Iterator[None]:
    """Say in one sentence why FILE cannot be written."""
    require_folder(file)
    try:
        yield
    except OSError as error:
        raise RatebookError(
            f"{file} cannot be written: {error.strerror}; name another file"
        ) from None


def first_line(error: Exception) -> str:
    """The first line of an error's message, and what to do where memory is too small."""
    line = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    is_of_memory = re.search("Out of Memory Error|could not allocate block", line)
    return f"{line}; allow more by RATEBOOK_MEMORY_LIMIT" if is_of_memory else line
