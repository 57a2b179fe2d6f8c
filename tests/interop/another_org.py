#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A second stand-in org, which has nothing in common with okta-mock-org: it is made from what Okta publishes, in
another language, and answers in another form where the description allows it.

    another_org.py [--private-key-app FOLDER] [--secret-app FOLDER] [--lists SHAPE] [--clock SECONDS] [--token FILE]
                   [--fault N:KIND]...

It listens on a free port of 127.0.0.1, prints its URL and serves until it is killed. GET /control prints what it holds,
what was done and who logged in. --private-key-app makes an app with one signing key, whose private half it writes to
FOLDER/key.pem; --secret-app one with a secret, in FOLDER/secret. It prints the ids of both. --fault spoils the N-th
request. Its kinds are those of FAULTS; `hold=FILE` and `held=FILE` wait until FILE is there, before and after the deed.
"""

import argparse
import base64
import email.utils
import hashlib
import hmac
import json
import os
import random
import re
import secrets
import string
import sys
import threading
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from jwcrypto import jwe, jwk, jws
from jwcrypto.common import JWException

# What becomes of a request, and whether its deed is done.
FAULTS = {
    "lost": "the deed is done, and the connection closed without an answer",
    "cut": "the deed is done, and the connection closed in the middle of the answer",
    "gone": "the connection is closed, and nothing is done",
    "429": "the rate limit is used up",
    "busy": "too many requests at the same time",
    "503": "a gateway answers in the place of the org, and nothing is done",
    "504": "the deed is done, and a gateway answers",
    "hold": "it waits for a word, which also tells whether the deed is done",
    "held": "the deed is done, and its answer waits for a word",
}
MOST_KEYS = 50
MOST_SECRETS = 2
REASONS = {200: "OK", 201: "Created", 204: "No Content", 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden",
           404: "Not Found", 405: "Method Not Allowed", 429: "Too Many Requests", 503: "Service Unavailable",
           504: "Gateway Timeout"}
SUMMARIES = {"E0000005": "Invalid session", "E0000006": "You do not have permission to perform the requested action",
             "E0000011": "Invalid token provided", "E0000022": "The endpoint does not support the provided HTTP method",
             "E0000003": "The request body was not well-formed.",
             "E0000047": "API call exceeded rate limit due to too many requests."}
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


class Refused(Exception):
    """An answer in Okta's words, or in those of OAuth 2.0."""

    def __init__(self, status, document):
        super().__init__(document)
        self.status = status
        self.document = document


def refuse(status, code, summary=None, *causes):
    raise Refused(status, {"errorCauses": [{"errorSummary": cause} for cause in causes],
                           "errorId": "oae" + secrets.token_urlsafe(16), "errorLink": code,
                           "errorSummary": summary or SUMMARIES[code], "errorCode": code})


def refuse_login(error, description, status=400):
    raise Refused(status, {"error_description": description, "error": error})


def identifier(prefix):
    return prefix + "".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(17))


def octets(text):
    return base64.urlsafe_b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4))


def without_leading_zeros(text):
    return base64.urlsafe_b64encode(octets(text).lstrip(b"\0")).rstrip(b"=").decode()


class Fault:
    """What becomes of one request. `arrived` is set when it stands still, and `go` lets it go on; `done` tells whether
    its deed is to be done then."""

    def __init__(self, number, kind, file=None):
        assert kind in FAULTS, kind
        self.number = number
        self.kind = kind
        self.file = file
        self.arrived = threading.Event()
        self.go = threading.Event()
        self.over = threading.Event()
        self.done = True

    def wait(self):
        self.arrived.set()
        while self.file is not None and not os.path.exists(self.file):
            time.sleep(0.02)
        if self.file is None:
            self.go.wait()


