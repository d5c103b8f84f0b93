"""A server that speaks just enough of PostgreSQL's protocol to let a client in and tell it a version, or to refuse it."""
import contextlib
import socket
import struct
import threading


def message(letter, body):
    return letter + struct.pack("!i", len(body) + 4) + body


def receive(connection, count):
    data = b""
    while len(data) < count:
        piece = connection.recv(count - len(data))
        if not piece:
            raise ConnectionError
        data += piece
    return data


def error(state, text):
    return message(b"E", b"SFATAL\0VFATAL\0C" + state.encode() + b"\0M" + text.encode() + b"\0\0")


def talk(connection, version, refusal):
    while True:  # startup; encryption is declined
        size, code = struct.unpack("!ii", receive(connection, 8))
        receive(connection, size - 8)
        if code not in (80877103, 80877104):  # SSLRequest, GSSENCRequest
            break
        connection.sendall(b"N")
    if refusal:
        connection.sendall(error(*refusal))
        return
    parameters = {"server_version": version, "client_encoding": "UTF8", "server_encoding": "UTF8", "standard_conforming_strings": "on"}
    connection.sendall(message(b"R", struct.pack("!i", 0)) +
                       b"".join(message(b"S", f"{key}\0{text}\0".encode()) for key, text in parameters.items()) +
                       message(b"K", struct.pack("!ii", 1, 1)) + message(b"Z", b"I"))
    while True:
        letter, size = struct.unpack("!ci", receive(connection, 5))
        receive(connection, size - 4)
        if letter == b"X":
            return
        connection.sendall(error("0A000", "this server knows nothing") + message(b"Z", b"I"))


@contextlib.contextmanager
def fake_server(version="9.6.24", refusal=None):
    """The port on 127.0.0.1. refusal: (SQLSTATE, message) instead of letting anyone in."""
    def serve():
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection, contextlib.suppress(ConnectionError):
                talk(connection, version, refusal)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(5)
