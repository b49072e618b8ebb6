"""What every hostile input has, whatever its group."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One hostile input. A group adds what its test needs: the text, the body, the answer."""

    name: str
    """A few words, the only one of this name in its group; names the test too."""
    wrong: str
    """What is wrong with it, or what it tries: a phrase without a full stop."""
    does: str
    """What the reader does with it, as the test shows: a phrase without a full stop."""

    def __str__(self) -> str:
        return self.name
