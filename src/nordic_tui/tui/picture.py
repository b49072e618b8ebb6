"""The screen as it is drawn, as values: for pictures of it."""

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from rich.color import Color
from rich.style import Style
from rich.terminal_theme import SVG_EXPORT_THEME, TerminalTheme
from textual._context import visible_screen_stack
from textual.app import App
from textual.strip import Strip

from nordic_tui.model import Drawn, Source
from nordic_tui.text import clean
from nordic_tui.text.masking import MASK, Span, is_public, private_spans
from nordic_tui.text.wrapping import cell_width

_THEME: TerminalTheme = SVG_EXPORT_THEME
"""The colours of a terminal that says nothing of its own."""
_FAINT = 0.6
"""How much of its colour a faint text keeps."""


def window(app: App[Any]) -> list[Strip]:
    """Every line of the window, whatever lies over what. Nothing public of Textual's gives them
    without drawing them."""
    with app._context():  # a widget that is drawn anew asks for its app, whoever looks at it
        visible_screen_stack.set(app._background_screens)
        return app.screen._compositor.render_strips(app.size)


def drawn(strips: Iterable[Strip]) -> list[list[Drawn]]:
    """The lines with the colours that a person sees."""
    return [list(_pieces(strip)) for strip in strips]


def _pieces(strip: Strip) -> Iterator[Drawn]:
    for text, style, control in strip:
        if text and not control:
            yield _piece(text, style or Style.null())


def _piece(text: str, style: Style) -> Drawn:
    ink = _rgb(style.color, is_ground=False)
    ground = _rgb(style.bgcolor, is_ground=True)
    if style.reverse:
        ink, ground = ground, ink
    if style.dim:
        ink = tuple(  # type: ignore[assignment]  # a tuple of three stays one
            round(each * _FAINT + under * (1 - _FAINT))
            for each, under in zip(ink, ground, strict=True)
        )
    return Drawn(
        text,
        "#{:02x}{:02x}{:02x}".format(*ink),
        "#{:02x}{:02x}{:02x}".format(*ground),
        bold=bool(style.bold),
        italic=bool(style.italic),
        underline=bool(style.underline),
        strike=bool(style.strike),
    )


def _rgb(colour: Color | None, *, is_ground: bool) -> tuple[int, int, int]:
    if colour is None or colour.is_default:
        return _THEME.background_color if is_ground else _THEME.foreground_color
    return colour.get_truecolor(_THEME, foreground=not is_ground)


# ── what is not shown ───────────────────────────────────────────────────────────────────────


def masked(rows: Iterable[list[Drawn]], home: str, words: Collection[str]) -> list[list[Drawn]]:
    """The lines with signs of the same width in place of what is private (text.masking)."""
    return [_masked(row, private_spans(_text(row), home, words)) for row in rows]


def _text(row: Iterable[Drawn]) -> str:
    return "".join(piece.text for piece in row)


def _masked(row: list[Drawn], spans: list[Span]) -> list[Drawn]:
    if not spans:
        return row
    hidden = {place for start, end in spans for place in range(start, end)}
    pieces = []
    begin = 0
    for piece in row:
        text = "".join(
            MASK * cell_width(sign) if begin + place in hidden else sign
            for place, sign in enumerate(piece.text)
        )
        begin += len(piece.text)
        pieces.append(piece._replace(text=text))
    return pieces


def private_words(sources: Iterable[Source]) -> set[str]:
    """Names and hosts of the sources that not everybody could read: behind a login, asked with
    headers of their own, or in a private network."""
    words: set[str] = set()
    for source in sources:
        host = clean.host(source.address)
        asked_alone = source.manner.login is not None or bool(source.manner.headers)
        if asked_alone or (host and not is_public(host)) or "@" in source.address:
            words |= {word for word in (host, source.name) if word}
    return words
