"""Consent and the reading history, over the real store on real files."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from nordic_tui.config.consent import ConsentFile
from nordic_tui.errors import StoreUnwritable
from nordic_tui.model import Answer, Consent, Feed, Source, SourceState, View
from nordic_tui.service.history import NOTICE, History, may_store
from nordic_tui.store.rescue import SIDE_FILES
from nordic_tui.store.store import Store
from tests.fakes import NEWS, NOW, FixedClock, decided, feed

OLD, SEEN, UNSEEN = "Read in an old session", "Read in this session", "Not read at all"
POSTS = feed(OLD, SEEN, UNSEEN)
OLDER_NOTICE = NOTICE - 1


@dataclass(frozen=True, slots=True)
class Session:
    """One run of the program in a home; the posts are in memory, so that whatever tells of
    them on disk is history."""

    home: Path
    store: Store
    history: History
    clock: FixedClock

    @property
    def file(self) -> Path:
        return self.home / "history.db"

    def post_id(self, title: str) -> int:
        rows = self.store.rows(View(), self.store.snapshot(), 0, 10)
        return next(row.id for row in rows if row.title == title)

    def read(self, title: str) -> None:
        """Mark a post, and keep how far it was read."""
        assert self.history.mark(self.post_id(title), True).result(timeout=5) == 1
        self.history.save_position(self.post_id(title), 0.5).result(timeout=5)

    def unread(self) -> set[str]:
        rows = self.store.rows(View(unread_only=True), self.store.snapshot(), 0, 10)
        return {row.title for row in rows}

    def traces(self) -> dict[str, list[str]]:
        """The files of the home in which a post's id (as a number or text) or title stands."""
        found = {}
        for path in self.home.rglob("*"):
            content = path.read_bytes() if path.is_file() else b""
            told = [
                title
                for title in (OLD, SEEN, UNSEEN)
                for id_ in [self.post_id(title)]
                if id_.to_bytes(8, "big") in content
                or str(id_).encode() in content
                or title.encode() in content
            ]
            if told:
                found[path.name] = told
        return found


