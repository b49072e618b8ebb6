"""A server on the loopback for a program that is ended while it waits for it."""

import json
import socket
import threading
from contextlib import suppress
from typing import Final

_TYPE: Final = "Content-Type: application/feed+json"


class Site:
    """Answers by the path, and counts what it was asked for.

    /silent     never an answer
    /archived   a feed of one post, whose older ones are at /silent
    /large      a feed that a decoder needs seconds for
    """

    def __init__(self) -> None:
        self._server = socket.create_server(("127.0.0.1", 0), backlog=64)
        self._changed = threading.Condition()
        self._asked: list[str] = []
        self._open: list[socket.socket] = []
        threading.Thread(target=self._accept, name="site", daemon=True).start()

    def address(self, path: str) -> str:
        return f"http://127.0.0.1:{self._server.getsockname()[1]}{path}"

    def wait_until_asked(self, path: str, timeout_s: float) -> None:
        with self._changed:
            came = self._changed.wait_for(lambda: path in self._asked, timeout_s)
        assert came, f"{path} was not asked for"

    def close(self) -> None:
        # What waits in accept() ends only when the listening itself is shut down.
        with suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        for each in self._open:
            each.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._server.accept()
                self._open.append(connection)
                threading.Thread(
                    target=self._serve, args=(connection,), name="site", daemon=True
                ).start()

    def _serve(self, connection: socket.socket) -> None:
        with suppress(OSError):
            while True:
                head = b""
                while b"\r\n\r\n" not in head:
                    data = connection.recv(4_096)
                    if not data:
                        return
                    head += data
                path = head.split(b" ", 2)[1].decode("latin-1")
                with self._changed:
                    self._asked.append(path)
                    self._changed.notify_all()
                if path == "/silent":
                    continue
                made = self._body(path)
                connection.sendall(
                    f"HTTP/1.1 200 OK\r\n{_TYPE}\r\nContent-Length: {len(made)}\r\n\r\n".encode()
                )
                connection.sendall(made)

    def _body(self, path: str) -> bytes:
        feed: dict[str, object] = {
            "version": "https://jsonfeed.org/version/1.1",
            "title": f"Feed {path}",
        }
        if path == "/archived":
            feed["next_url"] = self.address("/silent")
            count, words = 1, "short"
        else:
            count, words = 7_500, "<p>word <b>word</b></p>" * 40
        feed["items"] = [
            {"id": f"{path}-{n}", "title": f"Alfa {n}", "content_html": words,
             "date_published": "2026-10-01T12:00:00Z"} for n in range(count)
        ]  # fmt: skip
        return json.dumps(feed).encode()
