// Stands in for LINE's LIFF SDK in apps that the emulator opens: the calls that hand over identity, and nothing else.
// Tokens come behind the "#" of the address and stay in this tab.
"use strict";
(function () {
  const KEY = "lupinus-emulator-liff";
  const origin = new URL(document.currentScript.src).origin;
  const given = new URLSearchParams(location.hash.slice(1));
  if (given.has("access_token")) {
    sessionStorage.setItem(KEY, given.toString());
    history.replaceState(null, "", location.pathname + location.search);
  }
  const kept = () => new URLSearchParams(sessionStorage.getItem(KEY) || "");
  const call = async (path) => {
    const answer = await fetch(origin + path, { headers: { authorization: "Bearer " + kept().get("access_token") } });
    if (!answer.ok) throw new Error("LINE answered " + answer.status + " to " + path);
    return answer.json();
  };
  const decoded = (token) => {
    const bytes = Uint8Array.from(atob(token.split(".")[1].replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
    return JSON.parse(new TextDecoder().decode(bytes));
  };
  let liffId = null;
  window.liff = {
    ready: Promise.resolve(),
    init: async (config) => { liffId = config.liffId; },
    isLoggedIn: () => kept().has("access_token"),
    isInClient: () => true,
    isApiAvailable: () => false,
    getOS: () => "web",
    getLanguage: () => "ja",
    getAccessToken: () => kept().get("access_token"),
    getIDToken: () => kept().get("id_token"),
    getDecodedIDToken: () => (kept().has("id_token") ? decoded(kept().get("id_token")) : null),
    getProfile: () => call("/v2/profile"),
    getFriendship: () => call("/friendship/v1/status"),
    getContext: () => ({ type: "utou", liffId }),
    login: () => { location.href = origin + "/liff/" + liffId; },
    logout: () => sessionStorage.removeItem(KEY),
    closeWindow: () => window.close(),
    openWindow: (target) => window.open(target.url, "_blank"),
  };
})();
