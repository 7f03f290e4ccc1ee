"""How requests are read from a connection: by uvicorn's fast parser, and no endless head."""

from __future__ import annotations

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MAX_HEAD = 1 << 16
"""Bytes of a request line and headers that may come without an end after the read that they begin in; the parser itself
would keep any number."""


class BoundedHead(HttpToolsProtocol):
    """A connection that is closed when the head of a request does not end."""

    _n_more: int | None = None
    """Bytes that came since the read in which the present head began; None outside of a head."""

    def on_message_begin(self) -> None:
        """Begin a head."""
        self._n_more = 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """End the head."""
        self._n_more = None
        super().on_headers_complete()

    def data_received(self, data: bytes) -> None:
        """Read what came, and refuse the request if its head is still not over after too much of it."""
        if self._n_more is not None:
            self._n_more += len(data)
        super().data_received(data)
        if self._n_more is not None and self._n_more > MAX_HEAD and not self.transport.is_closing():
            self.send_400_response(f"The head of the request is larger than {MAX_HEAD:,} bytes.")
