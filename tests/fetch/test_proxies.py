import pytest

from nordic_tui.errors import Unreachable
from nordic_tui.fetch.proxies import Proxy, proxies_of_environment

PROXY = Proxy("http://me:secret@p.example:3128", "p.example:3128")


@pytest.fixture(autouse=True)
def proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("all_proxy", PROXY.address)
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)


@pytest.mark.parametrize(
    ("exceptions", "host", "port"),
    [
        ("*", "news.example", None),
        ("example", "news.example", None),
        (".news.example", "news.example.", None),
        ("a.example, news.example:8080", "news.example", 8080),
        ("news.example:80", "news.example", None),
        ("127.0.0.1:8080", "127.0.0.1", 8080),
        ("127.0.0.0/8", "127.0.0.1", 8080),
        ("10.0.0.0/8,192.168.0.0/16", "192.168.1.1", None),
        ("10.0.0.1/8", "10.200.0.1", None),
        ("fd00::/8", "fd00::7", None),
        ("fd00::/8", "[fd00::7]", None),
        ("::1", "::1", None),
        ("[::1]", "::1", 8080),
        ("[fd00::]/8", "fd00:0:0::7", None),
        ("[::1]:8080", "::1", 8080),
    ],
)
def test_what_is_asked_without_the_proxy(
    exceptions: str, host: str, port: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("no_proxy", exceptions)
    assert proxies_of_environment()("http", host, port) is None


@pytest.mark.parametrize(
    ("exceptions", "host", "port"),
    [
        ("", "news.example", None),
        ("news.example:8080", "news.example", None),
        ("news.example:443", "news.example", None),
        ("127.0.0.1:8080", "127.0.0.1", 8081),
        ("10.0.0.0/8", "11.0.0.1", None),
        ("10.0.0.0/8", "fd00::7", None),
        ("10.0.0.0/8", "10.example", None),
        ("10.0.0.0/99,/8,::/x", "10.0.0.1", None),
        ("s.example", "news.example", None),
    ],
)
def test_what_is_asked_through_the_proxy(
    exceptions: str, host: str, port: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("no_proxy", exceptions)
    assert proxies_of_environment()("http", host, port) == PROXY


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("p.example", "p.example"),
        ("p.example:3128", "p.example:3128"),
        ("socks5h://me:p%40ss@127.0.0.1:1080", "127.0.0.1:1080"),
        ("https://[fd00::7]:3128/", "[fd00::7]:3128"),
    ],
)
def test_a_proxy_is_named_by_host_and_port(
    address: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("all_proxy", address)
    found = proxies_of_environment()("https", "news.example", None)
    assert found is not None
    assert found.name == name


@pytest.mark.parametrize(
    ("address", "scheme", "answers"),
    [
        ("http://p.example", "http", True),
        ("https://p.example", "http", True),
        ("http://p.example", "https", False),
        ("socks5://p.example", "http", False),
    ],
)
def test_whose_an_answer_may_be(address: str, scheme: str, answers: bool) -> None:
    assert Proxy(address, "p.example").answers_for(scheme) is answers


def test_an_exception_is_asked_whatever_the_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("all_proxy", "http://p.example:99999")
    monkeypatch.setenv("no_proxy", "news.example")
    proxy_for = proxies_of_environment()
    assert proxy_for("http", "news.example", None) is None
    with pytest.raises(Unreachable, match="the proxy of the environment is unusable"):
        proxy_for("http", "other.example", None)
