"""Plays scenario/*.json through the official Python SDK against the emulator, and calls every method of every client it exports.

python exercise.py target/debug/lupinus-emulator [--table]     (or LUPINUS_EMULATOR, or the address of one that runs)

Four rounds, each on an emulator of its own: the clients and their Async twins, with their plain methods and then with those that
also give the HTTP answer. Prints what differs, with --table every call, and ends with 1 if anything differs or was not called.
README.md beside this file says how a scenario is written.
"""

import asyncio
import base64
import importlib
import inspect
import json
import logging
import os
import pkgutil
import platform
import re
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import namedtuple
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import jwt
import linebot
import linebot.v3
from cryptography.hazmat.primitives.asymmetric import rsa
from linebot.v3.exceptions import InvalidSignatureError
from linebot.v3.models.events import UnknownEvent
from linebot.v3.webhook import SignatureValidator, WebhookHandler, WebhookParser
from pydantic.v1 import BaseModel, ValidationError

HERE = Path(__file__).parent
KEYS = {"secret": "0f1e2d3c4b5a69788796a5b4c3d2e1f0", "token": "sdk-exercise-token", "loginSecret": "f0e1d2c3b4a5968778695a4b3c2d1e0f"}
WEBHOOK_WAIT_S = 3
UNAUTHORIZED = "Authentication failed. Confirm that the access token in the authorization header is valid."
# The SDK names these two unlike all others.
WITH_HTTP_INFO = {
    "issue_stateless_channel_token_by_jwt_assertion": "issue_stateless_channel_token_with_http_info_by_jwt_assertion",
    "issue_stateless_channel_token_by_client_secret": "issue_stateless_channel_token_with_http_info_by_client_secret",
}

# Old names, which hand on whatever they are given.
DEPRECATED = {
    "liff_v1_apps_get": "get_all_liff_apps",
    "liff_v1_apps_post": "add_liff_app",
    "liff_v1_apps_liff_id_put": "update_liff_app",
    "liff_v1_apps_liff_id_delete": "delete_liff_app",
}

# What the SDK itself cannot do: a call that must fail with these words, and is then made with its synchronous twin. A number in a form
# with a file is none that aiohttp sends.
SDK_FAULTS = {
    "linebot.v3.audience.AsyncManageAudienceBlob.add_user_ids_to_audience": "Can not serialize value type: <class 'int'>",
}
ELSEWHERE = "webhooks, control calls, signatures"


def snake(name):
    """`getPNPMessageStatistics` as Python has it."""
    name = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1_\2", name)
    return re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name).lower()


# ---- what the SDK has


class Client:
    def __init__(self, module, name, type_):
        self.module, self.name, self.type = module, name, type_
        self.is_async = name.startswith("Async")
        self.full_name = f"{module.__name__}.{name}"
        self.methods = [m for m in dir(type_) if not m.startswith("_") and callable(getattr(type_, m))]

    def made(self, base, token):
        configuration = self.module.Configuration(host=base, access_token=token, username="2000000001", password=KEYS["secret"])
        client = self.module.AsyncApiClient if self.is_async else self.module.ApiClient
        return self.type(client(configuration))


def clients():
    """Every client class of every package of the SDK."""
    found = []
    for package in pkgutil.iter_modules(linebot.v3.__path__):
        module = importlib.import_module(f"linebot.v3.{package.name}")
        if not hasattr(module, "api"):
            continue
        for part in pkgutil.iter_modules(module.api.__path__):
            api = importlib.import_module(f"{module.__name__}.api.{part.name}")
            for name, type_ in inspect.getmembers(api, inspect.isclass):
                if type_.__module__ == api.__name__ and any("_with_http_info" in m for m in dir(type_)):
                    found.append(Client(module, name, type_))
    return found


# ---- the emulator and the bot


class Emulator:
    def __init__(self, target):
        self.child = None
        if re.match("https?:", target):
            self.base = target.rstrip("/")
            self.control("POST", "/_emulator/reset")
            return
        flags = ["--listen", "127.0.0.1:0", "--channel-secret", KEYS["secret"], "--channel-access-token", KEYS["token"]]
        flags += ["--login-channel-secret", KEYS["loginSecret"]]
        self.child = subprocess.Popen([target, *flags], stdout=subprocess.PIPE, text=True)
        for line in self.child.stdout:
            if found := re.search(r"listening on (http\S+)", line):
                self.base = found[1]
                return
        raise SystemExit(f"the emulator ended with {self.child.wait()}")

    def control(self, method, path, body=None, form=None):
        data = urllib.parse.urlencode(form).encode() if form else None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.base + path, data=data, method=method)
        try:
            with urllib.request.urlopen(request) as answer:
                return answer.status, parsed(answer.read())
        except urllib.error.HTTPError as error:
            return error.code, parsed(error.read())

    def end(self):
        if self.child:
            self.child.terminate()
            self.child.wait()
            self.child.stdout.close()


