"""The question about the reading history, and what is stored of a person."""

import json

from nordic_tui.errors import NordicError
from nordic_tui.model import Answer
from nordic_tui.plain.commands import Typed
from nordic_tui.plain.session import Session
from nordic_tui.service.words import (
    CONSENT_QUESTION,
    CONSENT_WITHOUT,
    at_home,
    consent_stores,
    consent_words,
    kept_words,
    stored_words,
)

PROMPT = "1, 2 or 3> "
UNASKED = (
    "What you read is forgotten at the end: nothing of it is stored unless you agree. H says more."
)
"""Where nobody can be asked."""

UNANSWERED = "What you read is forgotten when you quit; you are asked again at the next start."

_ANSWERS = (
    (Answer.KEEP, ("keep", "keep history", "yes"), "Keep history."),
    (Answer.SESSION, ("session", "this session only", ""), "This session only."),
    (Answer.NEVER, ("never", "no"), "Never."),
)
"""In the order of the screen; Enter alone is the one that stores nothing and is asked again."""

_DECIDED = {
    Answer.KEEP: "The reading history is kept on this machine. H shows and erases it.",
    Answer.SESSION: "What you read is forgotten when you quit.",
    Answer.NEVER: "No reading history is kept. H changes that.",
}


def ask_consent(session: Session) -> None:
    """Ask whether a reading history may be stored, until it is answered. Raises Ended; then it is
    as if it had not been asked."""
    history, talk = session.services.history, session.talk
    talk.say(CONSENT_QUESTION, consent_stores(history.retention_days))
    talk.say_whole(at_home(str(history.file)))
    talk.say(CONSENT_WITHOUT)
    for number, (_, _, label) in enumerate(_ANSWERS, 1):
        talk.say(f"{number}. {label}")
    while True:
        line = talk.ask(PROMPT).strip().lower().rstrip(".")
        for number, (answer, typed, _) in enumerate(_ANSWERS, 1):
            if line in (str(number), *typed):
                decide(session, answer)
                return
        talk.say("Type 1 to keep it, 2 for this session only, or 3 for never.")


def decide(session: Session, answer: Answer) -> None:
    try:
        session.services.history.decide(answer)
    except (NordicError, OSError) as error:
        session.talk.say(f"Your answer could not be kept: {error}")
    else:
        session.talk.say(_DECIDED[answer])
    session.listing.forget_rows()


def own_data(session: Session, typed: Typed) -> None:
    """Say what is stored; or do what the word behind says."""
    does = {
        "keep": lambda: decide(session, Answer.KEEP),
        "never": lambda: decide(session, Answer.NEVER),
        "session": lambda: decide(session, Answer.SESSION),
        "erase": lambda: _erase(session),
        "export": lambda: _export(session),
    }
    word = typed.rest.lower()
    if word in does:
        does[word]()
        return
    history, keeping = session.services.history, session.services.keeping
    stored = history.stored()
    kept = kept_words(
        keeping.size(),
        at_home(str(keeping.file)),
        exists=keeping.file.exists(),
        lasting=keeping.lasting,
    )
    change = "H erase withdraws it" if stored.history_exists else "H keep keeps it from now on"
    export = at_home(session.services.export_file)
    session.talk.say(
        consent_words(stored),
        *stored_words(stored, at_home(str(history.file))),
        kept,
        f"{change}, H export writes it to {export}, H never decides against it.",
    )


def _erase(session: Session) -> None:
    try:
        session.services.history.erase()
    except (NordicError, OSError) as error:
        session.talk.say(f"The reading history could not be erased: {error}")
    else:
        session.talk.say("The reading history is erased, and nothing more is kept.")
    session.listing.forget_rows()


def _export(session: Session) -> None:
    services = session.services
    path = at_home(services.export_file)
    text = json.dumps(services.history.export(), ensure_ascii=False, indent=2)
    try:
        services.save_export(f"{text}\n")
    except OSError as error:
        session.talk.say(f"{path} could not be written: {error.strerror}.")
    else:
        session.talk.say(f"Exported to {path}.")
