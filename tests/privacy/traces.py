"""Looks through every file under a home for what tells of a post."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

Needles = Mapping[str, bytes]
"""What tells of a post, by what it is called."""


def varint(number: int) -> bytes:
    """A number as SQLite writes the key of a row (sqlite.org/fileformat2.html section 1.6)."""
    if number >> 56:
        return bytes(
            [*(number >> shift & 0x7F | 0x80 for shift in range(57, 7, -7)), number & 0xFF]
        )
    last, *others = [number >> shift & 0x7F for shift in range(0, max(number.bit_length(), 1), 7)]
    return bytes([*(each | 0x80 for each in reversed(others)), last])


def column(number: int) -> bytes:
    """A number as SQLite writes it into a column (section 2.1), of six bytes at least as those of
    posts are."""
    return number.to_bytes(6 if number < 1 << 47 else 8, "big")


def needles_of(post_id: int, **texts: str) -> Needles:
    """Of a post by its number in every form in which it may be written, and of these texts."""
    found = {
        "number": str(post_id).encode(),
        "hexadecimal": f"{post_id:x}".encode(),
        "column": column(post_id),
        "little-endian": post_id.to_bytes(8, "little"),
        "key": varint(post_id),
    }
    for name, text in texts.items():
        escaped = json.dumps(text)[1:-1].encode()
        found |= {
            name: text.encode(),
            f"{name} escaped": escaped,
            f"{name} in small letters": text.lower().encode(),
            f"{name}, UTF-16": text.encode("utf-16-le"),
            f"{name}, UTF-16 big-endian": text.encode("utf-16-be"),
        }
    return found


def files(home: Path) -> Iterator[Path]:
    """Everything under a home that is no directory."""
    return (path for path in sorted(home.rglob("*")) if path.is_symlink() or not path.is_dir())


def traces(home: Path, needles: Needles) -> dict[str, set[str]]:
    """Which needles are in which file, in what it holds (its freed pages too) or in how it is
    called. Files go by their names alone."""
    found: dict[str, set[str]] = {}
    for path in files(home):
        where = str(path.relative_to(home)).encode()
        content = path.read_bytes() if path.is_file() else b""
        told = {name for name, needle in needles.items() if needle in content or needle in where}
        if told:
            found[path.name] = told
    return found


def beside_the_posts(found: Mapping[str, set[str]]) -> dict[str, set[str]]:
    """Without the cache, which has every post, read or not: it is compared."""
    return {name: told for name, told in found.items() if not name.startswith("cache.db")}


def contents(home: Path) -> dict[str, bytes]:
    """Every file by its path under the home, directories with an empty content."""
    return {
        str(path.relative_to(home)): path.read_bytes() if path.is_file() else b""
        for path in sorted(home.rglob("*"))
    }
