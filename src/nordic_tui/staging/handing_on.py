"""What the reader hands things on with: the real edges, as the settings want them. Loaded when the
first thing is handed on."""

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from nordic_tui import wiring
from nordic_tui.config.files import replace_file
from nordic_tui.config.paths import Paths
from nordic_tui.config.settings import Settings
from nordic_tui.courtesy import Courtesy
from nordic_tui.encode.brief import Form, encode_brief, encode_post, markdown_link
from nordic_tui.handoff import browser, clipboard, programs, qr
from nordic_tui.handoff.pictures import Pictures
from nordic_tui.model import Manner, Post
from nordic_tui.service.background import BackgroundPicture
from nordic_tui.service.words import date
from nordic_tui.tui.services import HandOff

BRIEFS = {Form.MARKDOWN: "brief.md", Form.HTML: "brief.html", Form.TEXT: "brief.txt"}
"""The file of a brief, beside the reading history's."""


def hand_off(
    settings: Settings, paths: Paths, courtesy: Courtesy, manner_of: Callable[[str], Manner]
) -> HandOff:
    """manner_of: how the source with an address is asked."""
    pictures = Pictures(settings.pictures)

    def open_pictures() -> BackgroundPicture:
        return BackgroundPicture(wiring.open_pictures(pictures.prepare, manner_of), courtesy)

    return HandOff(
        open_in_browser=browser.open_in_browser,
        copy=clipboard.copy,
        qr_rows=qr.qr_rows,
        program_for=partial(programs.program_for, settings.open_with),
        open_with=programs.open_with,
        pipe=partial(programs.pipe, through_shell=settings.pipe_through_shell),
        end_piped=programs.end_piped,
        pipe_deadline_s=programs.PIPE_DEADLINE_S,
        shell_reads=settings.pipe_through_shell,
        encode_brief=brief,
        encode_post=partial(encode_post, date=date),
        markdown_link=markdown_link,
        brief_file=lambda form: str(_brief_file(paths, form)),
        save_brief=lambda form, text: _save(_brief_file(paths, form), text),
        pictures=pictures,
        open_pictures=open_pictures,
        settings_file=str(paths.settings_file),
    )


def brief(posts: Iterable[Post], form: str, title: str, about: str) -> str:
    """Posts as a brief; form: "md", "html" or "text"."""
    return encode_brief(posts, Form(form), title=title, about=about, date=date)


def _brief_file(paths: Paths, form: str) -> Path:
    return paths.history_file.with_name(BRIEFS[Form(form)])


def _save(file: Path, text: str) -> str:
    replace_file(file, text.encode(errors="replace"))
    return str(file)
