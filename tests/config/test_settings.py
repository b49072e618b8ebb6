from pathlib import Path

import pytest

from nordic_tui.config.settings import DEFAULT_SOURCE, SETTINGS, TABLES, Settings, describe, load
from nordic_tui.errors import SettingsError
from nordic_tui.model import Login, Manner, Rule, SavedView, Source


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "settings.toml"


COMMANDS = ("next_unread", "quit")
THEMES = ("fjord", "dawn")
TOP = ", ".join((*(setting.key for setting in SETTINGS), *TABLES))
OF_A_SOURCE = (
    "address, name, folder, tags, refresh_minutes, paused, hidden, leave_out, archive, "
    "archive_limit, full_text, user_agent, headers, login, max_megabytes, ca_file"
)


def test_a_missing_file_gives_the_defaults(path: Path) -> None:
    assert load(path) == Settings()
    assert not path.exists()


def test_an_empty_file_gives_the_defaults(path: Path) -> None:
    path.write_text("")
    assert load(path) == Settings(sources=(DEFAULT_SOURCE,))


def test_the_description_is_a_file_of_the_defaults_with_every_setting(path: Path) -> None:
    path.write_text(describe())
    assert load(path, command_ids=COMMANDS, themes=THEMES) == Settings()
    for setting in SETTINGS:
        assert f"\n{setting.key} = " in describe()
        assert setting.meaning in describe()


