"""The reading history: the question, the answer, and what was read.

Whether marks go to a file or stay in memory is decided here and nowhere else: whoever marks a
post as read does not ask. The rules are those of the EDPB's guidelines 03/2022 on deceptive
design patterns: no answer is easier or louder than another, and it can be taken back as easily
as it was given.
"""

from concurrent.futures import Future
from pathlib import Path
from typing import Any

from nordic_tui.clock import Clock
from nordic_tui.model import Answer, Consent, LastPlace, Snapshot, Stored, View
from nordic_tui.service.ports import ConsentFile, HistoryStore

NOTICE = 3
"""The version of what the question says. A new version asks again."""


def may_store(consent: Consent | None) -> bool:
    """Whether a reading history may be on disk: only after a yes to this very notice."""
    return consent is not None and consent.answer is Answer.KEEP and consent.notice == NOTICE


class History:
    """Consent, read marks, reading positions, and where one was last.

    file: where the history is stored after consent. lasting: False when nothing may ever be
    stored (addresses read without following them): then no question is asked either.
    """

    def __init__(
        self,
        store: HistoryStore,
        consent_file: ConsentFile,
        file: Path,
        clock: Clock,
        *,
        retention_days: int,
        lasting: bool = True,
    ) -> None:
        self._store = store
        self._consent_file = consent_file
        self._clock = clock
        self._consent = consent_file.load()
        self.file = file
        self.retention_days = retention_days
        self.lasting = lasting

    # ── consent ─────────────────────────────────────────────────────────────────────────────

    @property
    def unanswered(self) -> bool:
        """Whether the question must be asked: never answered, or answered on an older notice."""
        return self.lasting and (self._consent is None or self._consent.notice != NOTICE)

    @property
    def kept(self) -> bool:
        """Whether the history is stored on disk now."""
        return self.lasting and may_store(self._consent)

    def decide(self, answer: Answer) -> None:
        """Take an answer; what it says holds when this returns.

        A yes stores what was read in this session too; where nothing may be stored (`lasting`)
        it holds from the next start on. Any other answer erases what is stored, also a file
        that an older consent left behind. Raises StoreError if the file can't be written or
        erased, OSError if the decision can't be kept; a no holds for this session even then.
        """
        if answer is Answer.KEEP:
            if self.lasting:
                self._store.use_history(self.file)
            self._note(answer)
            return
        is_stored = self.kept or self._is_there
        try:
            # First: should erasing fail, at least nothing more is stored at the next start.
            self._note(answer)
        finally:
            if is_stored:
                self._forget()

    def erase(self) -> None:
        """Withdraw: the file is overwritten and removed, and what this session knows forgotten.
        The question is not asked again: the answer is now "never". Raises as `decide` does."""
        try:
            self._note(Answer.NEVER)
        finally:
            self._forget()

    def finish_erasing(self) -> None:
        """Erase what is there after a "never": the program was ended while it erased. Raises
        StoreError."""
        consent = self._consent
        if consent is not None and consent.answer is Answer.NEVER and self._is_there:
            self._store.erase_history(self.file)

    def heed_withdrawal(self) -> bool:
        """Forget all, if another instance of the program was told so since; whether that was so.

        What that one erased is in use here until then. Raises StoreError.
        """
        if not self.kept:
            return False
        said = self._consent_file.load()
        if said is None or said.answer is not Answer.NEVER:
            return False
        self._consent = said
        self._forget()
        return True

    def _note(self, answer: Answer) -> None:
        self._consent = Consent(answer, self._clock(), NOTICE)
        self._consent_file.save(self._consent)

    @property
    def _is_there(self) -> bool:
        """Whether anything of a history is on disk, in use or not (an older notice, `lasting`)."""
        return bool(self._store.history_files(self.file))

    def _forget(self) -> None:
        self._store.use_history(None)
        self._store.erase_history(self.file)

    def stored(self) -> Stored:
        """What is stored now, and where."""
        marks, positions, oldest, size, texts, has_place = self._store.stored()
        return Stored(
            consent=self._consent,
            history_path=str(self.file),
            history_exists=self._is_there,
            history_bytes=size,
            marks=marks,
            positions=positions,
            texts=texts,
            has_place=has_place,
            oldest=oldest,
            retention_days=self.retention_days,
        )

    def export(self) -> dict[str, Any]:
        """All that is known of the reading, ready for JSON."""
        consent = self._consent
        return {
            **self._store.export_history(),
            "consent": None
            if consent is None
            else {
                "answer": consent.answer.value,
                "at": consent.at.isoformat(),
                "notice": consent.notice,
            },
        }

    # ── what was read ───────────────────────────────────────────────────────────────────────

    def mark(self, post_id: int, read: bool, *, undoable: bool = True) -> Future[int]:
        """Mark one post; gives how many marks changed (0 or 1)."""
        return self._store.mark([post_id], read, undoable=undoable)

    def mark_view(self, view: View, snapshot: Snapshot) -> Future[int]:
        """Mark every post of a view as read; gives how many were unread, or had changed since."""
        return self._store.mark_view(view, snapshot)

    def position_of(self, post_id: int) -> float:
        """How far a post was read, from 0 to 1."""
        return self._store.position_of(post_id)

    def prune(self) -> None:
        """Forget what is older than was agreed. The work is done behind the screen."""
        if self.kept:
            self._store.prune_history()

    def save_position(self, post_id: int, fraction: float) -> Future[None]:
        return self._store.save_position(post_id, fraction)

    def last_place(self) -> LastPlace | None:
        """Where the person was when they quit; None: nothing is kept of that."""
        return self._store.last_place()

    def save_last_place(self, place: LastPlace) -> Future[None]:
        return self._store.save_last_place(place)
