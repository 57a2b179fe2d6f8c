#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""okta-keys against another_org.py: rotations and `apply`, whole and interrupted at each request.

    another_org_cases.py OKTA-KEYS FOLDER [--only PATTERN] [--side-by-side N]

A case is one app of an org of its own. It begins a command, spoils one request of it or ends the tool there by SIGKILL,
and repeats the command until it is done. A line tells what became of it. What must hold in each case:

* Whatever the org did last, the credential that the services use logs in at that moment: the one that `--switch` put in
  place. Of an encryption key, what the org encrypts can be decrypted by a key of the store.
* At the end the org holds the wanted keys and secrets and no other, and the services have their private halves.
* Nothing is added a second time but in the place of one that is taken back, and nothing private reaches the org.
"""

import argparse
import base64
import collections
import concurrent.futures
import fnmatch
import functools
import http.client
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import threading
import time
import urllib.parse

from jwcrypto import jwe, jwk, jws

from another_org import ASSERTION, App, Fault, Org, Server

TIMEOUT_S = 4
MOST_RUNS = 12
NOT_FOUND = 3
LISTS = ("jwks", "array", "keys")


class Fail(Exception):
    pass


def write(path, text):
    with open(path, "w", encoding="ascii", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        file.write(text)


def read(path):
    with open(path, encoding="ascii") as file:
        return file.read()


def private_pem(key):
    return key.export_to_pem(private_key=True, password=None).decode()


@functools.lru_cache(maxsize=None)
def parse_pem(text):
    return jwk.JWK.from_pem(text.encode())


def load_pem(path):
    return parse_pem(read(path))


def public(key, **more):
    return dict(json.loads(key.export_public()), **more)


# RSA keys take long to make, and which ones they are does not matter.
SPARE = {"rsa": [], "ec": []}
SPARE_LOCK = threading.Lock()


def spare(kind, index):
    with SPARE_LOCK:
        while len(SPARE[kind]) <= index:
            SPARE[kind].append(jwk.JWK.generate(kty="RSA", size=2048) if kind == "rsa"
                               else jwk.JWK.generate(kty="EC", crv="P-256"))
        return jwk.JWK(**json.loads(SPARE[kind][index].export_private()))


class Case:
    """A command and an app. The kinds of it say what is there before, what is called, and what is wanted."""

    name = None
    method = "private_key_jwt"
    scopes = ("okta.apps.read",)

    def __init__(self, tool, folder, lists="jwks", fault=None, commands=None, clock=0):
        self.tool = tool
        self.folder = folder
        self.store = os.path.join(folder, "store")
        os.makedirs(self.store)
        os.makedirs(os.path.join(folder, "home"))
        self.org = Org(lists, clock)
        self.server = Server(self.org, [fault] if fault else [])
        self.fault = fault
        self.app = App(self.method, list(self.scopes))
        self.org.apps[self.app.id] = self.app
        self.commands = commands or {}
        self.faults = []
        self.checked = None
        self.wanted_requests = 0
        self.runs = 0
        self.said = []
        self.prepare()
        self.before = len(self.org.deeds)
        write(os.path.join(folder, "token"), self.org.api_token + "\n")
        self.server.after = self.check_moment
        self.server.begin()

    def close(self):
        self.server.end()
        shutil.rmtree(self.folder)

    # What the kinds tell.

    def prepare(self):
        raise NotImplementedError

    def arguments(self, resume):
        raise NotImplementedError

    def check_credential(self):
        raise NotImplementedError

    def check_end(self):
        raise NotImplementedError

    # The services.

    def in_store(self, name):
        return os.path.join(self.store, name)

    def current(self):
        return read(self.in_store("current")).strip()

    def ask_for_token(self, form, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.server.server_address[1], timeout=20)
        connection.request("POST", "/oauth2/v1/token", urllib.parse.urlencode(form),
                           {"Content-Type": "application/x-www-form-urlencoded", "X-Aside": "yes", **(headers or {})})
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        if answer.status != 200:
            raise Fail(f"the services do not log in: {answer.status} {json.loads(text)}")

    def log_in_with_key(self, key, kid):
        now = int(self.org.now())
        claims = {"iss": self.app.id, "sub": self.app.id, "aud": self.org.url + "/oauth2/v1/token", "iat": now,
                  "exp": now + 60, "jti": secrets.token_hex(16)}
        made = jws.JWS(json.dumps(claims))
        algorithm = "ES256" if key["kty"] == "EC" else "RS256"
        made.add_signature(key, None, json.dumps({"alg": algorithm, "kid": kid}))
        self.ask_for_token({"grant_type": "client_credentials", "scope": self.scopes[0],
                            "client_assertion_type": ASSERTION, "client_assertion": made.serialize(compact=True)})

    def log_in_with_secret(self, secret):
        basic = f"{urllib.parse.quote_plus(self.app.id)}:{urllib.parse.quote_plus(secret)}"
        headers = {}
        form = {"grant_type": "client_credentials", "scope": self.scopes[0]}
        if self.method == "client_secret_basic":
            headers["Authorization"] = "Basic " + base64.b64encode(basic.encode()).decode()
        else:
            form.update({"client_id": self.app.id, "client_secret": secret})
        self.ask_for_token(form, headers)

    def decrypt_id_token(self, keys):
        with self.org.lock:
            text = self.org.id_token(self.app)
        kid = json.loads(base64.urlsafe_b64decode(text.partition(".")[0] + "=="))["kid"]
        if kid not in keys:
            raise Fail(f"the org encrypts for {kid}, which the store does not have")
        opened = jwe.JWE()
        opened.deserialize(text, keys[kid])
        if opened.payload != b"an ID token":
            raise Fail("what the org encrypts is decrypted to something else")

    def check_moment(self):
        while True:
            deeds, before = self.org.deeds[-1:], self.current()
            state = (len(self.org.deeds), before)
            if state == self.checked:
                return
            try:
                self.check_credential()
                self.checked = state
            except Exception as error:  # pylint: disable=broad-except
                if before != self.current():
                    continue
                self.faults.append(f"after {deeds}: {error}")
            return

    # The tool.

    def environment(self):
        environment = {name: value for name, value in os.environ.items()
                       if not name.startswith(("OKTA_", "SSLKEYLOG")) and not name.lower().endswith("_proxy")}
        environment.update({"HOME": os.path.join(self.folder, "home"), "OKTA_CLIENT_ORGURL": self.org.url})
        return environment

    def credential(self):
        return ["--token-file", os.path.join(self.folder, "token")]

    def call(self, arguments):
        self.runs += 1
        if self.runs > MOST_RUNS:
            raise Fail(f"not done after {MOST_RUNS} runs")
        argv = [self.tool] + self.credential() + ["--timeout", str(TIMEOUT_S)] + arguments
        return subprocess.Popen(argv, cwd=self.folder, env=self.environment(), stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def begin(self, resume=False):
        return self.call(self.arguments(resume))

    def end(self, process):
        output = process.communicate(timeout=100)[0].decode("utf-8", "replace")
        self.said.append((process.returncode, output.strip()))
        return process.returncode, output

    def run(self, resume=False):
        return self.end(self.begin(resume))

    def finish(self, resume=False):
        """Repeats the command until it is done, as its documentation tells."""
        while self.run(resume)[0] != 0:
            pass

    def most_adds(self):
        """A run that is cut short may begin with another one, and takes the first one back."""
        return self.runs

    def check(self):
        self.wanted_requests = self.server.number
        self.check_moment()
        try:
            self.check_end()
        except Fail as error:
            self.faults.append(str(error))
        self.faults += self.org.complaints
        deeds = collections.Counter(what for what, _, _ in self.org.deeds[self.before:])
        if deeds["add"] > self.most_adds() or deeds["delete"] != deeds["add"]:
            self.faults.append(f"{deeds['add']} are added and {deeds['delete']} deleted")


class Rotation(Case):
    kinds = ()
    first = "first"

    def finish(self, resume=False):
        while True:
            status, output = self.run(resume)
            if status == 0:
                return
            if resume and status == NOT_FOUND and "the journal has no rotation" in output:
                if self.current() != self.first:
                    return
                # Nothing was begun, or all of it was taken back.
                resume = False
            else:
                resume = True

    def options(self):
        store = self.commands.get("store", self.default_store())
        switch = self.commands.get("switch", self.default_switch())
        return ["--store", store, "--switch", switch, "--journal", os.path.join(self.folder, "journal"),
                "--grace", "0s"]

    def default_store(self):
        return 'cat >"store/new" && mv "store/new" "store/$OKTA_KID.pem"'

    def default_switch(self):
        return ('test -s "store/$OKTA_KID.pem" && printf "%s\\n" "$OKTA_KID" >store/switched && '
                'mv store/switched store/current')

    def arguments(self, resume):
        return self.kinds + [self.app.id] + self.options() + (["--resume"] if resume else [])

    def expect_one(self, things, what):
        if len(things) != 1:
            raise Fail(f"the app has {len(things)} {what}: {[(thing['id'], thing['status']) for thing in things]}")
        if things[0]["status"] != "ACTIVE":
            raise Fail(f"the only one of the {what} is not active")
        return things[0]


class SigningKey(Rotation):
    name = "rotate"
    kinds = ["rotate"]

    def options(self):
        return super().options() + ["--type", "p256"]

    def prepare(self):
        key = spare("ec", 0)
        # A key of old times has no `use` and no `alg`.
        self.org.add_key(self.app, public(key, kid="first"))["use"] = None
        write(self.in_store("first.pem"), private_pem(key))
        write(self.in_store("current"), "first\n")

    def check_credential(self):
        kid = self.current()
        self.log_in_with_key(load_pem(self.in_store(kid + ".pem")), kid)

    def check_end(self):
        key = self.expect_one(self.app.keys, "keys")
        if key["kid"] != self.current() or key["kid"] == "first":
            raise Fail(f"the services use {self.current()}, and the app has {key['kid']}")


class SigningKeyInFile(SigningKey):
    name = "rotate --out"

    def options(self):
        switch = self.commands.get("switch", self.default_switch())
        return ["--out", "new.pem", "--switch", switch, "--journal", os.path.join(self.folder, "journal"), "--grace",
                "0s", "--type", "p256"]

    def default_switch(self):
        return 'cp new.pem "store/$OKTA_KID.pem" && ' + super().default_switch()


class EncryptionKey(Rotation):
    name = "rotate --use enc"
    kinds = ["rotate", "--use", "enc"]

    def options(self):
        return super().options() + ["--type", "rsa2048"]

    def prepare(self):
        self.app.encrypts = True
        for name, kind, use in (("signing", "ec", "sig"), ("first", "rsa", "enc")):
            key = spare(kind, 0)
            self.org.add_key(self.app, public(key, kid=name, use=use))
            write(self.in_store(name + ".pem"), private_pem(key))
        write(self.in_store("current"), "first\n")

    def check_credential(self):
        self.log_in_with_key(load_pem(self.in_store("signing.pem")), "signing")
        self.decrypt_id_token({name[:-4]: load_pem(self.in_store(name)) for name in os.listdir(self.store)
                               if name.endswith(".pem") and name != "signing.pem"})

    def check_end(self):
        self.expect_one([key for key in self.app.keys if key["use"] != "enc"], "signing keys")
        key = self.expect_one([key for key in self.app.keys if key["use"] == "enc"], "encryption keys")
        if key["kid"] != self.current() or key["kid"] == "first":
            raise Fail(f"the services use {self.current()}, and the app has {key['kid']}")


class Secret(Rotation):
    name = "secrets rotate"
    kinds = ["secrets", "rotate"]
    method = "client_secret_basic"

    def default_store(self):
        return 'cat >store/new && mv store/new "store/$OKTA_SECRET_ID"'

    def default_switch(self):
        return ('test -s "store/$OKTA_SECRET_ID" && printf "%s\\n" "$OKTA_SECRET_ID" >store/switched && '
                'mv store/switched store/current')

    def prepare(self):
        secret = self.org.add_secret(self.app, {"client_secret": "an+old%20secret:with/signs&=?"})
        self.first = secret["id"]
        write(self.in_store(self.first), secret["client_secret"] + "\n")
        write(self.in_store("current"), self.first + "\n")

    def check_credential(self):
        self.log_in_with_secret(read(self.in_store(self.current())).rstrip("\n"))

    def check_end(self):
        secret = self.expect_one(self.app.secrets, "secrets")
        if secret["id"] != self.current() or secret["id"] == self.first:
            raise Fail(f"the services use {self.current()}, and the app has {secret['id']}")


class PostedSecret(Secret):
    name = "secrets rotate (post)"
    method = "client_secret_post"

    def environment(self):
        return {**super().environment(), "OKTA_CLIENT_CLIENTAUTHMETHOD": self.method}


class Apply(Case):
    name = "apply"
    scopes = ("okta.apps.read", "okta.apps.manage")

    def prepare(self):
        self.wanted = {"kept": "ACTIVE", "new": "ACTIVE", "enc-2": "ACTIVE", "spare": "INACTIVE", "later": "INACTIVE"}
        for kid, kind, number, more in (("kept", "ec", 0, {}), ("enc-1", "rsa", 0, {"use": "enc"}),
                                        ("old", "ec", 1, {}), ("unnamed", "ec", 2, {"status": "INACTIVE"}),
                                        ("spare", "ec", 3, {})):
            self.org.add_key(self.app, public(spare(kind, number), kid=kid, **more))
            write(self.in_store(kid + ".pem"), private_pem(spare(kind, number)))
        for kid, kind, number in (("new", "ec", 4), ("enc-2", "rsa", 1), ("later", "ec", 5)):
            write(self.in_store(kid + ".pem"), private_pem(spare(kind, number)))
        write(os.path.join(self.folder, "keys.yaml"), f"""apps:
  - id: {self.app.id}
    keys:
      - file: store/kept.pem
        kid: kept
      - kid: spare
        status: inactive
      - kid: old
        status: absent
      - file: store/new.pem
        kid: new
      - file: store/enc-2.pem
        kid: enc-2
        use: enc
      - file: store/later.pem
        kid: later
        status: inactive