class App:
    def __init__(self, method, scopes, encrypts=False):
        self.id = identifier("0oa")
        self.method = method
        self.scopes = scopes
        self.encrypts = encrypts
        self.keys = []
        self.secrets = []

    def describe(self, org):
        return {"features": [], "signOnMode": "OPENID_CONNECT", "name": "oidc_client", "label": "Büro \"ß\" /\t☂",
                "status": "ACTIVE", "profile": None, "visibility": {"hide": {"web": False, "iOS": False}},
                "settings": {"oauthClient": {"grant_types": ["client_credentials"], "application_type": "service",
                                             "response_types": ["token"], "jwks": None}, "app": {}, "notes": None},
                "credentials": {"oauthClient": {"token_endpoint_auth_method": self.method, "client_id": self.id,
                                                "autoKeyRotation": True}, "userNameTemplate": None},
                "_links": {"self": {"href": f"{org.url}/api/v1/apps/{self.id}"}}, "created": org.date(),
                "lastUpdated": None, "id": self.id}


class Org:
    """What the org holds, and every rule that it has. Each method is called under the lock."""

    def __init__(self, lists="jwks", clock=0):
        self.lists = lists
        self.clock = clock
        self.url = None
        self.apps = {}
        self.api_token = secrets.token_urlsafe(31)
        self.access_tokens = {}
        self.seen = set()
        self.deeds = []
        self.logins = []
        self.complaints = []
        self.lock = threading.RLock()

    def now(self):
        return time.time() + self.clock

    def date(self):
        return time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(self.now()))

    def did(self, what, app, thing):
        self.deeds.append((what, app.id, thing["id"]))

    # What a request may do.

    def authorize(self, authorization, writes):
        kind, _, token = (authorization or "").partition(" ")
        if kind == "SSWS" and hmac.compare_digest(token, self.api_token):
            return
        until, scopes = self.access_tokens.get(token, (0, ()))
        if kind != "Bearer" or until < self.now():
            refuse(401, "E0000011")
        if ("okta.apps.manage" if writes else "okta.apps.read") not in scopes and "okta.apps.manage" not in scopes:
            refuse(403, "E0000006")

    def find_app(self, app_id):
        if app_id not in self.apps:
            refuse(404, "E0000007", f"Not found: Resource not found: {app_id} (AppInstance)")
        return self.apps[app_id]

    @staticmethod
    def find(things, thing_id, kind):
        for thing in things:
            if thing["id"] == thing_id:
                return thing
        return refuse(404, "E0000007", f"Not found: Resource not found: {thing_id} ({kind})")

    # Keys.

    def bad_key(self, cause):
        refuse(400, "E0000001", "Api validation failed: JsonWebKey", cause)

    def show_key(self, app, key):
        link = f"{self.url}/api/v1/apps/{app.id}/credentials/jwks/{key['id']}"
        shown = {"_links": self.links(link, key), "lastUpdated": key["lastUpdated"], "created": key["created"],
                 "x5c": None, "com.example.futureMember": {"later": [None, True, -1.5e-3, "\U0001f511"]},
                 "status": key["status"], "use": key["use"], "alg": key["alg"]}
        if key["kty"] == "RSA":
            # As the description's example has it: a zero octet in front, and padding.
            shown["n"] = base64.urlsafe_b64encode(b"\0" + octets(key["n"])).decode()
            shown["e"] = key["e"]
        else:
            shown.update({"y": key["y"], "x": key["x"], "crv": key["crv"]})
        shown.update({"kty": key["kty"], "kid": key["kid"], "id": key["id"]})
        return shown

    @staticmethod
    def links(link, thing):
        if thing["status"] == "ACTIVE":
            return {"deactivate": {"hints": {"allow": ["POST"]}, "href": link + "/lifecycle/deactivate"}}
        return {"delete": {"hints": {"allow": ["DELETE"]}, "href": link},
                "activate": {"hints": {"allow": ["POST"]}, "href": link + "/lifecycle/activate"}}

    def list_keys(self, app):
        keys = [self.show_key(app, key) for key in app.keys]
        return {"array": keys, "keys": {"keys": keys}, "jwks": {"jwks": {"keys": keys}}}[self.lists]

    def check_key(self, app, body):
        unknown = set(body) - {"kid", "status", "kty", "use", "alg", "n", "e", "x", "y", "crv"}
        if unknown:
            self.complaints.append(f"a key is sent with {sorted(unknown)}")
            self.bad_key(f"Unknown members {sorted(unknown)}.")
        use = body.get("use", "sig")
        if use not in ("sig", "enc") or body.get("status", "ACTIVE") not in ("ACTIVE", "INACTIVE"):
            self.bad_key("'use' or 'status' has no such value.")
        if body.get("kty") not in (("RSA",) if use == "enc" else ("RSA", "EC")):
            self.bad_key("The 'kty' is not supported.")
        try:
            jwk.JWK(**{name: body[name] for name in ("kty", "n", "e", "crv", "x", "y") if name in body}).thumbprint()
        except (JWException, ValueError, KeyError) as error:
            self.bad_key(f"This is no key: {error}")
        if body["kty"] == "RSA" and int.from_bytes(octets(body["n"]), "big").bit_length() < 2048:
            self.bad_key("RSA key length in the 'jwks' is less than '2,048' bits for the given key.")
        if len(app.keys) >= MOST_KEYS:
            self.bad_key("You can't create a new key. You have reached the maximum number of keys allowed (50).")
        if app.keys and (not body.get("kid") or any(not key["kid"] for key in app.keys)):
            self.bad_key("Each key should have a unique kid when adding multiple keys.")
        if any(key["kid"] == body.get("kid") for key in app.keys):
            self.bad_key("All keys in the 'jwks' must have a unique `kid`.")
        if use == "enc" and body.get("status", "ACTIVE") == "ACTIVE" and self.active_encryption_key(app):
            self.bad_key("The client can have only one active encryption key in the 'jwks'.")

    @staticmethod
    def active_encryption_key(app):
        return next((key for key in app.keys if key["use"] == "enc" and key["status"] == "ACTIVE"), None)

    def add_key(self, app, body):
        self.check_key(app, body)
        key = {"id": identifier("pks"), "kid": body.get("kid"), "kty": body["kty"], "use": body.get("use", "sig"),
               "alg": body.get("alg"), "status": body.get("status", "ACTIVE"), "created": self.date(),
               "lastUpdated": self.date()}
        for name in ("n", "e", "x", "y", "crv"):
            if name in body:
                key[name] = without_leading_zeros(body[name]) if name in "ne" else body[name]
        app.keys.append(key)
        self.did("add", app, key)
        return key

    def activate_key(self, app, key):
        if key["use"] == "enc":
            for other in app.keys:
                if other["use"] == "enc" and other is not key:
                    other["status"] = "INACTIVE"
        self.turn(app, key, "ACTIVE")

    def deactivate_key(self, app, key):
        if key["status"] == "ACTIVE":
            if key["use"] == "enc" and app.encrypts:
                self.bad_key("You can't deactivate the active encryption key.")
            others = [other for other in app.keys
                      if other["use"] != "enc" and other["status"] == "ACTIVE" and other is not key]
            if key["use"] != "enc" and not others and app.method == "private_key_jwt":
                self.bad_key("Can't deactivate the only active JSON Web Key when the value for "
                             "`token_endpoint_auth_method` is `private_key_jwt`.")
        self.turn(app, key, "INACTIVE")

    def turn(self, app, thing, status):
        if thing["status"] != status:
            thing["status"] = status
            thing["lastUpdated"] = self.date()
            self.did("activate" if status == "ACTIVE" else "deactivate", app, thing)

    def delete_key(self, app, key):
        if key["status"] == "ACTIVE":
            self.bad_key("You can't delete an active JSON Web Key. Deactivate the key before deleting it.")
        app.keys.remove(key)
        self.did("delete", app, key)

    # Secrets.

    def bad_secret(self, cause):
        refuse(400, "E0000001", "Api validation failed: OAuth2ClientSecretMediated", cause)

    def show_secret(self, app, secret):
        link = f"{self.url}/api/v1/apps/{app.id}/credentials/secrets/{secret['id']}"
        text = secret["client_secret"]
        return {"_links": self.links(link, secret), "lastUpdated": secret["lastUpdated"], "expiresAt": None,
                "secret_hash": base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()[:15]).decode(),
                "status": secret["status"], "client_secret": text, "created": secret["created"],
                "com.example.futureMember": [[], {}, "a\u2028b"], "id": secret["id"]}

    def add_secret(self, app, body):
        unknown = set(body) - {"client_secret", "status"}
        if unknown or body.get("status", "ACTIVE") not in ("ACTIVE", "INACTIVE"):
            self.bad_secret(f"Unknown members {sorted(unknown)}, or an unknown status.")
        if app.method == "private_key_jwt":
            refuse(400, "E0000001", "Api validation failed: client_secret",
                   "'client_secret' can't be used when 'token_endpoint_auth_method' is 'private_key_jwt'.")
        text = body.get("client_secret")
        text = secrets.token_urlsafe(48) if text is None else text
        if not re.fullmatch(r"[!-~]{14,100}", text):
            self.bad_secret("The secret has 14 to 100 printable characters of ASCII.")
        if len(app.secrets) >= MOST_SECRETS:
            self.bad_secret("You've reached the maximum number of client secrets per client.")
        secret = {"id": identifier("ocs"), "status": body.get("status", "ACTIVE"), "client_secret": text,
                  "created": self.date(), "lastUpdated": self.date()}
        app.secrets.append(secret)
        self.did("add", app, secret)
        return secret

    def deactivate_secret(self, app, secret):
        if secret["status"] == "ACTIVE" and sum(other["status"] == "ACTIVE" for other in app.secrets) == 1:
            self.bad_secret("You can't deactivate the only active client secret.")
        self.turn(app, secret, "INACTIVE")

    def delete_secret(self, app, secret):
        if secret["status"] == "ACTIVE":
            self.bad_secret("You can't delete an active client secret. Deactivate the secret before deleting it.")
        app.secrets.remove(secret)
        self.did("delete", app, secret)

    # Logins.

    def token(self, content_type, authorization, body):
        if (content_type or "").partition(";")[0].strip().lower() != "application/x-www-form-urlencoded":
            refuse_login("invalid_request", "The content type is not that of a form.")
        pairs = urllib.parse.parse_qsl(body.decode("ascii"), keep_blank_values=True, strict_parsing=True)
        form = dict(pairs)
        if len(form) != len(pairs):
            refuse_login("invalid_request", "A parameter is there twice.")
        login = {"client": None, "method": None, "credential": None, "error": None, "at": self.now()}
        self.logins.append(login)
        try:
            app = self.authenticate(form, authorization, login)
            if form.get("grant_type") != "client_credentials":
                refuse_login("unsupported_grant_type", "The grant type in the request isn't supported.")
            scopes = form.get("scope", "").split()
            if not scopes:
                refuse_login("invalid_scope", "No scopes were requested.")
            if set(scopes) - set(app.scopes):
                refuse_login("invalid_scope", "One or more scopes are not configured for the client.")
        except Refused as refused:
            login["error"] = refused.document["error"]
            raise
        token = secrets.token_urlsafe(60)
        self.access_tokens[token] = (self.now() + 3600, tuple(scopes))
        return {"scope": " ".join(scopes), "com.example.futureMember": None, "access_token": token, "expires_in": 3600,
                "token_type": "Bearer"}

    def authenticate(self, form, authorization, login):
        ways = [authorization is not None, "client_secret" in form, "client_assertion" in form]
        if sum(ways) > 1:
            refuse_login("invalid_request", "Can't supply multiple client credentials.")
        if not any(ways):
            refuse_login("invalid_client", "No client credentials found", 401)
        if "client_assertion" in form:
            login["method"] = "private_key_jwt"
            return self.check_assertion(form, login)
        client, secret = form.get("client_id"), form.get("client_secret")
        login["method"] = "client_secret_post"
        if authorization is not None:
            login["method"] = "client_secret_basic"
            kind, _, text = authorization.partition(" ")
            if kind.lower() != "basic":
                refuse_login("invalid_client", "No client credentials found", 401)
            client, _, secret = base64.b64decode(text, validate=True).decode("ascii").partition(":")
            client, secret = urllib.parse.unquote_plus(client), urllib.parse.unquote_plus(secret)
        login["client"] = client
        app = self.apps.get(client)
        if app is None or app.method != login["method"]:
            refuse_login("invalid_client", "The client is not known by that method.", 401)
        for known in app.secrets:
            if known["status"] == "ACTIVE" and hmac.compare_digest(known["client_secret"], secret):
                login["credential"] = known["id"]
                return app
        return refuse_login("invalid_client", "The client secret supplied for a confidential client is invalid.", 401)

    def check_assertion(self, form, login):
        def bad(why):
            refuse_login("invalid_client", why, 401)

        if form.get("client_assertion_type") != ASSERTION:
            bad("The client_assertion_type is not supported.")
        signed = jws.JWS()
        signed.allowed_algs = ALGORITHMS
        try:
            signed.deserialize(form["client_assertion"])
            header = signed.jose_header
            claims = json.loads(signed.objects["payload"])
            login["client"] = claims.get("iss")
        except (JWException, ValueError, KeyError):
            bad("The client_assertion is no JWT.")
        app = self.apps.get(login["client"])
        if app is None or app.method != "private_key_jwt" or claims.get("sub") != app.id:
            bad("The client of the client_assertion is not known.")
        if form.get("client_id", app.id) != app.id:
            bad("The client_id is another one.")
        usable = [key for key in app.keys if key["use"] != "enc" and key["status"] == "ACTIVE"]
        if "kid" in header:
            usable = [key for key in usable if key["kid"] == header["kid"]]
        if len(usable) != 1:
            bad("The client_assertion signature cannot be matched with a key.")
        key = usable[0]
        if key["alg"] not in (None, header.get("alg")):
            bad("The algorithm is not that of the key.")
        public = {name: key[name] for name in ("kty", "n", "e", "crv", "x", "y") if name in key}
        try:
            signed.verify(jwk.JWK(**public))
        except JWException:
            bad("The signature of the client_assertion is wrong.")
        if claims.get("aud") != f"{self.url}/oauth2/v1/token":
            bad("The aud is not the token endpoint.")
        if not self.now() < claims.get("exp", 0) <= self.now() + 3600:
            bad("The client_assertion has expired, or its time is too long.")
        if claims.get("iat", self.now()) > self.now() + 300:
            bad("The client_assertion is of the future.")
        if "jti" in claims:
            if not claims["jti"] or (app.id, claims["jti"]) in self.seen:
                bad("The client_assertion was used before.")
            self.seen.add((app.id, claims["jti"]))
        login["credential"] = key["id"]
        return app

    def id_token(self, app):
        """A text that is encrypted as an ID token of the app is."""
        key = self.active_encryption_key(app)
        public = jwk.JWK(**{name: key[name] for name in ("kty", "n", "e")})
        made = jwe.JWE(b"an ID token", json.dumps({"alg": "RSA-OAEP-256", "enc": "A256GCM", "kid": key["kid"]}))
        made.add_recipient(public)
        return made.serialize(compact=True)

    # Which request is which.

    def answer(self, method, path, headers, body):
        """The status and the document of an answer."""
        if path == "/oauth2/v1/token":
            if method != "POST":
                refuse(405, "E0000022")
            return 200, self.token(headers.get("Content-Type"), headers.get("Authorization"), body)
        if not path.startswith("/api/v1/"):
            refuse(404, "E0000022")
        self.authorize(headers.get("Authorization"), method not in ("GET", "HEAD"))
        match = re.fullmatch(r"/api/v1/apps/([^/]+)(?:/credentials/(jwks|secrets)(?:/([^/]+)(?:/lifecycle/"
                             r"(activate|deactivate))?)?)?", path)
        if not match:
            refuse(404, "E0000022")
        app_id, kind, thing_id, step = match.groups()
        app = self.find_app(app_id)
        if kind is None:
            if method != "GET":
                refuse(405, "E0000022")
            return 200, app.describe(self)
        if thing_id is None:
            return self.answer_list(app, kind, method, headers, body)
        return self.answer_thing(app, kind, thing_id, step, method)

    def answer_list(self, app, kind, method, headers, body):
        if method == "GET":
            if kind == "jwks":
                return 200, self.list_keys(app)
            return 200, [self.show_secret(app, secret) for secret in app.secrets]
        if method != "POST":
            refuse(405, "E0000022")
        if body and headers.get("Content-Type", "").partition(";")[0].strip().lower() != "application/json":
            refuse(400, "E0000003")
        try:
            document = json.loads(body or b"{}")
        except ValueError:
            refuse(400, "E0000003")
        if not isinstance(document, dict):
            refuse(400, "E0000003")
        if kind == "jwks":
            return 201, self.show_key(app, self.add_key(app, document))
        return 201, self.show_secret(app, self.add_secret(app, document))

    def answer_thing(self, app, kind, thing_id, step, method):
        keys = kind == "jwks"
        thing = self.find(app.keys if keys else app.secrets, thing_id, "JsonWebKey" if keys else "OAuth2ClientSecret")
        show = self.show_key if keys else self.show_secret
        if step is None and method == "GET":
            return 200, show(app, thing)
        if step is None and method == "DELETE":
            (self.delete_key if keys else self.delete_secret)(app, thing)
            return 204, None
        if step is None or method != "POST":
            refuse(405, "E0000022")
        if step == "deactivate":
            (self.deactivate_key if keys else self.deactivate_secret)(app, thing)
        elif keys:
            self.activate_key(app, thing)
        else:
            self.turn(app, thing, "ACTIVE")
        return 200, show(app, thing)


