"""The sample feeds, and the addresses they are taken to come from."""

from pathlib import Path

URL = "https://base.example/dir/feed"


def sample(name: str) -> bytes:
    return (Path(__file__).parent / "feeds" / name).read_bytes()
