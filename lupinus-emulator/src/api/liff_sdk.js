// Stands in for LINE's LIFF SDK in apps that the emulator opens. Tokens come behind the "#" of the address and stay in this tab.
"use strict";
(function () {
  const KEY = "lupinus-emulator-liff";
  const SCOPES = ["profile", "chat_message.write", "openid", "email"];
  const origin = new URL(document.currentScript.src).origin;
  const given = new URLSearchParams(location.hash.slice(1));
  if (given.has("access_token")) {
    sessionStorage.setItem(KEY, given.toString());
    history.replaceState(null, "", location.pathname + location.search);
  }
  const kept = () => new URLSearchParams(sessionStorage.getItem(KEY) || "");
  const context = () => JSON.parse(kept().get("context") || "null");
  const fail = (code, message) => { throw Object.assign(new Error(message), { name: "LiffError", code }); };
  const call = async (path, body) => {
    const token = kept().get("access_token") || fail("UNAUTHORIZED", "Need access_token for api call, Please login first");
    const headers = { authorization: "Bearer " + token };
    if (body) headers["content-type"] = "application/json";
    const answer = await fetch(origin + path, { method: body ? "POST" : "GET", headers, body: body && JSON.stringify(body) });
    const result = await answer.json();
    if (answer.ok) return result;
    const details = (result.details || []).map((one) => one.property + ": " + one.message);
    return fail(String(answer.status), [result.message, ...details].join(", "));
  };
  const decoded = (token) => {
    const bytes = Uint8Array.from(atob(token.split(".")[1].replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
    return JSON.parse(new TextDecoder().decode(bytes));
  };
  const granted = () => SCOPES.filter((scope) => context()?.scope.includes(scope));
  // What needs a phone, or people to choose among, is not played here.
  const absent = (name) => async () => fail("FORBIDDEN", name + " is not available in the emulator");
  const none = { permission: false, minVer: "0.0.0" };
  const availability = () => Object.fromEntries(["shareTargetPicker", "multipleLiffTransition", "subwindowOpen", "scanCode", "scanCodeV2",
    "getAdvertisingId", "addToHomeScreen", "bluetoothLeFunction", "skipChannelVerificationScreen"].map((name) => [name, none]));
  let init;
  const ready = new Promise((resolve) => { init = resolve; });
  // The address under which the emulator opens a page of the app, as https://liff.line.me/{liffId}/… does on LINE.
  const permanent = (address) => {
    const [page, endpoint] = [new URL(address), new URL(context().endpointUrl)];
    const top = endpoint.pathname.replace(/\/$/, "");
    const inside = page.origin === endpoint.origin && (page.pathname === top || page.pathname.startsWith(top + "/"));
    if (!inside) fail("INVALID_CONFIG", "Current page is not under entrypoint.");
    return origin + "/liff/" + liff.id + page.pathname.slice(top.length) + page.search + page.hash;
  };
  const liff = {
    id: null,
    ready,
    init: async (config, done, failed) => {
      try {
        liff.id = config?.liffId || fail("INVALID_CONFIG", "liffId is necessary for liff.init()");
      } catch (error) {
        failed?.(error);
        throw error;
      }
      init();
      done?.();
    },
    isLoggedIn: () => kept().has("access_token"),
    isInClient: () => kept().has("access_token"),
    isApiAvailable: () => false,
    getOS: () => "web",
    getAppLanguage: () => "ja",
    getLanguage: () => "ja",
    getVersion: () => "2.27.3",
    getLineVersion: () => (kept().has("access_token") ? "15.0.0" : null),
    getContext: () => context() && { ...context(), availability: availability() },
    getAccessToken: () => kept().get("access_token"),
    getIDToken: () => kept().get("id_token"),
    getDecodedIDToken: () => (kept().has("id_token") ? decoded(kept().get("id_token")) : null),
    permission: {
      getGrantedAll: async () => granted(),
      query: async (scope) => {
        if (!SCOPES.includes(scope)) fail("INVALID_ARGUMENT", "Unexpected permission name.");
        return { state: granted().includes(scope) ? "granted" : "unavailable" };
      },
      // Whoever opened the app has granted all that it asks for: nothing is left.
      requestAll: async () => undefined,
    },
    getProfile: () => call("/v2/profile"),
    getFriendship: () => call("/friendship/v1/status"),
    sendMessages: async (messages) => {
      if (!Array.isArray(messages) || !messages.length) fail("INVALID_ARGUMENT", "Parameter 'messages' must be an array of Message objects.");
      if (messages.length > 5) fail("INVALID_ARGUMENT", "Number of messages should be in range 1 to 5.");
      await call("/message/v3/share", { messages });
    },
    login: () => { location.href = origin + "/liff/" + liff.id; },
    logout: () => sessionStorage.removeItem(KEY),
    closeWindow: () => window.close(),
    openWindow: (target) => window.open(target.url, "_blank"),
    permanentLink: { createUrl: () => permanent(location.href), createUrlBy: async (address) => permanent(address) },
    i18n: { setLang: async () => undefined },
    requestFriendship: absent("requestFriendship"),
    shareTargetPicker: absent("shareTargetPicker"),
    scanCode: absent("scanCode"),
    scanCodeV2: absent("scanCodeV2"),
    createShortcutOnHomeScreen: absent("createShortcutOnHomeScreen"),
  };
  window.liff = liff;
})();
