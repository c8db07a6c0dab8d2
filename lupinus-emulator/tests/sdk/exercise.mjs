// Plays scenario/*.json through the official Node SDK against the emulator, and calls every method of every client it exports.
//
// node exercise.mjs target/debug/lupinus-emulator [--table]     (or LUPINUS_EMULATOR, or the address of one that runs)
//
// Four rounds, each on an emulator of its own: the clients of each API, then LineBotClient, which unites them; with their plain
// methods, then with those that also give the HTTP answer. Prints what differs, with --table every call, and ends with 1 if anything
// differs or was not called. README.md beside this file says how a scenario is written.

import { spawn } from "node:child_process";
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";
import * as line from "@line/bot-sdk";

const HERE = import.meta.dirname;
const SDK_VERSION = createRequire(import.meta.url)("@line/bot-sdk/package.json").version;
const KEYS = { secret: "0f1e2d3c4b5a69788796a5b4c3d2e1f0", token: "sdk-exercise-token", loginSecret: "f0e1d2c3b4a5968778695a4b3c2d1e0f" };
const WEBHOOK_WAIT_MS = 3000;
const ELSEWHERE = "webhooks, control calls, signatures";

// ---- what the SDK has

const NOT_CALLS = new Set(["constructor", "parseHTTPResponse", "setRequestOptionRetryKey"]);

function methodsOf(client) {
  const names = new Set();
  for (let proto = client.prototype; proto && proto !== Object.prototype; proto = Object.getPrototypeOf(proto))
    for (const name of Object.getOwnPropertyNames(proto)) if (!NOT_CALLS.has(name)) names.add(name);
  return [...names];
}

/** Every exported client: its name, its class, its methods. */
function clients() {
  const found = [];
  const look = (exported) => {
    for (const [name, value] of Object.entries(exported))
      if (/Client$/.test(name) && typeof value === "function") found.push({ name, type: value, methods: methodsOf(value) });
  };
  look(line);
  for (const part of Object.values(line)) if (part && typeof part === "object") look(part);
  return found;
}

/** The names of a method's parameters, in order. */
function parametersOf(method) {
  const source = method.toString();
  return source.slice(source.indexOf("(") + 1, source.indexOf(")")).split(",").map((name) => name.split("=")[0].trim()).filter(Boolean);
}

// ---- the emulator and the bot

async function startEmulator(target) {
  if (/^https?:/.test(target)) {
    const base = target.replace(/\/$/, "");
    await fetch(`${base}/_emulator/reset`, { method: "POST" });
    return { base, end() {} };
  }
  const flags = ["--listen", "127.0.0.1:0", "--channel-secret", KEYS.secret, "--channel-access-token", KEYS.token];
  const child = spawn(target, [...flags, "--login-channel-secret", KEYS.loginSecret], { stdio: ["ignore", "pipe", "inherit"] });
  const base = await new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code) => reject(new Error(`the emulator ended with ${code}`)));
    let text = "";
    child.stdout.on("data", (part) => {
      text += part;
      const found = text.match(/listening on (http\S+)/);
      if (found) resolve(found[1]);
    });
  });
  return { base, end: () => child.kill() };
}

/** A bot that takes webhooks with the SDK's own middleware. */
async function startBot() {
  const bot = { bodies: [], problems: [] };
  const middleware = line.middleware({ channelSecret: KEYS.secret });
  const server = createServer((request, response) => {
    middleware(request, response, (error) => {
      if (error) bot.problems.push(String(error));
      else bot.bodies.push(request.body);
      response.writeHead(error ? 401 : 200).end();
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  bot.url = `http://127.0.0.1:${server.address().port}/webhook`;
  bot.end = () => server.close();
  bot.take = async (count) => {
    const end = Date.now() + WEBHOOK_WAIT_MS;
    while (bot.bodies.length < count && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 5));
    return bot.bodies.splice(0);
  };
  return bot;
}

// ---- values

function filled(value, vars) {
  if (typeof value === "string") {
    const whole = value.match(/^\$\{(\w+)\}$/);
    const known = (name) => {
      if (!(name in vars)) throw new Error(`nothing is called ${name}`);
      return vars[name];
    };
    return whole ? known(whole[1]) : value.replace(/\$\{(\w+)\}/g, (_, name) => known(name));
  }
  if (Array.isArray(value)) return value.map((item) => filled(item, vars));
  if (value === null || typeof value !== "object") return value;
  if ("$repeat" in value) return value.$repeat[0].repeat(value.$repeat[1]);
  if ("$times" in value) return Array.from({ length: value.$times[1] }, () => filled(value.$times[0], vars));
  if ("$bytes" in value) return new Blob([Buffer.from(value.$bytes, "base64")], { type: value.type });
  if ("$file" in value) return new Blob([filled(value.$file, vars)], { type: "text/plain" });
  if ("$set" in value) return new Set(filled(value.$set, vars));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, filled(item, vars)]));
}

