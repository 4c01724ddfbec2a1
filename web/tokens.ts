// Shapes that stand for values where a figure finds no room: one for each colour, so that colour is never all. Pure.

const TOKENS = [
  "M-3-3H3V3H-3Z", // a square
  "M0-3.6 3.6 3H-3.6Z", // a triangle
  "M-3.2 0A3.2 3.2 0 1 1 3.2 0A3.2 3.2 0 1 1-3.2 0Z", // a dot
  "M0-4 4 0 0 4-4 0Z", // a diamond
  "M-1.2-3.8H1.2V-1.2H3.8V1.2H1.2V3.8H-1.2V1.2H-3.8V-1.2H-1.2Z", // a plus
  "M0 3.6-3.6-3H3.6Z", // a triangle on its tip
  "M-1.4-4H1.4V4H-1.4Z", // a bar
];
const DELETED = "M-3.6-1H3.6V1H-3.6Z"; // a dash

// tokenOf is the shape of a colour's number; values without a colour, which are deleted, have a dash.
export function tokenOf(ink: number): string {
  return TOKENS[ink] ?? DELETED;
}
