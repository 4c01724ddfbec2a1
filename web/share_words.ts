// What a visitor reads about links, about files that come and go, and about what is wrong with them.
import type { Tab } from "./drawer_words";
import { drawer } from "./drawer_words";
import { laneName, listed, plural, seconds } from "./words";

export const shareOpen = "Share";

export const share = {
  title: "Share",
  link: "Link",
  copy: "Copy",
  copied: "Copied.",
  byHand: "It is selected: copy it with Control+C.",
  loading: "Making the link …",
  failed: "The server did not answer.",
  again: "Try again",
  moment: (at: number) => `At this moment, ${seconds(at)}`,
  view: (what: string) => `With this view: ${what}`,
  noView: "With this view: nothing is open beside the lanes",
  size: (n: number) => plural(n, "character", "characters"),
  whole: (commands: number, engine: number) =>
    `The link itself holds the whole run: its scenario, ${commands === 0 ? "which has no commands," : commands === 1 ? "its one command" : `its ${commands} commands`} and engine ${engine}. Opened anywhere, it runs the same, bit for bit.`,
  kept: (commands: number) =>
    `This run has ${plural(commands, "command", "commands")}, too much for a link. This server keeps it for the link, in memory: until it restarts, or until newer runs need the room. To keep it for longer, save it as a file.`,
  draft: "What you have changed in the script is not in it: run that first.",
  file: "Save as a file",
} as const;

// viewOf says what a link shows besides the lanes.
export function viewOf(lane: string, alone: boolean, tab: Tab | "", why: boolean): string {
  const parts = [why ? `why, ${laneName(lane)}` : alone && lane ? `${laneName(lane)} alone` : "", tab ? drawer.tabs[tab].toLowerCase() : ""];
  return listed(parts.filter(Boolean));
}

const unopened = "this link's run cannot be opened: ";

export const link = {
  broken: "This link cannot be opened:",
  instead: "The usual story is shown in its place.",
  tooLong: (n: number) => `This link is too long for this server: it has ${n} characters.`,
  bad: (parts: readonly string[]) => `This link says what was not understood, and left out: ${parts.join(", ")}.`,
  bound: (at: number) => `On the way to ${seconds(at)} …`,
  save: "Open what can be read",
  saved: "what could be read of the link",
} as const;

// isUnopened tells that the server could not open a link's run, rather than had a remark about it.
export const isUnopened = (reason: string): boolean => reason.startsWith(unopened);

// whyUnopened leaves out what the page says itself.
export const whyUnopened = (reason: string): string => reason.replace(unopened, "");

export const incoming = {
  drop: "Drop it to open it as a scenario",
  file: (name: string) => `the file ${name}`,
  pasted: "what you have pasted",
  dropped: "what you have dropped",
  from: (where: string) => `This text is ${where}. Run it to see it.`,
  renewed: (where: string, made: number, now: number) => `This text is ${where}. It was made by engine ${made}; this is engine ${now}, and what happens may differ. Run it to see it.`,
  binary: (name: string) => `Not opened: ${name} is not a text.`,
  large: (name: string, bytes: number, most: number) => `Not opened: ${name} has ${bytes} bytes, and a scenario at most ${most}.`,
  empty: (name: string) => `Not opened: ${name} is empty.`,
  unreadable: (name: string) => `Not opened: ${name} cannot be read.`,
  several: (n: number) => `Not opened: these are ${n} files. Drop one.`,
  nothing: "This is neither a scenario nor a link to a run.",
} as const;

export type Form = "jepsen" | "porcupine" | "shiviz" | "jsonl";

export const forms: readonly Form[] = ["jepsen", "porcupine", "shiviz", "jsonl"];

export const histories = {
  title: "History",
  forms: { jepsen: "For Jepsen, EDN", porcupine: "Porcupine\u2019s page, HTML", shiviz: "For ShiViz, log", jsonl: "All events, JSON lines" } satisfies Record<Form, string>,
  busy: "Running it again …",
  stop: "Stop the export",
  refused: "Not exported:",
  unanswered: "Not exported: the server did not answer.",
  oneLane: "Jepsen and porcupine take one lane: choose it above.",
} as const;

export const trace = {
  at: (at: number) => `Trace at ${seconds(at)}:`,
  about: "The hash of all that has happened. netsplit run prints the same for this text.",
} as const;
