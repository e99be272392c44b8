"""Serves a model with its own handler, as the serving container of AWS's framework images does."""

import argparse
import importlib.util
import sys
import traceback
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType
from typing import Any


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, required=True, help="folder of the unpacked model")
    parser.add_argument("--program", type=Path, required=True, help="the handler's file")
    args = parser.parse_args()

    handler = load(args.program)
    model = handler.model_fn(str(args.model))

    # The address is fixed: a model must not be reachable from elsewhere.
    server = ThreadingHTTPServer(("127.0.0.1", 0), requests(handler, model))
    print(f"listening on {server.server_port}", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()


def load(program: Path) -> ModuleType:
    """Gives the handler, which finds what lies beside it."""
    sys.path.insert(0, str(program.parent))
    spec = importlib.util.spec_from_file_location("handler", program)
    handler = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(handler)
    return handler


def requests(handler: ModuleType, model: Any) -> type[BaseHTTPRequestHandler]:
    """Gives what answers requests with the model, which is loaded once."""

    class Requests(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.answer(200 if self.path == "/ping" else 404, b"", "text/plain")

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            if self.path != "/invocations":
                self.answer(404, b"", "text/plain")
                return
            try:
                self.answer(200, *self.predict(body))
            except Exception as error:
                traceback.print_exc()
                self.answer(500, f"{type(error).__name__}: {error}".encode(), "text/plain")

        def predict(self, body: bytes) -> tuple[bytes, str]:
            content_type = self.headers.get("Content-Type", "text/csv")
            accept = self.headers.get("Accept", "*/*")
            # As the container has it: who accepts anything gets what he sent.
            accept = content_type if accept == "*/*" else accept
            data = handler.input_fn(body.decode("utf-8"), content_type)
            answer = handler.output_fn(handler.predict_fn(data, model), accept)
            # The container also takes the answer together with its content type.
            text, kind = answer if isinstance(answer, tuple) else (answer, accept)
            return (text if isinstance(text, bytes) else str(text).encode()), kind

        def answer(self, status: int, body: bytes, content_type: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return Requests


if __name__ == "__main__":
    main()
