"""Links lead where they are said to lead: in the text, the list, the shell and programs."""

import shlex
from html import escape
from pathlib import Path

import pytest

from nordic_tui.encode.brief import Form, encode_brief, encode_post
from nordic_tui.errors import HandoffError
from nordic_tui.handoff.addresses import with_address
from nordic_tui.handoff.programs import open_with
from nordic_tui.model import Entry, Post
from nordic_tui.text import clean, html
from nordic_tui.text.layout import lay_out
from nordic_tui.text.links import handed_on
from nordic_tui.text.post_links import links_of
from nordic_tui.tui import present, present_links
from nordic_tui.tui.theme import FJORD, Palette
from tests.hostile.links import CASES, Link
from tests.terminal_stream import faults

PALETTE = Palette(FJORD.variables, plain=False)
OPENED = [case for case in CASES if case.address]


def content(case: Link) -> str:
    return f'<p>See <a href="{escape(case.href)}">{escape(case.text)}</a>.</p>'


def post(case: Link) -> Post:
    """A post with the link in its text and as its own address."""
    entry = Entry(guid="1", title="News", link=clean.url(case.href, case.base), content="x")
    entry = entry._replace(content=content(case), excerpt=html.plain(content(case)))
    return Post(1, 1, "Source", entry, (), False, None)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_what_can_be_opened(case: Link) -> None:
    links = html.parse(content(case), case.base).links
    assert tuple(link.url for link in links) == ((case.address,) if case.address else ())
    assert clean.url(case.href, case.base) == case.address
    assert clean.host(case.address) == case.host


@pytest.mark.parametrize("case", OPENED, ids=str)
def test_the_list_of_links_shows_the_true_host(case: Link) -> None:
    row = links_of(post(case))[-1]
    assert row.address == case.address
    drawn = present_links.link_row(row, 1, 120, PALETTE, selected=True, focused=True).text
    assert drawn.rstrip().endswith(f"  ! {case.host}" if case.warns else f"  {case.host}")
    details = [line.text for line in present_links.link_details(row, "", 80, PALETTE)]
    words = " ".join(" ".join(details).split())
    assert f"Host: {case.host}" in words
    assert case.warns in words
    assert ("but the link leads to" in words) == bool(case.warns)
    assert [fault for line in (drawn, *details) for fault in faults(line)] == []


@pytest.mark.parametrize("case", OPENED, ids=str)
def test_the_text_names_the_true_host_where_its_words_name_another(case: Link) -> None:
    lies = case.warns.startswith("The text")
    where = f"(leads to {case.host})"
    lines = [
        "".join(piece.text for piece in line)
        for line in lay_out(html.parse(content(case), case.base), 200)
    ]
    assert (where in lines[0]) == lies
    assert (where in html.plain(content(case))) == lies, "as an excerpt says it"
    assert [fault for line in lines for fault in faults(line)] == []


@pytest.mark.parametrize("case", OPENED, ids=str)
def test_what_is_shown_of_an_address_begins_with_its_host(case: Link) -> None:
    """Nothing that stands before the host is shown as if it was the host."""
    scheme = case.address.partition(":")[0]
    begins = "mailto:" if scheme == "mailto" else f"{scheme}://{_as_written(case)}"
    document = html.parse(content(case), case.base)
    (line,) = lay_out(document, 5_000)[-1:]
    notes = [line.text.strip() for line in present.endnotes(post(case), 5_000, PALETTE)]
    assert "".join(piece.text for piece in line).startswith(f"[1] {begins}")
    assert notes[-1].startswith(f"Page: {begins}")
    if scheme == "mailto":
        return
    for form in Form:
        brief = encode_brief([post(case)], form, title="T", about="", date=lambda _: "")
        assert begins in brief
        assert "@" not in brief.partition(begins)[2].partition("/")[0]
    assert begins in encode_post(post(case), date=lambda _: "")
    assert handed_on(case.address).startswith(begins)


def _as_written(case: Link) -> str:
    """The host as it stands in the address, in its own letters."""
    return case.address.partition("://")[2].partition("/")[0].rpartition("@")[2]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_program_gets_one_address_or_is_not_started(case: Link, tmp_path: Path) -> None:
    log = tmp_path / "log"
    program = tmp_path / "program"
    program.write_text(f'#!/bin/sh\nprintf "%s\\0" "$@" > {shlex.quote(str(log))}\n')
    program.chmod(0o755)
    address = clean.url(case.href, case.base)
    if not address.startswith("http"):
        with pytest.raises(HandoffError):
            open_with(f"{program} --open=%s", address, print)
        assert not log.exists()
        return
    open_with(f"{shlex.quote(str(program))} --open=%s", address, print)
    assert log.read_text().split("\0") == [f"--open={address}", ""]
    with pytest.raises(HandoffError, match="A shell would read"):
        with_address(["sh", "-c", "open %s"], address)
