"""The double of WordPress answers as the real one does where a test is built on it."""

import json
import re
from dataclasses import replace

from tests.wordpress import EVENTS, NEWS, SUMMIT, Answer, Post, Term, WordPress

SPEAKERS = Term(7, "Speakers", "speakers", SUMMIT.number)


def feed(site: WordPress, path: str = "/feed/") -> list[str]:
    body = site._answer(path, conditional=False).body.decode()
    return re.findall("<item><title>(.*?)</title>", body)


def rest(site: WordPress, query: str = "") -> Answer:
    query = f"per_page=100&offset=0&orderby=id&order=desc{query}"
    return site._answer(f"/wp-json/wp/v2/posts?{query}", conditional=False)


def numbers(answer: Answer) -> list[int]:
    return [post["id"] for post in json.loads(answer.body)]


def test_a_categorys_feed_has_all_below_it_and_rest_only_its_own() -> None:
    with WordPress(terms=(NEWS, EVENTS, SUMMIT, SPEAKERS)) as site:
        for term in site.terms:
            site.publish(1, term)
        assert feed(site, "/category/events/feed/") == ["Post 4", "Post 3", "Post 2"]
        assert feed(site, "/category/events/summit/feed/") == ["Post 4", "Post 3"]
        assert numbers(rest(site, "&categories=3")) == [2]
        # It ends where categories are below each other.
        circle = replace(EVENTS, parent=SPEAKERS.number)
        site.terms = (NEWS, circle, SUMMIT, SPEAKERS)
        site.posts = [Post(1, (circle,))]
        assert feed(site, "/category/new-initiatives/feed/") == []


def test_a_draft_that_is_published_later_is_new_by_date_and_old_by_number() -> None:
    with WordPress() as site:
        drafts = site.draft(2)
        site.publish(2)
        assert feed(site) == ["Post 4", "Post 3"]
        made = site.publish_drafts(drafts)
        assert feed(site) == ["Post 2", "Post 1", "Post 4", "Post 3"]
        assert numbers(rest(site)) == [4, 3, 2, 1]
        assert made[1].at > made[0].at > max(post.at for post in site.posts[2:])


def test_what_a_protected_post_shows() -> None:
    with WordPress() as site:
        site.publish(1, protected=True)
        assert feed(site) == ["Protected: Post 1"]
        (post,) = json.loads(rest(site).body)
        assert (post["title"]["rendered"], post["content"]) == (
            "Post 1",
            {"rendered": "", "protected": True},
        )


def test_a_site_may_hide_what_it_is_and_how_much_it_has() -> None:
    with WordPress(generator=False, totals=False) as site:
        site.publish()
        assert b"generator" not in site._answer("/feed/", conditional=False).body
        assert rest(site).headers == ()
        categories = site._answer("/wp-json/wp/v2/categories?per_page=100", conditional=False)
        assert (categories.status, categories.headers) == (200, ())
