"""What is to be known of a link before it is opened: where it leads, and whether its text says
something else."""

import re
from urllib.parse import unquote

from nordic_tui.text import clean

_LOOKS_LIKE_AN_ADDRESS = re.compile(
    r"(?:[a-z][a-z0-9+.-]*://|mailto:)?(?:[^\s/@]+@)?"
    r"((?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_][\w-]+)\.?(?::\d+)?(?:[/?#]\S*)?",
    re.IGNORECASE,
)

_ENDINGS = frozenset({
    "css", "docx", "exe", "htm", "html", "jpeg", "jpg", "js", "json", "mp3", "mp4", "pdf", "php",
    "png", "pptx", "svg", "ts", "txt", "xlsx", "xml",
})  # fmt: skip
"""Of names of files and the like ("Node.js"); no host ends in one of them (IANA's root zone)."""


def handed_on(address: str) -> str:
    """The address of a post for whoever goes on with it outside of this program: what stands
    before its host ("https://bank.example@evil.example/") leads nowhere, and is left out."""
    return clean.public_address(address) or clean.url(address)


def host_as_read(address: str) -> str:
    """The host of an address in letters, where its own name (`clean.host`) is in the name
    system's ("xn--…", RFC 3492); "" where both are the same or it cannot be read."""
    host = clean.host(address)
    labels = []
    for label in host.split("."):
        if label.startswith("xn--"):
            try:
                label = label[4:].encode("ascii").decode("punycode")
            except UnicodeError:
                return ""
        labels.append(label)
    read = clean.line(".".join(labels), 253)
    return read if read != host else ""


def said_host(text: str) -> str:
    """The host that the text of a link names, if the whole of it looks like an address; else ""."""
    found = _LOOKS_LIKE_AN_ADDRESS.fullmatch(clean.line(text).strip(" ()<>[]\"'“”.,"))
    host = clean.host(f"https://{found[1]}") if found else ""
    return "" if host.rpartition(".")[2] in _ENDINGS else host


def leads_elsewhere(text: str, address: str) -> str:
    """The host that the text of a link names where the link leads to another; "" if it is right
    or the text names none. A leading "www." makes no difference."""
    said = said_host(text)
    if not said:
        return ""
    leads = clean.host(address)
    same = said.removeprefix("www.") == leads.removeprefix("www.")
    return "" if same or not leads else said


def host_before_at(address: str) -> str:
    """The host that an address begins with where it is none, but the name of a user (RFC 3986
    section 7.6): "bank.example" of "https://bank.example@evil.example/"; else ""."""
    authority = re.split("[/?#]", address.partition("://")[2], maxsplit=1)[0]
    user = authority.rpartition("@")[0].partition(":")[0]
    return said_host(unquote(user)) if user else ""
