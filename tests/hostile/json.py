"""JSON that is deep, endless or of other types than it should be: JSON Feed and WordPress."""

import json

from nordic_tui.model import Entry
from tests.hostile.bodies import NOT_A_FEED, Body

VERSION = "https://jsonfeed.org/version/1.1"
DAMAGED = NOT_A_FEED + "its JSON is damaged at line 1"
UNKNOWN = "is JSON of an unknown shape: expected a JSON Feed or WordPress posts"
POST = '{"title": "Post"}'
SKIPPED = "{} of {} posts could not be read and {} skipped."


def feed(*items: str, head: str = "") -> bytes:
    text = f'{{"version": "{VERSION}", {head}"items": [{", ".join(items)}]}}'
    return text.encode("utf-8", "surrogatepass")


def of(value: object) -> str:
    """A post with this in every place."""
    names: tuple[str, ...] = (
        "id",
        "url",
        "external_url",
        "content_html",
        "content_text",
        "summary",
        "image",
    )
    names += ("date_published", "date_modified", "authors", "author", "tags", "attachments")
    return json.dumps({"title": "Post"} | dict.fromkeys(names, value))


CASES = (
    Body(
        name="100,000 lists deep",
        wrong="lists in lists, which a reader that calls itself can't follow",
        does="says that it is nested too deeply",
        make=lambda: b"[" * 100_000 + b"]" * 100_000,
        refused=NOT_A_FEED + "its JSON is nested too deeply",
    ),
    Body(
        name="a deep place in a post",
        wrong="objects in objects where nobody looks",
        does="says that it is nested too deeply",
        make=lambda: feed(POST, '{"a": ' * 50_000 + "1" + "}" * 50_000),
        refused=NOT_A_FEED + "its JSON is nested too deeply",
    ),
    Body(
        name="a number of a million digits",
        wrong="Python makes a number of it in quadratic time",
        does="says that a number has no end",
        make=lambda: feed(f'{{"title": "Post", "id": {"9" * 1_000_000}}}'),
        refused=NOT_A_FEED + "its JSON holds a number without end",
    ),
    Body(
        name="a number beyond all",
        wrong="1e400, which is infinite in a computer",
        does="reads the post with what Python calls it",
        make=lambda: feed('{"title": "Post", "id": 1e400}'),
        also=lambda feed: feed.entries[0].guid == "inf",
    ),
    Body(
        name="NaN and Infinity",
        wrong="numbers that JSON does not have",
        does="takes them for nothing",
        make=lambda: feed('{"title": "Post", "id": NaN, "date_published": -Infinity}'),
        also=lambda feed: feed.entries[0].guid == "",
    ),
    Body(
        name="numbers as names",
        wrong="ids that are numbers, whole, broken and true",
        does="takes numbers as text, as JSON Feed asks, and true for nothing",
        make=lambda: feed(*(f'{{"title": "Post", "id": {n}}}' for n in ("7", "7.5", "true"))),
        titles=("Post",) * 3,
        also=lambda feed: [entry.guid for entry in feed.entries] == ["7", "7.5", ""],
    ),
    Body(
        name="the same key twice",
        wrong="two titles, of which a reader may take either",
        does="takes the last one",
        make=lambda: feed('{"title": "First", "title": "Post"}'),
    ),
    Body(
        name="half a letter",
        wrong="a lone surrogate, which no terminal and no database takes",
        does="shows that there is no letter",
        make=lambda: feed(r'{"title": "Po\ud800st", "id": "\udfff"}'),
        titles=("Po\ufffdst",),
        also=lambda feed: feed.entries[0].guid == "\ufffd",
    ),
    Body(
        name="letters that become commands",
        wrong="an escape sequence, written with escapes of JSON",
        does="takes the whole sequence out",
        make=lambda: feed(r'{"title": "Po\u001b]0;evil\u0007st\u009b31m"}'),
    ),
    Body(
        name="NUL in every text",
        wrong="text that a program in C would cut there",
        does="leaves it out",
        make=lambda: feed(r'{"title": "P\u0000ost", "url": "https://a.example/\u0000b"}'),
        also=lambda feed: feed.entries[0].link == "",
    ),
    Body(
        name="controls as they are",
        wrong="a line end and an ESC in a text, which JSON does not allow",
        does="says where it is damaged",
        make=lambda: feed('{"title": "Po\x1bst"}'),
        refused=DAMAGED,
    ),
    Body(
        name="a byte order mark",
        wrong="JSON may have none",
        does="reads it all the same",
        make=lambda: b"\xef\xbb\xbf" + feed(POST),
    ),
    Body(
        name="UTF-16",
        wrong="JSON must be UTF-8",
        does="reads it all the same",
        make=lambda: feed(POST).decode().encode("utf-16"),
    ),
    Body(
        name="UTF-32 that breaks off",
        wrong="four bytes a letter, and the last one has three",
        does="says where it is damaged",
        make=lambda: feed(POST).decode().encode("utf-32-le")[:-5],
        refused=DAMAGED,
    ),
    Body(
        name="numbers in every place",
        wrong="a post in which all but the title is 7",
        does="reads the title, and the id as text",
        make=lambda: feed(of(7)),
        also=lambda feed: feed.entries[0] == Entry(title="Post", guid="7"),
    ),
    Body(
        name="lists in every place",
        wrong="a post in which all but the title is a list of lists",
        does="reads the title and nothing else",
        make=lambda: feed(of([[[]], {}, None])),
        also=lambda feed: feed.entries[0] == Entry(title="Post"),
    ),
    Body(
        name="objects in every place",
        wrong="a post in which all but the title is an object with names of JavaScript's own",
        does="reads the title and nothing else",
        make=lambda: feed(of({"__proto__": {"name": "x"}, "constructor": 1, "length": -1})),
        also=lambda feed: feed.entries[0] == Entry(title="Post"),
    ),
    Body(
        name="nothing in every place",
        wrong="null for all but the title",
        does="reads the title and nothing else",
        make=lambda: feed(of(None)),
        also=lambda feed: feed.entries[0] == Entry(title="Post"),
    ),
    Body(
        name="posts that are none",
        wrong="null, true, numbers and lists among the posts",
        does="skips them, and says how many",
        make=lambda: feed(POST, "null", "true", "[1]", '"a"', "{}"),
        warned=SKIPPED.format(5, 6, "were"),
    ),
    Body(
        name="posts as an object",
        wrong="an object in place of the list of posts",
        does="says that the shape is unknown",
        make=lambda: feed().replace(b"[]", b'{"0": {"title": "Post"}, "length": 1}'),
        refused=UNKNOWN,
    ),
    Body(
        name="24,000 posts",
        wrong="more than are read, and the new ones at the end",
        does="keeps the newest 20,000, and says so",
        make=lambda: feed(
            *(
                f'{{"title": "{n}", "date_published": "{2000 + n // 3000}-01-01T00:00:00Z"}}'
                for n in range(24_000)
            )
        ),
        # The year of the last ones that fit in is cut through: of it the first are kept.
        titles=(*map(str, range(3_000, 5_000)), *map(str, range(6_000, 24_000))),
        warned="The feed holds 24,000 posts; the newest 20,000 were read.",
    ),
    Body(
        name="a million tags",
        wrong="one post with all of them",
        does="keeps the first 50",
        make=lambda: feed(
            f'{{"title": "Post", "tags": {json.dumps(list(map(str, range(900_000))))}}}'
        ),
        also=lambda feed: feed.entries[0].categories == tuple(map(str, range(50))),
    ),
    Body(
        name="dates without end",
        wrong="dates of the year 0, of month 13, of 10,000 letters and in numbers",
        does="reads the posts without dates",
        make=lambda: feed(
            *(
                json.dumps({"title": "Post", "date_published": date})
                for date in ("0000-01-01T00:00:00Z", "2021-13-01", "9" * 10_000, 1e308, "+1-1-1")
            )
        ),
        titles=("Post",) * 5,
        also=lambda feed: {entry.published for entry in feed.entries} == {None},
    ),
    Body(
        name="a date at the end of time",
        wrong="the last second of the year 9999, west of Greenwich",
        does="reads the post without a date",
        make=lambda: feed('{"title": "Post", "date_published": "9999-12-31T23:59:59-23:59"}'),
        also=lambda feed: feed.entries[0].published is None,
    ),
    Body(
        name="attachments that lie",
        wrong="files of this machine, scripts, sizes below zero and without end",
        does="keeps the one of the web, without its size",
        make=lambda: feed(
            '{"title": "Post", "attachments": [{"url": "file:///etc/passwd"},'
            '{"url": "javascript:1"}, 3,'
            '{"url": "https://a.example/", "size_in_bytes": 1e999, "mime_type": 7}]}'
        ),
        also=lambda feed: (
            [(e.url, e.size_bytes) for e in feed.entries[0].enclosures]
            == [("https://a.example/", None)]
        ),
    ),
    Body(
        name="the next page is this one",
        wrong="a feed without end: next_url leads back",
        does="reads this page; whoever walks on knows where it was",
        make=lambda: feed(POST, head='"next_url": "https://news.example/feed/", '),
        also=lambda feed: feed.next_page == "https://news.example/feed/",
    ),
    Body(
        name="the next page is a file",
        wrong="next_url leads to this machine's own files",
        does="knows of no such page",
        make=lambda: feed(POST, head='"next_url": "file:///etc/passwd", '),
        also=lambda feed: feed.next_page == "",
    ),
    Body(
        name="a comma too many",
        wrong="JSON as JavaScript allows it",
        does="says where it is damaged",
        make=lambda: feed(POST).replace(b"}]", b"},]"),
        refused=DAMAGED,
    ),
    Body(
        name="comments",
        wrong="JSON as people write it",
        does="says where it is damaged",
        make=lambda: feed(POST).replace(b"[", b"[ // posts"),
        refused=DAMAGED,
    ),
    Body(
        name="breaks off",
        wrong="the connection was cut in a text",
        does="says where it is damaged; nothing is guessed",
        make=lambda: feed(POST, POST)[:-12],
        refused=DAMAGED,
    ),
    Body(
        name="a feed a line",
        wrong="several values, one after the other",
        does="says where it is damaged",
        make=lambda: feed(POST) + b"\n" + feed(POST),
        refused=NOT_A_FEED + "its JSON is damaged at line 2",
    ),
    Body(
        name="a version that is a list",
        wrong="the sign of a JSON Feed is of another type",
        does="says that the shape is unknown",
        make=lambda: b'{"version": ["https://jsonfeed.org/version/1"], "items": []}',
        refused=UNKNOWN,
    ),
    Body(
        name="a page of errors",
        wrong="an error of WordPress, with an escape sequence and 1 MB of text in it",
        does="says what it says, without the sequence and cut",
        make=lambda: json.dumps({"code": "x", "message": "\x1b[2JNo " + "a" * 1_000_000}).encode(),
        refused=f"answers with an error of WordPress: No {'a' * 96}…",
    ),
    Body(
        name="posts of WordPress with other types",
        wrong="lists, numbers and null where a post of WordPress has texts",
        does="reads the one that has a title, and says how many it skipped",
        make=lambda: json.dumps(
            [
                {"id": 1, "title": {"rendered": "Post"}, "content": [], "_embedded": [], "date": 7},
                {"id": [], "title": {"rendered": ["a"]}},
                {"id": 3, "title": {"rendered": ""}, "categories": {"a": 1}},
                None,
            ]
        ).encode(),
        warned=SKIPPED.format(3, 4, "were"),
    ),
    Body(
        name="categories of WordPress without end",
        wrong="a post with 10,000 terms, numbers below zero and of 30 digits",
        does="keeps 50 names and the numbers that can be ones",
        make=lambda: json.dumps(
            {
                "id": 10**30,
                "title": {"rendered": "Post"},
                "categories": [-1, 0, 5, 10**30, True, *range(6, 10_000)],
                "_embedded": {
                    "wp:term": [[{"taxonomy": "category", "name": f"C{n}"} for n in range(10_000)]]
                },
            }
        ).encode(),
        also=lambda feed: (
            len(feed.entries[0].categories) == 50
            and feed.entries[0].number == 0
            and feed.entries[0].category_numbers == (5, *range(6, 51))
        ),
    ),
)
