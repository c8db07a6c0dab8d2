// What happens when an action is tapped.
import { $, ask, field, input, toast } from "./dom.js";
import { t } from "./words.js";
import { leadsTo, postback, say } from "./store.js";
import { chooseFiles, openVoice, typeInto } from "./compose.js";
import { sendLocation } from "./places.js";
import { closeMenu, openMenu } from "./menu.js";

/** The words by which an action goes. */
export const nameOf = (action) => action?.label || action?.displayText || action?.text || action?.uri || action?.data || "";

/** Asks for a moment within the bounds of a datetimepicker action. */
async function pick(action) {
  const moment = input(action.mode === "datetime" ? "datetime-local" : action.mode, { required: true });
  moment.id = "moment";
  const plain = (value) => (value ?? "").replace("t", "T");
  moment.min = plain(action.min);
  moment.max = plain(action.max);
  moment.value = plain(action.initial);
  return ask(t("pick"), [field(action.label || t("pick"), moment)], t("ok"), t("cancel"), () => moment.value);
}

function open(uri) {
  if (/^https?:/.test(uri)) window.open(leadsTo(uri), "_blank", "noopener,noreferrer");
  else toast(t("opens", uri));
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Without permission it is still shown.
  }
  toast(t("copied", text));
}

/** `inputOption` of a postback action. */
function adjust(action) {
  switch (action.inputOption) {
    case "openRichMenu": return openMenu();
    case "closeRichMenu": return closeMenu();
    case "openKeyboard": return typeInto(action.fillInText ?? "");
    case "openVoice": return openVoice();
    default: return undefined;
  }
}

/** Taps an action as a person would. */
export async function tap(action) {
  switch (action?.type) {
    case "message":
      return say({ type: "text", text: action.text ?? action.label });
    case "postback":
      adjust(action);
      if (action.text) await say({ type: "text", text: action.text });
      return postback({ data: action.data, displayText: action.displayText });
    case "richmenuswitch":
      return postback({ data: action.data, richMenuAliasId: action.richMenuAliasId });
    case "datetimepicker": {
      const value = await pick(action);
      return value ? postback({ data: action.data, params: { [action.mode]: value } }) : undefined;
    }
    case "uri":
      return open(action.uri ?? action.linkUri);
    case "clipboard":
      return copy(action.clipboardText);
    case "camera":
      return chooseFiles({ accept: "image/*,video/*", capture: "environment" });
    case "cameraRoll":
      return chooseFiles({ accept: "image/*,video/*", multiple: true });
    case "location":
      return sendLocation();
    default:
      return undefined;
  }
}

/** These actions keep the quick replies until something is sent. */
export const staysOpen = (action) => ["camera", "cameraRoll", "datetimepicker", "location"].includes(action?.type);

export const focusChat = () => $("chat").focus();
