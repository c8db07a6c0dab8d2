// Holds tests/data/signatures.jsonl, which this crate's tests hold too, against LINE's SDK for Node.js.
//
// npm install @line/bot-sdk && node lupinus-line/tests/sdk/check.mjs [FILE]
// from the folder of the installed package, which is where it is looked for.
import crypto from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire, syncBuiltinESMExports } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

// The SDK has no function that signs: what it would have signed is seen where it compares.
let made;
const compare = crypto.timingSafeEqual;
crypto.timingSafeEqual = (own, given) => {
  made = own.toString("base64");
  return compare(own, given);
};
syncBuiltinESMExports();

const require = createRequire(join(process.cwd(), "package.json"));
const { validateSignature } = await import(pathToFileURL(require.resolve("@line/bot-sdk")));
const { version } = require("@line/bot-sdk/package.json");

const path = process.argv[2] ?? new URL("../data/signatures.jsonl", import.meta.url);
const rows = readFileSync(path, "utf8").split("\n").filter(Boolean).map((line) => JSON.parse(line));
let wrong = 0;
for (const row of rows) {
  made = undefined;
  const verdict = validateSignature(row.body, row.secret, row.signature);
  if (verdict !== (row.node ?? row.valid) || (row.valid && made !== row.signature)) {
    console.log(`differs: ${row.name}: ${verdict}, ${made}`);
    wrong += 1;
  }
}

const lenient = rows.filter((row) => row.node).map((row) => row.name);
const valid = rows.filter((row) => row.valid).length;
console.log(`@line/bot-sdk ${version} (Node.js ${process.version}): ${rows.length} signatures, ${valid} valid, ${wrong} differ`);
console.log(`taken by the SDK and refused by this crate: ${lenient.join(", ") || "none"}`);
process.exit(wrong > 0 || rows.length === 0 ? 1 : 0);