function at(value, path) {
  return path.split(".").reduce((found, key) => found?.[key], value);
}

/** Where `got` is not what was `wanted`; nothing if it is. */
function difference(wanted, got, path = "") {
  const here = path || "answer";
  if (typeof wanted === "string" && wanted.startsWith("@")) {
    const kind = wanted.slice(1);
    const right =
      kind === "any" ? got !== undefined : kind === "absent" ? got === undefined : kind === "null" ? got == null : typeof got === kind;
    return right ? undefined : `${here} is not ${kind}`;
  }
  if (typeof wanted === "string" && wanted.startsWith("~"))
    return new RegExp(wanted.slice(1)).test(String(got)) ? undefined : `${here} does not fit ${wanted.slice(1)}`;
  if (Array.isArray(wanted)) {
    if (!Array.isArray(got) || got.length !== wanted.length) return `${here} has not ${wanted.length} elements`;
    return wanted.map((item, index) => difference(item, got[index], `${path}[${index}]`)).find(Boolean);
  }
  if (wanted && typeof wanted === "object") {
    if (!got || typeof got !== "object") return `${here} is no object`;
    return Object.entries(wanted).map(([key, item]) => difference(item, got[key], path ? `${path}.${key}` : key)).find(Boolean);
  }
  return wanted === got ? undefined : `${here} is not ${JSON.stringify(wanted)}`;
}

/** What a step expects of a call: status, body, headers. */
function expectationOf(step) {
  if (step.wrong) {
    const details = Object.entries(step.wrong).map(([property, message]) => ({ message, property }));
    return { status: 400, body: { message: `The request body has ${details.length} error(s)`, details } };
  }
  const body = step.says === undefined ? step.gives : { ...step.gives, message: step.says };
  return { status: step.is, body, headers: step.headers };
}

// ---- one round

class Round {
  constructor(name, { united, withHttpInfo }, found) {
    Object.assign(this, { name, united, withHttpInfo, found });
    this.rows = [];
    this.called = new Set();
    this.refused = new Set();
    this.firstGood = new Map();
  }

  async play(target, steps) {
    const emulator = await startEmulator(target);
    const bot = await startBot();
    this.base = emulator.base;
    this.bot = bot;
    this.vars = { ...KEYS, base: emulator.base, webhookUrl: bot.url };
    try {
      for (const step of steps) {
        if (step.sdk && step.sdk !== "node") continue;
        await this.take(step);
      }
      await this.withoutToken();
      for (const problem of bot.problems) this.row("webhook", "a signature that the SDK takes", problem, false);
    } finally {
      bot.end();
      emulator.end();
    }
  }

  row(call, expected, got, ok, why, owner = ELSEWHERE) {
    this.rows.push({ round: this.name, owner, call, expected, got: why ? `${got} (${why})` : got, ok });
  }

  async take(step) {
    this.owner = ELSEWHERE;
    try {
      if (step.let) Object.assign(this.vars, step.let);
      else if (step.call) await this.call(step);
      else if (step.request) await this.request(step);
      else await this.assertion(step);
    } catch (error) {
      const got = String(error.stack ?? error).slice(0, 300);
      this.row(step.call ?? step.request ?? "assertion", "no exception", got, false, undefined, this.owner);
    }
  }

  /** The client that has a method, made for a token. */
  clientOf(operation, token) {
    const owners = this.found.filter((client) => client.methods.includes(operation));
    const united = owners.find((client) => client.name === "LineBotClient");
    const owner = this.united && united ? united : owners.find((client) => client !== united);
    if (!owner) throw new Error(`the SDK has no ${operation}`);
    const config = { channelAccessToken: token, baseURL: this.base };
    const { base } = this;
    const made =
      owner === united
        ? line.LineBotClient.fromChannelAccessToken({ ...config, apiBaseURL: base, dataApiBaseURL: base, managerBaseURL: base })
        : new owner.type(config);
    return { owner, made };
  }

