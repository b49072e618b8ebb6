"""Which keys a command has: those of the table, of a preset, or a person's own.

On each screen the nearer ones win: a person's own over the preset's, these over the table's. A key
that one of them takes is no longer that of a command whose keys come from farther away, but only on
screens where both work.
"""

from collections.abc import Iterable, Mapping
from itertools import chain
from types import MappingProxyType
from typing import Final

from nordic_tui.tui.commands import COMMANDS, Command, key_name

NEWSBOAT: Final[Mapping[str, str]] = MappingProxyType(
    {
        # newsboat's own names of what its keys do stand behind each.
        "down": "down,J,j",  # down, next
        "up": "up,K,k",  # up, prev
        "top": "home",
        "bottom": "end",
        "right": "right",
        "left": "left,h",
        "scroll_down": "ctrl+f",
        "scroll_up": "ctrl+b",
        "move_down": "J",
        "move_up": "K",
        "view_down": "J",
        "view_up": "K",
        "next_category": "j,],ctrl+n",  # next-feed, next-unread-feed
        "previous_category": "k,[,ctrl+p",  # prev-feed, prev-unread-feed
        "previous_found": "p",  # as n is that of next-unread and of what was found
        "browser": "o,O",  # open-in-browser, open-in-browser-and-mark-read
        "links": "u,#",  # show-urls, goto-url
        "toggle_read": "N,m",  # toggle-article-read
        "toggle_unread": "l,a",  # toggle-show-read-feeds
        "order": "g,G",  # sort, rev-sort
        "filter": "F,f",  # set-filter, select-filter
        "tags": "ctrl+e,t",  # edit-flags
        "brief": "s,b",  # save
        "star": "asterisk",
        "refresh": "R,r",  # reload-all, reload
        "refresh_one": "r",  # reload
        "sources": "E,S",  # edit-urls
        "export_list": "ctrl+o",
        "palette": "colon,ctrl+p",  # cmdline
        "qr": "W",
        "quit": "q,Q",  # quit, hard-quit
        "undo": "U,u",
        "redo": "ctrl+r",
    }
)
"""newsboat's default keys (its manual, "Newsboat's keybindings", version 2.21) for what is here
also; what gives way to them has another key."""

PRESETS: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {"nordic": MappingProxyType({}), "newsboat": NEWSBOAT}
)
_TOGETHER: Final = (
    frozenset({"next_found", "next_unread"}),
    frozenset({"previous_found", "previous_unread"}),
)
"""These may have a key in common: the first of them works after a search only."""


class Keymap:
    """The keys of every command on every screen.

    preset: one of PRESETS. own: command id -> a person's own keys, parted by commas.
    """

    def __init__(self, preset: str = "nordic", own: Mapping[str, str] = MappingProxyType({})):
        layers = (own, PRESETS[preset])
        self._keys = {
            where: _keys_on(where, layers)
            for where in dict.fromkeys(chain.from_iterable(c.where for c in COMMANDS))
        }
        self.sequences = frozenset(
            key
            for keys_of in self._keys.values()
            for keys in keys_of.values()
            for key in keys
            if " " in key
        )
        """The keys that are typed one after another, as "g g"."""

    def has(self, key: str) -> bool:
        """Whether a key, as Textual names it, does something on any screen."""
        return any(key in keys for keys_of in self._keys.values() for keys in keys_of.values())

    def keys(self, command: Command, where: str) -> tuple[str, ...]:
        """The keys of a command on a screen; none if all of them were given away."""
        return self._keys[where][command.id]

    def names(self, command: Command, where: str) -> list[str]:
        """The same as people write them."""
        return [key_name(key) for key in self.keys(command, where)]

    def name_of(self, command_id: str) -> str:
        """The name of a command's first key; if it has none, of the palette's, which finds it."""
        for id_ in (command_id, "palette"):
            for keys in self._keys.values():
                if keys.get(id_):
                    return key_name(keys[id_][0])
        return ""


def _keys_on(where: str, layers: Iterable[Mapping[str, str]]) -> dict[str, tuple[str, ...]]:
    # Of two commands of one layer the key is that of the one for fewer screens.
    here = sorted((c for c in COMMANDS if where in c.where), key=lambda c: len(c.where))
    taken = _Taken()
    found: dict[str, tuple[str, ...]] = {}
    for layer in (*layers, {c.id: c.keys for c in COMMANDS}):
        for command in here:
            if command.id in layer and command.id not in found:
                keys = filter(None, (key.strip() for key in layer[command.id].split(",")))
                found[command.id] = tuple(key for key in keys if taken.take(key, command.id))
    return found


class _Taken:
    """Whose a key is, on one screen; "/" and "slash" are one."""

    def __init__(self) -> None:
        self._whole: dict[str, set[str]] = {}
        self._first: dict[str, set[str]] = {}
        """The first keys of sequences: alone, such a key does nothing."""

    def take(self, key: str, command_id: str) -> bool:
        """Whether the command gets the key."""
        name = key_name(key)
        first = key_name(key.split()[0])
        holders = {
            *self._whole.get(name, ()),
            *(self._whole.get(first, ()) if first != name else self._first.get(name, ())),
        }
        if not all({holder, command_id} in _TOGETHER for holder in holders - {command_id}):
            return False
        self._whole.setdefault(name, set()).add(command_id)
        if first != name:
            self._first.setdefault(first, set()).add(command_id)
        return True