Start = Callable[..., Session]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts a session as the program does: on what an earlier one has left."""
    clock = FixedClock()
    opened: list[Store] = []

    def close() -> None:
        for store in opened:
            store.close()

    def start(*, lasting: bool = True) -> Session:
        close()
        consent_file = ConsentFile(tmp_path / "consent.json")
        file = tmp_path / "history.db"
        keeps = lasting and may_store(consent_file.load())
        store = Store.open(None, file if keeps else None, clock=clock)
        opened.append(store)
        store.follow_now([Source(NEWS)])
        store.save_feed(NEWS, POSTS, SourceState(NEWS)).result(timeout=5)
        history = History(store, consent_file, file, clock, retention_days=365, lasting=lasting)
        return Session(tmp_path, store, history, clock)

    yield start
    close()


def keep(home: Path, consent: Consent) -> None:
    ConsentFile(home / "consent.json").save(consent)


def leave_a_history(start: Start, *, notice: int = NOTICE) -> None:
    """A session in which a post was read, after a yes to this notice."""
    session = start()
    session.history.decide(Answer.KEEP)
    session.read(OLD)
    session.store.close()
    keep(session.home, decided(Answer.KEEP, notice=notice))


# ── the question ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("consent", "asks", "stores"),
    [
        (None, True, False),
        (decided(Answer.KEEP), False, True),
        (decided(Answer.NEVER), False, False),
        (decided(Answer.KEEP, notice=OLDER_NOTICE), True, False),
        (decided(Answer.NEVER, notice=OLDER_NOTICE), True, False),
        (decided(Answer.KEEP, notice=NOTICE + 1), True, False),
    ],
)
def test_what_is_asked_and_stored_at_the_start(
    start: Start, tmp_path: Path, consent: Consent | None, asks: bool, stores: bool
) -> None:
    if consent is not None:
        keep(tmp_path, consent)
    session = start()
    assert session.history.unanswered == asks
    assert session.history.kept == stores
    session.read(SEEN)
    assert session.file.exists() == stores
    assert may_store(consent) == stores


@pytest.mark.parametrize("answer", Answer)
def test_an_answer_is_not_asked_for_again_in_its_session(start: Start, answer: Answer) -> None:
    session = start()
    session.history.decide(answer)
    assert not session.history.unanswered
    assert session.history.kept == (answer is Answer.KEEP)
    assert session.history.stored().consent == Consent(answer, NOW, NOTICE)
    assert start().history.unanswered == (answer is Answer.SESSION)


# ── the answers ─────────────────────────────────────────────────────────────────────────────

BEFORE = ["nothing", "a history in use", "a history of an older notice"]


def begin(start: Start, before: str) -> Session:
    """A session with one post read, on what was there before."""
    if before != "nothing":
        leave_a_history(start, notice=NOTICE if before.endswith("use") else OLDER_NOTICE)
    session = start()
    session.read(SEEN)
    return session


@pytest.mark.parametrize("before", BEFORE)
def test_a_yes_keeps_what_was_read_in_this_session_too(start: Start, before: str) -> None:
    session = begin(start, before)
    session.history.decide(Answer.KEEP)
    known = [SEEN] if before == "nothing" else [OLD, SEEN]
    session.store.close()
    session = start()
    assert session.traces() == {"history.db": known}
    assert session.file.stat().st_mode & 0o777 == 0o600
    assert session.unread() == {OLD, SEEN, UNSEEN} - set(known)
    assert session.history.position_of(session.post_id(SEEN)) == 0.5


@pytest.mark.parametrize("answer", [Answer.SESSION, Answer.NEVER])
@pytest.mark.parametrize("before", BEFORE)
def test_any_other_answer_leaves_nothing_on_disk(start: Start, before: str, answer: Answer) -> None:
    session = begin(start, before)
    session.history.decide(answer)
    session.read(UNSEEN)
    assert session.traces() == {}
    left = {path.name for path in session.home.iterdir()}
    assert left == ({"consent.json"} if answer is Answer.NEVER else set())
    session = start()
    assert session.unread() == {OLD, SEEN, UNSEEN}


@pytest.mark.parametrize("answer", [Answer.SESSION, Answer.NEVER])
def test_a_no_where_nothing_is_stored_forgets_nothing_of_this_session(
    start: Start, answer: Answer
) -> None:
    session = begin(start, "nothing")
    session.history.decide(answer)
    assert session.unread() == {OLD, UNSEEN}


def test_a_yes_that_cannot_be_stored_is_no_answer(start: Start) -> None:
    session = start()
    session.file.mkdir()
    with pytest.raises(StoreUnwritable):
        session.history.decide(Answer.KEEP)
    assert session.history.unanswered
    assert not session.history.kept


# ── taking it back ──────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("before", BEFORE)
def test_erasing_leaves_nothing_and_asks_nothing(start: Start, before: str) -> None:
    session = begin(start, before)
    if before == "a history in use":
        assert session.file.with_name("history.db-wal").exists()
    session.history.erase()
    for suffix in ("", *SIDE_FILES):
        assert not session.file.with_name(f"history.db{suffix}").exists()
    assert session.traces() == {}
    assert session.unread() == {OLD, SEEN, UNSEEN}
    assert session.store.undo().result(timeout=5).act is None
    assert not session.history.kept
    assert not session.history.unanswered

    session.read(SEEN)
    assert session.traces() == {}
    session = start()
    assert not session.history.unanswered
    assert session.history.stored().consent == Consent(Answer.NEVER, NOW, NOTICE)


@pytest.mark.parametrize(
    "withdraw", [History.erase, lambda history: history.decide(Answer.NEVER)], ids=["erase", "no"]
)
class TestWithdrawingHalfway:
    """A no holds for what comes, whatever becomes of what was."""

    def test_a_file_that_cannot_be_erased(
        self, start: Start, monkeypatch: pytest.MonkeyPatch, withdraw: Callable[[History], None]
    ) -> None:
        leave_a_history(start)
        session = start()

        def refuse(file: Path | None) -> None:
            raise StoreUnwritable("The reading history could not be erased.")

        monkeypatch.setattr(session.store, "use_history", refuse)
        with pytest.raises(StoreUnwritable, match="could not be erased"):
            withdraw(session.history)
        assert not session.history.kept
        later = start()
        assert not later.history.kept
        assert later.unread() == {OLD, SEEN, UNSEEN}

    def test_a_decision_that_cannot_be_kept(
        self, start: Start, monkeypatch: pytest.MonkeyPatch, withdraw: Callable[[History], None]
    ) -> None:
        leave_a_history(start)
        session = start()

        def refuse(file: ConsentFile, consent: Consent) -> None:
            raise OSError("no room")

        monkeypatch.setattr(ConsentFile, "save", refuse)
        with pytest.raises(OSError, match="no room"):
            withdraw(session.history)
        assert not session.history.kept
        assert not session.file.exists()


# ── where nothing is ever stored ────────────────────────────────────────────────────────────


@pytest.mark.parametrize("consent", [None, decided(Answer.KEEP), decided(Answer.NEVER)])
def test_what_is_not_followed_is_never_asked_about_and_never_stored(
    start: Start, tmp_path: Path, consent: Consent | None
) -> None:
    if consent is not None:
        keep(tmp_path, consent)
    session = start(lasting=False)
    session.read(SEEN)
    assert not session.history.unanswered
    assert not session.history.kept
    session.history.decide(Answer.KEEP)
    session.history.mark(session.post_id(UNSEEN), True).result(timeout=5)
    assert not session.history.kept
    assert session.traces() == {}
    assert not session.file.exists()
    assert session.unread() == {OLD}


def test_a_history_of_other_sessions_stays_until_it_is_erased(start: Start) -> None:
    leave_a_history(start)
    session = start(lasting=False)
    session.read(SEEN)
    assert session.traces() == {"history.db": [OLD]}
    session.history.erase()
    assert not session.file.exists()
    assert session.traces() == {}


# ── your data ───────────────────────────────────────────────────────────────────────────────


def test_what_is_stored_is_told(start: Start) -> None:
    session = start()
    session.read(SEEN)
    stored = session.history.stored()
    assert (stored.history_exists, stored.history_bytes) == (False, 0)
    assert (stored.consent, stored.marks, stored.positions) == (None, 1, 1)

    session.history.decide(Answer.KEEP)
    session.clock.move(days=1)
    session.read(UNSEEN)
    stored = session.history.stored()
    assert stored.history_exists
    assert stored.history_path == str(session.file)
    assert stored.history_bytes >= session.file.stat().st_size > 0
    assert (stored.marks, stored.positions, stored.retention_days) == (2, 2, 365)
    assert stored.oldest == NOW


def test_the_export_holds_the_decision_and_all_that_is_known(start: Start) -> None:
    session = start()
    session.history.decide(Answer.KEEP)
    session.clock.move(hours=1)
    session.read(SEEN)
    at = (NOW + timedelta(hours=1)).isoformat()
    post = {
        "post": str(session.post_id(SEEN)),
        "title": SEEN,
        "link": POSTS.entries[1].link,
        "source": NEWS,
    }
    export = session.history.export()
    undo = export.pop("undo")
    assert [(step["post"], step["was_read_at"]) for step in undo] == [(post["post"], None)]
    assert export.pop("redo") == []
    assert export == {
        "format": "nordic-tui-history",
        "version": 1,
        "exported_at": at,
        "consent": {"answer": "keep", "at": NOW.isoformat(), "notice": NOTICE},
        "read": [post | {"read_at": at}],
        "positions": [post | {"fraction": 0.5, "saved_at": at}],
        "full_texts": [],
        "last_place": None,
    }
    assert json.loads(json.dumps(export)) == export


def test_without_an_answer_the_export_says_so(start: Start) -> None:
    export = start().history.export()
    assert (export["consent"], export["read"], export["positions"]) == (None, [], [])


# ── what was read ───────────────────────────────────────────────────────────────────────────


def test_marks_of_a_view_are_taken_back_together(start: Start) -> None:
    session = start()
    session.read(SEEN)
    snapshot = session.store.snapshot()
    late = Feed(entries=(*feed("Came later").entries, *POSTS.entries))
    session.store.save_feed(NEWS, late, SourceState(NEWS)).result(timeout=5)
    assert session.history.mark_view(View(), snapshot).result(timeout=5) == 2
    assert session.unread() == {"Came later"}
    act = session.store.undo().result(timeout=5).act
    assert act is not None
    assert (act.done, act.posts) == ("2 posts marked as read.", 2)
    assert session.unread() == {"Came later", OLD, UNSEEN}


def test_undo_leaves_what_was_marked_by_reading(start: Start) -> None:
    session = start()
    session.history.mark(session.post_id(SEEN), True, undoable=False).result(timeout=5)
    assert session.store.undo().result(timeout=5).act is None
    assert session.unread() == {OLD, UNSEEN}


def test_what_is_older_than_agreed_is_forgotten(start: Start) -> None:
    session = start()
    session.history.decide(Answer.KEEP)
    session.read(SEEN)

    def marks_after(days: int) -> int:
        session.clock.move(days=days)
        # A post with a date of today says that it is as late as the clock has it.
        today = feed(f"After {days}").entries[0]._replace(published=session.clock())
        session.store.save_posts(NEWS, Feed(entries=(today,))).result(timeout=5)
        session.history.prune()
        session.store.mark([], True).result(timeout=5)  # what was asked before it is done
        return session.history.stored().marks

    assert marks_after(364) == 1
    assert marks_after(2) == 0


def test_without_a_yes_nothing_gets_too_old(start: Start) -> None:
    session = start()
    session.read(SEEN)
    session.clock.move(days=366)
    session.history.prune()
    session.store.mark([], True).result(timeout=5)
    assert session.history.stored().marks == 1


def test_an_erase_that_was_broken_off_is_finished_and_an_export_is_left(start: Start) -> None:
    """An export that somebody makes who keeps no history is all that they have of it."""
    session = start()
    export = session.file.with_suffix(".json")
    session.history.decide(Answer.NEVER)
    export.write_text("mine")
    session.history.finish_erasing()
    assert export.exists()
    copy = session.file.with_name("history.db.v1-backup")
    copy.write_text("of old")
    session.history.finish_erasing()
    assert not copy.exists()


# ── a program that was killed, and another one ──────────────────────────────────────────────


def test_an_erasing_that_was_broken_off_is_finished_at_the_next_start(start: Start) -> None:
    leave_a_history(start)
    home = start().home
    keep(home, decided(Answer.NEVER))  # killed here, before the file
    session = start()
    assert session.file.exists()
    session.history.finish_erasing()
    assert session.traces() == {}
    assert not session.file.exists()


def test_a_file_that_was_overwritten_in_part_is_erased_as_well(start: Start) -> None:
    leave_a_history(start)
    session = start()
    keep(session.home, decided(Answer.NEVER))
    with session.file.open("r+b") as file:
        file.write(bytes(2_000))  # killed here
    session = start()
    session.history.finish_erasing()
    assert session.traces() == {}
    assert sorted(path.name for path in session.home.iterdir()) == ["consent.json"]


def test_after_a_damaged_file_a_yes_is_possible(start: Start) -> None:
    session = start()
    session.file.write_bytes(bytes(4_096))
    session.read(SEEN)
    session.history.decide(Answer.KEEP)
    assert session.unread() == {OLD, UNSEEN}
    assert session.history.stored().history_exists
    assert [path for path in session.home.iterdir() if ".corrupt-" in path.name]


@pytest.mark.parametrize("answer", [None, Answer.KEEP])
def test_without_a_no_nothing_is_erased_at_the_start(start: Start, answer: Answer | None) -> None:
    leave_a_history(start)
    if answer is None:
        (start().home / "consent.json").unlink()
    session = start()
    session.history.finish_erasing()
    assert OLD in session.traces()["history.db"]
    assert not session.history.heed_withdrawal()


def test_what_another_instance_erases_is_forgotten_here_too(start: Start) -> None:
    leave_a_history(start)
    here = start()
    here.read(SEEN)
    elsewhere = Store.open(None, here.file, clock=here.clock)
    consent_file = ConsentFile(here.home / "consent.json")
    History(elsewhere, consent_file, here.file, here.clock, retention_days=365).erase()
    elsewhere.close()
    assert here.history.heed_withdrawal()
    assert not here.history.kept
    assert here.unread() == {OLD, SEEN, UNSEEN}
    here.read(SEEN)
    assert here.unread() == {OLD, UNSEEN}
    assert here.traces() == {}
    assert not here.file.exists()
    assert not here.history.heed_withdrawal()
