"""A double of WordPress on the loopback: the feeds and the REST interface of one site, as a real
one (6.1) answers, with posts that come and go and answers that fail.

    with WordPress() as site:
        site.publish(250)
        site.address("/feed/")
"""

import json
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self
from urllib.parse import parse_qsl, unquote, urlsplit

FIRST_DAY = datetime(2010, 1, 1, 8, tzinfo=UTC)
PER_FEED = 10


@dataclass(frozen=True, slots=True)
class Term:
    number: int
    name: str
    slug: str
    parent: int = 0


NEWS = Term(2, "New initiatives", "new-initiatives")
EVENTS = Term(3, "Events", "events")
SUMMIT = Term(5, "Summit", "summit", EVENTS.number)
QUESTIONS = Term(6, "Q&amp;A", "qa")
CITIES = Term(9, "cities", "cities")
"""A tag, and so among no categories."""


@dataclass(frozen=True, slots=True)
class Post:
    number: int
    categories: tuple[Term, ...]
    tags: tuple[Term, ...] = ()
    protected: bool = False
    """By a password."""
    dated: datetime | None = None
    """Where its date is not in the order of its number: of a draft that was published later."""

    @property
    def title(self) -> str:
        return f"Post {self.number}"

    @property
    def at(self) -> datetime:
        return self.dated or FIRST_DAY + timedelta(hours=self.number)


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes = b""
    media_type: str = "text/html; charset=UTF-8"
    headers: tuple[tuple[str, str], ...] = ()


MAINTENANCE = Answer(503, b"<h1>Briefly unavailable</h1>", headers=(("Retry-After", "600"),))
A_MOMENT = Answer(429, headers=(("Retry-After", "7"),))
LOGIN = Answer(200, b"<!DOCTYPE html><title>Log in</title><form></form>")
REFUSED = Answer(401, b'{"code":"rest_cannot_access","message":"No."}', "application/json")
MISSING = Answer(404, b"<!DOCTYPE html><title>Page not found</title>")


