"""Texts that look like something else than they are, as a title could hold them."""

from tests.hostile.shown import Shown

GONE = "what is invisible is left out"
ORDER = "the signs of direction are left out, and the text stands in the order of its letters"
STAYS = "it is shown as it is written, in the column of titles"


def _case(name: str, wrong: str, text: str, line: str, does: str) -> Shown:
    return Shown(name=name, wrong=wrong, does=does, text=text, line=line)


_ORDER = (
    _case(
        "override", "RLO turns the end of a name around: it seems to end in .pdf",
        "annex\u202efdp.exe", "annexfdp.exe", ORDER,
    ),
    _case(
        "override without an end", "everything after the title is turned around too",
        "\u202dSea \u202enews", "Sea news", ORDER,
    ),
    _case(
        "isolates", "code that is read in another order than it runs (CVE-2021-42574)",
        "if admin\u2066 // only\u2069\u2067 begin\u2069", "if admin // only begin", ORDER,
    ),
    _case(
        "isolate by the first letter", "FSI lets the text choose its direction",
        "Sea\u2068 \u05d0\u2069 news", "Sea \u05d0 news", ORDER,
    ),
    _case(
        "embedding", "LRE, RLE and PDF, the older signs", "\u202aSea\u202b\u202c\u202c news",
        "Sea news", ORDER,
    ),
    _case(
        "marks of direction", "LRM, RLM and ALM move punctuation over a number",
        "1\u200f-2\u200e=\u061c3", "1-2=3", ORDER,
    ),
    _case(
        "retired signs of format", "U+206A to U+206F change the shapes of letters and digits",
        "1\u206e2\u206b3\u206f", "123", ORDER,
    ),
)  # fmt: skip

_INVISIBLE = (
    _case(
        "zero width in a word", "no filter finds the word, and nobody sees why",
        "pay\u200bpal\u2060 log\ufeffin", "paypal login", GONE,
    ),
    _case(
        "joiners in a word", "they join nothing between Latin letters", "pay\u200cpa\u200dl",
        "paypal", GONE,
    ),
    _case(
        "soft hyphens", "letters of a word with a sign between them", "p\xada\xady\xadpal",
        "paypal", GONE,
    ),
    _case(
        "grapheme joiner", "a mark that is drawn as nothing", "pay\u034fpal", "paypal", GONE,
    ),
    _case(
        "tag characters", "a whole sentence that nobody sees and a program reads",
        "Sea" + "".join(chr(0xE0000 + ord(c)) for c in "run evil") + " news", "Sea news", GONE,
    ),
    _case(
        "tags of a flag", "a flag that is a black one to terminals, with hidden letters",
        "\U0001f3f4\U000e0067\U000e0062\U000e007f Sea", "\U0001f3f4 Sea", GONE,
    ),
    _case(
        "selectors in a word", "two hundred bytes can be hidden in one letter",
        "S\ufe00\ufe01\U000e0100\U000e01efea", "Sea", GONE,
    ),
    _case(
        "emoji's selector on a letter", "U+FE0F makes the width of a letter unclear",
        "S\ufe0fe\ufe0ea 1\ufe0f", "Sea 1", GONE,
    ),
    _case(
        "selectors of Mongolian", "they are drawn as nothing between Latin letters",
        "pay\u180bpa\u180fl", "paypal", GONE,
    ),
    _case(
        "fillers of Hangul", "letters that are drawn as blanks",
        "pay\u115fpa\u1160l\u3164\uffa0", "paypal", GONE,
    ),
    _case(
        "operators that are not drawn", "invisible times, separator and plus",
        "2\u2062x\u2063y\u2064z", "2xyz", GONE,
    ),
    _case(
        "annotations", "what stands between the signs is for no reader's eyes",
        "Sea\ufff9hidden\ufffa\ufffb", "Seahidden", GONE + ", and the words can be seen",
    ),
    _case(
        "object that is not there", "U+FFFC stands for a picture or file", "Sea\ufffcs", "Seas",
        GONE,
    ),
    _case(
        "signs of music and shorthand", "format characters outside of the first plane",
        "S\U0001d173e\U0001bca0a\U0001d159", "Sea", GONE,
    ),
    _case(
        "order of hieroglyphs", "signs that arrange others, between Latin letters",
        "pay\U00013430pal", "paypal", GONE,
    ),
    _case(
        "a thousand joined pictures", "one letter for a program, wider than any window",
        "\U0001f469\u200d" * 1_000 + "\U0001f469", "\u2026",
        "a letter that never ends is not begun: the cut takes all of it",
    ),
)  # fmt: skip