  /** Calls an operation as this round does; gives status, body, headers and request id. */
  async invoke(operation, given, token) {
    const { owner, made } = this.clientOf(operation, token);
    this.owner = owner.name;
    const name = this.withHttpInfo ? `${operation}WithHttpInfo` : operation;
    const parameters = parametersOf(owner.type.prototype[operation]);
    const unknown = Object.keys(given).find((key) => key !== "body" && !parameters.includes(key));
    if (unknown) throw new Error(`${operation} has no ${unknown}`);
    const bodyAt = parameters.findIndex((parameter) => parameter === "body" || parameter.endsWith("Request"));
    const values = parameters.map((parameter, index) => (index === bodyAt && "body" in given ? given.body : given[parameter]));
    this.called.add(`${owner.name}.${name}`);
    const answer = {};
    try {
      const result = await made[name](...values);
      answer.body = await readable(this.withHttpInfo ? result.body : result);
      if (this.withHttpInfo) {
        answer.status = result.httpResponse.status;
        answer.headers = result.httpResponse.headers;
      }
    } catch (error) {
      if (!(error instanceof line.HTTPFetchError)) throw error;
      answer.status = error.status;
      answer.headers = error.headers;
      answer.body = parsed(error.body);
    }
    const log = await (await fetch(`${this.base}/_emulator/requests?limit=1`)).json();
    const last = log.requests.at(-1);
    answer.requestId = last.requestId;
    answer.status ??= last.status;
    return answer;
  }

  async call(step) {
    const given = filled({ ...step.args, ...("body" in step ? { body: step.body } : {}) }, this.vars);
    const token = step.token ? filled(step.token, this.vars) : KEYS.token;
    const answer = await this.invoke(step.call, given, token);
    const wanted = filled(expectationOf(step), this.vars);
    const good = answer.status < 400;
    if (good && !this.firstGood.has(step.call)) this.firstGood.set(step.call, { given, open: step.open });
    if (!good) this.refused.add(step.call);
    let why = difference(wanted.status, answer.status, "status") ?? difference(wanted.body ?? {}, answer.body ?? {});
    for (const [name, value] of Object.entries(wanted.headers ?? {}))
      if (answer.headers) why ??= difference(value, answer.headers.get(name) ?? undefined, name);
    this.row(step.call, told(wanted.status, wanted.body), told(answer.status, answer.body), !why, why, this.owner);
    await this.webhooks(step, answer);
    this.save(step, { ...answer.body, "@requestId": answer.requestId, webhooks: this.received });
  }

  async request(step) {
    const [method, path] = filled(step.request, this.vars).split(" ");
    const sent = filled(step.form ?? step.body, this.vars);
    const body = step.form ? new URLSearchParams(sent) : sent === undefined ? undefined : JSON.stringify(sent);
    const response = await fetch(this.base + path, { method, body, redirect: "manual" });
    const got = parsed(await response.text());
    if (response.status !== (step.is ?? 200)) throw new Error(`${response.status} ${JSON.stringify(got)}`);
    const why = difference(filled(step.gives ?? {}, this.vars), got);
    if (step.gives) this.row(step.request, told(200, step.gives), told(response.status, got), !why, why);
    await this.webhooks(step);
    this.save(step, { ...(typeof got === "object" ? got : {}), webhooks: this.received });
  }

  async webhooks(step) {
    const wanted = filled(step.webhooks ?? [], this.vars);
    this.received = await this.bot.take(wanted.length);
    if (!wanted.length && !this.received.length) return;
    const why = difference(wanted, this.received);
    const kinds = (bodies) => bodies.map((body) => body.events.map((event) => event.message?.type ?? event.type).join("+") || "none").join(", ");
    this.row(`webhook of ${step.call ?? step.request}`, kinds(wanted), kinds(this.received), !why, why);
  }

  save(step, answer) {
    for (const [name, path] of Object.entries(step.save ?? {})) {
      this.vars[name] = path === "@requestId" ? answer["@requestId"] : at(answer, path);
      if (this.vars[name] === undefined) throw new Error(`the answer has no ${path}`);
    }
  }

  /** A JSON Web Token as the documentation asks for, signed with a key that is registered first. */
  async assertion(step) {
    if (!this.keyId) {
      const pair = generateKeyPairSync("rsa", { modulusLength: 2048 });
      this.privateKey = pair.privateKey ?? createPrivateKey(pair.privateKey);
      const publicKey = { ...createPublicKey(this.privateKey).export({ format: "jwk" }), alg: "RS256", use: "sig" };
      const answer = await fetch(`${this.base}/_emulator/assertion-keys`, { method: "POST", body: JSON.stringify({ publicKey }) });
      this.keyId = (await answer.json()).kid;
    }
    const { now } = await (await fetch(`${this.base}/_emulator/clock`)).json();
    const seconds = Math.floor((typeof now === "number" ? now : Date.parse(now)) / 1000);
    const claims = { iss: "2000000001", sub: "2000000001", aud: "https://api.line.me/", exp: seconds + 1800, token_exp: 86400, ...step.claims };
    const encoded = (part) => Buffer.from(JSON.stringify(part)).toString("base64url");
    const text = `${encoded({ alg: "RS256", typ: "JWT", kid: step.kid ?? this.keyId })}.${encoded(claims)}`;
    this.vars[step.assertion] = `${text}.${sign("sha256", Buffer.from(text), this.privateKey).toString("base64url")}`;
  }

