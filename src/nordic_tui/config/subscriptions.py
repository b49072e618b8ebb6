"""The settings file as the place where it is written what is followed.

change  old text -> the tables that differ are changed in it -> the new text is read and
        compared with what is wanted -> the step is kept for undo -> the file is replaced
undo    the old text comes back; where something else in the file was changed since, only the
        sources, saved views and rules are brought back; what was there until now is kept for redo
redo    the same with what undo kept

All go from reading to replacing while no other instance does (config.lock). An editor asks for no
lock: if the text is another one right before it is replaced, all is done again with that one.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from nordic_tui.clock import Moments, system_clock
from nordic_tui.config.files import replace_file
from nordic_tui.config.following import as_kept, written_rule, written_source, written_view
from nordic_tui.config.lock import WAIT_S, alone
from nordic_tui.config.reading import parse, read_text, reason
from nordic_tui.config.settings import understood
from nordic_tui.config.undo import Step, Steps, UndoFile, digest
from nordic_tui.errors import SettingsError
from nordic_tui.model import Act, Acts, Following, Rule, SavedView, Source

if TYPE_CHECKING:
    from nordic_tui.config.tables import Table

T = TypeVar("T")

Edit = Callable[[Following], tuple[Following, str]]

_MAX_TRIES = 5


class _Version(NamedTuple):
    """The file at one moment. text: None: there is no file."""

    text: str | None
    table: Mapping[str, Any]
    following: Following


class _EditedMeanwhile(Exception):
    """The file does not say any more what was read from it; nothing was changed."""


class SubscriptionFile:
    """Sources, saved views and rules in the settings file; undo in a file beside the data.

    moments: puts what is done here in order with what is done elsewhere; None: nothing is.
    wait_s: how long another instance is waited for.
    """

    def __init__(
        self,
        path: Path,
        undo_file: Path,
        moments: Moments | None = None,
        *,
        wait_s: float = WAIT_S,
    ) -> None:
        self._path = path
        self._undo = UndoFile(undo_file)
        self._moments = moments or Moments(system_clock)
        self._lock_file = undo_file.with_suffix(".lock")
        self._wait_s = wait_s
        self._last: _Version | None = None

    def load(self) -> Following:
        """What the file says now; raises SettingsError."""
        return self._read().following

    def _read(self) -> _Version:
        text = read_text(self._path)
        if self._last is None or self._last.text != text:
            self._last = self._understood(text)
        return self._last

    def _understood(self, text: str | None) -> _Version:
        table = parse(self._path, text or "")
        settings = understood(self._path, text or "", table)
        return _Version(text, table, settings.following)

    def change(self, edit: Edit) -> Following:
        """Bring the file to what `edit` makes of what it says; gives what it says from then on.

        edit: gives what is wanted, and what that does, a sentence; called again where the file
            was edited meanwhile. What it raises goes through.
        Comments and everything else in the file stay. Raises SettingsError, and then the file is
        as it was.
        """
        return self._in_turn(lambda: self._change(edit))

    def acts(self) -> Acts:
        """What `undo` and `redo` would do now. For any thread."""
        steps = self._without_broken_off(self._undo.load(), read_text(self._path))
        return Acts(
            _act(steps.done[-1]) if steps.done else None,
            _act(steps.undone[-1]) if steps.undone else None,
            steps.newest,
        )

    def undo(self) -> str:
        """Take the last `change` back; gives what it did, "" if there is none.

        Raises SettingsError if any of this was edited by hand since.
        """
        return self._in_turn(self._take_back)

    def redo(self, newest: int = 0) -> str:
        """Make the change again that was taken back last; gives what it does, "" if there is none
        or something was done since.

        newest: the moment of the newest act of all other places. Raises as `undo`.
        """
        return self._in_turn(lambda: self._make_again(newest))

    def _in_turn(self, work: Callable[[], T]) -> T:
        busy = (
            f"{self._path} is being changed by another instance of this program, which does not "
            "come to an end. Nothing was changed; try again."
        )
        with alone(self._lock_file, busy, self._wait_s):
            for _ in range(_MAX_TRIES):
                try:
                    return work()
                except _EditedMeanwhile:
                    continue
        raise SettingsError(
            f"{self._path} is being changed by another program again and again. "
            "Nothing was changed; try again when that is done."
        )

    def _change(self, edit: Edit) -> Following:
        now = self._read()
        wanted, done = edit(now.following)
        wanted = self._kept(wanted, now.following)
        if wanted == now.following:
            return wanted
        new = self._changed(now, wanted)
        assert new.text is not None
        steps = self._undo.load()
        at = self._moment(steps)
        step = Step(done, now.text, digest(new.text), _digest_of(wanted), at)
        self._save_steps(Steps((*steps.done, step)))
        try:
            self._write(new.text, now.text)
        except (SettingsError, _EditedMeanwhile):
            self._save_steps(steps)
            raise
        self._last = new
        return wanted

    def _moment(self, steps: Steps) -> int:
        self._moments.saw(steps.latest)
        return self._moments()

    def _take_back(self) -> str:
        now = self._read()
        steps = self._without_broken_off(self._undo.load(), now.text)
        if not steps.done:
            return ""
        step = steps.done[-1]
        cannot = f"this cannot be taken back: {step.done}"
        new, back = self._swapped(now, step, cannot, self._moment(steps))
        undone = (*steps.undone, back)
        self._swap(now, new, steps, Steps(steps.done, undone), Steps(steps.done[:-1], undone))
        return step.done

    def _make_again(self, newest: int) -> str:
        now = self._read()
        steps = self._without_broken_off(self._undo.load(), now.text)
        if not steps.undone:
            return ""
        step = steps.undone[-1]
        if (step.undone or 0) < max(newest, steps.newest):
            return ""
        cannot = f"this cannot be done again: {step.done}"
        new, again = self._swapped(now, step, cannot, None)
        done = (*steps.done, again)
        self._swap(now, new, steps, Steps(done, steps.undone), Steps(done, steps.undone[:-1]))
        return step.done

    def _swap(
        self, now: _Version, new: _Version, before: Steps, meanwhile: Steps, after: Steps
    ) -> None:
        """Write the file, and the steps around it.

        meanwhile: the step on both sides. Whichever file the program is ended at, the text tells
        which of them holds (`_without_broken_off`).
        """
        self._save_steps(meanwhile)
        try:
            self._write(new.text, now.text)
        except (SettingsError, _EditedMeanwhile):
            self._save_steps(before)
            raise
        self._save_steps(after)

    def _swapped(
        self, now: _Version, step: Step, cannot: str, undone: int | None
    ) -> tuple[_Version, Step]:
        """The file with the text that a step keeps, and the step that keeps the one of now.

        cannot: the end of the sentence that says that it was edited since.
        """
        try:
            before = self._understood(step.before)
        except SettingsError as error:  # it is from a version that took what this one refuses
            raise SettingsError(
                f"{self._path} could not be read as it was before, so {cannot}"
            ) from error
        if digest(now.text or "") == step.after:
            new = before
        elif _digest_of(now.following) == step.following:
            new = self._changed(now, before.following, before)
        else:
            raise SettingsError(f"{self._path} was edited since, so {cannot}")
        after, following = digest(new.text or ""), _digest_of(new.following)
        return new, Step(step.done, now.text, after, following, step.at, undone)

    def _without_broken_off(self, steps: Steps, text: str | None) -> Steps:
        """Without those of a change, an undo or a redo that was broken off before or after the file
        was written: what the file says already can't be brought back to it."""
        done, undone = list(steps.done), list(steps.undone)
        for kept in (done, undone):
            while kept and self._says_what_was_before(kept[-1], text):
                kept.pop()
        return Steps(tuple(done), tuple(undone))

    def _says_what_was_before(self, step: Step, text: str | None) -> bool:
        """Whether the file follows what it did before a step, also where something else in it was
        changed since."""
        if step.before == text:
            return True
        if digest(text or "") == step.after:
            return False
        try:
            now, before = self._understood(text).following, self._understood(step.before).following
        except SettingsError:  # what to say of it is said where it is read
            return False
        return now == before and _digest_of(now) != step.following

    def _kept(self, wanted: Following, now: Following) -> Following:
        """`wanted` as it reads once it is written."""
        # Of what stays as it is nothing is read again.
        new = Following(
            _unknown(wanted.sources, now.sources),
            _unknown(wanted.views, now.views),
            _unknown(wanted.rules, now.rules),
        )
        kept = as_kept(new, self._path)
        return Following(
            _replaced(wanted.sources, new.sources, kept.sources),
            _replaced(wanted.views, new.views, kept.views),
            _replaced(wanted.rules, new.rules, kept.rules),
        )

    # ── texts ───────────────────────────────────────────────────────────────────────────────

    def _changed(
        self, now: _Version, wanted: Following, before: _Version | None = None
    ) -> _Version:
        """The file with `wanted` in it, read and compared.

        before: a file in which tables that are new now may have stood.
        """
        from nordic_tui.config.tables import table_texts, with_tables  # no start needs them

        text = now.text or ""
        for place, (name, identity, write) in enumerate(_ARRAYS):
            old, new_values = now.following[place], wanted[place]
            if new_values == old:
                continue
            if name not in now.table:
                old = ()  # a file that names no sources follows the usual one without saying so
            tables = _tables(old, now.table.get(name, ()), new_values, identity, write)
            if before:
                texts = table_texts(before.text or "", name)
                tables = _as_before(tables, new_values, before.following[place], texts)
                text = _with_comments_apart(text, name, tables)
            text = with_tables(text, name, tables, explicit=name == "sources")
        try:
            text.encode()
            new = self._understood(text)
        except (SettingsError, UnicodeEncodeError) as error:
            raise self._harm() from error
        if new.following != wanted or _others(new.table) != _others(now.table):
            raise self._harm()
        return new

    def _harm(self) -> SettingsError:
        return SettingsError(
            f"{self._path} could not be changed without harm: change its sources by hand."
        )

    # ── files ───────────────────────────────────────────────────────────────────────────────

    def _write(self, text: str | None, read: str | None) -> None:
        """Give the file a text, None: remove it. Raises _EditedMeanwhile if it does not say `read`
        any more."""

        def check() -> None:
            if read_text(self._path) != read:
                raise _EditedMeanwhile

        try:
            if text is None:
                check()
                self._path.unlink(missing_ok=True)
            else:
                replace_file(self._path, text.encode(), check)
        except OSError as error:
            raise _unwritten(self._path, error) from error

    def _save_steps(self, steps: Steps) -> None:
        try:
            self._undo.save(steps)
        except OSError as error:
            raise _unwritten(self._undo.path, error) from error


