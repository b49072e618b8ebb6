"""Lists of subscriptions that run programs, grow without end or name what is no feed."""

from collections.abc import Callable
from dataclasses import dataclass

from nordic_tui.model import Imported
from tests.hostile.bodies import DECLARES
from tests.hostile.case import Case

A = "https://a.example/"


@dataclass(frozen=True, slots=True, kw_only=True)
class List(Case):
    """A file that claims to be a list of subscriptions."""

    make: Callable[[], bytes]
    refused: str = ""
    """Why it is refused, exactly; empty: it is read."""
    addresses: tuple[str, ...] = (A,)
    """Of the sources that are read from it."""
    problems: tuple[str, ...] = ()
    """How each problem that is told begins."""
    also: Callable[[Imported], object] = bool
    """What else is true of what is read."""


def opml(*outlines: str, before: str = "") -> bytes:
    inside = "\n".join(outlines)
    text = f'{before}<opml version="2.0">\n<body>\n{inside}\n</body></opml>'
    return text.encode("utf-8", "surrogatepass")


def outline(address: str = A, text: str = "A", more: str = "") -> str:
    return f'<outline text="{text}" xmlUrl="{address}" {more}/>'


def command(address: str) -> tuple[bytes, tuple[str, ...]]:
    return opml(outline(address, "Evil"), outline()), ("Line 3: “Evil” has no web address",)


def name_is(name: str) -> Callable[[Imported], bool]:
    return lambda imported: imported.following.sources[0].name == name


