"""What stands before a feed is read as expat would, and nothing that is declared there."""

import pytest

from nordic_tui.decode.prolog import refuse_declarations, without_doctype
from nordic_tui.errors import NotAFeed


@pytest.mark.parametrize(
    ("before", "doctype"),
    [
        (b"", b""),
        (b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- a --><?b?>", b""),
        (b"", b"<!DOCTYPE rss>"),
        (b"<!-- <!DOCTYPE a [<!ENTITY b 'c'>]> -->", b"<!DOCTYPE rss PUBLIC '[>' \"'>\">"),
        (b"<?xml version='1.0'?>\n", b"<!DOCTYPE rss [ \n ] >"),
    ],
)
def test_a_document_type_that_declares_nothing_is_taken_out(before: bytes, doctype: bytes) -> None:
    assert without_doctype(before + doctype + b"<rss/>") == (before + b"<rss/>", doctype)


@pytest.mark.parametrize(
    "body",
    [
        b"<!DOCTYPE rss [<!ENTITY a 'b'>]><rss/>",
        b"\xef\xbb\xbf \n<?a?><!-- - --><!DOCTYPE rss SYSTEM '[]' [%a;]><rss/>",
        b"<!--><rss/>--><!doctype rss [<!-- a -->]><rss/>",
        b"<!DOCTYPE rss [] [<!ELEMENT a ANY>]><rss/>",
    ],
)
def test_declarations_are_refused(body: bytes) -> None:
    with pytest.raises(NotAFeed, match=r"^declares entities"):
        refuse_declarations(body)


@pytest.mark.parametrize(
    "body",
    [
        b"<!-- a",
        b"<?xml",
        b"<!DOCTYPE rss",
        b"<!DOCTYPE rss 'a",
        b"<rss/><!DOCTYPE a [<!ENTITY b 'c'>]>",
    ],
)
def test_what_never_ends_or_comes_too_late_declares_nothing(body: bytes) -> None:
    assert without_doctype(body) == (body, b"")