class Bot:
    """A bot that takes webhooks with the SDK's own parser and handler."""

    def __init__(self):
        self.bodies, self.problems = [], []
        self.parser, self.handler = WebhookParser(KEYS["secret"]), WebhookHandler(KEYS["secret"])
        self.handled = 0
        bot = self

        @self.handler.default()
        def count(_event):  # no method: the SDK would count `self` as an argument, and hand over one too many
            bot.handled += 1

        class Receiver(BaseHTTPRequestHandler):
            def do_POST(self):
                text = self.rfile.read(int(self.headers["content-length"])).decode()
                bot.receive(text, self.headers["x-line-signature"])
                self.send_response(200)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
        self.url = f"http://127.0.0.1:{self.server.server_port}/webhook"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def receive(self, text, signature):
        body = json.loads(text)
        self.judge(text, signature, body)
        self.bodies.append(body)  # even if the SDK cannot read it: that is a problem of its own, not of each step that waits for it

    def judge(self, text, signature, body):
        try:
            payload = self.parser.parse(text, signature, as_payload=True)
            before = self.handled
            self.handler.handle(text, signature)
            if self.handled - before != len(body["events"]):
                self.problems.append(f"{self.handled - before} events of {len(body['events'])} reached the handler")
        except Exception as error:  # whatever the SDK thinks of it is the finding
            self.problems.append(f"{type(error).__name__}: {error}"[:200])
            return
        for event, sent in zip(payload.events, body["events"], strict=True):
            unknown = isinstance(event, UnknownEvent)
            if unknown != sent["type"].startswith("newer"):
                self.problems.append(f"{sent['type']} is {type(event).__name__}")
            elif not unknown and (lost := difference(sent, plain(event.to_dict()))):
                self.problems.append(f"{type(event).__name__}: {lost}")

    def take(self, count):
        end = time.monotonic() + WEBHOOK_WAIT_S
        while len(self.bodies) < count and time.monotonic() < end:
            time.sleep(0.005)
        taken, self.bodies = self.bodies, []
        return taken

    def end(self):
        self.server.shutdown()
        self.server.server_close()


# ---- values


def filled(value, variables):
    if isinstance(value, str):
        if whole := re.fullmatch(r"\$\{(\w+)\}", value):
            return variables[whole[1]]
        return re.sub(r"\$\{(\w+)\}", lambda found: str(variables[found[1]]), value)
    if isinstance(value, list):
        return [filled(item, variables) for item in value]
    if not isinstance(value, dict):
        return value
    if "$repeat" in value:
        return value["$repeat"][0] * value["$repeat"][1]
    if "$times" in value:
        return [filled(value["$times"][0], variables) for _ in range(value["$times"][1])]
    if "$bytes" in value:
        return Upload(base64.b64decode(value["$bytes"]), value["type"])
    if "$file" in value:
        return file_of(filled(value["$file"], variables))
    if "$set" in value:
        return filled(value["$set"], variables)
    return {key: filled(item, variables) for key, item in value.items()}


class Upload(bytes):
    """Bytes with the media type that the SDK is to send."""

    def __new__(cls, data, media_type):
        made = super().__new__(cls, data)
        made.media_type = media_type
        return made


def file_of(text):
    """The SDK takes the name of a file."""
    path = Path(tempfile.mkdtemp(dir=FOLDER)) / "ids.txt"
    path.write_text(text)
    return str(path)


def plain(value):
    """What the SDK's models hold, as JSON has it."""
    return json.loads(json.dumps(value, default=lambda item: item.to_dict() if hasattr(item, "to_dict") else str(item)))


def parsed(data):
    try:
        return json.loads(data)
    except ValueError:
        return data.decode() if isinstance(data, bytes) else data


KINDS = {"string": str, "number": (int, float), "boolean": bool, "object": dict}


