// Light, dark, or as the system has it. The page's head applies the stored choice before anything is painted.
import { signal } from "@preact/signals";
import { readStyle } from "./stage";

export type Theme = "system" | "light" | "dark";
const order: Theme[] = ["system", "light", "dark"];
const KEY = "netsplit-theme";

function stored(): Theme {
  // Storage throws in frames of other sites.
  try {
    const value = localStorage.getItem(KEY);
    return order.find((t) => t === value) ?? "system";
  } catch {
    return "system";
  }
}

export const theme = signal<Theme>(stored());

export function nextTheme(): void {
  const next = order[(order.indexOf(theme.peek()) + 1) % order.length]!;
  theme.value = next;
  try {
    localStorage.setItem(KEY, next);
  } catch {
    // It holds for this visit only.
  }
  applyTheme();
}

function applyTheme(): void {
  const root = document.documentElement;
  if (theme.peek() === "system") delete root.dataset.theme;
  else root.dataset.theme = theme.peek();
  readStyle();
}

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", readStyle);
