"""Addresses that lead elsewhere than they seem to, or that do something when they are opened."""

from dataclasses import dataclass

from tests.hostile.case import Case

BASE = "https://news.example/posts/1"
NOT_OPENED = "it is no link: the words stay, and nothing can be opened"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link(Case):
    href: str
    text: str = "Read on"
    """The words of the link."""
    base: str = BASE
    """The address of the post."""
    address: str = ""
    """What is opened; "": nothing is."""
    host: str = ""
    """The host that is shown."""
    warns: str = ""
    """What the list of links says before the host; "": nothing."""


def _refused(name: str, wrong: str, href: str, does: str = NOT_OPENED, base: str = BASE) -> Link:
    return Link(name=name, wrong=wrong, does=does, href=href, base=base)


def _opened(
    name: str,
    wrong: str,
    href: str,
    address: str,
    host: str,
    does: str,
    text: str = "Read on",
    warns: str = "",
) -> Link:
    return Link(
        name=name, wrong=wrong, does=does, href=href, address=address, host=host, text=text,
        warns=warns,
    )  # fmt: skip


_SCHEMES = (
    _refused("script", "javascript: runs in the browser", "javascript:alert(document.cookie)"),
    _refused(
        "script with a tab in its scheme", "browsers drop tabs and line ends, filters do not",
        " java\tscr\nipt:alert(1)",
    ),
    _refused("script behind a control", "browsers drop U+0001 before a scheme", "\x01javascript:x"),
    _refused("page in an address", "data: is a page of nobody", "data:text/html,<script>x"),
    _refused("file", "file: opens what is on this machine", "file:///etc/passwd"),
    _refused("script of Basic", "vbscript: runs in old browsers", "vbscript:msgbox(1)"),
    _refused("page around a page", "view-source: and blob: hide another address",
             "view-source:https://evil.example/"),
    _refused(
        "program of the desktop", "a scheme of its own starts a program with arguments",
        "ms-msdt:/id PCWDiagnostic /skip force",
    ),
    _opened(
        "share of a Windows network", "opening it tells the server who one is",
        "\\\\evil.example\\share", "https://news.example/posts/%5C%5Cevil.example%5Cshare",
        "news.example", "it is a path of the post's own site, its backslashes encoded",
    ),
)  # fmt: skip

_HOSTS = (
    _opened(
        "user that looks like a host", "what stands before @ is not where it leads",
        "https://bank.example@evil.example/", "https://bank.example@evil.example/", "evil.example",
        "the host after @ is shown, and a warning",
        warns="The address begins with bank.example, but the link leads to evil.example.",
    ),
    _opened(
        "user with a password and an encoded at sign", "%40 is no @, and belongs to the user",
        "https://bank.example%40x:y@evil.example/a", "https://bank.example%40x:y@evil.example/a",
        "evil.example", "the host after @ is shown",
    ),
    _refused(
        "two at signs", "programs differ in which of them ends the user",
        "https://good.example@bank.example@evil.example/",
    ),
    _refused(
        "backslash", "browsers take it for a slash, and the host is another one",
        "https://evil.example\\@bank.example/",
    ),
    _refused(
        "backslashes for slashes", "browsers take them for slashes", "https:\\\\evil.example/",
    ),
    _refused("no slash", "browsers add the slashes", "https:evil.example/"),
    _refused("no host", "browsers take the path for it", "https:///evil.example/"),
    _refused(
        "encoded host", "%2e is a dot for browsers, and a letter for others",
        "https://bank.example%2eevil.example/",
    ),
    _refused(
        "white space in the host", "where a program cuts there, it is another host",
        "https://bank.example .evil.example/",
    ),
    _refused(
        "host with what is invisible", "two hosts that look the same", "https://ba\u200bnk.example/",
    ),
    _refused(
        "host that becomes two", "NFKC makes a slash of U+2100, which is a letter before",
        "https://evil.c\u2100.bank.example/",
    ),
    _opened(
        "letters of another script", "Cyrillic letters that look like Latin ones",
        "https://www.\u0430\u0440\u0440\u04cf\u0435.com/", "https://www.\u0430\u0440\u0440\u04cf\u0435.com/",
        "www.xn--80ak6aa92e.com",
        "the host is shown as the name system has it, and a warning",
        text="www.apple.com",
        warns="The text names www.apple.com, but the link leads to www.xn--80ak6aa92e.com.",
    ),
    _opened(
        "name of the name system", "xn-- hides letters", "https://xn--80ak6aa92e.com/",
        "https://xn--80ak6aa92e.com/", "xn--80ak6aa92e.com",
        "the host is shown as it is, and in letters",
    ),
    _opened(
        "dots of another script", "U+3002 parts a host as a dot does",
        "https://bank\u3002example\u3002evil\u3002com/", "https://bank\u3002example\u3002evil\u3002com/",
        "bank.example.evil.com", "dots are shown",
    ),
    _opened(
        "one number", "2130706433 is 127.0.0.1 for browsers", "http://2130706433/admin",
        "http://2130706433/admin", "127.0.0.1", "the address is shown that browsers make of it",
    ),
    _opened(
        "octal and hexadecimal numbers", "0177 is 127, and 0x0.1 is two parts",
        "http://0177.0x0.1/", "http://0177.0x0.1/", "127.0.0.1",
        "the address is shown that browsers make of it",
    ),
    _opened(
        "numbers of another width", "digits that browsers read as the plain ones",
        "http://\uff11\uff12\uff17.1/", "http://\uff11\uff12\uff17.1/", "127.0.0.1",
        "the address is shown that browsers make of it",
    ),
    _opened(
        "host within a host", "the beginning of a long host looks like all of it",
        "https://bank.example.login.evil.example/", "https://bank.example.login.evil.example/",
        "bank.example.login.evil.example", "the whole host is shown, and a warning",
        text="https://bank.example/login",
        warns="The text names bank.example, but the link leads to bank.example.login.evil.example.",
    ),
)  # fmt: skip

