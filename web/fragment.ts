// What stands after the # of the page's address: a room, or a run from a link, with the moment and the view that the
// link's sender had. Parts are read one by one; one that makes no sense is left out, and named. Pure.
//
//	#run=2.…&at=12.345s&lane=quorum&view=why:lost-write.17,charts
import { tabs, type Tab } from "./drawer_words";

// A Scene is what a page looks at.
export interface Scene {
  at: number | null; // the moment, in microseconds
  lane: string; // that is shown alone, or explained; "" for none
  tab: Tab | ""; // the drawer's open one
  why: string | null; // the violation that is explained, as causes.ts names it; "" for the one that says most; null for none
}

export interface Fragment extends Scene {
  room: string;
  key: string;
  run: string;
}

export const nowhere: Fragment = { room: "", key: "", run: "", at: null, lane: "", tab: "", why: null };

const MAX_AT = 3_600_000_000; // microseconds that a run may have, as sim.MaxTime
const LANE = /^[a-z][a-z0-9-]{0,31}$/;
const CAUSE = /^[a-z][a-z-]*\.[0-9]{1,15}$/;
const PACKED = /^[A-Za-z0-9_.-]+$/;

// parse reads a fragment, with or without its #, and returns what it says and its parts that say nothing.
export function parse(hash: string): { fragment: Fragment; bad: string[] } {
  const fragment = { ...nowhere };
  const bad: string[] = [];
  for (const part of hash.replace(/^#/, "").split("&")) if (part !== "" && !take(fragment, part)) bad.push(part);
  return { fragment, bad };
}

// take reads one part, and reports whether it makes sense. The run itself is the server's to judge.
function take(f: Fragment, part: string): boolean {
  const [first = "", ...rest] = part.split("=");
  const [name, value] = [rest.length > 0 ? first : "", unescaped(rest.join("="))];
  switch (name) {
    case "room":
    case "key":
    case "run":
      f[name] = value;
      return true;
    case "at":
      f.at = momentOf(value);
      return f.at !== null;
    case "lane":
      f.lane = LANE.test(value) ? value : "";
      return f.lane !== "";
    case "view":
      return value.split(",").every((v) => look(f, v));
    default:
      return false;
  }
}

function look(f: Fragment, view: string): boolean {
  const [name, cause = ""] = view.split(":");
  if (name === "why" && view.split(":").length <= 2 && (cause === "" || CAUSE.test(cause))) f.why = cause.replace(".", " ");
  else if (tabs.includes(view as Tab)) f.tab = view as Tab;
  else return false;
  return true;
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

// print writes a fragment, without its #. What it writes parses to the same.
export function print(f: Fragment): string {
  const views = [f.why === null ? "" : f.why === "" ? "why" : `why:${f.why.replace(" ", ".")}`, f.tab].filter(Boolean).join(",");
  const parts: [string, string][] = [
    ["room", escaped(f.room)],
    ["key", escaped(f.key)],
    ["run", escaped(f.run)],
    ["at", f.at === null ? "" : momentText(f.at)],
    ["lane", f.lane],
    ["view", views],
  ];
  return parts.flatMap(([name, value]) => (value ? [`${name}=${value}`] : [])).join("&");
}

const escaped = (text: string): string => (PACKED.test(text) ? text : encodeURIComponent(text));

// momentOf reads a moment such as 12.345s; null where it is none of a run's.
export function momentOf(text: string): number | null {
  if (!/^\d{1,4}(\.\d{1,6})?s$/.test(text)) return null;
  const at = Math.round(Number(text.slice(0, -1)) * 1e6);
  return at <= MAX_AT ? at : null;
}

export function momentText(us: number): string {
  const [whole, part] = [Math.floor(us / 1e6), String(us % 1e6).padStart(6, "0").replace(/0+$/, "")];
  return `${whole}${part && `.${part}`}s`;
}

// linkIn finds the fragment of a link to a run in a text that is nothing but a link; "" where it is something else.
export function linkIn(text: string): string {
  const [, fragment = ""] = /^(?:https?:\/\/[^\s#]*)?#?(run=\S+)$/.exec(text.trim()) ?? [];
  return fragment;
}
