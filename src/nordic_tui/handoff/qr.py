"""An address as a QR code (ISO/IEC 18004) made of half blocks, two modules in a cell."""

from urllib.parse import quote, urlsplit

from nordic_tui.errors import HandoffError
from nordic_tui.text import clean

QUIET = (4, 2)
"""The empty border in modules: the standard's, else one that telephones read as well."""
_BLOCKS = {(True, True): "█", (True, False): "▀", (False, True): "▄", (False, False): " "}
"""By whether the upper and the lower module are light."""


def qr_rows(address: str, columns: int, rows: int) -> list[str]:
    """The smallest code of an address that fits: light modules are blocks, dark ones are blank,
    so that it is right where text is light on dark.

    columns, rows: the room for it, in cells. Raises HandoffError, a sentence, where it does not
    fit or the address is no http, https or mailto one.
    """
    import segno

    address = _ascii(clean.url(address))
    if not address:
        raise HandoffError("Only http, https and mailto addresses become a QR code.")
    try:
        code = segno.make(address, error="l", micro=False)
    except segno.DataOverflowError as error:
        raise HandoffError("This link is too long for a QR code.") from error
    modules = len(code.matrix)
    for quiet in QUIET:
        size = modules + 2 * quiet
        if size <= columns and (size + 1) // 2 <= rows:
            return _drawn(code.matrix, quiet)
    needed = modules + 2 * QUIET[-1]
    raise HandoffError(
        f"The QR code of this link does not fit: it takes {needed} columns and "
        f"{(needed + 1) // 2} rows, and there is room for {columns} and {rows}."
    )


def _drawn(matrix: "tuple[bytearray, ...]", quiet: int) -> list[str]:
    size = len(matrix) + 2 * quiet
    light_row = [True] * size
    side = [True] * quiet
    grid = [light_row] * quiet
    grid += [[*side, *(not module for module in row), *side] for row in matrix]
    grid += [light_row] * quiet
    grid += [light_row] * (size % 2)  # the lower half of the last row
    return [
        "".join(_BLOCKS[pair] for pair in zip(upper, lower, strict=True))
        for upper, lower in zip(grid[::2], grid[1::2], strict=True)
    ]


def _ascii(address: str) -> str:
    """The address in ASCII (RFC 3987 section 3.1): telephones differ in how they read the rest."""
    if address.isascii():
        return address
    parts = urlsplit(address)
    if parts.hostname and not parts.hostname.isascii():
        netloc = parts.netloc.rpartition("@")
        port = f":{parts.port}" if parts.port else ""
        user = f"{netloc[0]}@" if netloc[0] else ""
        parts = parts._replace(netloc=f"{user}{clean.host(address)}{port}")
    return quote(parts.geturl(), safe="!#$%&'()*+,/:;=?@[]~")