def difference(wanted, got, path=""):
    """Where `got` is not what was `wanted`; `None` if it is. An absent value is `None`."""
    here = path or "answer"
    if isinstance(wanted, str) and wanted.startswith("@"):
        kind = wanted[1:]
        right = got is None if kind in ("absent", "null") else got is not None if kind == "any" else isinstance(got, KINDS[kind])
        return None if right else f"{here} is not {kind}"
    if isinstance(wanted, str) and wanted.startswith("~"):
        return None if re.search(wanted[1:], str(got)) else f"{here} does not fit {wanted[1:]}"
    if isinstance(wanted, list):
        if not isinstance(got, list) or len(got) != len(wanted):
            return f"{here} has not {len(wanted)} elements"
        return next(filter(None, (difference(w, g, f"{path}[{i}]") for i, (w, g) in enumerate(zip(wanted, got)))), None)
    if isinstance(wanted, dict):
        if not isinstance(got, dict):
            return f"{here} is no object"
        return next(filter(None, (difference(w, got.get(k), f"{path}.{k}" if path else k) for k, w in wanted.items())), None)
    return None if wanted == got and isinstance(wanted, bool) == isinstance(got, bool) else f"{here} is not {json.dumps(wanted)}"


def expectation_of(step):
    """What a step expects of a call: status, body, headers."""
    if "wrong" in step:
        details = [{"message": message, "property": name} for name, message in step["wrong"].items()]
        return 400, {"message": f"The request body has {len(details)} error(s)", "details": details}, {}
    body = {**step.get("gives", {}), **({"message": step["says"]} if "says" in step else {})}
    return step["is"], body, step.get("headers", {})


# ---- one round

Row = namedtuple("Row", "round owner call expected got ok")