""")

    def arguments(self, _resume):
        return ["apply", "keys.yaml", "--yes", "--prune"]

    def environment(self):
        # It is a service app that changes keys, its own among them, and logs in with the one that stays.
        return {**super().environment(), "OKTA_CLIENT_AUTHORIZATIONMODE": "PrivateKey",
                "OKTA_CLIENT_CLIENTID": self.app.id, "OKTA_CLIENT_SCOPES": " ".join(self.scopes),
                "OKTA_CLIENT_PRIVATEKEY": self.in_store("kept.pem"), "OKTA_CLIENT_PRIVATEKEYID": "kept"}

    def credential(self):
        return []

    def current(self):
        return "kept"

    def check_credential(self):
        self.log_in_with_key(load_pem(self.in_store("kept.pem")), "kept")
        self.decrypt_id_token({kid: load_pem(self.in_store(kid + ".pem")) for kid in ("enc-1", "enc-2")})

    def most_adds(self):
        return 3

    def check_end(self):
        held = {key["kid"]: key["status"] for key in self.app.keys}
        if held != self.wanted or len(self.app.keys) != len(self.wanted):
            raise Fail(f"the app has {held}")
        for key in self.app.keys:
            known = public(load_pem(self.in_store(key["kid"] + ".pem")))
            if any(key[name] != known[name] for name in ("n", "e", "x", "y") if name in known):
                raise Fail(f"{key['kid']} is another key")
        argv = self.arguments(False)
        argv[argv.index("--yes")] = "--check"
        status, output = self.end(self.call(argv))
        if status != 0:
            raise Fail(f"afterwards --check finds changes: {output}")


KINDS = (SigningKey, SigningKeyInFile, EncryptionKey, Secret, PostedSecret, Apply)


# How a case goes.

def go_whole(case):
    case.finish()


def go_with_fault(case):
    case.finish()
    if not case.fault.over.wait(10):  # the org's thread may end behind okta-keys
        raise Fail("the request does not come")


def go_with_kill(case, how):
    """SIGKILL while the request stands still at the org. Its deed is done before that, never, or while the next run is
    on its way."""
    fault = case.fault
    process = case.begin()
    while not fault.arrived.wait(0.02):
        if process.poll() is not None:
            case.end(process)
            raise Fail("the request does not come: " + case.said[-1][1])
    os.kill(process.pid, signal.SIGKILL)
    case.end(process)
    if how == "late":
        threading.Timer(0.7, fault.go.set).start()
    else:
        fault.done = how == "after"
        fault.go.set()
        fault.over.wait(10)
    case.check_moment()
    # The tool refuses to begin where the file of --out is there, and asks for --resume.
    case.finish(resume=how != "after" or isinstance(case, SigningKeyInFile))
    fault.over.wait(10)


def held(case):
    return [(thing["id"], thing["status"]) for thing in case.app.keys + case.app.secrets]


def go_with_bad_store(case):
    """A store that fails leaves nothing behind; then it works again."""
    before = held(case)
    status, _ = case.run()
    if status == 0:
        raise Fail("a store that fails is a success")
    if held(case) != before:
        raise Fail(f"the app has {held(case)}")
    if case.current() != case.first:
        raise Fail("the services use another one")
    case.check_moment()
    case.commands = {}
    case.finish()


def go_with_bad_switch(case):
    """A switch that fails leaves the old one as it is; then it works again."""
    before = held(case)
    for resume in (False, True):
        status, _ = case.run(resume)
        if status == 0:
            raise Fail("a switch that fails is a success")
        after = held(case)
        if len(after) != len(before) + 1 or (not isinstance(case, EncryptionKey) and after[:len(before)] != before):
            raise Fail(f"the app has {after}")
        case.check_moment()
    case.commands = {}
    case.finish(resume=True)


def go_with_store_of_nothing(case):
    """A store that says that it stored, and did not: the switch finds nothing, and the old one stays."""
    status, _ = case.run()
    if status == 0:
        raise Fail("what was not stored is in use")
    case.check_moment()
    if case.current() != case.first or held(case)[0][0] != case.app_before[0][0]:
        raise Fail(f"the app has {held(case)}")


def go_with_kill_in_command(case):
    """The command ends the tool the first time."""
    status, _ = case.run()
    if status != -signal.SIGKILL:
        raise Fail(f"the tool ends with {status}")
    case.check_moment()
    case.finish(resume=True)


ONCE = "{ test -e ended || { : >ended; kill -9 $PPID; exit 1; }; }"


def commands_of(kind):
    """Names of cases, the commands, and how they go."""
    probe = kind.__new__(kind)
    probe.commands = {}
    store, switch = kind.default_store(probe), kind.default_switch(probe)
    if kind is not SigningKeyInFile:
        yield "--store: exit 1", {"store": "exit 1"}, go_with_bad_store
        yield "--store: exit 1 after it", {"store": f"{store}; exit 1"}, go_with_bad_store
        yield "--store: killed", {"store": "kill -9 $$"}, go_with_bad_store
        yield "--store: killed after it", {"store": f"{store}; kill -9 $$"}, go_with_bad_store
        yield "--store: no such command", {"store": "./no-such-command"}, go_with_bad_store
        yield "--store: nothing read, exit 3", {"store": "exec <&-; exit 3"}, go_with_bad_store
        if kind is not EncryptionKey:
            yield "--store: nothing stored", {"store": "true"}, go_with_store_of_nothing
        yield "--store: tool killed before it", {"store": f"{ONCE}; {store}"}, go_with_kill_in_command
        yield "--store: tool killed after it", {"store": f"{store}; {ONCE}"}, go_with_kill_in_command
    yield "--switch: exit 1", {"switch": "exit 1"}, go_with_bad_switch
    yield "--switch: killed", {"switch": "kill -9 $$"}, go_with_bad_switch
    yield "--switch: no such command", {"switch": "./no-such-command"}, go_with_bad_switch
    yield "--switch: exit 1 after it", {"switch": f"{switch}; exit 1"}, go_with_bad_switch
    yield "--switch: tool killed before it", {"switch": f"{ONCE}; {switch}"}, go_with_kill_in_command
    yield "--switch: tool killed after it", {"switch": f"{switch}; {ONCE}"}, go_with_kill_in_command


def cases_of(kind, requests):
    """Of each case its name, the function that makes it, and the one that lets it go."""
    for lists in LISTS:
        yield f"whole, {lists}", {"lists": lists}, None, go_whole
    for clock in (-500, 500):
        yield f"whole, clock {clock:+} s", {"clock": clock}, None, go_whole
    for number, request in enumerate(requests, 1):
        lists = {"lists": LISTS[number % len(LISTS)]}
        place = f"{number} of {len(requests)}, {request}"
        for how in ("before", "after", "late"):
            fault = Fault(number, "held" if how == "after" else "hold")
            yield f"killed {how}: {place}", lists, fault, functools.partial(go_with_kill, how=how)
        for fault in ("lost", "cut", "gone", "429", "busy", "503", "504"):
            yield f"{fault}: {place}", lists, Fault(number, fault), go_with_fault
    if issubclass(kind, Rotation):
        for name, commands, go in commands_of(kind):
            yield name, {"commands": commands}, None, go


def describe(request, app_id):
    for known, short in ((f"/api/v1/apps/{app_id}/credentials", ""), ("/oauth2/v1", "")):
        request = request.replace(known, short)
    return "/".join("ID" if part.startswith(("pks", "ocs")) else part for part in request.split("/"))


class Runner:
    def __init__(self, given):
        self.given = given
        self.lock = threading.Lock()
        self.number = 0
        self.counts = collections.Counter()

    def one(self, kind, name, settings, fault, go):
        with self.lock:
            self.number += 1
            folder = os.path.join(self.given.folder, str(self.number))
        case = kind(self.given.tool, folder, fault=fault, **settings)
        begin = time.monotonic()
        try:
            case.app_before = held(case)
            try:
                go(case)
                if go is not go_with_store_of_nothing:
                    case.check()
            except Fail as error:
                case.faults.append(str(error))
            return case, name, time.monotonic() - begin
        finally:
            case.close()

    def tell(self, case, name, seconds):
        self.counts["cases"] += 1
        self.counts["runs"] += case.runs
        self.counts["logins"] += len(case.org.logins)
        print(f"another org: {case.name}: {name}: {'FAULT' if case.faults else 'well'}, {case.runs} runs, "
              f"{seconds:.1f} s", flush=True)
        if case.faults:
            self.counts["faults"] += 1
            for fault in case.faults:
                print(f"    {fault}")
            for status, output in case.said[-6:]:
                print("    " + f"exit {status}: {output}".replace("\n", "\n    "))
            print(f"    {case.server.requests}\n    {case.org.deeds}", flush=True)

    def all(self):
        todo = []
        for kind in KINDS:
            case, name, seconds = self.one(kind, "whole", {}, None, go_whole)
            self.tell(case, name, seconds)
            requests = [describe(request, case.app.id) for request in case.server.requests[:case.wanted_requests]]
            todo += [(kind, *rest) for rest in cases_of(kind, requests)]
        todo = [item for item in todo if fnmatch.fnmatch(f"{item[0].name}: {item[1]}", self.given.only)]
        with concurrent.futures.ThreadPoolExecutor(self.given.side_by_side) as pool:
            for done in [pool.submit(self.one, *item) for item in todo]:
                self.tell(*done.result())


def main():
    parser = argparse.ArgumentParser(description="okta-keys against a second stand-in org.")
    parser.add_argument("tool", metavar="OKTA-KEYS")
    parser.add_argument("folder", metavar="FOLDER")
    parser.add_argument("--only", default="*", metavar="PATTERN", help="cases, as in `rotate: killed*`")
    parser.add_argument("--side-by-side", type=int, default=16, metavar="N")
    runner = Runner(parser.parse_args())
    begin = time.monotonic()
    runner.all()
    counts = runner.counts
    print(f"another org: {counts['cases']} cases, {counts['runs']} runs of okta-keys, {counts['logins']} logins, "
          f"{counts['faults']} faults, {time.monotonic() - begin:.0f} s")
    return 1 if counts["faults"] else 0


if __name__ == "__main__":
    sys.exit(main())
