// What the stage takes from the style sheet: fonts, to measure texts by, and colours. A canvas knows no CSS variables.
import { LOOKS } from "./looks";
import type { Colours } from "./packets";

const MOST = 2000; // widths that are kept

const font = document.createElement("canvas").getContext("2d")!;
const widths = new Map<string, number>();
let fontFamily = "sans-serif";

// readFonts takes the page's font, and forgets what was measured by another.
export function readFonts(): void {
  fontFamily = getComputedStyle(document.body).fontFamily;
  widths.clear();
}

// widthOf measures a text with figures of equal width, as the stage writes them.
export function widthOf(text: string, size: number): number {
  const key = `${size} ${text.replace(/\d/g, "0")}`;
  let w = widths.get(key);
  if (w === undefined) {
    font.font = `500 ${size}px ${fontFamily}`;
    w = font.measureText(text.replace(/\d/g, "0")).width;
    if (widths.size > MOST) widths.clear();
    widths.set(key, w);
  }
  return w;
}

// coloursIn are the colours of messages that hold inside an element.
export function coloursIn(parent: Element): Colours {
  const probe = parent.appendChild(document.createElement("i"));
  const colour = (name: string) => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  };
  const found = Object.fromEntries([...LOOKS.map((l) => [l, colour(`--packet-${l}`)]), ["lost", colour("--bad")]]) as Colours;
  probe.remove();
  return found;
}