_TEXTS = (
    _opened(
        "text that names another host", "the words say where it leads, and are wrong",
        "https://evil.example/", "https://evil.example/", "evil.example",
        "the true host is shown behind the words, and a warning in the list",
        text="www.bank.example",
        warns="The text names www.bank.example, but the link leads to evil.example.",
    ),
    _opened(
        "text with a sequence in it", "an OSC 8 within the words leads elsewhere",
        "https://evil.example/", "https://evil.example/", "evil.example",
        "the sequence is left out, the true host is shown, and a warning",
        text="\x1b]8;;https://bank.example\x07bank.example\x1b]8;;\x07",
        warns="The text names bank.example, but the link leads to evil.example.",
    ),
    _opened(
        "text without anything to see", "a link that nobody finds", "https://evil.example/",
        "https://evil.example/", "evil.example", "its address stands in the list of links",
        text="\u200b\u2800",
    ),
    _opened(
        "letter to another address", "the words name one address, mailto another",
        "mailto:kari@evil.example", "mailto:kari@evil.example", "evil.example",
        "the true host is shown behind the words, and a warning in the list",
        text="kari@bank.example",
        warns="The text names bank.example, but the link leads to evil.example.",
    ),
)  # fmt: skip

_PATHS = (
    _opened(
        "direction in the path", "RLO turns the end of the address around",
        "https://evil.example/\u202egpj.exe", "https://evil.example/%E2%80%AEgpj.exe",
        "evil.example", "it is percent-encoded",
    ),
    _opened(
        "line end in the address", "programs that read lines take the rest for another one",
        "https://evil.example/a\n-oProxyCommand=evil", "https://evil.example/a-oProxyCommand=evil",
        "evil.example", "it is left out as browsers do",
    ),
    _refused("control in the address", "ESC, and the rest is a sequence", "https://a.example/\x1b[2J"),
    _refused("C1 in the address", "U+009D begins an OSC", "https://a.example/\x9d0;x\x9c"),
    _refused("null in the address", "C programs end it there", "https://a.example/\x00.png"),
    _refused("surrogate in the address", "no bytes can be made of it", "https://a.example/\ud800"),
    _opened(
        "words of a shell", "a program that is started by a shell would run them",
        "https://a.example/$(reboot);`id`|sh&x='\"", "https://a.example/$(reboot);%60id%60%7Csh&x='%22",
        "a.example", "it is one argument of the program, and no shell reads it",
    ),
    _opened(
        "place holder", "%s in an address, where %s stands for the address",
        "https://a.example/%s%s%n", "https://a.example/%s%s%n", "a.example",
        "it is put in once",
    ),
    _opened(
        "quotes and brackets", "they end what an address stands in elsewhere",
        "https://a.example/\"><script>{x}", "https://a.example/%22%3E%3Cscript%3E%7Bx%7D",
        "a.example", "they are percent-encoded",
    ),
    _refused("too long", "a hundred thousand letters", "https://a.example/" + "a" * 100_000),
    _refused("empty", "an address of white space", " \n\t"),
    _refused(
        "relative without a base", "nothing tells where it belongs", "/login", base="",
    ),
    _refused(
        "relative to a file", "joined with a file's address it would be one of this machine",
        "passwd", base="file:///etc/",
    ),
    _opened(
        "without a scheme", "// and a host: the scheme is that of the page",
        "//evil.example/x", "https://evil.example/x", "evil.example",
        "it is the scheme of the post",
    ),
    _opened(
        "out of the site's root", "dots that go up further than there is",
        "../../../../../etc/passwd", "https://news.example/etc/passwd", "news.example",
        "it ends at the root of the post's own site",
    ),
    _refused("port beyond 65535", "some programs count from 0 again", "https://a.example:65616/"),
    _refused("port of letters", "programs differ in what they make of it", "https://a.example:80a/"),
    _opened(
        "option of a program", "a word that begins with - is an option for ssh and others",
        "-oProxyCommand=evil", "https://news.example/posts/-oProxyCommand=evil", "news.example",
        "it is a path of the post's own site: what a program gets begins with http",
    ),
)  # fmt: skip

_LETTERS = (
    _opened(
        "letter with a file", "attach adds a file of this machine to the letter",
        "mailto:a@b.example?subject=Hi&attach=/etc/passwd&Attachment=x",
        "mailto:a@b.example?subject=Hi",
        "b.example", "subject, body and copies stay, everything else is left out",
    ),
    _opened(
        "letter with a header", "an encoded line end begins another header",
        "mailto:a@b.example?subject=Hi%0D%0ABcc:x@evil.example&body=One%0D%0Atwo",
        "mailto:a@b.example?body=One%0D%0Atwo", "b.example",
        "a field with a control is left out; the body may have line ends",
    ),
    _refused(
        "letter with a header in its address", "the address itself holds the line end",
        "mailto:a@b.example%0ABcc:x@evil.example",
    ),
    _refused("letter to an option", "a path, and no address", "mailto:/etc/passwd@x"),
    _refused("letter to nobody", "only fields", "mailto:?body=x"),
)  # fmt: skip

CASES = (*_SCHEMES, *_HOSTS, *_TEXTS, *_PATHS, *_LETTERS)
