// What a visitor reads where two runs stand side by side.
import { kindOf } from "./space_words";
import { plural, seconds } from "./words";

export const compare = {
  title: "Side by side",
  names: ["A", "B"] as const,
  frame: (name: string) => `Run ${name}`,
  open: "Open alone",
  part: "To where they part",
  lane: "Lane",
  space: "Space-time",
  differs: "What differs",
  nothing: "Nothing differs in this lane at this moment.",
  waiting: "Both runs are on their way to the same moment …",
  playing: "Pause to compare exactly.",
  missing: "This address names no two runs. It should be one that “Compare” leads to.",
  verdict: "Verdict",
  holds: "holds",
  role: "is",
  none: "nothing",
  only: (name: string, n: number) => `Only in ${name}: ${plural(n, "message", "messages")}`,
  more: (n: number) => `and ${n} more`,
  ended: "One of the two rooms has ended; a new one stands in its place.",
} as const;

// letter says what a message of a digest is.
export function letter(is: string, sent: number): string {
  const [from, , to, kind = ""] = is.split(" ");
  return `${from} → ${to}: ${kindOf(kind)}, ${seconds(sent, 3)}`;
}
