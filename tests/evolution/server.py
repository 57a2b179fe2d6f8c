#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""server.py LOG COMMAND...: runs a command with the URL of a server behind it, and returns what it returns.

A request tells in its headers which function sent it, what method and path it must have and how it is answered.
What came goes to LOG, a line a request: function, method, path with its query, headers that tell something, body.
"""

import http.server
import re
import subprocess
import sys
import threading

_TOLD = ("accept", "content-type", "authorization", "if-match", "x-okta-user-agent-extended", "x-force-delete")
_OWN = {"host", "user-agent", "content-length", "connection", "accept-encoding", "transfer-encoding",
        "x-function", "x-request", "x-status", "x-media-type", "x-answer"}
_ERROR = b'{"errorCode":"E0000001","errorSummary":"%s","errorId":"made-up"}'


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers as it is told."""

    protocol_version = "HTTP/1.1"
    lines: list = []

    def log_message(self, *_arguments):
        """Says nothing."""

    def body(self):
        if self.headers.get("transfer-encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("content-length", 0)))
        found = b""
        while True:
            size = int(self.rfile.readline(), 16)
            piece = self.rfile.read(size + 2)[:size]
            if not size:
                return found
            found += piece

    def answer(self):
        body = self.body().decode("utf-8", "replace")
        told = self.headers
        function, wanted = told.get("x-function", "?"), told.get("x-request", f"{self.command} {self.path}")
        headers = sorted(f"{name.lower()}: {value}" for name, value in told.items() if name.lower() not in _OWN)
        line = [function, self.command, self.path, *headers, body]
        boundary = re.search(r"boundary=([^;\s]+)", told.get("content-type", ""))
        text = "\t".join(line)
        text = text.replace(boundary.group(1), "BOUNDARY") if boundary else text
        # What src/settle reads by itself, where a write has no answer that tells, is no call of the program.
        if function != "?":
            self.lines.append(text.replace("\r", "\\r").replace("\n", "\\n"))
        came = f"{self.command} {self.path.split('?')[0]}"
        status, content = int(told.get("x-status", 200)), told.get("x-answer", "").encode()
        if came != wanted:
            status, content = 400, _ERROR % f"{came} came, and {wanted} is due".encode()
        self.send_response(status)
        if status != 204:
            self.send_header("content-type", told.get("x-media-type") or "application/json")
            self.send_header("content-length", str(len(content)))
        if 300 <= status <= 399:
            self.send_header("location", "https://elsewhere.example/")
        self.end_headers()
        if status != 204:
            self.wfile.write(content)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer


def main():
    log, command = sys.argv[1], sys.argv[2:]
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    status = subprocess.run([*command, f"http://127.0.0.1:{server.server_address[1]}"], check=False).returncode
    server.shutdown()
    with open(log, "w", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in Handler.lines)
    return status


if __name__ == "__main__":
    sys.exit(main())