def _act(step: Step) -> Act:
    return Act(step.at, step.done, step.undone)


def _unwritten(path: Path, error: OSError) -> SettingsError:
    return SettingsError(f"{path} could not be written: {reason(error)}.")


def _digest_of(following: Following) -> str:
    return digest(repr(following))


def _others(table: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in table.items() if key not in Following._fields}


def _address(source: Source) -> str:
    return source.address


def _name(what: SavedView | Rule) -> str:
    return what.name


class _Array(NamedTuple):
    """An array of tables of the file, named as the field of Following that it gives.

    identity: of a value, by which its table is known. write: a value -> its table.
    """

    name: str
    identity: Callable[[Any], str]
    write: Callable[[Any], dict[str, object]]


_ARRAYS = (
    _Array("sources", _address, written_source),
    _Array("views", _name, written_view),
    _Array("rules", _name, written_rule),
)
"""In the order of the fields."""


def _tables(
    old: Sequence[T],
    old_values: Sequence[Mapping[str, object]],
    wanted: Sequence[T],
    identity: Callable[[T], str],
    write: Callable[[T], dict[str, object]],
) -> "list[Table]":
    """What becomes of the tables that say `old`.

    old_values: each of `old` as the file has it.
    """
    from nordic_tui.config.tables import Table

    places = {identity(each): place for place, each in enumerate(old)}
    if len(old) == len(wanted):
        # What stands where something else stood that is nowhere now was renamed.
        gone = places.keys() - map(identity, wanted)
        for number, (before_it, each) in enumerate(zip(old, wanted, strict=True)):
            if identity(before_it) in gone:
                places.setdefault(identity(each), number)
    tables = []
    for each in wanted:
        place = places.get(identity(each))
        if place is None:
            tables.append(Table(write(each)))
        elif old[place] == each:
            tables.append(Table(old_values[place], place))
        else:
            before, values = write(old[place]), write(each)
            keys = {**before, **values}
            changed = [key for key in keys if before.get(key) != values.get(key)]
            tables.append(Table(values, place, changed))
    return tables


