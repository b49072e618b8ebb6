from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from nordic_tui.config.consent import ConsentFile
from nordic_tui.model import Answer, Consent

AT = datetime(2026, 10, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def file(tmp_path: Path) -> ConsentFile:
    return ConsentFile(tmp_path / "data" / "consent.json")


def test_nothing_was_asked_yet(file: ConsentFile) -> None:
    assert file.load() is None
    assert not file.path.parent.exists()


@pytest.mark.parametrize("answer", [Answer.KEEP, Answer.NEVER])
def test_a_decision_lasts(file: ConsentFile, answer: Answer) -> None:
    consent = Consent(answer, AT, 1)
    file.save(consent)
    assert file.load() == consent
    assert file.path.stat().st_mode & 0o777 == 0o600
    assert list(file.path.parent.iterdir()) == [file.path]


def test_an_answer_for_this_session_is_not_written(file: ConsentFile) -> None:
    session = Consent(Answer.SESSION, AT, 1)
    file.save(session)
    assert not file.path.exists()
    file.save(Consent(Answer.KEEP, AT, 1))
    file.save(session)
    assert file.load() is None
    assert not file.path.exists()


def test_the_time_is_in_utc_wherever_it_was_written(file: ConsentFile) -> None:
    file.save(Consent(Answer.NEVER, AT.astimezone(timezone(timedelta(hours=2))), 1))
    found = file.load()
    assert found is not None
    assert (found.at, found.at.tzinfo) == (AT, UTC)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[]",
        b"null",
        b"[" * 100_000,
        b'{"answer": "yes", "at": "2026-10-01T12:00:00+00:00", "notice": 1}',
        b'{"answer": "session", "at": "2026-10-01T12:00:00+00:00", "notice": 1}',
        b'{"answer": ["keep"], "at": "2026-10-01T12:00:00+00:00", "notice": 1}',
        b'{"answer": "keep", "at": "2026-10-01T12:00:00", "notice": 1}',
        b'{"answer": "keep", "at": "yesterday", "notice": 1}',
        b'{"answer": "keep", "at": 1, "notice": 1}',
        b'{"answer": "keep", "at": "2026-10-01T12:00:00+00:00"}',
        b'{"answer": "keep", "at": "2026-10-01T12:00:00+00:00", "notice": true}',
        b'{"answer": "keep", "at": "2026-10-01T12:00:00+00:00", "notice": "1"}',
        b'{"answer": "keep", "at": "0001-01-01T00:00:00+23:00", "notice": 1}',
    ],
)
def test_what_is_not_understood_is_no_yes(file: ConsentFile, data: bytes) -> None:
    file.path.parent.mkdir()
    file.path.write_bytes(data)
    assert file.load() is None


def test_a_folder_in_its_place(file: ConsentFile) -> None:
    file.path.mkdir(parents=True)
    assert file.load() is None
    with pytest.raises(OSError, match="directory"):
        file.save(Consent(Answer.KEEP, AT, 1))
