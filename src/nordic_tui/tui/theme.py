"""Our three themes, and colours that can be read in every other theme.

The screen uses few colours, each for one thing, under names of our own that the stylesheet and
the drawn lines share: `page`, `panel` and `row` are backgrounds (the window, a dialog, the row
under the cursor); `ink` is text, `muted` what is beside the point, `mark` the accent (unread,
and where the focus is), `rule` a line, `alarm`, `caution` and `fine` are states.

Text colours of ours are members of the fixed 256-colour palette: they look the same
in a terminal without true colour, and take a third of the bytes to send. The states differ for who
sees no red, no green or no blue, too; and each is said in words or by a sign wherever it is shown.
"""

from collections.abc import Mapping

from rich.style import Style
from textual.color import Color
from textual.theme import Theme

RULE, LEAN_RULE = "─", "_"
"""What a line over the whole width is made of; ASCII takes a third of the bytes, and REP repeats
it."""
READABLE = 4.5
"""The least contrast of text (WCAG 2.2, success criterion 1.4.3, level AA)."""
STRONG = 7.0
"""The least contrast of text in Polar (success criterion 1.4.6, level AAA)."""

FJORD = Theme(
    name="fjord",
    primary="#87d7d7",
    secondary="#87d7d7",
    accent="#87d7d7",
    foreground="#dadada",
    background="#0f1720",
    surface="#141f2a",
    panel="#1b2936",
    error="#ff8787",
    warning="#d7af00",
    success="#afffaf",
    dark=True,
    variables={
        "page": "#0f1720",
        "panel-page": "#1b2936",
        "row": "#1e3549",
        "ink": "#dadada",
        "muted": "#a8a8a8",
        "mark": "#87d7d7",
        "rule": "#2f4456",
        "alarm": "#ff8787",
        "caution": "#d7af00",
        "fine": "#afffaf",
    },
)

SNOW = Theme(
    name="snow",
    primary="#005f5f",
    secondary="#005f5f",
    accent="#005f5f",
    foreground="#1c1c1c",
    background="#f8fafb",
    surface="#f0f4f6",
    panel="#e4ebef",
    error="#870000",
    warning="#875f00",
    success="#005faf",
    dark=False,
    variables={
        "page": "#f8fafb",
        "panel-page": "#e4ebef",
        "row": "#cbe1e8",
        "ink": "#1c1c1c",
        "muted": "#585858",
        "mark": "#005f5f",
        "rule": "#bcc9d1",
        "alarm": "#870000",
        "caution": "#875f00",
        "fine": "#005faf",
    },
)

POLAR = Theme(
    name="polar",
    primary="#ffd75f",
    secondary="#ffd75f",
    accent="#ffd75f",
    foreground="#ffffff",
    background="#000000",
    surface="#121212",
    panel="#121212",
    error="#ff8787",
    warning="#ffd75f",
    success="#afffaf",
    dark=True,
    variables={
        "page": "#000000",
        "panel-page": "#121212",
        "row": "#00265f",
        "ink": "#ffffff",
        "muted": "#d0d0d0",
        "mark": "#ffd75f",
        "rule": "#8a8a8a",
        "alarm": "#ff8787",
        "caution": "#ffd75f",
        "fine": "#afffaf",
    },
)
"""For a room, and for who needs strong contrast: every text has 7:1 at least."""

OURS = (FJORD, SNOW, POLAR)

PAIRS = tuple(
    (text, background)
    for background in ("page", "panel-page", "row")
    for text in ("ink", "muted", "mark", "alarm", "caution", "fine")
    if background != "row" or text in ("ink", "muted", "mark")
)
"""Every text colour with every background that it is drawn on."""


def contrast(one: Color, other: Color) -> float:
    """The contrast ratio of two colours, 1 to 21 (WCAG 2.2, "contrast ratio")."""

    def luminance(colour: Color) -> float:
        def linear(channel: int) -> float:
            c = channel / 255
            return c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4

        r, g, b = linear(colour.r), linear(colour.g), linear(colour.b)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def readable(colour: Color, backgrounds: list[Color], *, dark: bool) -> Color:
    """`colour`, moved towards white (in a dark theme) or black until it can be read on all."""
    end = Color(255, 255, 255) if dark else Color(0, 0, 0)
    for step in range(21):
        moved = colour.blend(end, step / 20)
        if all(contrast(moved, background) >= READABLE for background in backgrounds):
            return moved
    return end


