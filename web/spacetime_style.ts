// Colours and letters of the space-time diagram, from the style sheet: a canvas knows no CSS variables.
import { LOOKS, type Look } from "./looks";
import type { Palette } from "./spacetime";
import { theme } from "./theme";

let known: { key: string; colours: Palette; family: string } | null = null;
const dark = matchMedia("(prefers-color-scheme: dark)");

// paletteOf returns them for the theme that is on; key tells one from another.
export function paletteOf(): { key: string; colours: Palette; family: string } {
  const key = `${theme.peek()} ${dark.matches}`;
  if (known?.key === key) return known;
  const probe = document.body.appendChild(document.createElement("i"));
  const colour = (name: string) => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  };
  const colours: Palette = {
    ink: colour("--ink"),
    quiet: colour("--muted"),
    line: colour("--line"),
    ground: colour("--paper"),
    band: colour("--away"),
    bad: colour("--bad"),
    accent: colour("--accent"),
    arrows: Object.fromEntries(LOOKS.map((l) => [l, colour(`--packet-${l}`)])) as Record<Look, string>,
    tones: { ok: colour("--good"), fail: colour("--bad"), info: colour("--info"), stale: colour("--warn"), pending: colour("--muted"), gone: colour("--bad") },
  };
  probe.remove();
  known = { key, colours, family: getComputedStyle(document.body).fontFamily };
  return known;
}
