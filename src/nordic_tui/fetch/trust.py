"""Which certificates are good: those that the authorities of the system signed, or of one file.

Every context that is made here checks the chain and the name. There is no way to one that does
not.
"""

import ssl
from pathlib import Path

from nordic_tui.errors import FetchError, FileUnreadable
from nordic_tui.fetch.file import in_home, opened

MAX_BYTES = 1_000_000
"""Of a file of certificates; those of all public authorities together take a quarter of it."""


def usual_trust() -> ssl.SSLContext:
    """The authorities of the system (or SSL_CERT_FILE, SSL_CERT_DIR), where there are none those
    that come with httpx."""
    import httpx

    paths = ssl.get_default_verify_paths()  # SSL_CERT_FILE and SSL_CERT_DIR go before the system's
    if paths.cafile or (paths.capath and any(Path(paths.capath).iterdir())):
        return ssl.create_default_context()
    return httpx.create_ssl_context(trust_env=False)


def trust_with(ca_file: str) -> ssl.SSLContext:
    """The usual authorities, and the certificates of a PEM file (RFC 7468) besides.

    Raises FetchError, whose words hold nothing of the file's name and content.
    """
    text = _text_of(ca_file)
    if "CERTIFICATE-----" not in text:
        raise _unasked("holds no certificate in PEM")
    context = usual_trust()
    # Whoever names the certificate of a server, or of an authority below another one, means that
    # one. Without the flag only those count that signed themselves; from Python 3.13 on it is set.
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    try:
        context.load_verify_locations(cadata=text)
    except ssl.SSLError:
        raise _unasked("holds a certificate that cannot be read") from None
    return context


def _text_of(ca_file: str) -> str:
    try:
        with opened(in_home(ca_file)) as (file, _):
            content = file.read(MAX_BYTES + 1)
    except FileUnreadable as error:
        raise _unasked(str(error)) from None
    if len(content) > MAX_BYTES:
        raise _unasked(f"is larger than {MAX_BYTES // 1_000_000} MB")
    # The certificates are ASCII; what stands between them, as names, may be anything.
    return content.decode("ascii", "ignore")


def _unasked(why: str) -> FetchError:
    return FetchError(f"could not be asked: its certificate file {why}", at_this_end=True)
