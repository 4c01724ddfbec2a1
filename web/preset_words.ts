// What a visitor reads about databases: in the form that sets a lane, in a client's menu and in the list of databases. What
// a database is, does and documents comes from the server, in English.
import { named } from "./panel_words";
import type { Modelled } from "./wire";
import { plural } from "./words";

export const presets = {
  modes: "Modes",
  databases: "Databases",
  after: (m: Modelled) => `Modelled after ${named(m)}`,
  source: "Documentation",
  default: (value: string) => `Default ${value}`,
  noDefault: "No default",
  documented: "documented",
  documentedOf: (knob: string) => `${knob}: where its default is documented, in a new tab`,
  assumed: "assumed",
  nobody: "nobody publishes it",
  simplified: (n: number) => `What is simplified (${n})`,
  hides: (rows: readonly string[]) => `Not shown for it: ${rows.join(", ")}`,
  levels: (n: number) => `What clients may ask for (${plural(n, "level", "levels")})`,
  reads: "Read",
  writes: "Write",
  both: "Read and write",
  usual: "the default",
  rows: (n: number) => `Documented behaviours (${n})`,
  unmodelled: "not modelled",
} as const;

export const databases = {
  open: "Databases",
  title: "Databases",
  intro: "Each is built of the modes’ protocols, under the product’s own names: its settings with their defaults, its levels, its errors. Every documented behaviour below is a scenario that the tests hold to what its client sees.",
  compare: "Compare",
  whichOne: "Which one for me?",
  which: "Which one for me? All of them in a world of your own",
  none: "The list of databases could not be loaded.",
  loading: "Loading …",
} as const;

// sharedLevels are the words that all databases are asked with, and how the article says them.
export const sharedLevels: Readonly<Record<string, string>> = { strong: "strong read", eventual: "eventual read", quorum: "quorum write" };

export const levelGroups = { shared: "In common words", own: (product: string) => `${product}’s own` } as const;