def roles(theme: Theme) -> dict[str, str]:
    """The colours of our names in a theme: its own, or made from its colours and readable."""
    if "ink" in theme.variables:
        return {}
    if theme.ansi:
        # The terminal's own sixteen colours: nothing is known of them, so only defaults are
        # used for text; the cursor row is drawn in reverse (see Palette).
        own = dict.fromkeys(("page", "panel-page", "row"), "ansi_default")
        text = dict.fromkeys(("ink", "muted", "alarm", "caution", "fine", "rule"), "ansi_default")
        return own | text | {"mark": "ansi_default"}
    colours = theme.to_color_system().generate()
    page = Color.parse(colours["background"])
    panel = Color.parse(colours["panel"])
    ink = Color.parse(colours["foreground"])
    # A row or dialog so bright that the theme's own text can't be read on it is drawn back.
    while contrast(readable(ink, [panel, page], dark=theme.dark), panel) < READABLE:
        panel = panel.blend(page, 0.25)
    accent = Color.parse(colours["accent"])
    row = page.blend(accent, 0.18)
    on_all = [page, panel, row]

    def text_colour(colour: Color) -> str:
        return readable(colour, on_all, dark=theme.dark).hex6

    return {
        "page": page.hex6,
        "panel-page": panel.hex6,
        "row": row.hex6,
        "ink": text_colour(ink),
        "muted": text_colour(ink.blend(page, 0.4)),
        "mark": text_colour(accent),
        "rule": page.blend(ink, 0.25).hex6,
        "alarm": text_colour(Color.parse(colours["error"])),
        "caution": text_colour(Color.parse(colours["warning"])),
        "fine": text_colour(Color.parse(colours["success"])),
    }


class Palette:
    """Styles for drawn lines, from a theme's colours.

    plain: nothing is told by colour (NO_COLOR, or a theme of the terminal's own colours): the
        cursor row is reversed, and what is unread is bold.
    lean: each byte counts: the cursor row has no background of its own, which would be drawn over
        its whole width, but bold text.
    """

    def __init__(self, variables: Mapping[str, str], *, plain: bool, lean: bool = False) -> None:
        self._variables = variables
        self.plain = plain
        self.lean = lean
        self.rule = LEAN_RULE if lean else RULE
        self._styles: dict[tuple[str, str, str], Style] = {}

    @property
    def found(self) -> Style:
        """What is laid over words that were searched for, whatever they look like."""
        colour = None if self.plain else Color.parse(self._variables["mark"]).rich_color
        return Style(color=colour, underline=True, bold=True if self.plain else None)

    def under(self, *, selected: bool) -> str:
        """What a row of a list is drawn on, for `style`; selected: it is the cursor's."""
        return "page" if not selected else "row" if self.plain or not self.lean else "cursor"

    def style(self, role: str = "ink", on: str = "page", *, attribute: str = "") -> Style:
        """A style by the colours of our names; attribute: "bold", "italic", "underline",
        "strike" or none."""
        key = (role, on, attribute)
        style = self._styles.get(key)
        if style is None and on == "cursor":
            weight = "bold" if role == "ink" else ""
            style = self._styles[key] = self.style(role, attribute=attribute or weight)
        elif style is None:
            style = self._styles[key] = Style(
                color=Color.parse(self._variables[role]).rich_color,
                bgcolor=Color.parse(self._variables[on]).rich_color,
                bold=True if attribute == "bold" else None,
                italic=True if attribute == "italic" else None,
                underline=True if attribute == "underline" else None,
                strike=True if attribute == "strike" else None,
                reverse=True if self.plain and on == "row" else None,
            )
        return style


def theme_names() -> frozenset[str]:
    """Every theme that can be named in the settings: ours and Textual's."""
    from textual.theme import BUILTIN_THEMES

    return frozenset(BUILTIN_THEMES) | {theme.name for theme in OURS}
