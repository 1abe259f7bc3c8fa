"""An HTTP connection that costs the sender next to nothing, for measuring a server beside it."""

import socket


class Connection:
    """One kept-alive HTTP connection, as cheap as Python can make it.

    The sender shares the machine's cores with the server.
    """

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=120)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def call(self, head: str, body: bytes | memoryview = b"") -> tuple[int, dict[str, str], bytes]:
        """Send a request and return status, headers and body."""
        self._socket.sendall(head.encode() + b"\r\n")
        if body:
            self._socket.sendall(body)
        answer = b""
        while b"\r\n\r\n" not in answer:
            if not (part := self._socket.recv(65536)):
                raise ConnectionError("the server closed the connection")
            answer += part
        top, _, rest = answer.partition(b"\r\n\r\n")
        lines = top.decode().split("\r\n")
        headers = {
            name.lower(): value.strip()
            for name, _, value in (line.partition(":") for line in lines[1:])
        }
        while len(rest) < int(headers.get("content-length", "0")):
            rest += self._socket.recv(65536)
        return int(lines[0].split()[1]), headers, rest

    def close(self) -> None:
        """Close the connection."""
        self._socket.close()
