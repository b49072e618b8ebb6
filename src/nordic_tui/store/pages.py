"""A database file read page by page, without SQLite, which gives up at the first damage.

By the description of the format, sqlite.org/fileformat2.html (sections are named). Nothing is
written, no side file is made, no lock is taken; whatever a page holds, nothing is raised: what does
not make sense is left out. To be used on files that no connection of this process has open, as
closing a file drops the locks of the whole process (sqlite.org/howtocorrupt.html section 2.2).
"""

import os
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

Value = int | float | str | bytes | None
MAGIC: Final = b"SQLite format 3\0"
HEADER_BYTES: Final = 100
USUAL_PAGE_BYTES: Final = 4096
MOST_VALUE_BYTES: Final = 64 * 1024 * 1024
"""A longer row is no row of ours."""

# Kinds of b-tree pages (section 1.6).
INDEX_INNER, TABLE_INNER, INDEX_LEAF, TABLE_LEAF = 2, 5, 10, 13
_HEADS: Final = {INDEX_INNER: 12, TABLE_INNER: 12, INDEX_LEAF: 8, TABLE_LEAF: 8}
_FAMILY: Final = {
    TABLE_INNER: (TABLE_INNER, TABLE_LEAF),
    TABLE_LEAF: (TABLE_INNER, TABLE_LEAF),
    INDEX_INNER: (INDEX_INNER, INDEX_LEAF),
    INDEX_LEAF: (INDEX_INNER, INDEX_LEAF),
}
_INT_BYTES: Final = (0, 1, 2, 3, 4, 6, 8)
"""Of the serial types 0 to 6 (section 2.1)."""

Row = tuple[int, tuple[Value, ...]]
"""The rowid (0 in a table without one) and the columns as they are stored; the column that is the
rowid is NULL in them."""


class Header(NamedTuple):
    """What the first page says of a file."""

    application_id: int
    version: int
    """`PRAGMA user_version`."""
    in_use: bool
    """Whether there is any table."""
    foreign_log: bool = False
    """Whether the log beside it is of another kind of file."""


def peek(file: Path, application_id: int) -> Header | None:
    """What a file is, with what its log says of that; None: it is no database, or empty.

    application_id: of the file that it should be. Opening it with SQLite would take the log into
    the file. Raises OSError.
    """
    with Pages(file, with_log=False) as pages:
        header = pages.header()
        if all(logged == header for logged in pages.logged_headers(file)):
            return header
    # The sums of a log of 16 MB take 0.3 s, and are asked for only here.
    with Pages(file, application_id) as pages:
        with_log = pages.header()
        return with_log and with_log._replace(foreign_log=pages.foreign_log)


