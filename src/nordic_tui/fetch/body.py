"""A body as it arrives: counted, unpacked and bounded, so that no answer can fill the memory."""

import zlib

from nordic_tui.errors import BrokenAnswer, TooLarge

ACCEPT_ENCODING = "gzip"
_GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS


class Body:
    """Collects the chunks of one body.

    content_encoding: the header's value (RFC 9110 section 8.4); gzip and deflate are unpacked.
    Raises BrokenAnswer for any other, and TooLarge as soon as the bytes received or the bytes
    unpacked pass max_bytes: a chunk is never unpacked further than that.
    """

    def __init__(self, content_encoding: str, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._parts: list[bytes] = []
        self._size = 0
        self.received = 0
        encoding = content_encoding.strip().lower()
        if encoding in ("", "identity"):
            self._packed = False
        elif encoding in ("gzip", "x-gzip", "deflate"):
            self._packed = True
        else:
            raise BrokenAnswer("answered in an encoding that was not asked for")
        self._unpacker = zlib.decompressobj(_GZIP_OR_ZLIB)
        self._members = 0
        self._ended = False

    def add(self, chunk: bytes) -> None:
        self.received += len(chunk)
        if self.received > self._max_bytes:
            raise too_large(self._max_bytes)
        if self._packed:
            self._unpack(chunk)
        else:
            self._keep(chunk)

    @property
    def size(self) -> int:
        """How many bytes are kept, unpacked."""
        return self._size

    def finish(self) -> bytes:
        """Return the whole body; raises BrokenAnswer if the packed bytes end too early."""
        if self._packed and self.received and not self._members:
            raise broke_off()
        return b"".join(self._parts)

    def _keep(self, data: bytes) -> None:
        self._size += len(data)
        if self._size > self._max_bytes:
            raise too_large(self._max_bytes)
        self._parts.append(data)

    def _unpack(self, chunk: bytes) -> None:
        # A gzip body may be several members in a row (RFC 1952 section 2.2). What follows the
        # last one and is no member is padding.
        while chunk and not self._ended:
            try:
                # One byte over the limit is enough to know that it was passed.
                data = self._unpacker.decompress(chunk, self._max_bytes - self._size + 1)
            except zlib.error as error:
                if not self._members:
                    raise BrokenAnswer("sent an answer that cannot be unpacked") from error
                self._ended = True
                return
            self._keep(data)
            chunk = b""
            if self._unpacker.eof:
                self._members += 1
                chunk = self._unpacker.unused_data
                self._unpacker = zlib.decompressobj(_GZIP_OR_ZLIB)


def broke_off() -> BrokenAnswer:
    return BrokenAnswer("broke off in the middle of its answer")


def too_large(max_bytes: int) -> TooLarge:
    for unit_bytes, unit in ((1_000_000, "MB"), (1_000, "kB")):
        if max_bytes >= unit_bytes:
            return TooLarge(f"is larger than {max_bytes / unit_bytes:g} {unit}")
    return TooLarge(f"is larger than {max_bytes} bytes")
