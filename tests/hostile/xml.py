"""XML that means to eat memory or time, to read files, or to be taken for something else."""

import gzip

from tests.hostile.bodies import DECLARES, NOT_A_FEED, Body, post, rss

ASIDE = f"<x/>{post()}"
"""A post, and an element that only feedparser reads."""
DAMAGED = "The feed is damaged at line {}; some of it may be missing."
NO_CHARACTERS = "The feed refers to characters that are none; they are shown as \ufffd."
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
DOCTYPE = f'<!DOCTYPE rss [<!ENTITY l0 "lol">{LAUGHS}]>'
LAUGHING = post("<description>&l9;</description>")


def chain(links: int, declare: str = "", refer: str = "&") -> str:
    # The first one looks like the beginning of a feed, which is looked for in the first 64 kB.
    return f'<!ENTITY r "<rss "><!ENTITY {declare}c0 "x">' + "".join(
        f'<!ENTITY {declare}c{n} "{refer}c{n - 1};">' for n in range(1, links)
    )


CASES = (
    # ── declarations ────────────────────────────────────────────────────────────────────────
    Body(
        name="billion laughs",
        wrong="ten entities, each of ten of the one before: 3 GB of text",
        does="refuses the feed before an XML parser sees it",
        make=lambda: rss(LAUGHING, before=DOCTYPE),
        refused=DECLARES,
    ),
    Body(
        name="quadratic blow-up",
        wrong="one entity of 50 kB, named 50,000 times",
        does="refuses the feed; feedparser would have kept this entity",
        make=lambda: rss(
            post(f"<description>{'&a;' * 50_000}</description>"),
            before=f'<!DOCTYPE rss [<!ENTITY a "{"a" * 50_000}">]>',
        ),
        refused=DECLARES,
    ),
    Body(
        name="chain of entities",
        wrong="80,000 entities, each of the one before, fill expat's stack (CVE-2024-8176)",
        does="refuses the feed; the process does not crash",
        make=lambda: rss(
            post("<description>&c79999;</description>"),
            before=f"<!DOCTYPE rss [{chain(80_000)}]>",
        ),
        refused=DECLARES,
    ),
    Body(
        name="chain in an attribute",
        wrong="such a chain as the default of an attribute, with no reference in the document",
        does="refuses the feed; the process does not crash",
        make=lambda: rss(
            post(),
            before=f'<!DOCTYPE rss [{chain(80_000)}<!ATTLIST rss a CDATA "&c79999;">]>',
        ),
        refused=DECLARES,
    ),
    Body(
        name="chain of parameter entities",
        wrong="such a chain within the document type",
        does="refuses the feed; the process does not crash",
        make=lambda: rss(post(), before=f"<!DOCTYPE rss [{chain(80_000, '% ', '&#37;')}%c79999;]>"),
        refused=DECLARES,
    ),
    Body(
        name="chain in feedparser's blind spot",
        wrong="a comment with a tag in it, behind which feedparser leaves entities as they are",
        does="refuses the feed; the process does not crash",
        make=lambda: rss(
            f"<x/>{post('<description>&c79999;</description>')}",
            before=f"<!--<rss>--><!DOCTYPE rss [<!--<a>-->{chain(80_000)}]>",
        ),
        refused=DECLARES,
    ),
    Body(
        name="entities behind a bracket",
        wrong="a system identifier that holds the signs by which the declarations are found",
        does="refuses the feed",
        make=lambda: rss(LAUGHING, before=DOCTYPE.replace("rss [", 'rss SYSTEM "[]>\'" [')),
        refused=DECLARES,
    ),
    Body(
        name="entities behind a sham comment",
        wrong="a comment that begins as one that is over would",
        does="refuses the feed",
        make=lambda: rss(LAUGHING, before=f"<!--><rss/>-->{DOCTYPE}"),
        refused=DECLARES,
    ),
    Body(
        name="entities behind blanks and instructions",
        wrong="a byte order mark, a declaration, instructions and 50,000 line ends before them",
        does="refuses the feed",
        make=lambda: rss(
            LAUGHING, before=f"\ufeff<?xml version='1.0'?>\n<?a ?>{chr(10) * 50_000}{DOCTYPE}"
        ),
        refused=DECLARES,
    ),
    Body(
        name="entities in UTF-16",
        wrong="declarations in two bytes a letter, with a byte order mark",
        does="refuses the feed",
        make=lambda: rss(LAUGHING, before=DOCTYPE).decode().encode("utf-16"),
        refused=DECLARES,
    ),
    Body(
        name="entities in bare UTF-16",
        wrong="declarations in two bytes a letter, and nothing that says so",
        does="refuses the feed",
        make=lambda: rss(LAUGHING, before=DOCTYPE).decode().encode("utf-16-be"),
        refused=DECLARES,
    ),
    Body(
        name="entities in UTF-32",
        wrong="declarations in four bytes a letter",
        does="refuses the feed",
        make=lambda: (
            rss(LAUGHING, before=f"<?xml version='1.0'?>{DOCTYPE}").decode().encode("utf-32-be")
        ),
        refused=DECLARES,
    ),
    Body(
        name="entities in EBCDIC",
        wrong="declarations in an encoding in which no byte is that of ASCII",
        does="finds neither XML nor JSON in it",
        make=lambda: (
            rss(LAUGHING, before=f"<?xml version='1.0' encoding='cp037'?>{DOCTYPE}")
            .decode()
            .encode("cp037")
        ),
        refused=NOT_A_FEED + "it is neither RSS, Atom nor JSON",
    ),
    Body(
        name="entities in UTF-7",
        wrong="declarations in an encoding that hides every sign of them",
        does="refuses the feed",
        make=lambda: (
            b"<?xml version='1.0' encoding='utf-7'?>+ADwAIQ-DOCTYPE rss +AFsAPAAh-ENTITY a 'b'"
            b"+AD4AXQA+-<rss><channel><x/><item><title>&a;</title></item></channel></rss>"
        ),
        refused=DECLARES,
    ),
    Body(
        name="defaults of attributes",
        wrong="an attribute of 50 kB as the default of every one of 10,000 posts",
        does="refuses the feed: no declaration is read, whatever it declares",
        make=lambda: rss(
            post() * 10_000, before=f'<!DOCTYPE rss [<!ATTLIST item a CDATA "{"a" * 50_000}">]>'
        ),
        refused=DECLARES,
    ),
    Body(
        name="entity of a file",
        wrong="an entity that is /etc/passwd (XXE)",
        does="refuses the feed; the file is not opened",
        make=lambda: rss(
            post("<description>&f;</description>"),
            before='<!DOCTYPE rss [<!ENTITY f SYSTEM "file:///etc/passwd">]>',
        ),
        refused=DECLARES,
    ),
    Body(
        name="entity of an address",
        wrong="a parameter entity that is fetched, to send what it reads (XXE)",
        does="refuses the feed; nothing is fetched",
        make=lambda: rss(
            post(), before='<!DOCTYPE rss [<!ENTITY % e SYSTEM "http://127.0.0.1:9/e.dtd"> %e;]>'
        ),
        refused=DECLARES,
    ),
    Body(
        name="external document type",
        wrong="a document type that is elsewhere, and an entity that only it could declare",
        does="reads the feed without it; the entity stays as it is written",
        make=lambda: rss(
            post("<description>a &unknown; b</description>"),
            before='<!DOCTYPE rss SYSTEM "http://127.0.0.1:9/rss.dtd">',
        ),
        warned=DAMAGED.format(2),
        also=lambda feed: feed.entries[0].excerpt == "a &unknown; b",
    ),
    Body(
        name="declarations after the feed has begun",
        wrong="a document type inside of the feed, where none may be",
        does="reads the post; what was declared is not replaced",
        make=lambda: rss(DOCTYPE + post("<description>a &l9; b</description>")),
        warned=DAMAGED.format(2),
        also=lambda feed: "lol" not in feed.entries[0].excerpt,
    ),
    Body(
        name="document type without end",
        wrong="it never ends, and the feed is in it",
        does="reads the post, and says that the feed is damaged",
        make=lambda: rss(post(), before="<!DOCTYPE rss SYSTEM '"),
        warned=DAMAGED.format(2),
    ),
    # ── size and depth ──────────────────────────────────────────────────────────────────────
    Body(
        name="100,000 elements deep",
        wrong="elements in elements, all of them closed",
        does="refuses the feed at the 257th",
        make=lambda: rss(post("<a>" * 100_000 + "</a>" * 100_000)),
        refused=NOT_A_FEED + "its elements nest over 256 deep",
    ),
    Body(
        name="a million elements that do not end",
        wrong="damage first, so that a parser that guesses gets them",
        does="refuses the feed at the 10,001st",
        make=lambda: rss("<item>&" + "<a>" * 1_000_000),
        refused=NOT_A_FEED + "10,000 elements in it do not end",
    ),
    Body(
        name="100,000 attributes",
        wrong="one element has them",
        does="refuses the feed",
        make=lambda: rss(post("<x " + " ".join(map("a{}=''".format, range(100_000))) + "/>")),
        refused=NOT_A_FEED + "an element has over 256 attributes",
    ),
    Body(
        name="an attribute of 9 MB",
        wrong="an attribute that is nearly all of the feed",
        does="reads the post without it",
        make=lambda: rss(post(f"<x a='{'a' * 9_000_000}'/>")),
    ),
    Body(
        name="a name of 3 MB",
        wrong="an element whose name is nearly all of the feed",
        does="reads the post without it",
        make=lambda: rss(post(f"<{'a' * 3_000_000}/>")),
    ),
    Body(
        name="1,000 namespaces",
        wrong="a prefix of its own for each of many elements",
        does="refuses the feed: feedparser looks through all of them for each element",
        make=lambda: rss(post("".join(f"<a{n}:b xmlns:a{n}='urn:{n}'/>" for n in range(1_000)))),
        refused=NOT_A_FEED + "it names over 256 namespaces",
    ),
    Body(
        name="9 MB of blanks before the feed",
        wrong="the beginning of the feed is too far down to be found",
        does="takes it for no feed",
        make=lambda: rss(post(), before="\n" * 9_000_000),
        refused=NOT_A_FEED + "it is neither RSS, Atom nor JSON",
    ),
    Body(
        name="500,000 comments",
        wrong="between the declaration and the feed stands nothing else",
        does="reads the post behind those that are cut off",
        make=lambda: rss(post() + "<!-- -->" * 500_000),
    ),
    Body(
        name="half a million sections",
        wrong="a text in CDATA sections of one letter each",
        does="reads it as one text",
        make=lambda: rss(post(f"<description>{'<![CDATA[x]]>' * 500_000}</description>")),
        also=lambda feed: len(feed.entries[0].content) == 500_000,
    ),
    Body(
        name="five million open brackets",
        wrong="damage that feedparser looks at one sign at a time, for half a minute",
        does="gives up at the deadline, and starts a new process for the next feed",
        make=lambda: rss("<item><title>&" + "<" * 5_000_000),
        refused="took longer than 1 s to read and was stopped",
        deadline_s=1.0,
    ),
    # ── encodings ───────────────────────────────────────────────────────────────────────────
    Body(
        name="UTF-16 that is not declared",
        wrong="no mark, no declaration, only the bytes tell",
        does="reads it, since its first letter tells",
        make=lambda: rss(ASIDE, before="<?xml version='1.0'?>").decode().encode("utf-16-le"),
    ),
    Body(
        name="declared as UTF-16",
        wrong="the declaration says UTF-16 and the bytes are UTF-8",
        does="reads it as UTF-8",
        make=lambda: rss(post("", "Ål på øya"), before="<?xml version='1.0' encoding='utf-16'?>"),
        titles=("Ål på øya",),
    ),
    Body(
        name="an encoding that is none",
        wrong="it is declared to be in an encoding that nobody knows",
        does="reads it as UTF-8",
        make=lambda: rss(post("", "Ål"), before="<?xml version='1.0' encoding='x-viking'?>"),
        titles=("Ål",),
    ),
    Body(
        name="an encoding that unpacks",
        wrong="declared as one of Python's codecs that unpack bytes",
        does="reads it as UTF-8; no such codec is used",
        make=lambda: rss(post("", "Ål"), before="<?xml version='1.0' encoding='zlib'?>"),
        titles=("Ål",),
    ),
    Body(
        name="an encoding that takes hours",
        wrong="declared as Punycode, which Python reads in quadratic time",
        does="reads it as UTF-8; Punycode is no encoding of documents",
        make=lambda: rss(
            post("<description>" + "a-" * 400_000 + "</description>", "Ål"),
            before="<?xml version='1.0' encoding='punycode'?>",
        ),
        titles=("Ål",),
    ),
    Body(
        name="an encoding with escapes",
        wrong="declared as one of Python's codecs, in which a backslash makes a control character",
        does="reads it as UTF-8: the backslash stays one",
        make=lambda: rss(
            post("", r"a\x1b]0;b\x07"), before="<?xml version='1.0' encoding='unicode_escape'?>"
        ),
        titles=(r"a\x1b]0;b\x07",),
    ),
    Body(
        name="markup in UTF-7",
        wrong="tags that are none in ASCII",
        does="reads them as UTF-7 text in a title, in which they do nothing",
        make=lambda: rss(post("", "Po+AMU-st"), before="<?xml version='1.0' encoding='utf-7'?>"),
        titles=("PoÅst",),
    ),
    Body(
        name="a charset that lies",
        wrong="the header says Latin-1 and the bytes are UTF-8",
        does="reads it as UTF-8",
        make=lambda: rss(post("", "Ærø på kortet")),
        media_type="text/xml; charset=iso-8859-1",
        titles=("Ærø på kortet",),
    ),
    # ── characters that may not be ──────────────────────────────────────────────────────────
    Body(
        name="NUL and controls",
        wrong="control characters in a title",
        does="leaves them out, and says so",
        make=lambda: rss(post("", "P\0o\x1b[31ms\x07t")),
        titles=("Po[31mst",),
        warned="The feed holds control characters; they were left out.",
    ),
    Body(
        name="controls in UTF-16",
        wrong="control characters where a byte is no letter",
        does="leaves them out, and says so",
        make=lambda: b"\xff\xfe" + rss(post("", "Po\x1b[31mst")).decode().encode("utf-16-le"),
        titles=("Po[31mst",),
        warned="The feed holds control characters; they were left out.",
    ),
    Body(
        name="references to NUL and ESC",
        wrong="characters that XML does not allow, by their numbers",
        does="shows that there is none, and says so",
        make=lambda: rss(post("", "Po&#0;&#x1b;[31mst")),
        titles=("Po\ufffd\ufffd[31mst",),
        warned=NO_CHARACTERS,
    ),
    Body(
        name="reference to half a letter",
        wrong="a surrogate by its number",
        does="shows that there is none, and says so; feedparser gave up the whole feed",
        make=lambda: rss(f"<x/>{post('', 'Po&#xD800;st')}"),
        titles=("Po\ufffdst",),
        warned=NO_CHARACTERS,
    ),
    Body(
        name="reference without end",
        wrong="a character by a number of 10,000 digits, which Python does not read",
        does="shows that there is none, and says so",
        make=lambda: rss(f"<x/>{post('', f'Po&#{chr(57) * 10_000};st')}"),
        titles=("Po\ufffdst",),
        warned=NO_CHARACTERS,
    ),
    Body(
        name="surrogates in UTF-8",
        wrong="half of a letter, encoded as if it were a whole one",
        does="shows each byte of it as what is no text, and says so",
        make=lambda: rss(post("", "Ærø på øya \ud800")),
        titles=("Ærø på øya \ufffd\ufffd\ufffd",),
        warned="The feed holds bytes that are no text; they are shown as \ufffd.",
    ),
    # ── damage ──────────────────────────────────────────────────────────────────────────────
    Body(
        name="]]> in a text",
        wrong="the end of a section without its beginning",
        does="reads the post to the letter, and says that the feed is damaged",
        make=lambda: rss(post("", "a ]]> b")),
        titles=("a ]]> b",),
        warned=DAMAGED.format(2),
    ),
    Body(
        name="section in a section",
        wrong="CDATA in CDATA, as of a post about XML",
        does="reads all of it as text",
        make=lambda: rss(post("<description><![CDATA[a <![CDATA[b]]> c]]></description>", "Post")),
        warned=DAMAGED.format(2),
        also=lambda feed: feed.entries[0].excerpt.startswith("a"),
    ),
    Body(
        name="section without end",
        wrong="the rest of the feed is in it",
        does="reads both posts, and says that the feed is damaged",
        make=lambda: rss(post() + post("<description><![CDATA[text", "Cut")),
        titles=("Post", "Cut"),
        warned=DAMAGED.format(2),
    ),
    Body(
        name="comment without end",
        wrong="the rest of the feed is in it",
        does="reads the post before it",
        make=lambda: rss(post() + "<!-- " + post("", "Hidden")),
        warned=DAMAGED.format(2),
    ),
    Body(
        name="breaks off in a tag",
        wrong="the connection was cut in the name of an element",
        does="reads the post before it and says that the feed breaks off",
        make=lambda: rss(post() + post("", "Cut"))[:-40],
        warned="The feed breaks off in the middle of a post, which was skipped.",
        also=lambda feed: feed.cut_off,
    ),
    Body(
        name="breaks off in a letter",
        wrong="the connection was cut between the bytes of a letter",
        does="reads the post before it and says that the feed breaks off",
        make=lambda: rss(post() + "<item><title>Ø").removesuffix(b"</channel></rss>")[:-1],
        warned="The feed holds bytes that are no text; they are shown as \ufffd. "
        "The feed breaks off in the middle of a post, which was skipped.",
        also=lambda feed: feed.cut_off,
    ),
    Body(
        name="two roots",
        wrong="a second feed stands behind the first",
        does="reads both, and says that the feed is damaged",
        make=lambda: rss(post()) + rss(post("", "Second")),
        titles=("Post", "Second"),
        warned=DAMAGED.format(2),
    ),
    Body(
        name="rubbish behind the feed",
        wrong="an error of the server stands behind the end",
        does="reads the feed, and says that it is damaged",
        make=lambda: rss(post()) + b"<br/>Fatal error: out of memory &",
        warned=DAMAGED.format(2),
    ),
    Body(
        name="prefix of nothing",
        wrong="an element with a prefix that no namespace belongs to",
        does="reads the post, and says that the feed is damaged",
        make=lambda: rss(post("<evil:x>y</evil:x>")),
        warned=DAMAGED.format(2),
    ),
    Body(
        name="the same attribute twice",
        wrong="two values, of which a parser may take either",
        does="reads the post, and says that the feed is damaged",
        make=lambda: rss(post("<guid isPermaLink='true' isPermaLink='false'>g</guid>")),
        warned=DAMAGED.format(2),
        also=lambda feed: feed.entries[0].guid == "g",
    ),
    # ── what other programs would do ────────────────────────────────────────────────────────
    Body(
        name="XInclude",
        wrong="an element that stands for a file",
        does="reads the post without it; the file is not opened",
        make=lambda: rss(
            post(
                "<xi:include xmlns:xi='http://www.w3.org/2001/XInclude'"
                " href='file:///etc/passwd' parse='text'/>"
            )
        ),
        also=lambda feed: "root" not in str(feed),
    ),
    Body(
        name="stylesheet",
        wrong="an instruction to load a program (XSLT)",
        does="reads the post without it; nothing is loaded",
        make=lambda: rss(
            post(), before="<?xml-stylesheet type='text/xsl' href='http://127.0.0.1:9/a.xsl'?>"
        ),
    ),
    Body(
        name="instruction of PHP",
        wrong="a program in place of a text",
        does="reads the post without it",
        make=lambda: rss(post("<?php system($_GET['x']) ?>")),
    ),
    Body(
        name="base of another kind",
        wrong="relative addresses are to be joined with javascript: and file:",
        does="keeps no link that such a base gives",
        make=lambda: rss(
            "<item xml:base='file:///etc/'><title>Post</title><link>passwd</link></item>"
            "<item xml:base='javascript:alert(1)//'><title>Post</title><link>a</link></item>"
        ),
        titles=("Post", "Post"),
        also=lambda feed: (
            {entry.link for entry in feed.entries} <= {"", "https://news.example/feed/a"}
        ),
    ),
    Body(
        name="XML 1.1",
        wrong="a version in which references to control characters are allowed",
        does="shows that there is none, as in XML 1.0",
        make=lambda: rss(
            f"<x/>{post('', 'Po&#x1b;[31mst')}", before="<?xml version='1.1' encoding='utf-8'?>"
        ),
        titles=("Po\ufffd[31mst",),
        warned=NO_CHARACTERS,
    ),
    Body(
        name="a page in place of a feed",
        wrong="HTML that holds a feed in a script",
        does="says that it is a web page",
        make=lambda: b"<!doctype html><title>a</title><script>" + rss(post()) + b"</script>",
        refused="answers with a web page, not a feed",
    ),
    Body(
        name="packed twice",
        wrong="gzip as the body itself",
        does="says that it is compressed; it is not unpacked",
        make=lambda: gzip.compress(rss(post()), mtime=0),
        refused="is compressed, not a feed",
    ),
)