class Pages:
    """The pages of a file as its log has them, where that is a log of this file.

    application_id: of the file that it should be; a log whose first page has another one is not of
    this file. None: whatever the log says counts.
    """

    def __init__(
        self, file: Path, application_id: int | None = None, *, with_log: bool = True
    ) -> None:
        self._descriptor = os.open(file, os.O_RDONLY)
        self._log: int | None = None
        self._logged: dict[int, int] = {}
        self.foreign_log = False
        self.seen: set[int] = set()
        """The pages that belong to what was walked through."""
        head = self._read(self._descriptor, 0, HEADER_BYTES)
        self._page_bytes = _page_bytes(head)
        # A reserved end of each page is what this program never asks for.
        self._usable = self._page_bytes
        if with_log:
            self._open_log(file.with_name(file.name + "-wal"), application_id)
        size = os.fstat(self._descriptor).st_size
        self.count = max([-(-size // self._page_bytes), *self._logged])

    def __enter__(self) -> "Pages":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        os.close(self._descriptor)
        if self._log is not None:
            os.close(self._log)

    @staticmethod
    def _read(descriptor: int, offset: int, size: int) -> bytes:
        try:
            return os.pread(descriptor, size, offset)
        except OSError:
            return b""  # the disk can't read it either

    def page(self, number: int) -> bytes:
        """Empty: there is no whole page there."""
        if not 1 <= number <= self.count:
            return b""
        if self._log is not None and number in self._logged:
            data = self._read(self._log, self._logged[number], self._page_bytes)
        else:
            start = (number - 1) * self._page_bytes
            data = self._read(self._descriptor, start, self._page_bytes)
        return data if len(data) == self._page_bytes else b""

    def header(self) -> Header | None:
        head = self.page(1)
        if not head.startswith(MAGIC):
            return None
        return _header(head)

    # ── the log (section 4) ─────────────────────────────────────────────────────────────────

    def _open_log(self, file: Path, application_id: int | None) -> None:
        try:
            self._log = os.open(file, os.O_RDONLY)
        except OSError:
            return
        head = self._read(self._log, 0, 32)
        if len(head) < 32:
            return
        magic, _, page_bytes = struct.unpack(">III", head[:12])
        if magic & ~1 != 0x377F0682 or page_bytes != self._page_bytes:
            return
        order = ">" if magic & 1 else "<"
        sums = _checksum(head[:24], (0, 0), order)
        if sums != struct.unpack(">II", head[24:]):
            return
        offset, salts, waiting = 32, head[16:24], {}
        while True:
            frame = self._read(self._log, offset, 24)
            data = self._read(self._log, offset + 24, page_bytes)
            if len(data) < page_bytes or frame[8:16] != salts:
                break
            sums = _checksum(data, _checksum(frame[:8], sums, order), order)
            number, commits, *told = struct.unpack(">IIxxxxxxxxII", frame)
            if sums != tuple(told):
                break
            waiting[number] = offset + 24
            if commits:
                self._logged |= waiting
                waiting = {}
            offset += 24 + page_bytes
        first = self._logged.get(1)
        if application_id is not None and first is not None:
            page = self._read(self._log, first, self._page_bytes)
            if _header(page).application_id != application_id:
                self._logged = {}
                self.foreign_log = True

    def logged_headers(self, file: Path) -> Iterator[Header]:
        """What each first page in a file's log says, whether it counts or not."""
        try:
            log = os.open(file.with_name(file.name + "-wal"), os.O_RDONLY)
        except OSError:
            return
        try:
            offset = 32
            while frame := self._read(log, offset, 24):
                if _u32(frame, 0) == 1:
                    yield _header(self._read(log, offset + 24, self._page_bytes))
                offset += 24 + self._page_bytes
        finally:
            os.close(log)

    # ── b-trees (section 1.6) ───────────────────────────────────────────────────────────────

    def kind(self, number: int) -> int:
        """Of a b-tree page; 0: it is none."""
        page = self.page(number)
        start = HEADER_BYTES if number == 1 else 0
        return page[start] if page and page[start] in _HEADS else 0

    def roots(self) -> dict[str, int]:
        """The first pages of all tables and indexes, as far as the schema can be read."""
        found = {}
        for number in self.walk(1):
            for _, columns in self.rows(number):
                if len(columns) == 5:
                    type_, name, _, root, _ = columns
                    if type_ in ("table", "index") and isinstance(root, int) and root > 1:
                        found[str(name)] = root
        return found

    def walk(self, root: int) -> Iterator[int]:
        """The pages with rows below a root, in the order of the keys. What leads there may be
        damaged: a page can be met from several roots, and can be of another table."""
        family = _FAMILY.get(self.kind(root), ())
        waiting, met = [root], set()
        while waiting:
            number = waiting.pop()
            kind = self.kind(number)
            if kind not in family or number in met:
                continue
            met.add(number)
            self.seen.add(number)
            if kind in (TABLE_INNER, INDEX_INNER):
                waiting += reversed(self._children(number))
            if kind != TABLE_INNER:
                yield number

    def strays(self) -> Iterator[tuple[int, int]]:
        """(page, kind) with rows that nothing led to, but those that are known to be free. To be
        asked for after all that can be has been walked through."""
        free = self._free()
        for number in range(2, self.count + 1):
            if number not in self.seen and number not in free:
                kind = self.kind(number)
                if kind and kind != TABLE_INNER:
                    yield number, kind

    def _free(self) -> set[int]:
        """The pages that are of no use any more (section 1.5); none where the list of them makes no
        sense."""
        head = self.page(1)
        free: set[int] = set()
        trunk, told = _u32(head, 32), _u32(head, 36)
        while trunk and trunk not in free and (page := self.page(trunk)):
            free.add(trunk)
            leaves = min(_u32(page, 4), self._usable // 4 - 2)
            free.update(struct.unpack_from(f">{leaves}I", page, 8))
            trunk = _u32(page, 0)
        return free if len(free) == told and not free & self.seen else set()

    def _cells(self, page: bytes, start: int) -> Iterator[int]:
        """Where the cells of a page begin."""
        head = start + _HEADS[page[start]]
        number = min(_u16(page, start + 3), (len(page) - head) // 2)
        for offset in struct.unpack_from(f">{number}H", page, head):
            if head <= offset < len(page) - 3:
                yield offset

    def _children(self, number: int) -> list[int]:
        page = self.page(number)
        start = HEADER_BYTES if number == 1 else 0
        return [
            *(_u32(page, cell) for cell in self._cells(page, start) if cell + 4 <= len(page)),
            _u32(page, start + 8),
        ]

    def rows(self, number: int) -> list[Row]:
        """What a page holds; what can't be read of it is left out."""
        page = self.page(number)
        if not page:
            return []
        start = HEADER_BYTES if number == 1 else 0
        kind = page[start]
        found = []
        for cell in self._cells(page, start):
            try:
                rowid, offset = 0, cell + (4 if kind == INDEX_INNER else 0)
                size, offset = _varint(page, offset)
                if kind == TABLE_LEAF:
                    rowid, offset = _varint(page, offset)
                columns = _record(self._payload(page, offset, size, kind))
            except (IndexError, ValueError, struct.error):
                continue
            found.append((rowid, columns))
        return found

    def _payload(self, page: bytes, offset: int, size: int, kind: int) -> bytes:
        """A row, with what of it is on other pages. Raises ValueError."""
        most = self._usable - 35 if kind == TABLE_LEAF else (self._usable - 12) * 64 // 255 - 23
        if not 0 < size <= MOST_VALUE_BYTES:
            raise ValueError(size)
        if size <= most:
            return _exactly(page[offset : offset + size], size)
        least = (self._usable - 12) * 32 // 255 - 23
        local = least + (size - least) % (self._usable - 4)
        if local > most:
            local = least
        parts = [_exactly(page[offset : offset + local], local)]
        following, left = _u32(page, offset + local), size - local
        while left > 0:
            page = self.page(following)
            if not page:
                raise ValueError(following)
            parts.append(page[4 : 4 + min(left, self._usable - 4)])
            left -= len(parts[-1])
            following = _u32(page, 0)
        return b"".join(parts)


# ── numbers and rows ────────────────────────────────────────────────────────────────────────


def _page_bytes(head: bytes) -> int:
    """What the header says, where it makes sense (section 1.3.2)."""
    if len(head) == HEADER_BYTES and head.startswith(MAGIC):
        size = _u16(head, 16)
        size = 65536 if size == 1 else size
        if size >= 512 and size & (size - 1) == 0:
            return size
    return USUAL_PAGE_BYTES


def _header(head: bytes) -> Header:
    return Header(_u32(head, 68), _u32(head, 60), _u16(head, HEADER_BYTES + 3) > 0)


def _checksum(data: bytes, sums: tuple[int, int], order: str) -> tuple[int, int]:
    """Of a log (section 4.2), on from the sums before."""
    first, second = sums
    for left, right in struct.iter_unpack(f"{order}II", data):
        first = (first + left + second) & 0xFFFFFFFF
        second = (second + right + first) & 0xFFFFFFFF
    return first, second


def _u16(data: bytes, offset: int) -> int:
    return int.from_bytes(data[offset : offset + 2], "big")


def _u32(data: bytes, offset: int) -> int:
    return int.from_bytes(data[offset : offset + 4], "big")


def _varint(data: bytes, offset: int) -> tuple[int, int]:
    """A number of up to nine bytes, and where it ends (section 1.6). Raises IndexError."""
    value = 0
    for _ in range(8):
        byte = data[offset]
        offset += 1
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, offset
    value = value << 8 | data[offset]
    return value - (1 << 64) if value >> 63 else value, offset + 1


def _exactly(data: bytes, size: int) -> bytes:
    if len(data) != size:
        raise ValueError(size)
    return data


def _record(payload: bytes) -> tuple[Value, ...]:
    """The columns of a row (section 2.1). Raises IndexError, ValueError, struct.error."""
    head, offset = _varint(payload, 0)
    if not 0 < head <= len(payload):
        raise ValueError(head)
    types = []
    while offset < head:
        type_, offset = _varint(payload, offset)
        types.append(type_)
    columns: list[Value] = []
    offset = head
    for type_ in types:
        size = _size(type_)
        data = _exactly(payload[offset : offset + size], size)
        columns.append(_value(type_, data))
        offset += size
    return tuple(columns)


def _size(type_: int) -> int:
    if type_ >= 12:
        return (type_ - 12) // 2
    if 0 <= type_ <= 6:
        return _INT_BYTES[type_]
    if type_ == 7:
        return 8
    if type_ in (8, 9):
        return 0
    raise ValueError(type_)


def _value(type_: int, data: bytes) -> Value:
    if type_ == 0:
        return None
    if type_ in (8, 9):
        return type_ - 8
    if type_ == 7:
        (number,) = struct.unpack(">d", data)
        return float(number)
    if type_ <= 6:
        return int.from_bytes(data, "big", signed=True)
    return data.decode() if type_ & 1 else data  # UnicodeDecodeError is a ValueError
