"""What the top right of the screen says about the sources, in as few words as it takes."""

from collections.abc import Sequence
from datetime import datetime

from nordic_tui.model import SourceState
from nordic_tui.service import decide


class Status:
    """The state of the sources as a person needs it: what is new, what goes on, what failed."""

    def __init__(self, new: int = 0) -> None:
        self.new = new
        """Posts that have come in and are not shown yet."""
        self.done = 0
        self.total = 0
        """Sources asked and to be asked by the refresh that goes on; 0 and 0: none does."""
        self.waits = False
        """Whether another instance of the program refreshes, and this one waits for it."""
        self.failed = 0
        """Sources that failed when they were last asked."""
        self.followed = 0
        self.offline = False
        """No source could be reached."""
        self.tells_when = True
        """Whether it says when the sources were asked, where there is nothing else to say."""
        self.asked_at: datetime | None = None
        self.next_at: datetime | None = None
        """When the first source is asked again."""

    def learn(self, states: Sequence[SourceState]) -> None:
        """Take over what is known of the sources."""
        self.followed = len(states)
        failing = [s for s in states if s.failures and not s.stopped and not s.paused]
        self.failed = len(failing)
        self.offline = bool(failing) and all(
            state.error.startswith("could not be reached") for state in states
        )
        self.asked_at = max((s.checked_at for s in states if s.checked_at), default=None)
        self.next_at = decide.next_due(failing or states)

    def words(self, now: datetime, admit_key: str) -> tuple[str, str]:
        """The text, and the role of its colour. admit_key: the key that shows what is new."""
        state, role = self.state(now)
        if not self.new:
            return state, role
        new = f"{self.new:,} new · press {admit_key}"
        return (f"{new}   {state}" if state else new), "mark"

    def state(self, now: datetime) -> tuple[str, str]:
        """The same without what is new."""
        if self.waits:
            return "another refreshes …", "muted"
        if self.total > 1:
            return f"{self.done} of {self.total} sources", "muted"
        if self.total:
            return "asking …", "muted"
        again = f" · next try {clock_time(self.next_at, now)}" if self.next_at else ""
        if self.offline:
            return f"offline{again}", "muted"
        if self.failed and self.followed == 1:
            return f"failed{again}", "alarm"
        if self.failed:
            word = "source" if self.failed == 1 else "sources"
            return f"{self.failed} {word} failed{again}", "alarm"
        if self.asked_at is not None and self.tells_when:
            return f"asked {clock_time(self.asked_at, now)}", "muted"
        return "", "muted"


def clock_time(moment: datetime, now: datetime) -> str:
    """ "12:04" today, "21 Nov 12:04" on another day; in the time zone of the machine."""
    local, today = moment.astimezone(), now.astimezone()
    clock = f"{local:%H:%M}"
    return clock if local.date() == today.date() else f"{local.day} {local:%b} {clock}"


def wait_words(seconds: float) -> str:
    """ "in 15 minutes", "in 3 hours": how long to wait, as a person says it."""
    minutes = max(round(seconds / 60), 1)
    if minutes < 90:
        return f"in {minutes} {'minute' if minutes == 1 else 'minutes'}"
    hours = round(minutes / 60)
    return f"in {hours} hours" if hours < 36 else f"in {round(hours / 24)} days"
