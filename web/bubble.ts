// How what a client was told is laid into a bubble: words of a product, which may be long, take both lines. Pure.
import type { Saying } from "./words";

export const MARK = 17; // room of a bubble's mark
const LEAST_FONT = 9; // of a saying that is too long
const LEAST_OWN = 11.5; // of a product's words, which rather go on in the second line
const SUB_FONT = 12; // of the second line
const CUT = "…";

// Laid is the text of a bubble: two lines, and the size of the first.
export interface Laid {
  main: string;
  sub: string;
  size: number;
  width: number; // of the wider line, with the mark
}

// laidOut fits a saying to a bubble that is so wide inside; low ones have no second line.
export function laidOut(s: Saying, room: number, font: number, low: boolean, widthOf: (text: string, size: number) => number): Laid {
  const fit = (text: string) => Math.min(font, (font * (room - MARK)) / Math.max(widthOf(text, font), 1));
  let main = s.main;
  let sub = low ? "" : s.sub;
  if (s.own && fit(main) < LEAST_OWN) {
    const size = (text: string) => widthOf(text, LEAST_OWN);
    const at = low ? main.length : breakOf(main, room - MARK, size);
    sub = main.slice(at).trim();
    main = clipped(main.slice(0, at).trim(), room - MARK, size);
  }
  if (s.own) sub = clipped(sub, room, (text) => widthOf(text, SUB_FONT));
  const size = Math.max(fit(main), LEAST_FONT);
  return { main, sub, size, width: Math.min(Math.max(widthOf(main, font) + MARK, sub ? widthOf(sub, SUB_FONT) : 0), room) };
}

// breakOf is where the first line ends: after the last word for which there is room, and not within the first.
function breakOf(text: string, room: number, size: (text: string) => number): number {
  const spaces = [...text.matchAll(/ /g)].map((m) => m.index);
  return spaces.filter((at) => size(text.slice(0, at)) <= room).at(-1) ?? spaces[0] ?? text.length;
}

// clipped ends a text that is too long with an ellipsis.
export function clipped(text: string, room: number, size: (text: string) => number): string {
  if (size(text) <= room) return text;
  let n = text.length;
  while (n > 1 && size(text.slice(0, n) + CUT) > room) n--;
  return text.slice(0, n).trimEnd() + CUT;
}