  /** Every call once more with a token nobody was given. */
  async withoutToken() {
    for (const [operation, { given, open }] of this.firstGood) {
      if (open) continue;
      const answer = await this.invoke(operation, given, "nobody-was-given-this");
      const wanted = { message: "Authentication failed. Confirm that the access token in the authorization header is valid." };
      const why = difference(401, answer.status, "status") ?? difference(wanted, answer.body ?? {});
      this.row(`${operation}, wrong token`, told(401, wanted), told(answer.status, answer.body), !why, why, this.owner);
    }
  }
}

async function readable(value) {
  if (!value || typeof value[Symbol.asyncIterator] !== "function") return value;
  let size = 0;
  for await (const part of value) size += part.length;
  return { size };
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function told(status, body) {
  const text = body === undefined ? "" : ` ${JSON.stringify(body)}`;
  return `${status}${text.length > 150 ? `${text.slice(0, 150)}…` : text}`;
}

// ---- the signature, and the report

/** The SDK's own check of signatures on what is known, and on what was changed on its way. */
function signatures() {
  const body = '{"destination":"U00112233445566778899aabbccddeeff","events":[]}';
  const good = "6gL+qRtAgRB5/vB2OCVga9z1qh5g8J+zMvXPj99edGs=";
  return [
    ["validateSignature, as sent", line.validateSignature(body, KEYS.secret, good), true],
    ["validateSignature, body changed", line.validateSignature(`${body} `, KEYS.secret, good), false],
  ];
}

function printTable(titles, rows) {
  const line = (cells) => `| ${cells.map((cell) => String(cell).replaceAll("|", "\\|").replaceAll("\n", " ")).join(" | ")} |`;
  console.log([line(titles), `|${"---|".repeat(titles.length)}`, ...rows.map(line), ""].join("\n"));
}

const given = process.argv.slice(2).filter((argument) => argument !== "--table");
const target = given[0] ?? process.env.LUPINUS_EMULATOR;
if (!target) {
  console.error("say which emulator: node exercise.mjs <program or address>, or set LUPINUS_EMULATOR");
  process.exit(2);
}
const found = clients();
const files = readdirSync(join(HERE, "scenario")).sort();
const steps = files.flatMap((file) => JSON.parse(readFileSync(join(HERE, "scenario", file), "utf8")));
const rounds = [
  new Round("clients", { united: false, withHttpInfo: false }, found),
  new Round("clients, WithHttpInfo", { united: false, withHttpInfo: true }, found),
  new Round("LineBotClient", { united: true, withHttpInfo: false }, found),
  new Round("LineBotClient, WithHttpInfo", { united: true, withHttpInfo: true }, found),
];
for (const round of rounds) await round.play(target, steps);
for (const [call, got, wanted] of signatures()) rounds[0].row(call, wanted, got, got === wanted);

const every = found.flatMap((client) => client.methods.map((method) => ({ owner: client.name, name: `${client.name}.${method}` })));
const called = new Set(rounds.flatMap((round) => [...round.called]));
const never = every.filter(({ name }) => !called.has(name));
const rows = rounds.flatMap((round) => round.rows);
const differ = rows.filter((row) => !row.ok);

console.log(`Node ${process.version}, @line/bot-sdk ${SDK_VERSION}\n`);
const shown = process.argv.includes("--table") ? rows : differ;
const cells = ({ round, call, expected, got, ok }) => [round, call, expected, got, ok ? "yes" : "**no**"];
if (shown.length) printTable(["round", "call", "expected", "got", "ok"], shown.map(cells));
const summary = [...found.map((client) => client.name), ELSEWHERE].map((owner) => {
  const of = (some) => some.filter((one) => one.owner === owner).length;
  return [owner, `${of(every) - of(never)} of ${of(every)}`, of(rows), of(differ)];
});
printTable(["client", "calls", "expectations", "differ"], summary);
const onlyToken = [...rounds[0].firstGood.keys()].filter((name) => !rounds[0].refused.has(name));
console.log(`refused for nothing but the token: ${onlyToken.join(", ")}`);
if (never.length) console.log(`never called: ${never.map(({ name }) => name).join(", ")}`);
console.log(`${every.length - never.length} calls of ${every.length}, ${rows.length} expectations, ${differ.length} differ`);
process.exitCode = never.length || differ.length ? 1 : 0;
