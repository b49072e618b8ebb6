"""Every command, declared once. Keys, footer, palette and help are made from this table.

A command's id is its name in the settings file's table [keys]. Keys are parted by commas; a
blank between two keys means one after the other ("g g"). Which keys they have in the end is told by
`keymaps`.

The shell reads this table too, for the manual: nothing here imports Textual.
"""

import unicodedata
from typing import Final, NamedTuple


class Command(NamedTuple):
    """Something that a person can ask for.

    action: the Textual action; `focused.…` acts on the focused pane, `screen.…` on the screen.
    label: the words in the footer. help: the sentence in help and palette.
    where: the screens on which it works: "reader", "reading", "changes", "sources", "settings",
        "links", "hand_off", "views".
    footer: in which panes the footer shows it: "categories", "posts", "excerpt", "reading",
        "changes", "sources", "health", "settings", "links", "hand_off", "views".
    """

    id: str
    keys: str
    action: str
    label: str
    help: str
    group: str
    where: tuple[str, ...] = ("reader",)
    footer: tuple[str, ...] = ()


BOTH: Final = ("reader", "reading")
READING: Final = ("reading",)
LISTING: Final = ("reader", "sources")
LINKS: Final = ("links",)
HAND_OFF: Final = ("hand_off",)
CHANGES: Final = ("changes",)
LINES: Final = (*BOTH, "sources", *CHANGES, *LINKS, *HAND_OFF)
ALL: Final = (*LINES, "settings", "views")
SOURCES: Final = ("sources",)
SOURCE_PANES: Final = ("sources", "health")
SETTINGS: Final = ("settings",)
VIEWS: Final = ("views",)
LISTS: Final = ("categories", "posts")