class Round:
    def __init__(self, name, asynchronous, with_http_info, found):
        self.name, self.asynchronous, self.with_http_info, self.found = name, asynchronous, with_http_info, found
        self.rows, self.called, self.refused, self.first_good = [], set(), set(), {}
        self.past_the_models = 0
        self.key_id = None
        self.owner = ELSEWHERE
        self.made, self.loop = {}, asyncio.new_event_loop()

    def play(self, target, steps):
        self.emulator, self.bot = Emulator(target), Bot()
        self.variables = {**KEYS, "base": self.emulator.base, "webhookUrl": self.bot.url}
        try:
            for step in steps:
                if step.get("sdk", "python") == "python":
                    self.take(step)
            self.without_token()
            for problem in self.bot.problems:
                self.row("webhook", "an event that the SDK takes whole", problem, problem)
        finally:
            for client, made in self.made.values():
                if client.is_async:
                    self.loop.run_until_complete(made.api_client.close())
            self.loop.close()
            self.bot.end()
            self.emulator.end()

    def row(self, call, expected, got, why, owner=ELSEWHERE):
        self.rows.append(Row(self.name, owner, call, expected, f"{got} ({why})" if why else got, not why))

    def take(self, step):
        self.owner = ELSEWHERE
        try:
            if "let" in step:
                self.variables.update(step["let"])
            elif "call" in step:
                self.call(step)
            elif "request" in step:
                self.request(step)
            else:
                self.assertion(step)
        except Exception as error:  # a row of its own instead of an end of the round
            what = step.get("call") or step.get("request") or "assertion"
            self.row(what, "no exception", "", f"{type(error).__name__}: {error}"[:400], self.owner)

    def client_of(self, method):
        """The client that has a method: the asynchronous one if this round wants that and there is one."""
        owners = [client for client in self.found if method in client.methods]
        if not owners:
            raise LookupError(f"the SDK has no {method}")
        return next((client for client in owners if client.is_async == self.asynchronous), owners[0])

    def invoke(self, operation, given, token):
        """Calls an operation as this round does; gives status, body, headers and request id."""
        method = snake(operation)
        client = self.client_of(method)
        self.owner = client.full_name
        name = WITH_HTTP_INFO.get(method, f"{method}_with_http_info") if self.with_http_info else method
        parameters = inspect.signature(getattr(client.type, DEPRECATED.get(method, method))).parameters
        arguments = {}
        for key, value in given.items():
            key = next((p for p in parameters if p == "body" or p.endswith("_request")), "body") if key == "body" else snake(key)
            key = key if key in parameters else f"var_{key}"  # as the SDK calls what is a word of Python's own
            if key not in parameters:
                raise LookupError(f"{method} has no {key}")
            arguments[key] = self.modelled(parameters[key].annotation, value)
            if isinstance(value, Upload):
                arguments |= {key: bytes(value), "_headers": {"Content-Type": value.media_type}}
        self.called.add(f"{client.full_name}.{name}")
        if fault := SDK_FAULTS.get(f"{client.full_name}.{method}"):
            self.fails_itself(client, name, arguments, token, fault)
            client = next(other for other in self.found if f"Async{other.name}" == client.name)

        status = headers = None
        try:
            result = self.run(client, name, arguments, token)
            if self.with_http_info:
                status, headers, result = result.status_code, result.headers, result.data
            body = {"size": len(result)} if isinstance(result, (bytes, bytearray)) else plain(result)
        except Exception as error:
            if type(error).__name__ != "ApiException" and not hasattr(error, "http_resp") and not hasattr(error, "status"):
                raise
            status, headers, body = error.status, error.headers, parsed(error.body)
        _, log = self.emulator.control("GET", "/_emulator/requests?limit=1")
        last = log["requests"][-1]
        return status or last["status"], body, headers, last["requestId"]

    def run(self, client, name, arguments, token):
        """One client for each token, as bots do: to make one takes long, since an asynchronous one reads all certificates."""
        if (client.full_name, token) not in self.made:
            made = self.loop.run_until_complete(self.make(client, token))
            self.made[client.full_name, token] = client, made
        result = getattr(self.made[client.full_name, token][1], name)(**arguments)
        return self.loop.run_until_complete(result) if client.is_async else result

    async def make(self, client, token):
        return client.made(self.emulator.base, token)

    def fails_itself(self, client, name, arguments, token, fault):
        """A row that differs as soon as the SDK can do what it could not."""
        try:
            got = told(200, plain(self.run(client, name, arguments, token)))
        except Exception as error:
            got = str(error).replace("\n", " ")
        self.row(f"{name}, the SDK's own fault", fault, got, None if fault in got else "another answer", client.full_name)

    def modelled(self, annotation, value):
        """A body as the SDK's model of it; where the model refuses what LINE is to refuse, the JSON in the model's clothes."""
        candidates = (annotation, *getattr(annotation, "__args__", ()))
        model = next((part for part in candidates if inspect.isclass(part) and issubclass(part, BaseModel)), None)
        if model is None or not isinstance(value, dict):
            return value
        try:
            return model.from_dict(value)
        except (ValidationError, ValueError):
            self.past_the_models += 1
            raw = type(model.__name__, (model,), {"to_dict": lambda _: value})
            return raw.construct()

    def call(self, step):
        given = filled({**step.get("args", {}), **({"body": step["body"]} if "body" in step else {})}, self.variables)
        token = filled(step.get("token", KEYS["token"]), self.variables)
        status, body, headers, request_id = self.invoke(step["call"], given, token)
        wanted, wanted_body, wanted_headers = filled(list(expectation_of(step)), self.variables)
        if status < 400:
            self.first_good.setdefault(step["call"], (given, step.get("open", False)))
        else:
            self.refused.add(step["call"])
        why = difference(wanted, status, "status") or difference(wanted_body, body or {})
        found = {name.lower(): value for name, value in dict(headers or {}).items()}
        for name, value in wanted_headers.items():
            why = why or difference(value, found.get(name), name)
        self.row(step["call"], told(wanted, wanted_body), told(status, body), why, self.owner)
        self.webhooks(step)
        self.save(step, body, request_id)

    def request(self, step):
        method, path = filled(step["request"], self.variables).split(" ")
        status, got = self.emulator.control(method, path, filled(step.get("body"), self.variables), filled(step.get("form"), self.variables))
        if status != step.get("is", 200):
            raise RuntimeError(f"{status} {got}")
        if "gives" in step:
            why = difference(filled(step["gives"], self.variables), got)
            self.row(step["request"], told(200, step["gives"]), told(status, got), why)
        self.webhooks(step)
        self.save(step, got, None)

    def webhooks(self, step):
        wanted = filled(step.get("webhooks", []), self.variables)
        self.received = self.bot.take(len(wanted))
        if wanted or self.received:
            kinds = [
                ", ".join("+".join(e.get("message", e).get("type") or e.get("type", "?") for e in body["events"]) or "none" for body in bodies)
                for bodies in (wanted, self.received)
            ]
            self.row(f"webhook of {step.get('call') or step['request']}", *kinds, difference(wanted, self.received))

    def save(self, step, body, request_id):
        for name, path in step.get("save", {}).items():
            value = {"@requestId": request_id, "webhooks": self.received, **(body if isinstance(body, dict) else {})}
            for key in path.split("."):
                value = value[int(key)] if isinstance(value, list) else value[key]
            self.variables[name] = value

    def assertion(self, step):
        """A JSON Web Token as the documentation asks for, signed with a key that is registered first."""
        if self.key_id is None:
            self.private_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
            public = {**json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.private_key.public_key())), "alg": "RS256", "use": "sig"}
            public.pop("key_ops", None)
            self.key_id = self.emulator.control("POST", "/_emulator/assertion-keys", {"publicKey": public})[1]["kid"]
        seconds = self.emulator.control("GET", "/_emulator/clock")[1]["now"] // 1000
        claims = {"iss": "2000000001", "sub": "2000000001", "aud": "https://api.line.me/", "exp": seconds + 1800, "token_exp": 86400}
        claims |= step.get("claims", {})
        token = jwt.encode(claims, self.private_key, algorithm="RS256", headers={"kid": step.get("kid", self.key_id)})
        self.variables[step["assertion"]] = token

    def without_token(self):
        """Every call once more with a token nobody was given."""
        for operation, (given, is_open) in self.first_good.items():
            if is_open:
                continue
            status, body, _, _ = self.invoke(operation, given, "nobody-was-given-this")
            why = difference(401, status, "status") or difference({"message": UNAUTHORIZED}, body)
            self.row(f"{operation}, wrong token", told(401, {"message": UNAUTHORIZED}), told(status, body), why, self.owner)


