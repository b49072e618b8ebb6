"""Which feeds a web page names; the pages are cut down from what WordPress and others serve."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nordic_tui.decode.discovery import find_feeds
from nordic_tui.model import FeedLink, Page

SITE = "https://site.example"
RSS = 'rel="alternate" type="application/rss+xml"'
WORDPRESS = f'<link rel="https://api.w.org/" href="{SITE}/wp-json/" />'
SITE_FEEDS = (
    f'<link {RSS} title="Site &raquo; Feed" href="{SITE}/feed/" />'
    f'<link {RSS} title="Site &raquo; Comments Feed" href="{SITE}/comments/feed/" />'
)


def addresses(html: str, url: str = f"{SITE}/") -> list[str]:
    return [feed.address for feed in find_feeds(html.encode(), url=url).feeds]


def test_a_category_page_of_wordpress() -> None:
    html = (
        "<!DOCTYPE html><html><head><meta charset='UTF-8'>"
        f"<title>New initiatives &#8211; Site</title>{SITE_FEEDS}"
        f'<link {RSS} title="Site &raquo; New initiatives Category Feed"'
        f' href="{SITE}/category/new-initiatives/feed/" />'
        f'{WORDPRESS}<link rel="alternate" type="application/json"'
        f' href="{SITE}/wp-json/wp/v2/categories/2" />'
        "</head><body class='archive category category-2'><p>Posts</p></body></html>"
    )
    assert find_feeds(html.encode(), url=f"{SITE}/category/new-initiatives/") == Page(
        title="New initiatives – Site",
        feeds=(
            FeedLink(f"{SITE}/feed/", "Site » Feed"),
            FeedLink(
                f"{SITE}/category/new-initiatives/feed/", "Site » New initiatives Category Feed"
            ),
        ),
        is_wordpress=True,
    )


@pytest.mark.parametrize(
    "mark",
    [
        '<body class="post-template-default single single-post postid-7">',
        '<body class="page page-id-2">',
        f'<link rel="alternate" type="application/json" href="{SITE}/wp-json/wp/v2/posts/7" />',
    ],
)
@pytest.mark.parametrize(
    "own",
    ["/war/feed/", "/war/feed/atom/", "/war/feed", "/?feed=rss2&#038;p=7"],
)
def test_a_posts_own_feed_is_of_its_comments(mark: str, own: str) -> None:
    link = f'<link {RSS} title="Site » War in a language unknown" href="{SITE}{own}">'
    html = SITE_FEEDS + link + WORDPRESS + mark
    assert addresses(html, f"{SITE}/war/") == [f"{SITE}/feed/"]
    assert addresses(html, f"{SITE}/war/?utm_source=letter") == [f"{SITE}/feed/"]


def test_a_posts_own_address_may_be_only_in_the_page() -> None:
    link = f'<link {RSS} title="Site » War" href="/war/feed/">'
    canonical = f'<link rel="canonical" href="{SITE}/war/">'
    html = SITE_FEEDS + link + WORDPRESS + canonical + '<body class="single">'
    assert addresses(html, f"{SITE}/?p=7") == [f"{SITE}/feed/"]


def test_a_posts_page_whose_own_address_cannot_be_taken_apart() -> None:
    own = f'<link {RSS} href="{SITE}/war/feed/"><link rel="canonical" href="{SITE}/war/">'
    html = SITE_FEEDS + own + WORDPRESS + '<body class="single">'
    assert addresses(html, "https://[site.example/war/") == [f"{SITE}/feed/"]


@pytest.mark.parametrize("classes", ["home page page-id-5", "page page-id-5"])
def test_a_front_page_that_is_a_page_keeps_the_sites_feed(classes: str) -> None:
    html = f'{SITE_FEEDS}{WORDPRESS}<body class="{classes}">'
    assert addresses(html) == [f"{SITE}/feed/"]
    in_folder = html.replace(SITE, f"{SITE}/blog")
    assert addresses(in_folder, f"{SITE}/blog/") == [f"{SITE}/blog/feed/"]


def test_a_front_page_is_known_by_its_class_where_the_site_hides_its_interface() -> None:
    html = f'<meta name="generator" content="WordPress"><link {RSS} href="/blog/feed/">'
    blog = f"{SITE}/blog/"
    assert addresses(f'{html}<body class="home page">', blog) == [f"{blog}feed/"]
    assert addresses(f'{html}<body class="page">', blog) == []


@pytest.mark.parametrize(
    ("title", "href"),
    [
        ("Site » Comments Feed", "/x.xml"),
        ("Site", "/comments/feed/"),
        ("Latest comments", "/latest-comments.xml"),
    ],
)
def test_what_is_certainly_of_comments_is_left_out(title: str, href: str) -> None:
    posts = f'<link {RSS} title="Posts" href="/posts.xml">'
    html = f'<link {RSS} title="{title}" href="{href}">{posts}'
    assert addresses(html) == [f"{SITE}/posts.xml"]


@pytest.mark.parametrize(
    ("title", "href"),
    [
        ("Site » Kommentar Category Feed", "/category/kommentar/feed/"),
        ("Site » Comments Category Feed", "/category/comments/feed/"),
        ("Site » Comments on society", "/society.xml"),
    ],
)
def test_a_category_may_be_about_comments(title: str, href: str) -> None:
    assert addresses(f'<link {RSS} title="{title}" href="{href}">') == [SITE + href]


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("REL='Home ALTERNATE' TYPE='Application/RSS+XML; charset=x' HREF=/a", ["/a"]),
        ("rel=alternate type=application/atom+xml href=/a", ["/a"]),
        ("rel=alternate type=application/rdf+xml href=/a", ["/a"]),
        ("rel=alternate type=application/feed+json href=/a", ["/a"]),
        ("rel=alternate type=application/json href=/feed.json", ["/feed.json"]),
        ("rel=alternate type=application/json title='JSON Feed' href=/a", ["/a"]),
        ("rel=alternate type=application/json href=/a", []),
        ("rel=alternate type=application/json href=/wp-json/x/feed", []),
        ("rel=alternate type=text/xml href=/rss.xml", ["/rss.xml"]),
        ("rel=alternate type=text/xml+oembed href=/feed", []),
        ("rel=alternate hreflang=nb href=/feed", []),
        ("rel=alternates type=application/rss+xml href=/a", []),
        ("rel=stylesheet type=application/rss+xml href=/a", []),
        ("rel=alternate type=application/rss+xml", []),
        ("rel=alternate type=application/rss+xml href=javascript:alert(1)", []),
        ("rel=alternate type=application/rss+xml href=mailto:a@b.example", []),
        ("rel=alternate type=application/rss+xml href=file:///etc/passwd", []),
    ],
)
def test_which_links_are_feeds(link: str, expected: list[str]) -> None:
    assert addresses(f"<link {link}>") == [SITE + path for path in expected]


def test_addresses_are_joined_with_the_base_wherever_it_stands() -> None:
    html = f'<link {RSS} href="feed/"><base href="/blog/"><base href="/other/">'
    assert addresses(html, f"{SITE}/deep/page") == [f"{SITE}/blog/feed/"]


def test_a_feed_that_is_named_twice_is_one() -> None:
    html = f'<link {RSS} title="First" href="/a"><link {RSS} title="Second" href="/a">'
    assert find_feeds(html.encode(), url=SITE).feeds == (FeedLink(f"{SITE}/a", "First"),)


def test_what_is_commented_out_or_in_a_script_names_nothing() -> None:
    html = f'<!-- <link {RSS} href="/a"> --><script>"<link {RSS} href=/b>"</script>'
    assert addresses(f"<head>{html}</head>{html}") == []


def test_a_saved_page_names_only_whole_addresses() -> None:
    html = f'<link {RSS} href="/a"><link {RSS} href="{SITE}/b">'
    assert addresses(html, "/home/me/page.html") == [f"{SITE}/b"]


@pytest.mark.parametrize(
    ("html", "url", "expected"),
    [
        (f'<link {RSS} href="/a">', "/home/me/page.html", True),
        (f'<base href="{SITE}/"><link {RSS} href="/a">', "/home/me/page.html", False),
        (f'<link {RSS} href="{SITE}/a">', "/home/me/page.html", False),
        (f'<link {RSS} href="javascript:x">', "/home/me/page.html", False),
        (f'<link {RSS} href="/a">', f"{SITE}/", False),
    ],
)
def test_a_saved_page_may_have_lost_where_its_links_lead(
    html: str, url: str, expected: bool
) -> None:
    assert find_feeds(html.encode(), url=url).is_lost is expected


def test_titles_pass_the_gate() -> None:
    html = f'<title>A\x1b]0;x\x07\n B</title><link {RSS} title="&#27;[2J\u202eC" href="/a">'
    page = find_feeds(html.encode(), url=SITE)
    assert page.title == "A B"
    assert page.feeds[0].title == "C"


def test_the_title_of_a_picture_is_not_the_pages() -> None:
    html = "<body><svg><title>Logo</title></svg><title>Page</title>"
    assert find_feeds(html.encode()).title == "Page"


@pytest.mark.parametrize(
    ("generator", "expected"),
    [("WordPress 6.1.9", True), ("wordpress", True), ("Hugo 0.120", False), ("", False)],
)
def test_wordpress_is_known_by_its_generator(generator: str, expected: bool) -> None:
    html = f'<meta name="Generator" content="{generator}">'
    assert find_feeds(html.encode()).is_wordpress is expected


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        ("<title>Blåbær</title>".encode(), ""),
        ("\ufeff<title>Blåbær</title>".encode(), "text/html; charset=iso-8859-1"),
        ("<title>Blåbær</title>".encode("utf-16"), "text/html"),
        ("<title>Blåbær</title>".encode("latin-1"), "text/html; charset=iso-8859-15"),
        ("<title>Blåbær</title>".encode("latin-1"), 'text/html; charset="ISO-8859-1"'),
        ("<meta charset=windows-1252><title>Blåbær</title>".encode("cp1252"), "text/html"),
        ("<meta charset='latin1'><title>Blåbær</title>".encode(), "text/html; charset=UTF-8"),
        ("<meta charset='punycode'><title>Blåbær</title>".encode(), "text/html; charset=zip"),
    ],
)
def test_the_encoding_is_found(body: bytes, media_type: str) -> None:
    assert find_feeds(body, media_type=media_type).title == "Blåbær"


def test_what_is_called_latin_is_read_as_browsers_do() -> None:
    body = "<title>Rød – blå</title>".encode("cp1252")
    assert find_feeds(body, media_type="text/html; charset=ISO-8859-1").title == "Rød – blå"


def test_only_the_beginning_of_a_page_is_read() -> None:
    late = f'<link {RSS} href="/late">'
    assert addresses(" " * 900_000 + late) == [f"{SITE}/late"]
    assert addresses(" " * 1_000_000 + late) == []


def test_a_page_with_very_many_feeds_names_some() -> None:
    html = "".join(f'<link {RSS} href="/{number}">' for number in range(1_500))
    assert addresses(html) == [f"{SITE}/{number}" for number in range(1_000)]


PIECES = (
    f"<link |{RSS}| href=|'|\"|//[|http://|>|<head>|</head>|<base href=|<title>|\x00|&#x|/feed/"
    f"|?p=|{WORDPRESS}|<body class=single>|charset=|:99999|\udcff|\udced\udca0\udc80"
).split("|")


@given(
    st.lists(st.sampled_from(PIECES)).map("".join),
    st.sampled_from(["", "http://[", "https://site.example/a", "/home/page.html"]),
)
def test_anything_is_read(html: str, url: str) -> None:
    body = html.encode(errors="surrogateescape")
    for feed in find_feeds(body, media_type="text/html; charset=x", url=url).feeds:
        assert feed.address.startswith(("http://", "https://"))
        assert feed.title.isprintable()


def test_a_charset_that_only_sounds_like_one_is_passed_over() -> None:
    page = "<meta charset='iso-8859-99'><title>Ål på øya</title>".encode()
    assert find_feeds(page, media_type="text/html; charset=cp1259").title == "Ål på øya"
