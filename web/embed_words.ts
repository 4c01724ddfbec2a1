// What a visitor reads in an embed, and what the page around one reads of what it asked for.
export const embed = {
  bad: (parts: readonly string[]) => `This embed's address asks for what makes no sense and is left out: ${parts.join(", ")}.`,
  noLane: (names: readonly string[]) => `There is no lane ${names.join(", ")} in this run.`,
  starting: "Starting …",
  failed: "Netsplit could not be loaded. Click to try again.",
} as const;

// errors are for the scripts of the page around, and English in every language.
export const errors = {
  malformed: "expected {id, do}, with a number and a text",
  unknown: (what: string) => `unknown order "${what}"`,
  busy: "too many orders wait for their answer",
  slow: "it took too long",
  lost: "there is no connection to the server",
  unsent: "not sent: there is no connection to the server",
  notLoaded: "the embed could not be loaded",
  expected: (name: string, what: string) => `${name}: expected ${what}`,
  ahead: (edge: number) => `seek: the run has come to ${edge} s only`,
  behind: "only at the run's live edge: play first, or seek there",
} as const;