def told(status, body):
    text = "" if body is None else " " + json.dumps(body, ensure_ascii=False)
    return f"{status}{text[:150] + '…' if len(text) > 150 else text}"


# ---- the signature, and the report


def signatures():
    """The SDK's own check of signatures on what is known, and on what was changed on its way."""
    body = '{"destination":"U00112233445566778899aabbccddeeff","events":[]}'
    good = "6gL+qRtAgRB5/vB2OCVga9z1qh5g8J+zMvXPj99edGs="
    validator = SignatureValidator(KEYS["secret"])
    try:
        WebhookParser(KEYS["secret"]).parse(body + " ", good)
        parsed_anyway = True
    except InvalidSignatureError:
        parsed_anyway = False
    yield "SignatureValidator, as sent", True, validator.validate(body, good)
    yield "SignatureValidator, body changed", False, validator.validate(body + " ", good)
    yield "WebhookParser, body changed", False, parsed_anyway


def print_table(titles, rows):
    print("| " + " | ".join(titles) + " |\n" + "|---" * len(titles) + "|")
    for row in rows:
        print("| " + " | ".join(str(cell).replace("|", "\\|").replace("\n", " ") for cell in row) + " |")
    print()


def main():
    given = [argument for argument in sys.argv[1:] if argument != "--table"]
    target = given[0] if given else os.environ.get("LUPINUS_EMULATOR")
    if not target:
        sys.exit("say which emulator: python exercise.py <program or address>, or set LUPINUS_EMULATOR")
    logging.disable(logging.INFO)
    found = clients()
    steps = [step for file in sorted((HERE / "scenario").glob("*.json")) for step in json.loads(file.read_text())]
    rounds = [
        Round("clients", False, False, found),
        Round("clients, with_http_info", False, True, found),
        Round("Async clients", True, False, found),
        Round("Async clients, with_http_info", True, True, found),
    ]
    for one in rounds:
        one.play(target, steps)
    for call, expected, got in signatures():
        rounds[0].row(call, expected, got, None if expected == got else "the signature was judged otherwise")

    every = {f"{client.full_name}.{method}": client.full_name for client in found for method in client.methods}
    never = sorted(set(every).difference(*(one.called for one in rounds)))
    rows = [row for one in rounds for row in one.rows]
    differ = [row for row in rows if not row.ok]
    print(f"Python {platform.python_version()}, line-bot-sdk {linebot.__version__}\n")
    if shown := rows if "--table" in sys.argv else differ:
        titles = ("round", "call", "expected", "got", "ok")
        print_table(titles, ((row.round, row.call, row.expected, row.got, "yes" if row.ok else "**no**") for row in shown))
    summary = []
    for owner in [*dict.fromkeys(every.values()), ELSEWHERE]:
        mine, bad = ([row for row in some if row.owner == owner] for some in (rows, differ))
        calls = [name for name, of in every.items() if of == owner]
        summary.append((owner.removeprefix("linebot.v3."), f"{len(set(calls) - set(never))} of {len(calls)}", len(mine), len(bad)))
    print_table(("client", "calls", "expectations", "differ"), summary)
    only_token = [name for name in rounds[0].first_good if name not in rounds[0].refused]
    print(f"refused for nothing but the token: {', '.join(only_token)}")
    print(f"{rounds[0].past_the_models} bodies a round are refused by the SDK's models already, and were sent past them")
    if never:
        print(f"never called: {', '.join(never)}")
    print(f"{len(every) - len(never)} calls of {len(every)}, {len(rows)} expectations, {len(differ)} differ")
    sys.exit(1 if never or differ else 0)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as FOLDER:
        main()
