// Tests of what is said aloud.
import { next, told, type Utterance } from "./speech";
import type { Told } from "./stories";
import { same } from "./testing";

const story = (kind: Told["kind"], came: number, lane = "strong"): Told => ({ id: came, at: 0, kind, lane, text: `${kind} at ${came}.`, n: 0, lost: 0, says: "", came });

export function speech(): void {
  same("a story of a lane", told(story("elected", 5))?.text, "Strong: elected at 5.");
  same("a story of all", told(story("heal", 5, ""))?.text, "heal at 5.");
  same("what does not matter enough", told(story("suspect", 5)), null);

  const queue = [story("elected", 10), story("lost", 20), story("lost", 30), story("heal", 40, "")].map((t) => told(t)!);
  const own = (text: string): Utterance => ({ text, weight: 20, came: 50, like: "own" });
  const first = next([...queue, own("You: a."), own("You: b.")], 100);
  same("all answers to the visitor first", first.text, "You: a. You: b.");
  const second = next(first.rest, 100);
  same("then the weightiest, and how many are like it", second.text, "Strong: lost at 20. And 1 more like it.");
  const third = next(second.rest, 100);
  same("then the next", third.text, "heal at 40.");
  same("what is old is not said", next(third.rest, 60_000), { text: "", rest: [] });
  same("answers are never too old", next([own("You: a.")], 60_000).text, "You: a.");
}
