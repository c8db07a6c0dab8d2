"""Holds tests/data/signatures.jsonl, which this crate's tests hold too, against LINE's SDK for Python.

pip install line-bot-sdk && python3 lupinus-line/tests/sdk/check.py [FILE]
"""

import json
import pathlib
import sys
from importlib.metadata import version

import linebot.v3.webhook as sdk

made = []
compare = sdk.compare_digest
# The SDK has no function that signs: what it would have signed is seen where it compares.
sdk.compare_digest = lambda given, own: made.append(own.decode()) or compare(given, own)

here = pathlib.Path(__file__).parent
path = sys.argv[1] if len(sys.argv) > 1 else here / "../data/signatures.jsonl"
rows = [json.loads(line) for line in open(path, encoding="utf-8", newline="\n")]
wrong = 0
for row in rows:
    verdict = sdk.SignatureValidator(row["secret"]).validate(row["body"], row["signature"])
    if verdict != row.get("python", row["valid"]) or (row["valid"] and made[-1] != row["signature"]):
        print(f"differs: {row['name']}: {verdict}, {made[-1]}")
        wrong += 1

lenient = [row["name"] for row in rows if row.get("python")]
valid = sum(row["valid"] for row in rows)
print(f"line-bot-sdk {version('line-bot-sdk')} (Python): {len(rows)} signatures, {valid} valid, {wrong} differ")
print(f"taken by the SDK and refused by this crate: {', '.join(lenient) or 'none'}")
sys.exit(wrong > 0 or not rows)
