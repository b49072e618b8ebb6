"""The feeds that come with the program."""

import json
import re
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from nordic_tui import wiring
from nordic_tui.decode.detect import decode
from nordic_tui.demo import stage
from nordic_tui.model import Entry, Feed
from nordic_tui.text import blocks, html


@pytest.fixture(scope="module")
def demo() -> Feed:
    return decode(stage.POSTS.read_bytes())


@pytest.fixture(scope="module")
def bundled() -> Feed:
    return decode(wiring.BUNDLED.read_bytes())


# ── the demo ────────────────────────────────────────────────────────────────────────────────


def test_every_post_of_the_demo_is_read(demo: Feed) -> None:
    items = json.loads(stage.POSTS.read_bytes())["items"]
    assert demo.warnings == ()
    assert len(demo.entries) == len(items) >= 40
    assert len({entry.guid for entry in demo.entries}) == len(items)


def test_the_demo_has_six_categories_with_several_posts_each(demo: Feed) -> None:
    totals = Counter(name for entry in demo.entries for name in entry.categories)
    assert set(totals) == {
        "New initiatives",
        "Events",
        "Publications",
        "Task forces",
        "Cities",
        "Jobs",
    }
    assert min(totals.values()) >= 5


def test_the_demo_covers_three_years_up_to_the_day_of_the_pictures(demo: Feed) -> None:
    dates = [entry.published for entry in demo.entries if entry.published]
    assert {date.year for date in dates} == {2024, 2025, 2026}
    assert datetime(2026, 9, 1, tzinfo=UTC) < max(dates) < stage.NOW


def test_the_demo_leads_nowhere_but_to_example_org() -> None:
    hosts = re.findall(r"https?://([^/\"\s]+)", stage.POSTS.read_text(encoding="utf-8"))
    assert set(hosts) == {"example.org", "jsonfeed.org"}


def _has_block(kind: type[blocks.Block]) -> Callable[[Entry], bool]:
    return lambda entry: any(isinstance(block, kind) for block in _blocks(entry))


def _blocks(entry: Entry) -> tuple[blocks.Block, ...]:
    return html.parse(entry.content, entry.link).blocks


def _has_nested_list(entry: Entry) -> bool:
    lists = [block for block in _blocks(entry) if isinstance(block, blocks.ListBlock)]
    return any(
        isinstance(b, blocks.ListBlock) for each in lists for item in each.items for b in item
    )


def _has_figure_with_text(entry: Entry) -> bool:
    return any(isinstance(block, blocks.Figure) and block.alt for block in _blocks(entry))


KINDS: dict[str, Callable[[Entry], bool]] = {
    "table": _has_block(blocks.Table),
    "code": _has_block(blocks.Code),
    "quote": _has_block(blocks.Quote),
    "nested list": _has_nested_list,
    "figure with a description": _has_figure_with_text,
    "several headings": lambda e: sum(isinstance(b, blocks.Heading) for b in _blocks(e)) >= 3,
    "several links": lambda e: len(html.parse(e.content, e.link).links) >= 2,
    "nothing but an excerpt": lambda e: bool(e.excerpt) and not e.more,
    "no excerpt": lambda e: not e.excerpt,
    "no date": lambda e: e.published is None,
    "no author": lambda e: not e.authors,
    "two authors": lambda e: len(e.authors) == 2,
    "no link": lambda e: not e.link,
    "two categories": lambda e: len(e.categories) == 2,
    "PDF": lambda e: any(file.media_type == "application/pdf" for file in e.enclosures),
    "long title": lambda e: len(e.title) > 160,
    "emoji in the title": lambda e: "🎉" in e.title,
    "brackets in the title": lambda e: e.title.startswith("[Update]"),
    "Nordic letters": lambda e: {"ð", "ö", "ø"} <= set(e.title),
}


@pytest.mark.parametrize("kind", KINDS)
def test_the_demo_has_every_kind_of_post(demo: Feed, kind: str) -> None:
    assert [entry.title for entry in demo.entries if KINDS[kind](entry)]


# ── the first start ─────────────────────────────────────────────────────────────────────────


def test_the_bundled_posts_are_those_of_the_site_in_its_order(bundled: Feed) -> None:
    assert bundled.title == "Nordic Safe Cities"
    assert bundled.warnings == ()
    assert [entry.title for entry in bundled.entries] == [
        "How the war in Ukraine affects safety and security in our member cities",
        "The Nordic Capital Code is evolving",
        "Safe City Norway Kick-off",
        "First meeting in Safe Spaces Task Force",
        "Welcome to the Safe City Blueprint",
        "The Nordic Capital Code signed and sealed",
        "A new journey for Nordic Safe Cities",
    ]


def test_the_bundled_posts_make_up_no_date_and_no_link(bundled: Feed) -> None:
    for entry in bundled.entries:
        assert (entry.published, entry.updated, entry.link) == (None, None, "")
        assert entry.categories == ("New initiatives",)


def test_one_bundled_post_has_no_excerpt_and_some_are_cut_off(bundled: Feed) -> None:
    without = [entry.title for entry in bundled.entries if not entry.excerpt]
    assert without == ["Welcome to the Safe City Blueprint"]
    cut_off = [entry for entry in bundled.entries if entry.excerpt.endswith("…")]
    assert 2 <= len(cut_off) < len(bundled.entries)