def test_all_that_a_file_can_say(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/kari")
    path.write_text(
        """
        theme = "dawn"
        profile = "ssh"
        refresh_minutes = 12.5
        refresh_on_start = false
        mark_read_after_seconds = 0.5
        retention_days = 30
        [[sources]]
        address = " https://nordicsafecities.org/feed/ "
        name = "NSC"
        refresh_minutes = 120
        [[sources]]
        address = "~/feeds/a.xml"
        [[sources]]
        address = "../b.xml"
        [[sources]]
        address = "/c.xml"
        [keys]
        next_unread = "n,N"
        quit = ""
        """
    )
    assert load(path, command_ids=COMMANDS, themes=THEMES) == Settings(
        sources=(
            Source("https://nordicsafecities.org/feed/", "NSC", 7200.0),
            Source("/home/kari/feeds/a.xml"),
            Source(str(path.parent.parent / "b.xml")),
            Source("/c.xml"),
        ),
        theme="dawn",
        profile="ssh",
        refresh_interval_s=750.0,
        refresh_on_start=False,
        mark_read_after_s=0.5,
        retention_days=30,
        keys={"next_unread": "n,N", "quit": ""},
    )


def test_all_that_a_source_and_a_saved_view_can_say(path: Path) -> None:
    path.write_text(
        """
        requests_per_host = 4
        [[sources]]
        address = "https://kari:secret@news.example/feed/"
        folder = " News / Nordic "
        tags = ["nordic", " cities ", "nordic"]
        paused = true
        hidden = true
        leave_out = ["Events"]
        archive = true
        archive_limit = 500
        full_text = true
        user_agent = "mine/1.0"
        max_megabytes = 1.5
        ca_file = "../office.pem"
        login = { user = "kari", command = ["pass", "show", "news feed"] }
        [sources.headers]
        Accept-Language = "nb"
        [[sources]]
        address = "/a.xml"
        folder = ""
        login = { variable = "TOKEN" }
        ca_file = "~/a.pem"
        [[views]]
        name = "Unread cities"
        unread_only = true
        title = "city"
        tag = "cities"
        address = "b.xml"
        search = ' "city hall" -is:read '
        [[rules]]
        name = "No sports"
        search = "category:sports"
        hide = true
        [[rules]]
        name = "Budgets"
        search = "budget*"
        star = true
        tag = "money"
        on = false
        """
    )
    settings = load(path)
    assert settings.requests_per_host == 4
    assert settings.sources == (
        Source(
            "https://kari:secret@news.example/feed/",
            folder="News/Nordic",
            tags=("nordic", "cities"),
            paused=True,
            hidden=True,
            left_out=("Events",),
            archive=True,
            archive_limit=500,
            full_text=True,
            manner=Manner(
                user_agent="mine/1.0",
                headers=(("Accept-Language", "nb"),),
                login=Login("kari", command=("pass", "show", "news feed")),
                max_bytes=1_500_000,
                ca_file=str(path.parent.parent / "office.pem"),
            ),
        ),
        Source("/a.xml", manner=Manner(login=Login(variable="TOKEN"), ca_file="~/a.pem")),
    )
    assert settings.views == (
        SavedView(
            "Unread cities",
            True,
            "city",
            "cities",
            str(path.parent / "b.xml"),
            '"city hall" -is:read',
        ),
    )
    assert settings.rules == (
        Rule("No sports", "category:sports", hide=True),
        Rule("Budgets", "budget*", star=True, tag="money", on=False),
    )


def test_what_the_description_only_mentions_is_right_as_well(path: Path) -> None:
    lines = describe().split("\n")
    start = lines.index("[[sources]]")
    mentioned = [line.removeprefix("# ") for line in lines[start:] if line.startswith("# ")]
    pairs = [line for line in mentioned if " = " in line and ":" not in line.partition(" = ")[0]]
    views = mentioned.index("[[views]]")
    of_source = [line for line in pairs if mentioned.index(line) < views]
    keys = next(n for n, line in enumerate(mentioned) if line.startswith("Other keys"))
    programs = [line for line in pairs if mentioned.index(line) > keys]
    of_others = [line for line in mentioned[views:keys] if " = " in line or line[:2] == "[["]
    path.write_text(
        "\n".join(["[[sources]]", "address = '/a'", *of_source, *of_others, "[open]", *programs])
    )
    (source,) = load(path).sources
    assert {*OF_A_SOURCE.split(", ")} == {"address", "name"} | {
        line.partition(" = ")[0] for line in of_source
    }
    assert None not in (source.manner.login, source.manner.max_bytes, source.archive_limit)
    (view,) = load(path).views
    assert (view.tag, view.search) == ("nordic", 'budget OR "city council" after:30d')
    assert all(view)
    (rule,) = load(path).rules
    assert rule == Rule("No sports", "category:sports -title:budget", hide=True, tag="later")
    assert [*load(path).open_with] == ["audio", "application/pdf", "any"]


def test_a_text_of_many_dots_is_no_long_key(path: Path) -> None:
    arpa = "https://" + "1." * 32 + "ip6.arpa/a.b.c/"
    path.write_text(f'theme = "fjord" # {"a. " * 49}\n[[sources]]\naddress = "{arpa}"\n')
    assert load(path).sources == (Source(arpa),)


@pytest.mark.parametrize("value", ["0", "0.0", "false"])
def test_marking_by_looking_can_be_switched_off(path: Path, value: str) -> None:
    path.write_text(f"mark_read_after_seconds = {value}")
    assert load(path).mark_read_after_s == 0.0


def test_nothing_may_be_followed(path: Path) -> None:
    path.write_text("sources = []")
    assert load(path).sources == ()


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(path: Path) -> None:
    path.write_bytes(b'\xef\xbb\xbftheme = "dawn"\r\n[keys]\r\n')
    assert load(path).theme == "dawn"


@pytest.mark.parametrize(
    ("text", "mistakes"),
    [
        (
            "\n\nrefresh_minute = 60",
            [
                "line 3: refresh_minute is not a setting. Did you mean refresh_minutes? "
                f"Allowed here: {TOP}."
            ],
        ),
        ("[qqq]", [f"line 1: qqq is not a setting. Allowed here: {TOP}."]),
        (
            '"\\u001b[31m" = 1',
            [f'line 1: "\N{REPLACEMENT CHARACTER}[31m" is not a setting. Allowed here: {TOP}.'],
        ),
        (
            '# c\n\nrefresh_minutes = "often"',
            ['line 3: refresh_minutes must be a number of minutes from 10 to 10080, not "often".'],
        ),
        (
            "refresh_minutes = 9",
            ["line 1: refresh_minutes must be a number of minutes from 10 to 10080, not 9."],
        ),
        (
            "refresh_minutes = true",
            ["line 1: refresh_minutes must be a number of minutes from 10 to 10080, not true."],
        ),
        (
            "refresh_minutes = nan",
            ["line 1: refresh_minutes must be a number of minutes from 10 to 10080, not nan."],
        ),
        (
            "refresh_on_start = 1",
            ["line 1: refresh_on_start must be true or false, not 1."],
        ),
        (
            "mark_read_after_seconds = true",
            [
                "line 1: mark_read_after_seconds must be a number of seconds from 0 to 3600, "
                "or false, not true."
            ],
        ),
        (
            "retention_days = 1.5",
            ["line 1: retention_days must be a whole number of days from 1 to 3650, not 1.5."],
        ),
        (
            "retention_days = " + "9" * 30,
            [
                "line 1: retention_days must be a whole number of days from 1 to 3650, "
                "not so long a number."
            ],
        ),
        ('theme = "fjor"', ['line 1: theme must be one of dawn, fjord, not "fjor".']),
        ("theme = [[1]]", ["line 1: theme must be one of dawn, fjord, not a list."]),
        ("theme = 2026-10-01", ["line 1: theme must be one of dawn, fjord, not a date or time."]),
        (
            "sources = 1",
            ["line 1: sources must be tables that begin with [[sources]]."],
        ),
        (
            'sources = [\n  "https://example.org/feed"]',
            ['line 2: a source must be a table with an address, not "https://example.org/feed".'],
        ),
        (
            "[[sources]]\n[[sources]]\nname = 'x'",
            ["line 1: this source has no address.", "line 2: this source has no address."],
        ),
        (
            "[[sources]]\naddress = 'ftp://example.org/'",
            [
                "line 2: address must be a web address (https://…) or the path of a file, "
                'not "ftp://example.org/".'
            ],
        ),
        (
            "[[sources]]\naddress = 'https:///'",
            [
                "line 2: address must be a web address (https://…) or the path of a file, "
                'not "https:///".'
            ],
        ),
        (
            "[[sources]]\naddress = ''",
            ['line 2: address must be a web address (https://…) or the path of a file, not "".'],
        ),
        (
            "[[sources]]\naddress = '/a'\nname = 1\nadress = ''\nrefresh_minutes = 1",
            [
                "line 3: name must be a text, not 1.",
                "line 4: adress is not a key of a source. Did you mean address? "
                f"Allowed here: {OF_A_SOURCE}.",
                "line 5: refresh_minutes must be a number of minutes from 10 to 10080, not 1.",
            ],
        ),
        (
            "[[sources]]\naddress = '/a/b'\n[[sources]]\nname = 'x'\naddress = '/a/../a/b'",
            ["line 5: this source is the same as the one on line 2."],
        ),
        (
            "requests_per_host = 9\n[[sources]]\naddress = '/a'\nfolder = 'News//Nordic'\n"
            "tags = 'nordic'\nleave_out = ['']\npaused = 1\narchive_limit = 0\n"
            "max_megabytes = 501\nuser_agent = 'blå'",
            [
                "line 1: requests_per_host must be a whole number from 1 to 8, not 9.",
                'line 4: folder must be a folder such as "News" or "News/Nordic", '
                'not "News//Nordic".',
                'line 5: tags must be a list of texts, not "nordic".',
                "line 6: leave_out must be a list of texts, not a list.",
                "line 7: paused must be true or false, not 1.",
                "line 8: archive_limit must be a whole number from 1 to 1000000, not 0.",
                "line 9: max_megabytes must be a number of megabytes from 1 to 500, not 501.",
                'line 10: user_agent must be a text of printable ASCII, not "blå".',
            ],
        ),
        *(
            (f"[[sources]]\naddress = '/a'\nheaders = {{ {header} }}", [f"line 3: {sentence}"])
            for header, sentence in (
                (
                    "Authorization = 'Bearer hush'",
                    "headers must not hold Authorization, which is for a secret: "
                    "use login, which names where the secret comes from.",
                ),
                (
                    "cookie = 'hush'",
                    "headers must not hold cookie, which is for a secret: "
                    "use login, which names where the secret comes from.",
                ),
                ("Host = 'a'", "headers must not hold Host: the program sets it itself."),
                (
                    "If-None-Match = 'a'",
                    "headers must not hold If-None-Match: the program sets it itself.",
                ),
                (
                    "User-Agent = 'a'",
                    "headers must not hold User-Agent: the key user_agent is for it.",
                ),
                ("'A B' = 'a'", '"A B" cannot be the name of a header.'),
                ('X-Kind = "a\\nb"', "the header X-Kind must be a text of printable ASCII."),
                ("A = 'x', a = 'y'", "headers holds a twice."),
            )
        ),
        *(
            (f"[[sources]]\naddress = '/a'\nlogin = {login}", [f"line 3: {sentence}"])
            for login, sentence in (
                ("{ user = 'kari' }", "login must have exactly one of command, file and variable."),
                (
                    "{ file = 'a', variable = 'B' }",
                    "login must have exactly one of command, file and variable.",
                ),
                (
                    "{ user = 'kari', password = 'hush' }",
                    "password is not a key of login. Allowed here: user, command, file, variable.",
                ),
                (
                    "{ command = 'pass show x' }",
                    "command of login must be a program and its arguments: "
                    '["pass", "show", "news"].',
                ),
                ("{ file = 1 }", "file of login must be a text."),
                ("{ user = 'a:b', file = 'c' }", "user of login must not hold a colon."),
            )
        ),
        (
            "[[views]]\nname = ''\n[[views]]\ntag = 'a'\n[[views]]\nname = 'x'\n"
            "unread_only = 'yes'\n[[views]]\nname = 'x'\naddress = 'ftp://a'",
            [
                'line 2: name must be a text, not "".',
                "line 3: this saved view has no name.",
                'line 7: unread_only must be true or false, not "yes".',
                "line 10: address must be a web address (https://…) or the path of a file, "
                'not "ftp://a".',
            ],
        ),
        (
            "[[views]]\nname = 'x'\n[[views]]\nname = 'x'",
            ["line 4: this saved view has the name of the one on line 2."],
        ),
        (
            "[[rules]]\nname = 'x'\n[[rules]]\nsearch = ''\nhide = 1\naddress = '/a'\n"
            "[[rules]]\nname = 'y'\nsearch = 'z'\nhide = false",
            [
                "line 1: this rule has no search.",
                "line 3: this rule has no name.",
                'line 4: search must be a text, not "".',
                "line 5: hide must be true or false, not 1.",
                "line 6: address is not a key of a rule. "
                "Allowed here: name, search, hide, star, tag, on.",
                "line 7: this rule does nothing: it needs hide = true, star = true or a tag.",
            ],
        ),
        (
            "[[rules]]\nname = 'x'\nsearch = 'y'\nstar = true\n"
            "[[rules]]\nname = 'x'\nsearch = 'z'\nhide = true",
            ["line 6: this rule has the name of the one on line 2."],
        ),
        (
            "rules = [1]",
            ["line 1: a rule must be a table with a name and a search, not 1."],
        ),
        ("views = [1]", ["line 1: a saved view must be a table with a name, not 1."]),
        ("keys = 'n'", ["line 1: keys must be a table that begins with [keys]."]),
        (
            "[keys]\nnext_unred = 'n'\nquit = ['q']",
            [
                "line 2: next_unred is not a command. Did you mean next_unread? "
                "Allowed here: next_unread, quit.",
                'line 3: quit must be keys parted by commas, such as "n,N", not a list.',
            ],
        ),
        (
            "retention_days = 0\n[[sources]]\nname = 'x'\n[keys]\nquit = 1\n",
            [
                "line 1: retention_days must be a whole number of days from 1 to 3650, not 0.",
                "line 2: this source has no address.",
                'line 5: quit must be keys parted by commas, such as "n,N", not 1.',
            ],
        ),
    ],
)
def test_every_mistake_is_said_with_its_line(path: Path, text: str, mistakes: list[str]) -> None:
    path.write_text(text)
    with pytest.raises(SettingsError) as caught:
        load(path, command_ids=COMMANDS, themes=THEMES)
    assert str(caught.value).split("\n") == [f"{path}, {mistake}" for mistake in mistakes]


@pytest.mark.parametrize(
    "text",
    [
        "address = 'ftp://kari:hush@news.example/'",
        "address = 'https://kari:hush @news.example/'",
        "address = '/a'\nlogin = 'hush'",
        "address = '/a'\nlogin = { password = 'hush' }",
        "address = '/a'\npassword = 'hush'",
        "address = '/a'\nheaders = { Cookie = 'hush' }",
        "address = '/a'\nheaders = { X-Api-Key = 'hush' }",
        "address = '/a'\nheaders = { X-Kind = 'høsh hush' }",
    ],
)
def test_no_mistake_shows_a_secret(path: Path, text: str) -> None:
    path.write_text(f"[[sources]]\n{text}")
    with pytest.raises(SettingsError) as caught:
        load(path)
    assert "hush" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "is_taken"),
    [
        *((name, False) for name in ("X-Api-Key", "x_api_key", "ApiKey", "Private-Token", "TOKEN")),
        *((name, False) for name in ("X-Client-Secret", "X-Auth", "Proxy-Authorization")),
        *((name, False) for name in ("X-Password", "Session-Id", "X-Cookie-2", "KEY")),
        *((name, True) for name in ("X-Keyboard", "Author", "X-Monkey", "Accept-Language")),
    ],
)
def test_a_header_whose_name_tells_of_a_secret_is_refused(
    path: Path, name: str, is_taken: bool
) -> None:
    path.write_text(f"[[sources]]\naddress = '/a'\nheaders = {{ {name} = 'hush' }}")
    if is_taken:
        assert load(path).sources[0].manner.headers == ((name, "hush"),)
        return
    with pytest.raises(SettingsError) as caught:
        load(path)
    assert str(caught.value) == (
        f"{path}, line 3: headers must not hold {name}, which is for a secret: "
        "use login, which names where the secret comes from."
    )


