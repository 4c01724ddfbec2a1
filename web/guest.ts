// Who this page is to the server: a token of its own, which a reload keeps. While the page is there, the browser's storage does
// not have it: a tab that is duplicated copies the storage, and is somebody else.

const KEY = "netsplit-guest";
const TOKEN = /^[A-Za-z0-9_-]{22}$/; // 128 bits
const BYTES = 16;

let token = "";

export function guest(): string {
  if (token) return token;
  if (document.documentElement.dataset.bare) return (token = made()); // frames of one page share its storage
  token = taken() || made();
  addEventListener("pagehide", leave);
  addEventListener("pageshow", (e) => e.persisted && taken());
  return token;
}

function made(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(BYTES));
  return btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
}

// taken takes the token out of the storage. Storage throws in frames that may have none.
function taken(): string {
  try {
    const kept = sessionStorage.getItem(KEY) ?? "";
    sessionStorage.removeItem(KEY);
    return TOKEN.test(kept) ? kept : "";
  } catch {
    return "";
  }
}

function leave(): void {
  try {
    sessionStorage.setItem(KEY, token);
  } catch {
    // The next page is somebody else.
  }
}
