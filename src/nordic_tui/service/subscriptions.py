"""What is followed, and every way to change it: each change is kept, said, and can be undone.

    change = read the file anew -> the change -> one save, with what it did -> on_change

From reading to saving it is one transaction of the file: what another instance of the program does
meanwhile, or a hand, is not lost. Whoever hears of the change hears of it behind that.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from nordic_tui.model import Acts, Following, Rule, SavedView, Source
from nordic_tui.service.ports import Edit, SubscriptionFile
from nordic_tui.service.words import count
from nordic_tui.text import clean
from nordic_tui.text.fold import fold

T = TypeVar("T")

_CHOICES_SHOWN = 30

_ORDER = "order"
"""The place of a source, where it is changed as if it were a field."""
_FIELDS = {
    "interval_s": "how often it is asked",
    "tags": "tags",
    "left_out": "categories left out",
    "archive_limit": "the limit of its archive",
    "manner": "how it is asked",
    _ORDER: "place in the order",
}


class UnclearSource(LookupError):
    """No source, or more than one, is meant by a word; str() says so and names the choices."""


class Subscriptions:
    """The sources, saved views and rules that are followed.

    following: what the file says now.
    on_change: called after each change with what is followed from then on.
    titles: gives what sources are called on the screen, by address.
    Every change raises SettingsError, and then nothing has changed.
    """

    def __init__(
        self,
        file: SubscriptionFile,
        following: Following,
        on_change: Callable[[Following], None],
        titles: Callable[[], Mapping[str, str]] = dict,
    ) -> None:
        self._file = file
        self._following = following
        self._on_change = on_change
        self._titles = titles

    @property
    def following(self) -> Following:
        return self._following

    def current(self) -> Following:
        """What the file says now, also where it was edited by hand since; raises SettingsError."""
        now = self._file.load()
        if now != self._following:
            self._now(now)
        return now

    def title(self, address: str) -> str:
        """What a source is called: by the person, else by its feed, else its address."""
        source = _by_address(self._following).get(address, Source(address))
        return _title(source, self._titles())

    # ── sources ─────────────────────────────────────────────────────────────────────────────

    def add(
        self,
        sources: Iterable[Source],
        views: Iterable[SavedView] = (),
        rules: Iterable[Rule] = (),
        done: str = "",
    ) -> int:
        """Follow these from now on, after the others; gives how many of the sources are new.

        done: what this does, a sentence; empty: one that names what was added.
        Addresses that are followed already, and views and rules whose name is taken, stay as they
        are.
        """
        sources, views, rules = tuple(sources), tuple(views), tuple(rules)
        added: tuple[Source, ...] = ()

        def add(now: Following) -> tuple[Following, str]:
            nonlocal added
            added = _first_of_each(sources, _address, {source.address for source in now.sources})
            new = _first_of_each(views, _name, {view.name for view in now.views})
            more = _first_of_each(rules, _name, {rule.name for rule in now.rules})
            if not added and not new and not more:
                return now, ""
            wanted = Following((*now.sources, *added), (*now.views, *new), (*now.rules, *more))
            return wanted, done or self._added(added, new, more)

        self._change(add)
        return len(added)

    def _added(
        self, sources: Sequence[Source], views: Sequence[SavedView], rules: Sequence[Rule]
    ) -> str:
        if not sources:
            added: list[SavedView | Rule] = [*views, *rules]
            names = [clean.line(each.name) for each in added]
            what = (
                count(len(views), "saved view", "saved views")
                if views
                else count(len(rules), "rule", "rules")
            )
        else:
            names = [clean.line(s.name) or clean.shown_address(s.address) for s in sources]
            what = count(len(sources), "source", "sources")
        return f"Added “{names[0]}”." if len(names) == 1 else f"Added {what}."

    def remove(self, addresses: Iterable[str]) -> int:
        """Follow these no longer; gives how many were followed."""
        gone, titles = set(addresses), self._titles()
        removed: list[Source] = []

        def remove(now: Following) -> tuple[Following, str]:
            nonlocal removed
            removed = [source for source in now.sources if source.address in gone]
            kept = tuple(source for source in now.sources if source.address not in gone)
            what = (
                f"“{_title(removed[0], titles)}”"
                if len(removed) == 1
                else count(len(removed), "source", "sources")
            )
            return now._replace(sources=kept), f"Removed {what}."

        self._change(remove)
        return len(removed)

    def change(self, address: str, **fields: Any) -> str:
        """Change fields of a source (`model.Source`); gives what was done, "" if nothing was.

        Raises KeyError for an address that is not followed.
        """
        return self.edit(address, lambda source: source._replace(**fields))

    def edit(self, address: str, edit: Callable[[Source], Source]) -> str:
        """The same by a function of what the file says now of the source, for what changes a part
        of a field: a tag more, a category that is not left out any more."""
        return self.rearrange(address, edit)

    def rearrange(
        self,
        address: str,
        edit: Callable[[Source], Source],
        place: Callable[[Sequence[Source]], int] | None = None,
    ) -> str:
        """The same, and the source's place in the order, in one step.

        place: from all other sources, in their order, to how many of them are before it, as
            `move` takes it; None: it stays where it is.
        """
        titles = self._titles()

        def rearrange(now: Following) -> tuple[Following, str]:
            before = _by_address(now)[address]
            after = edit(before)
            sources = [after if source.address == address else source for source in now.sources]
            names = [n for n in Source._fields if getattr(before, n) != getattr(after, n)]
            if place is not None:
                others = [source for source in now.sources if source.address != address]
                where = max(place(others), 0)
                moved = [*others[:where], after, *others[where:]]
                if moved != sources:
                    sources = moved
                    names.append(_ORDER)
            return now._replace(sources=tuple(sources)), _changed(before, after, names, titles)

        return self._change(rearrange)

    def move(self, address: str, place: int) -> str:
        """Move a source to a place in the order, from 0; gives what was done, "" if nothing was.

        A place beyond either end is that end. Raises KeyError for an address that is not followed.
        """
        return self.rearrange(address, lambda source: source, lambda _: place)

    def rename_folder(self, old: str, new: str) -> int:
        """Rename a folder and the path of all that is below it; gives how many sources moved.

        new: empty: the sources stand in no folder, or in the ones that were below it.
        """
        was = clean.line(old)
        done = (
            f"Renamed the folder {was} to {clean.line(new)}."
            if new
            else f"Removed the folder {was}; its sources stay."
        )
        moved = 0

        def rename(now: Following) -> tuple[Following, str]:
            nonlocal moved
            sources = tuple(
                source._replace(folder=_renamed(source.folder, old, new)) for source in now.sources
            )
            moved = sum(a != b for a, b in zip(sources, now.sources, strict=True))
            return now._replace(sources=sources), done

        self._change(rename)
        return moved

    # ── saved views and rules ───────────────────────────────────────────────────────────────

    def make(self, edit: Edit) -> str:
        """Make a change of another kind (service/rules.py has those of views and rules); gives
        what it did, "" if nothing was. What `edit` raises passes."""
        return self._change(edit)

    # ── undo ────────────────────────────────────────────────────────────────────────────────

    def acts(self) -> Acts:
        """What `undo` and `redo` would do now. For any thread."""
        return self._file.acts()

    def undo(self) -> str:
        """Take the last change back; gives what it had done, "" if there is none."""
        done = self._file.undo()
        if done:
            self._now(self._file.load())
        return done

    def redo(self, newest: int = 0) -> str:
        """Make the change again that was taken back last; gives what it does, "" if there is none
        or something was done since.

        newest: the moment of the newest act of all other places.
        """
        done = self._file.redo(newest)
        if done:
            self._now(self._file.load())
        return done

    def _change(self, edit: Edit) -> str:
        """Make a change; gives what it did, "" if everything is as it was."""
        before, done = self._following, ""

        def noted(now: Following) -> tuple[Following, str]:
            nonlocal before, done
            before = now
            wanted, done = edit(now)
            return wanted, done

        after = self._file.change(noted)
        if after == before:
            return ""
        self._now(after)
        return done

    def _now(self, following: Following) -> None:
        self._following = following
        self._on_change(following)

    # ── finding ─────────────────────────────────────────────────────────────────────────────

    def find(self, words: str) -> Source:
        """The source that is meant: by its name, its title or its address, in any case.

        The beginning is enough where only one source begins so. Raises UnclearSource.
        """
        titles = self._titles()
        wanted = fold(words.strip())
        keys = [(source, _keys(source, titles)) for source in self._following.sources]
        found = [source for source, names in keys if wanted in names]
        if not found and wanted:
            found = [s for s, names in keys if any(name.startswith(wanted) for name in names)]
        if len(found) == 1:
            return found[0]
        from nordic_tui.service.places import without_login  # only a mistake needs it

        shown = clean.line(without_login(words))
        if not self._following.sources:
            raise UnclearSource(f"There is no source “{shown}”: nothing is followed.")
        if found:
            choices = _listed([clean.shown_address(source.address) for source in found])
            raise UnclearSource(f"“{shown}” may be any of these: {choices}.")
        choices = _listed(sorted({_title(source, titles) for source, _ in keys}))
        raise UnclearSource(f"There is no source “{shown}”. The sources are: {choices}.")


def _address(source: Source) -> str:
    return source.address


def _name(what: SavedView | Rule) -> str:
    return what.name


def _first_of_each(
    values: Iterable[T], identity: Callable[[T], str], known: Collection[str]
) -> tuple[T, ...]:
    """Those that are not known, each identity once, in order."""
    new: dict[str, T] = {}
    for value in values:
        if identity(value) not in known:
            new.setdefault(identity(value), value)
    return tuple(new.values())


def _by_address(following: Following) -> dict[str, Source]:
    return {source.address: source for source in following.sources}


def _title(source: Source, titles: Mapping[str, str]) -> str:
    title = clean.line(source.name or titles.get(source.address, ""))
    return title or clean.shown_address(source.address)


def _changed(before: Source, after: Source, names: Sequence[str], titles: Mapping[str, str]) -> str:
    """What a change of one source does, a sentence.

    names: of the fields that differ, and _ORDER.
    """
    title = _title(before, titles)
    if names == ["name"]:
        new = clean.line(after.name)
        return f"Renamed “{title}” to “{new}”." if new else f"“{title}” has its feed's name again."
    if names == ["folder"]:
        folder = clean.line(after.folder)
        return f"Moved “{title}” into {folder}." if folder else f"Took “{title}” out of its folder."
    if names == ["paused"]:
        return f"Paused “{title}”." if after.paused else f"“{title}” goes on."
    if names == ["hidden"]:
        return f"Hid “{title}”." if after.hidden else f"“{title}” is shown again."
    if names == ["archive"]:
        kept = "is kept" if after.archive else "is not kept any more"
        return f"The whole archive of “{title}” {kept}."
    if names == [_ORDER]:
        return f"Moved “{title}”."
    what = ", ".join(_FIELDS.get(name, name) for name in names)
    return f"Changed “{title}”: {what}."


def _keys(source: Source, titles: Mapping[str, str]) -> set[str]:
    """Every way to name a source, folded: also its address as shown, without its scheme, and
    the name of a file."""
    shown = clean.shown_address(source.address)
    is_web = "://" in shown
    names = (
        source.name,
        titles.get(source.address, ""),
        source.address,
        shown,
        shown.partition("://")[2].removeprefix("www.") if is_web else shown.rpartition("/")[2],
    )
    return {fold(clean.line(name)) for name in names} - {""}


def _renamed(folder: str, old: str, new: str) -> str:
    if folder != old and not folder.startswith(f"{old}/"):
        return folder
    return (new + folder[len(old) :]).strip("/")


def _listed(names: Sequence[str]) -> str:
    more = len(names) - _CHOICES_SHOWN
    listed = ", ".join(names[:_CHOICES_SHOWN])
    return f"{listed} and {more:,} more" if more > 0 else listed