@pytest.mark.parametrize(
    ("text", "line"),
    [("theme = 'a'\ntheme =", 2), ("theme = 'a'\n[keys\n", 2), ('a = 1\n\nb = """\nx\n\n', 4)],
)
def test_what_is_not_toml_is_said_with_its_line(path: Path, text: str, line: int) -> None:
    path.write_text(text)
    with pytest.raises(SettingsError) as caught:
        load(path)
    assert str(caught.value).startswith(f"{path}, line {line}: this is not TOML: ")


def test_a_value_that_only_a_machine_would_write(path: Path) -> None:
    for text in ("x = " + "[" * 20_000, "x = " + "9" * 5_000):
        path.write_text(text)
        with pytest.raises(SettingsError, match="nested too deeply or too long"):
            load(path)


def test_a_file_that_is_not_utf_8(path: Path) -> None:
    path.write_bytes('theme = "fjord"\nname = "Årsta"\n'.encode("latin-1"))
    with pytest.raises(SettingsError) as caught:
        load(path)
    assert str(caught.value) == f"{path}, line 2: this is not UTF-8 text."


def test_a_folder_in_the_place_of_the_file(path: Path) -> None:
    path.mkdir()
    with pytest.raises(SettingsError) as caught:
        load(path)
    assert str(caught.value) == f"{path} could not be read: it is a folder."
