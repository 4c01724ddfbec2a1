// What a visitor reads in the drawer, but for the story itself, which tellings.ts tells.

export type Tab = "story" | "charts" | "spacetime" | "inspect" | "script";

export const tabs: readonly Tab[] = ["story", "charts", "spacetime", "inspect", "script"];

export const drawer = {
  label: "Understand",
  tabs: { story: "Story", charts: "Charts", spacetime: "Space-time", inspect: "Inspect", script: "Script" } satisfies Record<Tab, string>,
  open: "Open the drawer",
  close: "Close the drawer",
  height: "Height of the drawer",
  loading: "Loading …",
  failed: "This part of the page could not be fetched.",
  again: "Try again",
  goTo: (moment: string) => `Show the moment ${moment}`,
} as const;
