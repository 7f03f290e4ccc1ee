"""How requests are read from a connection: by uvicorn's fast parser, and no endless head."""

from __future__ import annotations

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MAX_HEAD = 1 << 16
"""Bytes of a request line and headers that may come without an end; the parser itself would keep any number."""


class BoundedHead(HttpToolsProtocol):
    """A connection that is closed when the head of a request does not end."""

    _is_in_head = False
    _n_bytes = 0

    def on_message_begin(self) -> None:
        """Begin a head."""
        self._is_in_head = True
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """End the head."""
        self._is_in_head = False
        super().on_headers_complete()

    def data_received(self, data: bytes) -> None:
        """Read what came, and refuse the request if its head is still not over after too much of it."""
        super().data_received(data)
        self._n_bytes = self._n_bytes + len(data) if self._is_in_head else 0
        if self._n_bytes > MAX_HEAD and not self.transport.is_closing():
            self.send_400_response(f"The head of the request is larger than {MAX_HEAD:,} bytes.")