class Handler(BaseHTTPRequestHandler):
    """The form of the answers, and the faults."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *_):
        pass

    def handle_any(self):
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        if len(body) < length:
            self.close_connection = True
            return
        server = self.server
        path = self.path.partition("?")[0]
        if path == "/control":
            self.send(200, server.tell())
            return
        # A login that only looks whether a credential works is no request of the run.
        fault = None if "X-Aside" in self.headers else server.count(self.command, path)
        kind = fault.kind if fault else None
        try:
            if kind == "hold":
                fault.wait()
            if kind in ("gone", "429", "busy", "503") or (kind == "hold" and not fault.done):
                self.fail(kind)
                return
            status, document = self.do(path, body)
            if "X-Aside" not in self.headers and server.after is not None:
                server.after()
            if kind == "held":
                fault.wait()
            if kind == "504":
                self.fail(kind)
                return
            if kind == "lost":
                self.close_connection = True
                return
            self.send(status, document, cut=kind == "cut")
        except OSError:
            self.close_connection = True
        finally:
            if fault is not None:
                fault.over.set()

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = handle_any

    def do(self, path, body):
        with self.server.org.lock:
            try:
                return self.server.org.answer(self.command, path, self.headers, body)
            except Refused as refused:
                return refused.status, refused.document
            except (ValueError, TypeError, AttributeError) as error:
                self.server.org.complaints.append(f"{self.command} {path} makes no sense: {error!r}")
                return 400, {"errorCode": "E0000003", "errorSummary": SUMMARIES["E0000003"], "errorCauses": [],
                             "errorLink": "E0000003", "errorId": "oae" + secrets.token_urlsafe(16)}

    def fail(self, kind):
        if kind in ("gone", "hold"):
            self.close_connection = True
        elif kind == "429":
            self.send_refusal("E0000047", (600, 0, 2))
        elif kind == "busy":
            self.send_refusal("E0000047", (0, 0, 0))
        else:
            page = b"<!DOCTYPE html>\n<html><head><title>Sorry</title></head><body>Try again later.</body></html>\n"
            self.write_head(int(kind), [("content-TYPE", "text/html"), ("Content-length", str(len(page)))])
            self.wfile.write(page)

    def send_refusal(self, code, limit):
        try:
            refuse(429, code)
        except Refused as refused:
            self.send(429, refused.document, limit)

    def send(self, status, document, limit=None, cut=False):
        now = int(self.server.org.now())
        if limit is None:
            limit = (600, 600 - self.server.number % 600, 60 - now % 60)
        session = "JSESSIONID=" + secrets.token_hex(8)
        head = [("x-rate-limit-RESET", str(now + limit[2])), ("CONTENT-TYPE", "application/json;charset=UTF-8"),
                ("X-Content-Type-Options", "nosniff"), ("set-cookie", session + "; Path=/"),
                ("Set-Cookie", "sid=\"\"; Expires=Thu, 01-Jan-1970 00:00:10 GMT; Path=/"), ("vary", "Accept-Encoding"),
                ("x-rate-limit-remaining", str(limit[1])), ("X-OKTA-REQUEST-ID", secrets.token_hex(16)),
                ("cache-control", "no-cache, no-store"), ("X-Rate-Limit-LIMIT", str(limit[0]))]
        if document is None:
            self.write_head(status, [item for item in head if item[0] != "CONTENT-TYPE"])
            self.close_connection = self.close_connection or cut
            return
        text = json.dumps(document, indent=3, separators=(" ,", " : "), ensure_ascii=bool(self.server.number % 2))
        data = ("\r\n" + text + "\n").encode("utf-8")
        self.write_head(status, head + [("transfer-encoding", "chunked")])
        places = sorted({0, len(data), *(self.server.random.randrange(len(data)) for _ in range(3))})
        for begin, end in zip(places, places[1:]):
            if cut and end == len(data):
                self.wfile.write(b"%X\r\n" % (end - begin) + data[begin:end - 1])
                self.wfile.flush()
                self.close_connection = True
                return
            self.wfile.write(b"00%X;part=%d\r\n" % (end - begin, end) + data[begin:end] + b"\r\n")
            self.wfile.flush()
        self.wfile.write(b"0\r\nx-checksum: none\r\n\r\n")
        self.wfile.flush()

    def write_head(self, status, head):
        date = email.utils.formatdate(self.server.org.now(), usegmt=True)
        lines = [f"HTTP/1.1 {status} {REASONS[status]}"] + [f"{name}:{value}" for name, value in head]
        self.wfile.write("\r\n".join(lines + [f"DATE:  {date} ", "", ""]).encode("latin-1"))
        self.wfile.flush()


class Server(ThreadingHTTPServer):
    """An org that listens. `after` is called when a request has done what it does, before its answer."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, org, faults=()):
        super().__init__(("127.0.0.1", 0), Handler)
        self.org = org
        self.after = None
        self.faults = {fault.number: fault for fault in faults}
        self.requests = []
        self.number = 0
        self.counting = threading.Lock()
        self.random = random.Random(1)
        org.url = f"http://127.0.0.1:{self.server_address[1]}"

    def count(self, method, path):
        with self.counting:
            self.number += 1
            self.requests.append(f"{method} {path}")
            return self.faults.get(self.number)

    def tell(self):
        org = self.org
        with org.lock:
            return {"apps": {app.id: {"keys": app.keys, "secrets": [{name: value for name, value in secret.items()
                                                                    if name != "client_secret"}
                                                                   for secret in app.secrets]}
                             for app in org.apps.values()}, "requests": self.requests, "deeds": org.deeds,
                    "logins": org.logins, "complaints": org.complaints}

    def handle_error(self, request, client_address):
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)

    def begin(self):
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def end(self):
        self.shutdown()
        self.server_close()