CASES = (
    # ── commands (newsbeuter 2017, newsboat and Liferea 2026) ───────────────────────────────
    List(
        name="exec:",
        wrong="an address that newsboat runs as a program",
        does="leaves it out and says so; nothing is run",
        make=lambda: command("exec:touch /tmp/owned")[0],
        problems=command("")[1],
    ),
    List(
        name="filter:",
        wrong="an address that newsboat sends through a program",
        does="leaves it out and says so; nothing is run",
        make=lambda: command("filter:sh:https://b.example/")[0],
        problems=command("")[1],
    ),
    List(
        name="a pipe",
        wrong="an address that Liferea took for a command",
        does="leaves it out and says so; nothing is run",
        make=lambda: command("|touch /tmp/owned")[0],
        problems=command("")[1],
    ),
    List(
        name="a command within an address",
        wrong="quotes, backquotes and a dollar for the shell of a reader that has one",
        does="keeps the address with these signs; no shell ever sees it",
        make=lambda: opml(outline("https://a.example/$(reboot);`reboot`&quot;&apos;")),
        addresses=("https://a.example/$(reboot);%60reboot%60%22'",),
    ),
    List(
        name="a line end in an address",
        wrong="a second line in the file of subscriptions, with a command",
        does="keeps one address on one line, as a browser would",
        make=lambda: opml(outline("https://a.example/&#10;exec:reboot")),
        addresses=("https://a.example/exec:reboot",),
    ),
    List(
        name="a line end in a name",
        wrong="a name that would begin a new setting in the file of subscriptions",
        does="makes it one line",
        make=lambda: opml(outline(text="A&#10;[[source]]&#10;address = &quot;x&quot;")),
        also=name_is('A [[source]] address = "x"'),
    ),
    # ── addresses ───────────────────────────────────────────────────────────────────────────
    List(
        name="a file of this machine",
        wrong="an address that reads /etc/passwd",
        does="leaves it out and says so: a list from elsewhere names no files",
        make=lambda: command("file:///etc/passwd")[0],
        problems=command("")[1],
    ),
    List(
        name="a script as an address",
        wrong="javascript: in capitals, with a tab in it",
        does="leaves it out and says so",
        make=lambda: command("JAVA&#9;SCRIPT:alert(1)")[0],
        problems=command("")[1],
    ),
    List(
        name="an address of nowhere",
        wrong="a relative address, of which nobody knows the site",
        does="leaves it out and says so",
        make=lambda: command("/feed/")[0],
        problems=command("")[1],
    ),
    List(
        name="a feed: address of a file",
        wrong="feed: before an address that is none of the web",
        does="leaves it out and says so",
        make=lambda: command("feed:file:///etc/passwd")[0],
        problems=command("")[1],
    ),
    List(
        name="a password in a name",
        wrong="the name is an address with a password in it, which a screen would show",
        does="keeps the name without the password",
        make=lambda: opml(outline(text="see https://me:secret@b.example/")),
        also=lambda imported: "secret" not in imported.following.sources[0].name,
    ),
    List(
        name="an address of 1 MB",
        wrong="longer than any address",
        does="leaves it out and says so",
        make=lambda: command("https://b.example/" + "a" * 1_000_000)[0],
        problems=command("")[1],
    ),
    List(
        name="the same source 10,000 times",
        wrong="each time in another folder and with another tag",
        does="follows it once; the folders and tags of the others are 50 tags at most",
        make=lambda: opml(
            *(
                f'<outline text="F{n}"><outline xmlUrl="{A}" category="T{n}"/></outline>'
                for n in range(9_000)
            )
        ),
        also=lambda imported: (
            imported.following.sources[0].folder == "F0"
            and len(imported.following.sources[0].tags) == 50
        ),
    ),
    # ── size and depth ──────────────────────────────────────────────────────────────────────
    List(
        name="100,000 outlines deep",
        wrong="folders in folders, and a source in the last one",
        does="reads the first 20,000 outlines, and nests 16 folders",
        make=lambda: opml('<outline text="F">' * 100_000, outline(), "</outline>" * 100_000),
        addresses=(),
        problems=("Line 3: folders nest more than 16 deep", "Line 3: only the first 20,000"),
    ),
    List(
        name="21,000 sources",
        wrong="more than anybody follows",
        does="reads the first 20,000, and says so",
        make=lambda: opml(*(outline(f"https://a.example/{n}") for n in range(21_000))),
        addresses=tuple(f"https://a.example/{n}" for n in range(20_000)),
        problems=("Line 20003: only the first 20,000",),
    ),
    List(
        name="long folders by the thousand",
        wrong="16 folders of 200 letters, and 15,000 short sources that each are in all of them",
        does="keeps 400 letters of where each one is",
        make=lambda: opml(
            f'<outline text="{"f" * 200}">' * 16,
            *(f'<outline xmlUrl="https://a.example/{n}"/>' for n in range(15_000)),
            "</outline>" * 16,
        ),
        addresses=tuple(f"https://a.example/{n}" for n in range(15_000)),
        problems=("Line 3: folders nest more than 16 deep, or",),
        also=lambda imported: len(imported.following.sources[0].folder) == 401,
    ),
    List(
        name="a name of 10 MB",
        wrong="the text of an outline is nearly all of the file",
        does="keeps its first 200 letters",
        make=lambda: opml(outline(text="n" * 10_000_000)),
        also=name_is("n" * 199 + "…"),
    ),
    List(
        name="a million tags",
        wrong="one source with all of them",
        does="keeps the first 50",
        make=lambda: opml(outline(more=f'category="{",".join(map(str, range(1_000_000)))}"')),
        also=lambda imported: imported.following.sources[0].tags == tuple(map(str, range(50))),
    ),
    List(
        name="a million tags in all",
        wrong="20,000 sources, each with 50 tags",
        does="refuses the list: read, it would take more memory than the reader has for it",
        make=lambda: opml(
            *(
                f'<outline xmlUrl="{A}{n}" category="{",".join(map(str, range(100, 150)))}"/>'
                for n in range(20_000)
            )
        ),
        refused="holds more than is read at once",
    ),
    List(
        name="10,000 problems",
        wrong="a list in which nothing can be taken over",
        does="tells 100 of them, and how many more there are",
        make=lambda: opml(*(outline("x:") for _ in range(10_000)), outline()),
        problems=(*(f"Line {n}: “A” has no web address" for n in range(3, 103)), "There are 9,900"),
    ),
    List(
        name="100,000 attributes",
        wrong="one outline has them",
        does="reads the ones that it knows",
        make=lambda: opml(outline(more=" ".join(map("a{}=''".format, range(100_000))))),
    ),
    # ── declarations ────────────────────────────────────────────────────────────────────────
    List(
        name="billion laughs",
        wrong="an entity that grows to 3 GB, as a name",
        does="refuses the list before an XML parser sees it",
        make=lambda: opml(
            outline(text="&l9;"),
            before='<!DOCTYPE opml [<!ENTITY l0 "lol">'
            + "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
            + "]>",
        ),
        refused=DECLARES,
    ),
    List(
        name="chain of entities",
        wrong="80,000 entities, each of the one before, fill expat's stack (CVE-2024-8176)",
        does="refuses the list; the process does not crash",
        make=lambda: opml(
            outline(text="&c79999;"),
            before='<!DOCTYPE opml [<!ENTITY o "<opml "><!ENTITY c0 "x">'
            + "".join(f'<!ENTITY c{n} "&c{n - 1};">' for n in range(1, 80_000))
            + "]>",
        ),
        refused=DECLARES,
    ),
    List(
        name="entities behind NUL",
        wrong="blanks, then letters with NUL between them, which expat takes for UTF-16",
        does="takes the NUL for what is no letter, and finds no list",
        make=lambda: (
            b" " + opml(before="<!DOCTYPE opml [<!ENTITY a 'b'>]>").decode().encode("utf-16-le")
        ),
        refused="is neither OPML nor newsboat's urls file or killfile",
    ),
    List(
        name="entity of a file",
        wrong="a name that is /etc/passwd (XXE)",
        does="refuses the list; the file is not opened",
        make=lambda: opml(
            outline(text="&f;"), before='<!DOCTYPE opml [<!ENTITY f SYSTEM "/etc/passwd">]>'
        ),
        refused=DECLARES,
    ),
    List(
        name="a list in a list",
        wrong="an outline that includes another list, of this machine or itself",
        does="takes it for no feed and says so; nothing is loaded",
        make=lambda: opml('<outline type="include" text="B" url="file:///b.opml"/>', outline()),
        problems=("Line 3: “B” names no feed (xmlUrl)",),
    ),
    # ── form ────────────────────────────────────────────────────────────────────────────────
    List(
        name="names in any case",
        wrong="XMLURL, Text and OUTLINE as programs write them",
        does="reads them all the same",
        make=lambda: b'<OPML><BODY><Outline TEXT="A" XmlURL="https://a.example/"/></BODY></OPML>',
        also=name_is("A"),
    ),
    List(
        name="markup in a name",
        wrong="a tag with a script, an escape sequence, and letters that turn the line round",
        does="keeps the tag as text, and takes the rest out",
        make=lambda: opml(outline(text="&lt;b&gt;A\u202e&#x9b;31m\u200bB")),
        also=name_is("<b>AB"),
    ),
    List(
        name="controls as they are",
        wrong="an ESC in a name, which XML does not allow",
        does="says where the damage is, and reads on behind it",
        make=lambda: opml(outline("https://b.example/", "A\x1b[31mB"), outline()),
        addresses=("https://b.example/", A),
        problems=("Line 3, column",),
        also=name_is("AB"),
    ),
    List(
        name="references to NUL",
        wrong="a character that XML does not allow, by its number",
        does="says where the damage is, and reads on behind it",
        make=lambda: opml(outline("https://b.example/", "A&#0;B"), outline()),
        addresses=("https://b.example/", A),
        problems=("Line 3, column",),
    ),
    List(
        name="an encoding that is none",
        wrong="declared as Punycode, which Python reads in quadratic time",
        does="reads it as UTF-8",
        make=lambda: opml(outline(text="Ål"), before="<?xml version='1.0' encoding='punycode'?>"),
        also=name_is("Ål"),
    ),
    List(
        name="bytes that are no text",
        wrong="Latin-1 in a file that says nothing",
        does="replaces them, and says in which line",
        make=lambda: opml(outline(text="Øl")).decode().encode("latin-1"),
        problems=("Line 3: some bytes are no text in UTF-8",),
        also=name_is("\ufffdl"),
    ),
    List(
        name="breaks off",
        wrong="the file was cut in an outline",
        does="reads what is before it, and says where it breaks off",
        make=lambda: opml(outline(), outline("https://b.example/"))[:-40],
        problems=("Line 4, column",),
    ),
    List(
        name="no outlines",
        wrong="a list of nothing",
        does="reads that there is nothing",
        make=lambda: opml(),
        addresses=(),
    ),
    List(
        name="nothing at all",
        wrong="a file without a byte",
        does="says that it is no list",
        make=bytes,
        refused="is neither OPML nor newsboat's urls file or killfile",
    ),
    List(
        name="commented out",
        wrong="a source below an outline that is commented out",
        does="leaves it out, as OPML says",
        make=lambda: opml(
            f'<outline isComment="true">{outline("https://b.example/")}</outline>', outline()
        ),
    ),
    List(
        name="newsboat's own commands",
        wrong="a urls file that runs programs and opens files of the person",
        does="names each line that would run one; nothing is run",
        make=lambda: b'exec:reboot\n"filter:sh:https://b.example/"\nhttps://a.example/\n',
        problems=("Line 1: exec: would run a program", "Line 2: filter: would run a program"),
    ),
)
