// Has the server measure a world: a room of this page's own, the world as its script, and a matrix of it. What is under way
// and what came of it are signals, which which_app.tsx shows.
import { batch, signal } from "@preact/signals";
import { begun, answerTo, runAfter, settle, unanswered } from "./asking";
import { connect, type Line } from "./socket";
import type { Catalog, JobProgress, MatrixView } from "./wire";

export interface Result {
  matrix: MatrixView;
  cut: string; // why it ended before it was done; "" where it did not
}

export const catalog = signal<Catalog | null>(null);
export const connected = signal(false);
export const progress = signal<JobProgress | null>(null); // of what is under way; null for nothing
export const result = signal<Result | null>(null);
export const trouble = signal(""); // why there is no result

let line: Line | undefined;
let run = 0; // of the room's runs

export function start(): void {
  fetch("/catalog.json")
    .then((r) => r.json() as Promise<Catalog>)
    .then((c) => {
      catalog.value = c;
      open(c.engine);
    })
    .catch((e: unknown) => (trouble.value = String(e)));
}

function open(engine: number): void {
  line = connect({
    hello: () => ({ type: "hello", engine }),
    state: (s) => {
      begun(s);
      run = s.run;
      if (!connected.peek()) {
        line?.send({ type: "pause" }); // nobody looks at this room's run
        trouble.value = "";
      }
      connected.value = true;
    },
    delta: () => {},
    answer: (a) => void settle(a.of, a),
    audience() {},
    glance() {},
    progress: (p) => {
      if (progress.peek()) progress.value = p;
    },
    reject: (r) => void settle(r.of, r),
    shut: (why) => void (trouble.value = why),
    closed: (_, reason) => {
      connected.value = false;
      trouble.value = reason || trouble.peek();
      unanswered();
    },
  });
}

// measure begins; what comes of it is in the signals. none is said where the connection ends meanwhile.
export async function measure(text: string, what: string, seeds: number, none: string): Promise<void> {
  if (!line || progress.peek()) return;
  batch(() => {
    progress.value = { type: "progress", of: 0, job: "matrix", before: 0, done: 0, total: 0, left_ms: 0 };
    trouble.value = "";
  });
  const script = await runAfter(line.send({ type: "script", text }), run);
  line.send({ type: "pause" });
  const a = script?.type === "reject" ? script : script && (await answerTo(line.send({ type: "matrix", what, seeds })));
  batch(() => {
    progress.value = null;
    if (a?.type === "result" && a.matrix) result.value = { matrix: a.matrix, cut: a.cut ?? "" };
    else trouble.value = a?.type === "reject" ? a.reason : none;
  });
}

export function cancel(): void {
  void answerTo(line?.send({ type: "cancel" }) ?? 0);
}
