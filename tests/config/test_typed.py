"""Settings of a source as they are typed on one line."""

from typing import Any

import pytest

from nordic_tui.config.following import SOURCE_KEYS
from nordic_tui.config.typed import as_typed, with_typed
from nordic_tui.errors import SettingsError
from nordic_tui.model import Login, Manner, Source

A = Source("https://a.example/feed/")


def with_manner(**fields: Any) -> Source:
    return A._replace(manner=Manner(**fields))


TYPED = [
    ("name", "The example", A._replace(name="The example")),
    ("folder", "News/Nordic", A._replace(folder="News/Nordic")),
    ("tags", "nordic; two words", A._replace(tags=("nordic", "two words"))),
    ("refresh_minutes", "60.5", A._replace(interval_s=3630.0)),
    ("paused", "true", A._replace(paused=True)),
    ("hidden", "true", A._replace(hidden=True)),
    ("leave_out", "Events; Jobs", A._replace(left_out=("Events", "Jobs"))),
    ("archive", "true", A._replace(archive=True)),
    ("archive_limit", "500", A._replace(archive_limit=500)),
    ("full_text", "true", A._replace(full_text=True)),
    ("user_agent", "Mine/1.0 (X11; rv:1)", with_manner(user_agent="Mine/1.0 (X11; rv:1)")),
    (
        "headers",
        "Accept: text/html;q=0.9; Accept-Language: nb",
        with_manner(headers=(("Accept", "text/html;q=0.9"), ("Accept-Language", "nb"))),
    ),
    (
        "login",
        "user kari command pass show 'my news'",
        with_manner(login=Login(user="kari", command=("pass", "show", "my news"))),
    ),
    ("login", "file ~/.pw", with_manner(login=Login(file="~/.pw"))),
    ("login", "variable NEWS_TOKEN", with_manner(login=Login(variable="NEWS_TOKEN"))),
    ("max_megabytes", "2.5", with_manner(max_bytes=2_500_000)),
    ("ca_file", "~/office.pem", with_manner(ca_file="~/office.pem")),
]


@pytest.mark.parametrize(("name", "words", "source"), TYPED, ids=lambda value: str(value)[:20])
def test_what_is_typed_is_what_is_shown(name: str, words: str, source: Source) -> None:
    assert with_typed(A, name, words) == source
    assert as_typed(source, name) == words
    assert with_typed(source, name, " ") == A, "nothing: as usual again"
    assert as_typed(A, name) == ""


def test_every_setting_of_a_source_can_be_typed() -> None:
    assert {name for name, *_ in TYPED} == set(SOURCE_KEYS)


def test_blanks_between_words_do_not_matter() -> None:
    assert with_typed(A, "tags", " a ;; b;").tags == ("a", "b")
    headers = with_typed(A, "headers", "X:1;Y : 2 ;").manner.headers
    assert headers == (("X", "1"), ("Y", "2"))
    login = with_typed(A, "login", "file /a b/pw").manner.login
    assert login == Login(file="/a b/pw")


@pytest.mark.parametrize(
    ("name", "words", "sentence"),
    [
        ("refresh_minutes", "5", "a number of minutes from 10 to 10080, not \"5\"."),
        ("refresh_minutes", "nan", "a number of minutes from 10 to 10080, not \"nan\"."),
        ("archive_limit", "1.5", "a whole number from 1 to 1000000, not \"1.5\"."),
        ("max_megabytes", "many", "a number of megabytes from 1 to 500, not \"many\"."),
        ("hidden", "perhaps", "true or false, not \"perhaps\"."),
        ("folder", "News//", "a folder such as \"News\" or \"News/Nordic\", not \"News//\"."),
        ("user_agent", "Blåbær", "a text of printable ASCII, not \"Blåbær\"."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_as_the_settings_say_it(name: str, words: str, sentence: str) -> None:
    with pytest.raises(SettingsError) as caught:
        with_typed(A, name, words)
    assert str(caught.value) == f"It must be {sentence}"


@pytest.mark.parametrize(
    ("name", "words", "sentence"),
    [
        (
            "headers",
            "authorization: Bearer hunter2",
            "headers must not hold authorization, which is for a secret: "
            "use login, which names where the secret comes from.",
        ),
        (
            "headers",
            "X: 1; Cookie: hunter2",
            "headers must not hold Cookie, which is for a secret: "
            "use login, which names where the secret comes from.",
        ),
        ("headers", "X: hunter2; X: hunter3", "headers holds X twice."),
        (
            "headers",
            "hunter2",
            'headers are written "Accept-Language: nb", several of them parted by a semicolon.',
        ),
        (
            "login",
            "hunter2",
            'login is written "command pass show news", "file ~/.pw" or "variable NEWS_TOKEN".',
        ),
        ("login", "user ka:ri variable X", "user of login must not hold a colon."),
        ("login", "command 'hunter2", "The quotation marks of login do not match."),
        ("login", "file hunter2", "file of login must be a whole path, such as ~/.pw."),
        (
            "login",
            "variable X=hunter2",
            "variable of login must be the name of a variable of the environment.",
        ),
    ],
)
def test_what_may_be_a_secret_is_refused_and_not_repeated(
    name: str, words: str, sentence: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        with_typed(A, name, words)
    assert str(caught.value) == sentence


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("tags", A._replace(tags=("a;b",))),
        ("headers", with_manner(headers=(("X", "a; b: c"),))),
        ("login", with_manner(login=Login(file="pw"))),
    ],
)
def test_what_can_not_be_typed_is_not_offered(name: str, source: Source) -> None:
    assert as_typed(source, name) is None
