# SPDX-License-Identifier: Apache-2.0
"""The servers that are asked: bench_many_server, and nginx in front of it for TLS. Both on 127.0.0.1."""

import gzip
import os
import shutil
import socket
import subprocess
import time

NGINX = """daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log;
events {{ worker_connections 4096; }}
http {{
    access_log off;
    client_body_temp_path {folder}/nginx;
    proxy_temp_path {folder}/nginx;
    fastcgi_temp_path {folder}/nginx;
    uwsgi_temp_path {folder}/nginx;
    scgi_temp_path {folder}/nginx;
    keepalive_requests 1000000000;
    keepalive_timeout 1h;
    ssl_certificate {folder}/tls.pem;
    ssl_certificate_key {folder}/tls.key;
    ssl_protocols TLSv1.2 TLSv1.3;
    upstream org {{
        server {org};
        keepalive 256;
        keepalive_requests 1000000000;
        keepalive_timeout 1h;
    }}
    proxy_http_version 1.1;
    proxy_set_header Connection "";
    proxy_buffers 8 64k;
    server {{
        listen 127.0.0.1:{tls} ssl backlog=1024;
        location / {{ proxy_pass http://org; }}
    }}
    server {{
        listen 127.0.0.1:{h2} ssl http2 backlog=1024;
        location / {{ proxy_pass http://org; }}
    }}
}}
"""


class ServerError(Exception):
    """A server does not start."""


def free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


class Servers:
    """Runs while it is entered. `urls` has one for each protocol, `ca_file` is who signed for those over TLS."""

    def __init__(self, binaries: str, folder: str):
        self.binaries = binaries
        self.folder = folder
        self.ca_file = os.path.join(folder, "tls.pem")
        self.urls: dict[str, str] = {}
        self.running: list[subprocess.Popen] = []

    def __enter__(self) -> "Servers":
        try:
            self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_) -> None:
        for process in reversed(self.running):
            if process.stdin is not None:
                process.stdin.close()
            else:
                process.terminate()
            process.wait()

    def hold(self, calls: int) -> None:
        """The next calls are answered when so many are there: each of them has its connection."""
        org = self.running[0]
        org.stdin.write(f"{calls}\n")
        org.stdin.flush()
        if org.stdout.readline().strip() != str(calls):
            raise ServerError("bench_many_server is gone")

    def _start(self) -> None:
        for name in ("key", "users"):
            answer = subprocess.run([os.path.join(self.binaries, "bench_many_answers"), name], check=True,
                                    stdout=subprocess.PIPE).stdout
            self._write(f"{name}.json", answer)
            self._write(f"{name}.json.gz", gzip.compress(answer))
        org = subprocess.Popen([os.path.join(self.binaries, "bench_many_server"), self.folder],
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.running.append(org)
        self.urls["http"] = org.stdout.readline().strip()
        if not self.urls["http"]:
            raise ServerError("bench_many_server does not start")
        nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
        if nginx is None:
            raise ServerError("there is no nginx: scripts/install-packages load")
        self._start_nginx(nginx)

    def _write(self, name: str, data: bytes) -> None:
        with open(os.path.join(self.folder, name), "wb") as file:
            file.write(data)

    def _start_nginx(self, nginx: str) -> None:
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                        "-keyout", os.path.join(self.folder, "tls.key"), "-out", self.ca_file, "-days", "2",
                        "-subj", "/CN=bench", "-addext", "subjectAltName=IP:127.0.0.1"],
                       check=True, stderr=subprocess.DEVNULL)
        tls, h2 = free_ports(2)
        config = os.path.join(self.folder, "nginx.conf")
        self._write("nginx.conf", NGINX.format(folder=self.folder, tls=tls, h2=h2,
                                               org=self.urls["http"].removeprefix("http://")).encode())
        log = os.path.join(self.folder, "nginx.log")
        process = subprocess.Popen([nginx, "-c", config, "-e", log], stderr=subprocess.DEVNULL)
        self.running.append(process)
        self.urls["tls"], self.urls["h2"] = (f"https://127.0.0.1:{port}" for port in (tls, h2))
        for port in (tls, h2):
            self._await(process, port, log)

    @staticmethod
    def _await(process: subprocess.Popen, port: int, log: str) -> None:
        for _ in range(200):
            if process.poll() is not None:
                with open(log, encoding="utf-8") as file:
                    raise ServerError(f"nginx does not start: {file.read().strip()}")
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                return
            except OSError:
                time.sleep(0.05)
        raise ServerError("nginx does not listen")
