"""Everything that can go wrong and is expected to, as one tree.

    NordicError
    ├── FetchError              a source's bytes could not be had
    │   ├── BadAddress          no address that this program may ask for (other scheme, no host)
    │   ├── Unreachable         no answer at all: name unknown, refused, no network
    │   ├── TimedOut            no whole answer within the deadline
    │   ├── InsecureConnection  TLS failed: expired, self-signed, wrong name
    │   ├── TooManyRedirects    redirects in a circle, or more than allowed
    │   ├── TooLarge            more bytes than the limit, as received or unpacked
    │   ├── BadStatus           an HTTP status that is not 200 or 304
    │   │   └── Gone            410: the source says that it will not come back
    │   ├── BrokenAnswer        the answer breaks off or breaks HTTP
    │   └── FileUnreadable      a local file that is missing, a folder, or not to be read
    ├── DecodeError             bytes were had, but no posts could be read from them
    │   ├── NotAFeed            a web page, a PDF, an empty body, an unknown JSON shape
    │   ├── ExtraMissing        a library that is not installed, or can't be loaded
    │   └── WorkerDied          the decoding process ran out of time or memory, or crashed
    ├── StoreError              a database file
    │   ├── NewerDatabase       written by a later version of this program; left untouched
    │   ├── StoreDamaged        the file is no whole database any more
    │   ├── StoreUnwritable     no permission, read-only, disk full
    │   └── StoreBusy           another program holds the file
    ├── SettingsError           the settings file: file, line, and what is allowed
    └── HandoffError            another program, or the terminal, could not be handed something
        └── NoBrowser           there is no browser whose window the person would see

A FetchError or DecodeError reads on from the name of a source: str(error) is the part of the
sentence after the name, without a full stop: "did not answer within 20 s". A StoreError,
SettingsError or HandoffError is a whole sentence.
"""


class NordicError(Exception):
    """The base of all that is expected to go wrong."""


class FetchError(NordicError):
    """A source's bytes could not be had; str() reads on from the source's name.

    retry_after_s: what the server asked for (RFC 9110 section 10.2.3), in seconds from now.
    at_this_end: whether the trouble is here (no network, a proxy, a password that cannot be had),
        so that it tells nothing of the source.
    """

    def __init__(
        self, phrase: str, *, retry_after_s: float | None = None, at_this_end: bool = False
    ) -> None:
        super().__init__(phrase)
        self.retry_after_s = retry_after_s
        self.at_this_end = at_this_end


class BadAddress(FetchError):
    pass


class Unreachable(FetchError):
    pass


class TimedOut(FetchError):
    pass


class InsecureConnection(FetchError):
    pass


class TooManyRedirects(FetchError):
    pass


class TooLarge(FetchError):
    pass


class BadStatus(FetchError):
    """An HTTP status that is not 200 or 304; `status` is its number."""

    def __init__(
        self,
        phrase: str,
        status: int,
        *,
        retry_after_s: float | None = None,
        at_this_end: bool = False,
    ) -> None:
        super().__init__(phrase, retry_after_s=retry_after_s, at_this_end=at_this_end)
        self.status = status


class Gone(BadStatus):
    """A 410. for_good: whether every redirect on the way to it was permanent; behind another one
    only the place of the moment is gone."""

    def __init__(
        self,
        phrase: str,
        status: int = 410,
        *,
        retry_after_s: float | None = None,
        for_good: bool = True,
    ) -> None:
        super().__init__(phrase, status, retry_after_s=retry_after_s)
        self.for_good = for_good


class BrokenAnswer(FetchError):
    pass


class FileUnreadable(FetchError):
    pass


class DecodeError(NordicError):
    """No posts could be read from a source's bytes; str() reads on from the source's name."""


class NotAFeed(DecodeError):
    pass


class ExtraMissing(DecodeError):
    pass


class WorkerDied(DecodeError):
    pass


class StoreError(NordicError):
    """A database file could not be used; str() is a sentence that names the file."""


class NewerDatabase(StoreError):
    pass


class StoreDamaged(StoreError):
    pass


class StoreUnwritable(StoreError):
    pass


class StoreBusy(StoreError):
    pass


class SettingsError(NordicError):
    """str() is one line a mistake: file, line, what is wrong, what is allowed."""


class HandoffError(NordicError):
    """Something could not be handed on; str() is a sentence."""


class NoBrowser(HandoffError):
    pass
