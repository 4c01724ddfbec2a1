// The part of the store that is about the run's text: as the visitor has edited it, as files and links bring it, and as
// links carry it away. Others come by it through store.ts.
import { batch, signal } from "@preact/signals";

// An Offer is what would take the place of an edited text: another text, or with null the run's own; or a link's fragment.
export interface Offer {
  text: string | null;
  link: string;
  said: string; // where it comes from
}

// A LinkTrouble is what is wrong with the link that the page was opened by.
export interface LinkTrouble {
  lead: string; // in the page's language
  reason: string; // the server's own words
  instead: boolean; // another run is shown in its place
  bad: readonly string[]; // parts that made no sense and were left out
  saved: string; // the lines of the run's text that could be read
}

export const draft = signal<string | null>(null); // the script as the visitor has edited it; null while it is the run's
export const origin = signal(""); // where the draft has come from, until it is edited
export const offered = signal<Offer | null>(null); // what waits for the visitor to give up the draft
export const sharing = signal(false); // the panel that makes links is open
export const trouble = signal<LinkTrouble | null>(null); // until it is dismissed
export const bound = signal<number | null>(null); // the link's moment, while the run is on its way there
export const dropping = signal(false); // something is held over the page that can be dropped there

export function edit(text: string | null, from = ""): void {
  batch(() => {
    draft.value = text;
    origin.value = from;
    offered.value = null;
  });
}

export function offer(o: Offer | null): void {
  offered.value = o;
}

export function share(open: boolean): void {
  sharing.value = open;
}

export function complain(t: LinkTrouble | null): void {
  trouble.value = t;
}

export function goTo(at: number | null): void {
  bound.value = at;
}

export function holdOver(on: boolean): void {
  dropping.value = on;
}