def _as_before(
    tables: "Sequence[Table]", wanted: Sequence[T], before: Sequence[T], texts: Sequence[str]
) -> "list[Table]":
    """The tables, those that are new as they were written before.

    texts: of each of `before`; nothing if they were one value.
    """
    written = dict(zip(before, texts, strict=False))
    return [
        table._replace(text=written.get(each, "")) if table.place is None else table
        for table, each in zip(tables, wanted, strict=True)
    ]


def _with_comments_apart(text: str, name: str, wanted: "Sequence[Table]") -> str:
    """The text in which all comments of the tables that are to go stand above them, with a blank
    line between, so that they don't go along: who takes a change back wants none of them lost."""
    from nordic_tui.config.lines import statements
    from nordic_tui.config.tables import table_texts

    heads = [
        each.start
        for each in statements(text)
        if each.is_head and each.path[0] == name and len(each.path) == 2
    ]
    kept = {table.place for table in wanted}
    places = list(zip(heads, table_texts(text, name), strict=True))
    for place, (head, table) in reversed(list(enumerate(places))):
        lines = _comments_below_head(table)
        if place not in kept and (lines or table.lstrip().startswith("#")):
            ending = "\r\n" if "\r\n" in text else "\n"
            start = text.rfind("\n", 0, head) + 1
            apart = "".join(line + ending for line in [*lines, ""])
            text = text[:start] + apart + text[start:]
    return text


def _comments_below_head(table: str) -> list[str]:
    """The comments of a table's text but those above it."""
    from nordic_tui.config.lines import statements

    found = statements(table)
    pieces = []
    for each, following in zip(found, [*(s.start for s in found[1:]), len(table)], strict=True):
        pieces += [table[start:end] for start, end in each.comments]
        pieces += table[each.end : following].split("\n")
    return [piece.strip() for piece in pieces if piece.strip()]


def _unknown(values: Sequence[T], known: Iterable[T]) -> tuple[T, ...]:
    """Those that are not known."""
    before = set(known)
    return tuple(value for value in values if value not in before)


def _replaced(values: Iterable[T], old: Iterable[T], new: Iterable[T]) -> tuple[T, ...]:
    """The values, each of `old` as the one in its place in `new`."""
    instead = dict(zip(old, new, strict=True))
    return tuple(instead.get(value, value) for value in values)