_BLANK = (
    _case("title of blanks", "an empty row in the list", " \t\xa0\u2003", "", "it is “Untitled”"),
    _case(
        "title of what is invisible", "an empty row that seems to have a title",
        "\u200b\u2060\u3164", "", "it is “Untitled”",
    ),
    _case(
        "title of Braille without dots", "a sign to programs, an empty row to people",
        "\u2800\u2800", "", "it is “Untitled”",
    ),
    _case(
        "title of a sequence", "nothing is left when it is gone", "\x1b]0;evil\x07", "",
        "it is “Untitled”",
    ),
    _case(
        "spaces of every width", "they push the words out of the window",
        "Sea\u3000\u2003\u2002\u1680\u205fnews", "Sea news", "they are one space",
    ),
)  # fmt: skip

_MARKS = (
    _case(
        "piled marks", "sixty marks on a letter are drawn over the rows above",
        "a" + "\u0335" * 60, "a" + "\u0335" * 4, "four of them stay",
    ),
    _case(
        "marks between marks", "kinds of marks in turn, so that none is repeated",
        "a" + "\u0335\u0489\u20dd\u0e47" * 9, "a\u0335\u0489\u20dd\u0e47", "four of them stay",
    ),
    _case(
        "marks without a letter", "they are drawn on what the program has before the text",
        "\u0338\u0338 \u20e0Sea", "Sea", "they are left out",
    ),
    _case(
        "circle with a stroke", "U+20E0 crosses out what stands before the title",
        "\u20e0news", "news", "it is left out",
    ),
)  # fmt: skip

_LOOKS = (
    _case(
        "letters of another script", "Cyrillic letters that look like Latin ones",
        "p\u0430yp\u0430l", "p\u0430yp\u0430l",
        "it is shown as it is written: only of hosts the reader tells what they are",
    ),
    _case(
        "decomposed letters", "the same word in other code points, which no search would find",
        "A\u030angstro\u0308m", "\xc5ngstr\xf6m", "it is composed",
    ),
    _case(
        "wide letters", "letters two cells wide would break the columns",
        "\uff33\uff45\uff41 \u5317\u6b27", "\uff33\uff45\uff41 \u5317\u6b27",
        "each is counted as two cells, and the columns stand",
    ),
    _case(
        "private letters", "a font may draw the program's own signs for them",
        "Sea\ue0b0\U000f0000", "Sea\ue0b0\U000f0000", STAYS,
    ),
    _case(
        "the program's signs", "a title that begins like a row with a star",
        "\u258c\u25cf\u2713 3 new \u00b7 press . \u2605",
        "\u258c\u25cf\u2713 3 new \u00b7 press . \u2605",
        STAYS,
    ),
    _case(
        "the program's words", "a title that says what the last line says",
        "Erased. Press y to type your password  Esc back  ? help",
        "Erased. Press y to type your password Esc back ? help", STAYS,
    ),
    _case(
        "borders", "a title that draws a dialog", "\u250c\u2500 Login \u2500\u2510",
        "\u250c\u2500 Login \u2500\u2510", STAYS,
    ),
    _case(
        "a second date", "so many blanks that the words after them stand in the column of dates",
        "Sea" + " " * 40 + "01 Jan 2030", "Sea 01 Jan 2030", "its blanks are one space",
    ),
)  # fmt: skip

CASES = (*_ORDER, *_INVISIBLE, *_BLANK, *_MARKS, *_LOOKS)
