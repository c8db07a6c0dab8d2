// Texts: LINE emoji as labelled tiles, mentions, links.
import { element } from "./dom.js";
import { t } from "./words.js";
import { leadsTo, person } from "./store.js";

const LINK = /https?:\/\/[^\s<>"'、。「」（）]+/g;

function emojiTile(productId, emojiId) {
  const tile = element("span", "emoji", emojiId);
  tile.setAttribute("role", "img");
  tile.setAttribute("aria-label", t("emoji", `${productId} / ${emojiId}`));
  tile.title = `${productId} / ${emojiId}`;
  return tile;
}

/** A text with the web addresses in it as links. */
function linked(text) {
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(LINK)) {
    const link = element("a", "", match[0]);
    link.href = leadsTo(match[0]);
    link.target = "_blank";
    link.rel = "noopener noreferrer";
    parts.push(text.slice(end, match.index), link);
    end = match.index + match[0].length;
  }
  return [...parts, text.slice(end)];
}

/** Cuts a text where pieces stand that are shown in another way; positions count UTF-16 code units. */
function pieces(text, marks) {
  const parts = [];
  let end = 0;
  for (const { index, length, node } of marks.sort((left, right) => left.index - right.index)) {
    if (index < end) continue;
    parts.push(...linked(text.slice(end, index)), node(text.slice(index, index + length)));
    end = index + length;
  }
  return [...parts, ...linked(text.slice(end))];
}

const mention = (words) => element("span", "mention", words);

function marksOf(message) {
  const emojis = (message.emojis ?? []).map(({ index, length = 1, productId, emojiId }) => (
    { index, length, node: () => emojiTile(productId, emojiId) }));
  const mentions = (message.mention?.mentionees ?? []).map(({ index, length }) => ({ index, length, node: mention }));
  return [...emojis, ...mentions];
}

function substituted(message) {
  const parts = [];
  let end = 0;
  let plain = "";
  const flush = () => {
    parts.push(...linked(plain));
    plain = "";
  };
  for (const match of message.text.matchAll(/\{\{|\}\}|\{([0-9A-Za-z_]+)\}/g)) {
    plain += message.text.slice(end, match.index);
    end = match.index + match[0].length;
    const entry = match[1] && message.substitution?.[match[1]];
    if (!match[1]) plain += match[0][0];
    else if (entry?.type === "emoji") { flush(); parts.push(emojiTile(entry.productId, entry.emojiId)); }
    else if (entry?.type === "mention") {
      flush();
      const { mentionee } = entry;
      parts.push(mention("@" + (mentionee?.type === "all" ? t("all") : person(mentionee?.userId)?.displayName ?? "…")));
    } else plain += match[0];
  }
  plain += message.text.slice(end);
  flush();
  return parts;
}

/** The bubble of a text message. */
export function drawText(message) {
  const parts = message.type === "textV2" ? substituted(message) : pieces(message.text, marksOf(message));
  return element("div", "bubble", ...parts);
}
