import errno
import socket
import ssl

import pytest

from nordic_tui.errors import (
    BadAddress,
    BadStatus,
    FetchError,
    Gone,
    InsecureConnection,
    Unreachable,
)
from nordic_tui.fetch.failures import bad_status, no_connection, refused_by_proxy


def wrapped(cause: Exception) -> Exception:
    """As httpcore raises: the cause is only the context, perhaps inside a group."""
    try:
        try:
            raise ExceptionGroup("every address failed", [OSError("other"), cause])
        except ExceptionGroup:
            raise RuntimeError("All connection attempts failed") from None
    except RuntimeError as error:
        return error


def certificate_error(code: int) -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError(1, "certificate verify failed")
    error.verify_code = code
    return error


@pytest.mark.parametrize(
    ("cause", "kind", "phrase"),
    [
        (
            socket.gaierror(socket.EAI_NONAME, "Name or service not known"),
            Unreachable,
            "could not be reached: the name is not known",
        ),
        (
            socket.gaierror(socket.EAI_AGAIN, "Temporary failure"),
            Unreachable,
            "could not be reached: no network",
        ),
        (
            OSError(errno.ENETUNREACH, "Network is unreachable"),
            Unreachable,
            "could not be reached: no network",
        ),
        (
            ConnectionRefusedError(errno.ECONNREFUSED, "refused"),
            Unreachable,
            "could not be reached: the connection was refused",
        ),
        (OSError("\x1b[31mstrange"), Unreachable, "could not be reached"),
        (UnicodeError("label too long"), BadAddress, "has an address that cannot be read"),
        (
            certificate_error(10),
            InsecureConnection,
            "has no valid certificate: it has expired",
        ),
        (certificate_error(1), InsecureConnection, "has no valid certificate"),
        (
            ssl.SSLError(1, "WRONG_VERSION_NUMBER"),
            InsecureConnection,
            "offers no secure connection that can be trusted",
        ),
    ],
)
def test_the_cause_is_found_and_said(cause: Exception, kind: type[FetchError], phrase: str) -> None:
    for error in (cause, wrapped(cause)):
        found = no_connection(error)
        assert type(found) is kind
        assert str(found) == phrase
        assert found.at_this_end == (phrase == "could not be reached: no network")


@pytest.mark.parametrize(
    ("cause", "phrase"),
    [
        (
            socket.gaierror(socket.EAI_NONAME, "Name or service not known"),
            "could not be reached: the name of the proxy p.example:3128 is not known",
        ),
        (socket.gaierror(socket.EAI_AGAIN, "x"), "could not be reached: no network"),
        (OSError(errno.ENETUNREACH, "x"), "could not be reached: no network"),
        (
            ConnectionRefusedError(errno.ECONNREFUSED, "refused"),
            "could not be reached: the proxy p.example:3128 refused the connection",
        ),
        (
            UnicodeError("label too long"),
            "could not be reached: the proxy p.example:3128 has an address that cannot be read",
        ),
        (OSError("strange"), "could not be reached through the proxy p.example:3128"),
    ],
)
def test_where_a_proxy_fails_it_is_named(cause: Exception, phrase: str) -> None:
    for error in (cause, wrapped(cause)):
        found = no_connection(error, "p.example:3128")
        assert type(found) is Unreachable
        assert (str(found), found.at_this_end) == (phrase, True)


@pytest.mark.parametrize(
    ("words", "phrase"),
    [
        (
            "407 Proxy Authentication Required",
            "could not be reached: the proxy p:1 asks for a password (407)",
        ),
        (
            "403 \x1b[31mNo",
            "could not be reached: the proxy p:1 makes no connection to it (403)",
        ),
        ("502 ", "could not be reached: the proxy p:1 makes no connection to it (502)"),
        ("Proxy Server could not connect: x", "could not be reached through the proxy p:1"),
    ],
)
def test_what_a_proxy_refuses_is_said_without_its_own_words(words: str, phrase: str) -> None:
    found = refused_by_proxy(words, "p:1")
    assert type(found) is Unreachable
    assert (str(found), found.at_this_end) == (phrase, True)


def test_only_a_proxy_asks_for_its_password() -> None:
    found = bad_status(407, None, proxy="p:1")
    assert str(found) == "could not be reached: the proxy p:1 asks for a password (407)"
    assert found.at_this_end
    assert not bad_status(407, None).at_this_end
    assert not bad_status(502, None, proxy="p:1").at_this_end


@pytest.mark.parametrize("status", [300, 305])
def test_a_redirect_that_says_where_but_is_not_followed(status: int) -> None:
    error = bad_status(status, None, says_where=True)
    assert str(error) == f"redirects in a way that is not followed ({status})"


@pytest.mark.parametrize(
    ("status", "wait_s", "phrase"),
    [
        (404, None, "answered 404: there is nothing at this address"),
        (401, None, "refuses to answer (401)"),
        (403, None, "refuses to answer (403)"),
        (407, None, "did not accept the request (407)"),
        (429, None, "asks for fewer requests (429)"),
        (429, 120.0, "asks to come back in 2 minutes (429)"),
        (429, 0.0, "asks to come back in a moment (429)"),
        (503, 30.0, "asks to come back in a minute (503)"),
        (503, 91.0, "asks to come back in 2 minutes (503)"),
        (503, 5_400.0, "asks to come back in 90 minutes (503)"),
        (503, 10_800.0, "asks to come back in 3 hours (503)"),
        (503, 604_800.0, "asks to come back in 7 days (503)"),
        (503, None, "has trouble at its end (503)"),
        (500, None, "has trouble at its end (500)"),
        (400, None, "did not accept the request (400)"),
        (302, None, "redirects without saying where (302)"),
        (300, None, "redirects without saying where (300)"),
        (204, None, "gave an answer without posts (204)"),
    ],
)
def test_a_status_in_words(status: int, wait_s: float | None, phrase: str) -> None:
    error = bad_status(status, wait_s)
    assert str(error) == phrase
    assert type(error) is BadStatus
    assert (error.status, error.retry_after_s) == (status, wait_s)


def test_gone_is_gone_for_good() -> None:
    error = bad_status(410, 60.0)
    assert type(error) is Gone
    assert str(error) == "is gone for good (410)"
