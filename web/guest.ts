// Who this page is to the server: a token of its own, which a reload keeps, and where it presents. While the page is there, the
// browser's storage does not have it: a tab that is duplicated copies the storage, and is somebody else.
import * as store from "./store";
import type { Address } from "./wire";

const KEY = "netsplit-guest";
const TOKEN = /^[A-Za-z0-9_-]{22}$/; // 128 bits
const BYTES = 16;

let token = "";
let left: Address | undefined; // where the page presented that was here before

export function guest(): string {
  if (token) return token;
  if (document.documentElement.dataset.bare) return (token = made()); // frames of one page share its storage
  token = taken() || made();
  addEventListener("pagehide", leave);
  addEventListener("pageshow", (e) => e.persisted && taken());
  return token;
}

// presentedIn is where the page presents, where that is another room than the one that is entered, "" for a new one: those who follow come along.
export function presentedIn(to = ""): { lead?: Address } {
  const lead = [place(), left].find((p) => p && p.room !== to);
  return lead ? { lead } : {};
}

// arrived forgets where the page before this one presented: the server knows.
export function arrived(): void {
  left = undefined;
}

function place(): Address | undefined {
  const w = store.presenting.peek() && store.world.peek();
  return w ? { room: w.room, key: w.key } : undefined;
}

function made(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(BYTES));
  return btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
}

// taken takes the token out of the storage. Storage throws in frames that may have none.
function taken(): string {
  try {
    const [kept = "", room, key] = (sessionStorage.getItem(KEY) ?? "").split(" ");
    sessionStorage.removeItem(KEY);
    left = room && key ? { room, key } : undefined;
    return TOKEN.test(kept) ? kept : "";
  } catch {
    return "";
  }
}

function leave(): void {
  const at = place() ?? left;
  try {
    sessionStorage.setItem(KEY, [token, ...(at ? [at.room, at.key] : [])].join(" "));
  } catch {
    // The next page is somebody else.
  }
}