@dataclass(slots=True)
class WordPress:
    """One site; its posts may change at any time, also in `before`."""

    terms: tuple[Term, ...] = (NEWS, EVENTS, SUMMIT, QUESTIONS)
    posts: list[Post] = field(default_factory=list)
    """In the order of its feeds; by REST they come in the order of their numbers."""
    rest: Answer | None = None
    """What the REST interface answers in place of itself; None: it is open."""
    pages: bool = True
    """Whether its feeds know `?paged`."""
    faults: dict[int, Answer] = field(default_factory=dict)
    """What the nth request for a feed or posts gets, from 1, in place of its answer."""
    before: Callable[[int], None] = lambda number: None
    """Called before the nth request is answered."""
    asked: list[str] = field(default_factory=list)
    """What was asked for, in order: feeds and posts."""
    asked_otherwise: list[str] = field(default_factory=list)
    """Requests for categories and tags, and for what is not there."""
    documents: dict[str, Answer] = field(default_factory=dict)
    """Answers at paths of their own."""
    after: Callable[[str, Answer], Answer] = lambda path, answer: answer
    """Given what was asked for and the answer: what is sent in its place."""
    generator: bool = True
    """Whether its feeds name WordPress."""
    totals: bool = True
    """Whether the REST interface tells how many there are in all."""
    _server: ThreadingHTTPServer | None = None
    _next: int = 1
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def publish(
        self,
        posts: int = 1,
        *categories: Term,
        tags: tuple[Term, ...] = (),
        protected: bool = False,
    ) -> list[Post]:
        """Publish so many more posts, each newer than all before."""
        made = self.draft(posts, *categories, tags=tags, protected=protected)
        self.posts = [*reversed(made), *self.posts]
        return made

    def draft(
        self,
        posts: int = 1,
        *categories: Term,
        tags: tuple[Term, ...] = (),
        protected: bool = False,
    ) -> list[Post]:
        """Write so many posts, which have their numbers from now on and are not shown."""
        made = [
            Post(number, categories or (NEWS,), tags, protected)
            for number in range(self._next, self._next + posts)
        ]
        self._next += posts
        return made

    def publish_drafts(self, drafts: Iterable[Post]) -> list[Post]:
        """Publish what was written before, each newer than all that is there."""
        made = []
        for draft in drafts:
            newest = max((post.at for post in self.posts), default=FIRST_DAY)
            made.append(replace(draft, dated=newest + timedelta(minutes=1)))
            self.posts = [made[-1], *self.posts]
        return made

    def delete(self, *numbers: int) -> None:
        self.posts = [post for post in self.posts if post.number not in numbers]

    def address(self, path: str) -> str:
        assert self._server is not None, "it is not open"
        return f"http://127.0.0.1:{self._server.server_port}{path}"

    def __enter__(self) -> Self:
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            # Head and body in one packet: else the second waits for the first to be confirmed.
            wbufsize = 1 << 16

            def do_GET(self) -> None:
                answer = site._answer(self.path, conditional="If-None-Match" in self.headers)
                answer = site.after(self.path, answer)
                self.send_response(answer.status)
                self.send_header("Content-Type", answer.media_type)
                self.send_header("Content-Length", str(len(answer.body)))
                for name, value in answer.headers:
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(answer.body)

            def log_message(self, format: str, *args: object) -> None:
                """The log would stand between the lines of the tests."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *exception: object) -> None:
        assert self._server is not None
        self._server.shutdown()
        self._server.server_close()

    # ── what it answers ─────────────────────────────────────────────────────────────────────

    def _answer(self, path: str, *, conditional: bool) -> Answer:
        parts = urlsplit(path)
        query = dict(parse_qsl(parts.query))
        route = query.get("rest_route", "")
        if parts.path.startswith("/wp-json/"):
            route = parts.path.removeprefix("/wp-json")
        with self._lock:
            if route in ("/wp/v2/categories", "/wp/v2/tags") or not (
                route or self._is_feed(parts.path)
            ):
                self.asked_otherwise.append(path)
                return self._other(parts.path, route, query)
            self.asked.append(path)
            number = len(self.asked)
            self.before(number)
            if number in self.faults:
                return self.faults[number]
            if parts.path in self.documents:
                return self.documents[parts.path]
            if route:
                return self.rest or self._posts(query)
            return self._feed(parts.path, query, conditional=conditional)

    def _is_feed(self, path: str) -> bool:
        return "/feed/" in path or path in self.documents

    def _other(self, path: str, route: str, query: dict[str, str]) -> Answer:
        if not route:
            return MISSING
        if self.rest is not None:
            return self.rest
        terms: Iterable[Term] = self.terms if route.endswith("categories") else (CITIES,)
        if "slug" in query:
            terms = [term for term in terms if term.slug == query["slug"]]
        if "include" in query:
            terms = [term for term in terms if str(term.number) in query["include"].split(",")]
        every = list(terms)
        size, page = int(query["per_page"]), int(query.get("page", "1"))
        shown = [
            {"id": each.number, "name": each.name, "slug": each.slug, "parent": each.parent}
            for each in every[(page - 1) * size : page * size]
        ]
        return _json(shown, len(every) if self.totals else None)

    def _posts(self, query: dict[str, str]) -> Answer:
        assert (query["orderby"], query["order"]) == ("id", "desc")
        size, offset = int(query["per_page"]), int(query["offset"])
        if not 1 <= size <= 100:
            return Answer(400, b'{"code":"rest_invalid_param","message":"No."}', "application/json")
        posts = sorted(self.posts, key=lambda post: post.number, reverse=True)
        for key in ("categories", "tags"):
            if key in query:
                wanted = set(query[key].split(","))
                # Only their own: the posts of a category below are asked for by its number.
                posts = [
                    post
                    for post in posts
                    if wanted & {str(term.number) for term in getattr(post, key)}
                ]
        shown = posts[offset : offset + size]
        # Past the end the real one counts none, without an error.
        total = len(posts) if shown else 0
        return _json([self._post(post) for post in shown], total if self.totals else None)

    def _post(self, post: Post) -> dict[str, object]:
        moment = f"{post.at:%Y-%m-%dT%H:%M:%S}"
        # Of a protected one there is the title alone, here without "Protected: ".
        excerpt = "" if post.protected else f"<p>About {post.number}.</p>"
        content = "" if post.protected else f"<p>All about {post.number}.</p>"
        return {
            "id": post.number,
            "date_gmt": moment,
            "modified_gmt": moment,
            "guid": {"rendered": self.address(f"/?p={post.number}")},
            "link": self.address(f"/post-{post.number}/"),
            "title": {"rendered": post.title},
            "excerpt": {"rendered": excerpt, "protected": post.protected},
            "content": {"rendered": content, "protected": post.protected},
            "categories": [term.number for term in post.categories],
            "_embedded": {"author": [{"name": "Aino"}]},
        }

    def _feed(self, path: str, query: dict[str, str], *, conditional: bool) -> Answer:
        validators = (("ETag", '"the whole site"'),)
        if conditional:
            # Of whichever page, also of one that does not exist.
            return Answer(304, headers=validators)
        name = ""
        posts = self.posts
        segments = [unquote(each) for each in path.split("/") if each][:-1]
        if segments:
            slug = segments[-1]
            every = [*self.terms, CITIES]
            term = next((each for each in every if each.slug == slug), None)
            # An unknown category answers 200 with no items.
            posts = [] if term is None else [p for p in posts if self._is_in(p, term)]
            name = "" if term is None else f"{term.name} – "
        number = int(query.get("paged", "1")) if self.pages else 1
        shown = posts[(number - 1) * PER_FEED : number * PER_FEED]
        status = 404 if number > 1 and not shown else 200
        page = f"Page {number} – " if number > 1 else ""
        body = (
            '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel>'
            f"<title>{name}{page}The Site</title>"
            f"{'<generator>https://wordpress.org/?v=6.1.9</generator>' if self.generator else ''}"
            f"{''.join(map(self._item, shown))}</channel></rss>"
        )
        link = ("Link", f'<{self.address("/wp-json/")}>; rel="https://api.w.org/"')
        media_type = "application/rss+xml; charset=UTF-8"
        return Answer(status, body.encode(), media_type, (*validators, link))

    def _item(self, post: Post) -> str:
        names = "".join(
            f"<category><![CDATA[{term.name}]]></category>"
            for term in (*post.categories, *post.tags)
        )
        title, about = post.title, f"<p>About {post.number}.</p>"
        if post.protected:
            title = f"Protected: {title}"
            about = "There is no excerpt because this is a protected post."
        return (
            f"<item><title>{title}</title><link>{self.address(f'/post-{post.number}/')}</link>"
            f"<pubDate>{format_datetime(post.at)}</pubDate>{names}"
            f'<guid isPermaLink="false">{escape(self.address(f"/?p={post.number}"))}</guid>'
            f"<description><![CDATA[{about}]]></description></item>"
        )

    def _is_in(self, post: Post, term: Term) -> bool:
        """A category's feed has the posts of all those below it as well, however far."""
        parents = {each.number: each.parent for each in self.terms}
        for each in (*post.categories, *post.tags):
            number, above = each.number, each.parent
            passed: set[int] = set()
            while number and number not in passed:
                if number == term.number:
                    return True
                passed.add(number)
                number, above = above, parents.get(above, 0)
        return False


def _json(data: object, total: int | None) -> Answer:
    headers = () if total is None else (("X-WP-Total", str(total)),)
    return Answer(200, json.dumps(data).encode(), "application/json; charset=UTF-8", headers)