def main():
    parser = argparse.ArgumentParser(description="A second stand-in org.")
    parser.add_argument("--private-key-app", metavar="FOLDER")
    parser.add_argument("--secret-app", metavar="FOLDER")
    parser.add_argument("--lists", choices=["array", "keys", "jwks"], default="jwks")
    parser.add_argument("--clock", type=int, default=0, metavar="SECONDS")
    parser.add_argument("--token", metavar="FILE", help="where the API token is written")
    parser.add_argument("--fault", action="append", default=[], metavar="N:KIND[=FILE]")
    given = parser.parse_args()
    faults = []
    for text in given.fault:
        number, _, kind = text.partition(":")
        kind, _, file = kind.partition("=")
        faults.append(Fault(int(number), kind, file or None))
    org = Org(given.lists, given.clock)
    server = Server(org, faults)

    def write(folder, name, text):
        os.makedirs(folder or ".", exist_ok=True)
        path = os.path.join(folder, name)
        with open(path, "w", encoding="ascii", opener=lambda its, flags: os.open(its, flags, 0o600)) as file:
            file.write(text)

    print(org.url)
    if given.token:
        write(os.path.dirname(given.token), os.path.basename(given.token), org.api_token + "\n")
    if given.private_key_app:
        app = App("private_key_jwt", ["okta.apps.read", "okta.apps.manage"])
        org.apps[app.id] = app
        key = jwk.JWK.generate(kty="EC", crv="P-256")
        org.add_key(app, dict(json.loads(key.export_public()), kid="first"))
        write(given.private_key_app, "key.pem", key.export_to_pem(private_key=True, password=None).decode())
        print(app.id)
    if given.secret_app:
        app = App("client_secret_basic", ["okta.apps.read"])
        org.apps[app.id] = app
        write(given.secret_app, "secret", org.add_secret(app, {})["client_secret"] + "\n")
        print(app.id)
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main()
