"""The answer to the question about the reading history, kept as a small JSON file.

{"answer": "keep", "at": "2026-10-01T12:00:00+00:00", "notice": 1}
"""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from nordic_tui.config.files import read_bytes, replace_file
from nordic_tui.model import Answer, Consent

MAX_BYTES = 10_000
KEPT = (Answer.KEEP, Answer.NEVER)
"""The answers that last. "This session only" ends with the session and is not written."""


def _plain(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A table; raises ValueError where it says something twice."""
    table = dict(pairs)
    if len(table) != len(pairs):
        raise ValueError
    return table


class ConsentFile(NamedTuple):
    """Where the decision is kept between two sessions."""

    path: Path

    def load(self) -> Consent | None:
        """Return the decision; None if there is none that can be read, so that it is asked for.

        What is not fully understood is never taken for a yes.
        """
        try:
            found = json.loads(read_bytes(self.path, MAX_BYTES), object_pairs_hook=_plain)
            answer, at, notice = Answer(found["answer"]), found["at"], found["notice"]
            moment = datetime.fromisoformat(at)
            if answer not in KEPT or moment.tzinfo is None or type(notice) is not int:
                return None
            return Consent(answer, moment.astimezone(UTC), notice)
        except (OSError, ValueError, LookupError, TypeError, OverflowError, RecursionError):
            return None

    def save(self, consent: Consent) -> None:
        """Keep a decision, in one step and with mode 0600; raises OSError.

        "This session only" removes the one that was kept before.
        """
        if consent.answer not in KEPT:
            self.path.unlink(missing_ok=True)
            return
        decision = {
            "answer": consent.answer.value,
            "at": consent.at.isoformat(),
            "notice": consent.notice,
        }
        replace_file(self.path, (json.dumps(decision) + "\n").encode())