COMMANDS: Final[tuple[Command, ...]] = (
    # ── moving ──────────────────────────────────────────────────────────────────────────────
    Command("down", "j,down", "focused.move(1)", "down", "Move down", "Move", ALL),
    Command("up", "k,up", "focused.move(-1)", "up", "Move up", "Move", ALL),
    Command("half_down", "ctrl+d", "focused.half(1)", "half a page down",
            "Move down half a page", "Move", ALL),
    Command("half_up", "ctrl+u", "focused.half(-1)", "half a page up",
            "Move up half a page", "Move", ALL),
    Command("page_down", "space,pagedown", "focused.page(1)", "page down",
            "Move down a page", "Move", LISTING),
    Command("read_on", "space", "screen.read_on", "read on", "Read on: a page down, at the end "
            "the next unread post", "Move", READING, READING),
    Command("text_page_down", "pagedown", "focused.page(1)", "page down",
            "Go down a page of the text", "Move", READING),
    Command("settings_page_down", "pagedown", "focused.page(1)", "page down",
            "Move down a page of settings, or of views and rules", "Move", (*SETTINGS, *VIEWS)),
    Command("page_up", "pageup", "focused.page(-1)", "page up", "Move up a page", "Move", ALL),
    Command("top", "g g,home", "focused.top", "top", "Go to the top", "Move", ALL),
    Command("bottom", "G,end", "focused.bottom", "bottom", "Go to the bottom", "Move", ALL),
    Command("right", "l,right", "screen.pane_step(1)", "right", "Go to the pane at the right",
            "Move"),
    Command("left", "h,left", "screen.pane_step(-1)", "left", "Go to the pane at the left",
            "Move"),
    Command("next_pane", "tab", "screen.pane_cycle(1)", "next pane", "Go to the next pane",
            "Move", LISTING),
    Command("previous_pane", "shift+tab", "screen.pane_cycle(-1)", "previous pane",
            "Go to the previous pane", "Move", LISTING),
    Command("pane_categories", "1", "screen.pane('categories')", "categories",
            "Go to the categories", "Move"),
    Command("pane_posts", "2", "screen.pane('posts')", "posts", "Go to the posts", "Move"),
    Command("pane_excerpt", "3", "screen.pane('excerpt')", "excerpt", "Go to the excerpt",
            "Move"),
    Command("scroll_down", "J", "screen.scroll_excerpt(1)", "scroll the excerpt",
            "Scroll the excerpt down from the list", "Move"),
    Command("scroll_up", "K", "screen.scroll_excerpt(-1)", "scroll the excerpt up",
            "Scroll the excerpt up from the list", "Move"),
    Command("next_found", "n", "screen.found(1)", "next found", "After a search: go to the next "
            "found word, in the list to the next post", "Move", BOTH),
    Command("previous_found", "N", "screen.found(-1)", "previous found", "After a search: go to "
            "the previous found word, in the list to the previous post", "Move", BOTH),
    Command("next_unread", "n", "screen.unread(1)", "next unread", "Go to the next unread post",
            "Move", BOTH, ("reading",)),
    Command("previous_unread", "p", "screen.unread(-1)", "previous unread",
            "Go to the previous unread post", "Move", BOTH),
    Command("next_category", "]", "screen.category(1)", "next category",
            "Go to the next category", "Move", BOTH),
    Command("previous_category", "[", "screen.category(-1)", "previous category",
            "Go to the previous category", "Move", BOTH),
    # ── reading ─────────────────────────────────────────────────────────────────────────────
    Command("read", "enter", "screen.read", "read", "Read the post; in the categories: go to "
            "its posts", "Read", ("reader",), ("categories", "posts", "excerpt")),
    Command("browser", "o", "screen.browser", "open the page", "Open the post's page in the "
            "browser; over SSH without one: copy its link and show it as a QR code", "Read",
            BOTH, ("excerpt", "reading")),
    Command("open_link", "enter,o", "screen.open_link", "open", "Open this link, or the one whose "
            "number was typed; a file with its program", "Read", LINKS, LINKS),
    Command("copy_link", "y", "screen.copy_link", "copy link", "Copy the post's link, or the one "
            "that is chosen, also over SSH (OSC 52)", "Read", (*BOTH, *LINKS, *HAND_OFF),
            ("excerpt", "reading", *LINKS, *HAND_OFF)),
    Command("copy_markdown", "Y", "screen.copy_markdown", "copy as Markdown", "Copy the title with "
            "the link, as Markdown writes it", "Read", (*BOTH, *LINKS)),
    Command("qr", "Q", "screen.qr", "QR code", "Show the link as a QR code, for a telephone",
            "Read", (*BOTH, *LINKS), LINKS),
    Command("invert", "i", "screen.invert", "invert", "Change light and dark of the QR code",
            "Read", HAND_OFF, HAND_OFF),
    Command("links", "L", "screen.links", "links", "List the links and files of the post",
            "Read", BOTH, ("reading",)),
    Command("picture", "i", "screen.picture", "picture", "Show a picture of the post, in a "
            "terminal that can", "Read", BOTH),
    Command("pipe", "|", "screen.pipe", "pipe", "Pipe the post as plain text into a command",
            "Read", BOTH),
    Command("go_category", "c", "screen.choose_category", "category",
            "Go to a category of this post", "Read", BOTH, ("excerpt",)),
    Command("full_text", "x", "screen.full_text", "full text", "Fetch the post's page and read its "
            "full text; again: the feed's own text, and back", "Read", BOTH),
    Command("changes", "D", "screen.changes", "changes", "See what changed in this post since you "
            "read it", "Read", BOTH),
    Command("next_change", "n", "screen.change(1)", "next change", "Go to the next change", "Read",
            CHANGES, CHANGES),
    Command("previous_change", "p", "screen.change(-1)", "previous change",
            "Go to the change before", "Read", CHANGES, CHANGES),
    # ── marks ───────────────────────────────────────────────────────────────────────────────
    Command("toggle_read", "m", "screen.toggle_read", "mark", "Mark the post as read, or as "
            "unread again", "Mark", BOTH, ("posts", "reading")),
    Command("mark_view", "A", "screen.mark_view", "mark all", "Mark every post of this list as "
            "read", "Mark"),
    Command("star", "s", "screen.star", "star", "Star the post, or take its star off", "Mark",
            BOTH),
    Command("later", "w", "screen.later", "read later", "Keep the post to read later, or not",
            "Mark", BOTH),
    Command("tags", "t", "screen.tags", "tags", "Give the post tags, or take them off", "Mark",
            BOTH),
    # ── lists ───────────────────────────────────────────────────────────────────────────────
    Command("toggle_unread", "a", "screen.toggle_unread", "all or unread",
            "Show all posts, or only unread ones", "List", ("reader",), ("categories",)),
    Command("order", "O", "screen.order", "order", "Show the newest posts first, the oldest, or "
            "unread ones; each list keeps its own", "List"),
    Command("search", "slash", "screen.search", "search", "Search all posts as you type: words, "
            "a phrase in quotes, -not, begin*, title: source: author: category: tag: before: "
            "after: is:unread has:audio", "List", ("reader",), LISTS),
    Command("filter", "f", "screen.filter", "filter", "Filter the list by title as you type",
            "List"),
    Command("find_source", "slash", "screen.filter", "filter", "Filter the sources by name as you "
            "type", "List", SOURCES),
    Command("zoom", "z", "screen.zoom", "whole window", "Give the pane or the text the whole "
            "window, and back", "Read", BOTH),
    Command("refresh", "r", "screen.refresh_sources", "refresh", "Ask the sources for new posts "
            "now", "List", LISTING, LISTS),
    Command("admit", "full_stop", "screen.admit", "show new", "Show the posts that have come in",
            "List"),
    Command("choose", "v", "screen.choose", "choose", "Choose this post for the brief, or not",
            "List"),
    Command("choose_none", "B", "screen.choose_none", "choose none", "Choose no post any more",
            "List"),
    Command("brief", "b", "screen.brief", "brief", "Make a brief of the chosen posts, or of this "
            "list: to the clipboard, a file or a command", "List", BOTH),
    Command("export_list", "E", "screen.export_list", "export", "Export this list as a JSON Feed",
            "List"),
    Command("views", "V", "screen.views", "views and rules", "See saved views and rules, and "
            "change them; save this search", "List"),
    # ── views and rules ─────────────────────────────────────────────────────────────────────
    Command("edit_view", "enter,e", "screen.edit_view", "change", "Change this saved view or rule",
            "List", VIEWS, VIEWS),
    Command("add_view", "plus", "screen.add_view", "add", "Add a saved view or a rule", "List",
            VIEWS, VIEWS),
    Command("switch_rule", "space", "screen.switch_rule", "on or off", "Try this rule and switch "
            "it on, or switch it off", "List", VIEWS, VIEWS),
    Command("remove_view", "D", "screen.remove_view", "remove", "Remove this saved view or rule",
            "List", VIEWS, VIEWS),
    Command("view_down", "J", "screen.move_view(1)", "move down", "Move this saved view or rule "
            "down", "List", VIEWS),
    Command("view_up", "K", "screen.move_view(-1)", "move up", "Move this saved view or rule up",
            "List", VIEWS),
    # ── sources ─────────────────────────────────────────────────────────────────────────────
    Command("sources", "S", "app.sources", "sources", "See the sources, their state, and what "
            "can be changed about them", "Source"),
    Command("details", "enter", "screen.details", "details", "See all about this source",
            "Source", SOURCES, SOURCES),
    Command("add", "plus", "app.add_source", "add", "Add a source: paste an address, a site or a "
            "file", "Source", LISTING, SOURCES),
    Command("refresh_one", "R", "screen.refresh_one", "refresh", "Ask only this source for new "
            "posts now", "Source", SOURCES, SOURCE_PANES),
    Command("archive", "x", "screen.archive", "archive", "Have the whole archive of this source; "
            "again: stop it", "Source", SOURCES, SOURCE_PANES),
    Command("archive_shown", "X", "screen.archive", "archive", "Have the whole archive of the "
            "source that is shown; again: stop it", "Source"),
    Command("remove", "D", "screen.remove", "remove", "Remove this source", "Source", SOURCES,
            SOURCE_PANES),
    Command("edit_setting", "enter,space", "screen.edit_setting", "change",
            "Change this setting", "Source", SETTINGS, SETTINGS),
    Command("settings", "s", "screen.settings", "settings", "See and change every setting of this "
            "source: how it is asked, its login, tags and limits", "Source", SOURCES,
            SOURCE_PANES),
    Command("rename", "e", "screen.rename", "rename", "Rename this source, or the folder",
            "Source", SOURCES, SOURCES),
    Command("pause", "P", "screen.pause", "pause", "Pause this source, or let it go on", "Source",
            SOURCES, SOURCES),
    Command("folder", "f", "screen.folder", "folder", "Put this source into a folder", "Source",
            SOURCES, SOURCES),
    Command("interval", "i", "screen.interval", "interval", "Set how often this source is asked",
            "Source", SOURCES, SOURCES),
    Command("leave_out", "L", "screen.leave_out", "leave out", "Choose categories of this source "
            "that are left out", "Source", SOURCES, SOURCES),
    Command("keep_archive", "X", "screen.keep_archive", "keep archive", "Keep the whole archive "
            "of this source from now on, or not", "Source", SOURCES),
    Command("move_down", "J", "screen.move_source(1)", "move down", "Move this source down",
            "Source", SOURCES),
    Command("move_up", "K", "screen.move_source(-1)", "move up", "Move this source up", "Source",
            SOURCES),
    # ── undo ────────────────────────────────────────────────────────────────────────────────
    Command("undo", "u", "screen.undo", "undo", "Take back what you did last: marks, stars, tags, "
            "changes of the sources", "Undo", ALL, (*SOURCE_PANES, "settings", "views")),
    Command("redo", "U,ctrl+r", "screen.redo", "redo", "Do again what was taken back last", "Undo",
            ALL),
    # ── the program ─────────────────────────────────────────────────────────────────────────
    Command("your_data", "H", "app.your_data", "your data", "See, export or erase what is stored "
            "about your reading", "Program", ALL),
    Command("theme", "T", "app.next_theme", "light or dark", "Change between the dark and the "
            "light theme", "Program", ALL),
    Command("screenshot", "P,f12", "app.picture_of_screen", "picture of the screen",
            "Take a picture of the screen, with private things masked", "Program",
            tuple(where for where in ALL if where != "sources")),
    Command("screenshot_sources", "f12", "app.picture_of_screen", "picture of the screen",
            "Take a picture of the screen, with private things masked", "Program", SOURCES),
    Command("help", "question_mark", "app.help", "help", "Show every key that works here",
            "Program", ALL, ("categories", "posts", "excerpt", "reading", "sources",
            "health", "settings", "views", *CHANGES, *LINKS, *HAND_OFF)),
    Command("palette", "ctrl+p", "app.command_palette", "palette", "Find a command by its name",
            "Program", ALL),
    Command("redraw", "ctrl+l", "app.redraw", "draw again", "Draw the screen again", "Program",
            ALL),
    Command("suspend", "ctrl+z", "app.suspend_process", "suspend", "Suspend the program; fg "
            "brings it back", "Program", ALL),
    Command("back", "escape", "screen.back", "back", "Go back: out of a filter, a pane, a post, "
            "a screen", "Program", ALL, ("reading", "health", "settings", "views", *CHANGES,
            *LINKS, *HAND_OFF)),
    Command("quit", "q", "screen.leave", "quit", "Go back, or quit", "Program", ALL),
)  # fmt: skip

COMMAND_IDS: Final = frozenset(command.id for command in COMMANDS)


_NAMES = {
    "pagedown": "PgDn",
    "pageup": "PgUp",
    "home": "Home",
    "end": "End",
    "escape": "Esc",
    "enter": "Enter",
    "space": "Space",
    "tab": "Tab",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "backspace": "Backspace",
    "delete": "Del",
    "slash": "/",
    "colon": ":",
    "minus": "-",
    "plus": "+",
    "asterisk": "*",
}


def key_name(key: str) -> str:
    """A key as people write it: "ctrl+d" is "Ctrl+D", "slash" is "/"."""
    if " " in key:
        return " ".join(key_name(part) for part in key.split())
    if len(key) == 1:
        return key
    if key in _NAMES:
        return _NAMES[key]
    *modifiers, last = key.split("+")
    if modifiers:
        name = key_name(last) if len(last) > 1 else last.upper()
        return "+".join([*(modifier.capitalize() for modifier in modifiers), name])
    if key[0] == "f" and key[1:].isdigit():
        return key.upper()
    try:
        return unicodedata.lookup(key.replace("_", " "))  # Textual's names are those of Unicode
    except KeyError:
        return key
