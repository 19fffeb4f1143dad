"""A small Hugging Face hub on loopback: as much of its API as a download needs, and faults on demand."""

import hashlib
import json
import struct
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

COMMIT = "0123456789abcdef0123456789abcdef01234567"


def whisper_files(filling: int = 200_000) -> dict[str, bytes]:
    """The files of a make-believe Whisper folder: `model.bin` has the right layout, but nothing to compute with."""
    data = bytes(i * i % 251 for i in range(filling))
    tokenizer = {"added_tokens": [], "model": {"type": "BPE"}}
    return {
        "config.json": json.dumps({"lang_ids": [1, 2]}).encode(),
        "model.bin": model_bin("WhisperSpec", {"encoder/conv1/weight": ((8, 80, 3), data)}),
        "tokenizer.json": json.dumps(tokenizer).encode(),
        "vocabulary.txt": b"one\ntwo\n",
    }


def model_bin(spec: str, variables: dict[str, tuple[tuple[int, ...], bytes]]) -> bytes:
    """A model in the binary format 6 of CTranslate2: name -> (shape, data)."""

    def text(value: str) -> bytes:
        return struct.pack("<H", len(value) + 1) + value.encode() + b"\0"

    parts = [struct.pack("<I", 6), text(spec), struct.pack("<II", 3, len(variables))]
    for name, (shape, data) in variables.items():
        parts += [
            text(name),
            struct.pack(f"<B{len(shape)}I", len(shape), *shape),
            struct.pack("<BI", 1, len(data)),
            data,
        ]
    first = next(iter(variables))
    return b"".join([*parts, struct.pack("<I", 1), text("alias"), text(first)])


@dataclass(frozen=True)
class Request:
    path: str
    range: str | None
    headers: dict[str, str]


@dataclass
class Hub:
    """A hub with one repository. `model.bin` is kept as LFS, so it is served from another address after a redirect."""

    repository: str
    files: dict[str, bytes] = field(default_factory=whisper_files)
    sizes: dict[str, int] = field(default_factory=dict)
    """Sizes that are listed instead of the true ones."""
    damaged: set[str] = field(default_factory=set)
    """Files whose next answer has a wrong byte."""
    ignores_ranges: bool = False
    budget: int | None = None
    """Bytes of files that are still sent; then each connection is closed."""
    requests: list[Request] = field(default_factory=list)

    def __enter__(self) -> "Hub":
        hub = self

        class Handler(_Handler):
            def do_GET(self) -> None:
                hub._answer(self)

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def asked(self, name: str) -> list[Request]:
        """The requests for the bytes of a file."""
        return [request for request in self.requests if request.path == self._address(name)]

    def _address(self, name: str) -> str:
        if name == "model.bin":
            return "/cdn/model.bin"
        return f"/{self.repository}/resolve/{COMMIT}/{name}"

    def _answer(self, to: "_Handler") -> None:
        path = to.path.partition("?")[0]
        self.requests.append(Request(path, to.headers["Range"], dict(to.headers)))
        by_address = {self._address(name): name for name in self.files}
        if path == f"/api/models/{self.repository}/revision/main":
            to.send(200, json.dumps(self._listing()).encode(), {"Content-Type": "application/json"})
        elif path == f"/{self.repository}/resolve/{COMMIT}/model.bin":
            to.send(302, b"", {"Location": "/cdn/model.bin"})
        elif path in by_address:
            self._send_file(to, by_address[path])
        else:
            to.send(404, b"", {"X-Error-Code": "RepoNotFound"})

    def _listing(self) -> dict[str, object]:
        siblings = [self._sibling(name, content) for name, content in self.files.items()]
        return {"id": self.repository, "modelId": self.repository, "sha": COMMIT, "siblings": siblings}

    def _sibling(self, name: str, content: bytes) -> dict[str, object]:
        size = self.sizes.get(name, len(content))
        sibling = {"rfilename": name, "size": size, "blobId": _git_hash(content)}
        if name == "model.bin":
            sibling["lfs"] = {"sha256": hashlib.sha256(content).hexdigest(), "size": size, "pointerSize": 134}
        return sibling

    def _send_file(self, to: "_Handler", name: str) -> None:
        content = self.files[name]
        if name in self.damaged:
            self.damaged.remove(name)
            content = content[:-1] + bytes([content[-1] ^ 1])
        start = 0
        if to.headers["Range"] and not self.ignores_ranges:
            start = int(to.headers["Range"].removeprefix("bytes=").removesuffix("-"))
        headers = {"Accept-Ranges": "bytes", "ETag": f'"{_git_hash(content)}"', "X-Repo-Commit": COMMIT}
        if start:
            headers["Content-Range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
        rest = content[start:]
        sent = rest if self.budget is None else rest[: self.budget]
        if self.budget is not None:
            self.budget -= len(sent)
        to.send(206 if start else 200, sent, headers, length=len(rest))


class _Handler(BaseHTTPRequestHandler):
    def send(self, status: int, body: bytes, headers: dict[str, str], length: int | None = None) -> None:
        """Answers; with `length`, promises that many bytes and closes the connection after the body."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


def _git_hash(content: bytes) -> str:
    return hashlib.sha1(f"blob {len(content)}\0".encode() + content).hexdigest()
