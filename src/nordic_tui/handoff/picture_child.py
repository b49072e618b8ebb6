"""The child's side of `pictures`: one picture on the standard input, what a terminal can show of
it on the standard output. Whatever goes wrong is an exit status.

A picture is a stranger's bytes: this process has limits on memory, time and files, and only the
four formats of the web are read.
"""

import contextlib
import io
import os
import re
import signal
import sys
import warnings

from PIL import Image, ImageOps

_FORMATS = ("PNG", "JPEG", "GIF", "WEBP")
_MAX_MEMORY_BYTES = 1 << 30
_MAX_OPEN_FILES = 16
_MAX_SECONDS = 25
"""Where the parent is gone, nobody else would stop it."""
_MAX_PIXELS = 50_000_000
_MAX_SIDE = 4_000
_OPAQUE_FROM = 128
_SIXEL_BASE = 63
_RUN = re.compile(rb"(.)\1{3,}", re.DOTALL)


def main(way: str, width: str, height: str) -> None:
    """way: as `pictures.Way`; width, height: the room, in pixels."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not get between the answer
    _limit_resources()
    room = min(int(width), _MAX_SIDE), min(int(height), _MAX_SIDE)
    picture = fitted(sys.stdin.buffer.read(), *room)
    answers.write(sixel(picture) if way == "sixel" else png(picture))
    answers.flush()


def fitted(body: bytes, width: int, height: int) -> Image.Image:
    """The picture (of an animation its first one) in RGBA, made smaller where it does not fit.

    Raises what Pillow raises: OSError, ValueError, its errors on decompression bombs.
    """
    Image.MAX_IMAGE_PIXELS = _MAX_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    with Image.open(io.BytesIO(body), formats=_FORMATS) as opened:
        opened.draft("RGB", (width, height))  # of a JPEG no more is decoded than is shown
        picture = ImageOps.exif_transpose(opened).convert("RGBA")
    picture.thumbnail((width, height))
    return picture


def png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, format="PNG", compress_level=3)
    return out.getvalue()


def sixel(picture: Image.Image) -> bytes:
    """The inside of a Sixel sequence: raster attributes, at most 256 colours, then six rows at a
    time, colour by colour. What is transparent is left as it is."""
    width, height = picture.size
    alpha = picture.getchannel("A").tobytes()
    indexed = picture.convert("RGB").quantize(256)
    colours = indexed.getpalette() or []
    pixels = indexed.tobytes()
    parts = [f'"1;1;{width};{height}'.encode()]
    for index in sorted(set(pixels)):
        red, green, blue = (round(c / 2.55) for c in colours[3 * index : 3 * index + 3])
        parts.append(f"#{index};2;{red};{green};{blue}".encode())
    for top in range(0, height, 6):
        drawn: dict[int, bytearray] = {}
        for row in range(top, min(top + 6, height)):
            bit = 1 << (row - top)
            start = row * width
            for x in range(width):
                if alpha[start + x] < _OPAQUE_FROM:
                    continue
                line = drawn.get(pixels[start + x])
                if line is None:
                    line = drawn[pixels[start + x]] = bytearray(width)
                line[x] |= bit
        parts.append(b"$".join(_line(index, line) for index, line in drawn.items()) + b"-")
    return b"".join(parts)


_SIXELS = bytes(min(value + _SIXEL_BASE, 126) for value in range(256))


def _line(index: int, line: bytearray) -> bytes:
    """One colour of six rows: runs of four and more are counted."""
    signs = line.rstrip(b"\x00").translate(_SIXELS)
    runs = _RUN.sub(lambda found: b"!%d%b" % (len(found[0]), found[1]), signs)
    return b"#%d%b" % (index, runs)


def _limit_resources() -> None:
    """Bound this process, and leave no core file of a stranger's bytes."""
    import resource

    signal.alarm(_MAX_SECONDS)
    for kind, limit in (
        (resource.RLIMIT_AS, _MAX_MEMORY_BYTES),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, _MAX_OPEN_FILES),
    ):
        # Not every system bounds the address space, or lets a process do it.
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(kind, (limit, limit))
