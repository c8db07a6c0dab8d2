// Somebody's phone on the emulated LINE, by the emulator's control calls.
import { setTimeout as pause } from "node:timers/promises";

const PATIENCE = 30_000;

/** The first thing to tap whose data begins so, wherever it stands in a message. */
function offered(value, data) {
  if (value === null || typeof value !== "object") return undefined;
  if (["postback", "datetimepicker"].includes(value.type) && value.data?.startsWith(data)) return value.data;
  for (const part of Object.values(value)) {
    const found = offered(part, data);
    if (found) return found;
  }
  return undefined;
}

export class Phone {
  constructor(line, user) {
    this.line = line;
    this.user = user;
    // What was there when they last did something.
    this.read = 0;
  }

  /** Somebody adds the account, agrees to its rules and answers no question. */
  static async joined(line, displayName) {
    const { userId } = await call(line, "", { displayName });
    const phone = new Phone(line, userId);
    await phone.control("/follow", {});
    await phone.taps("rules/accept");
    await phone.hears("登録しました");
    await phone.taps("profile/done");
    return phone;
  }

  control(path, body) {
    return call(this.line, `/${this.user}${path}`, body);
  }

  async heard() {
    const { messages } = await this.control("/messages");
    return messages.filter(({ from }) => from === "bot").map(({ message }) => message);
  }

  /** Waits for what `find` finds among what the account has said since they last did something. */
  async waits(find, what) {
    const end = Date.now() + PATIENCE;
    for (;;) {
      const all = await this.heard();
      const found = find(all.slice(this.read), all);
      if (found) return found;
      if (Date.now() > end) throw new Error(`${what} never came; the last words: ${JSON.stringify(all.slice(-2))}`);
      await pause(60);
    }
  }

  hears(words) {
    return this.waits((fresh) => fresh.find((message) => JSON.stringify(message).includes(words)), words);
  }

  async acts(path, body) {
    this.read = (await this.heard()).length;
    await this.control(path, body);
  }

  says(text) {
    return this.acts("/messages", { type: "text", text });
  }

  shows(png) {
    return this.acts("/messages", { type: "image", content: png.toString("base64"), contentType: "image/png" });
  }

  /** Taps what is offered with data that begins so; the rich menu always is. */
  async taps(data, params) {
    const found = data.startsWith("menu/") ? data : await this.waits((_, all) => all.slice(-6).reverse().map((one) => offered(one, data)).find(Boolean), `something to tap (${data})`);
    await this.acts("/postbacks", { data: found, ...(params && { params }) });
  }

  /** Answers one question after the other: each when the account has answered to the one before. */
  async answers(...answers) {
    for (const answer of answers) {
      await (answer.startsWith("draft/") ? this.taps(answer) : this.says(answer));
      await this.waits((fresh) => fresh.length > 0, `an answer to ${answer}`);
    }
  }
}

async function call(line, path, body) {
  const answer = await fetch(`${line}/_emulator/users${path}`, body && { method: "POST", body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
  return answer.json();
}
