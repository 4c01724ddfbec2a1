// How the kinds of messages look: three families of colour, and a shape for each kind. Pure but for the canvas given.
//
// Blue carries what is asked or written, green answers, amber elects, purple repairs what was missed, grey keeps alive.

export const LOOKS = ["request", "reply", "replicate", "ack", "vote", "heartbeat", "gossip", "hint", "repair"] as const;
export type Look = (typeof LOOKS)[number];

export function lookOf(kind: string): Look {
  return LOOKS.find((l) => l === kind) ?? "request";
}

// hollow shapes are drawn by a line of this width; the others are filled.
export const lines: Record<Look, number> = { request: 0, reply: 2.2, replicate: 0, ack: 2, vote: 0, heartbeat: 0, gossip: 0, hint: 2, repair: 2.6 };

// glyphs are the same shapes in a box of 12 by 12, for the legend.
export const glyphs: Record<Look | "lost", string> = {
  request: "M6 1.5a4.5 4.5 0 1 0 0 9a4.5 4.5 0 1 0 0-9",
  reply: "M6 2.2a3.8 3.8 0 1 0 0 7.6a3.8 3.8 0 1 0 0-7.6",
  replicate: "M2.2 2.2h7.6v7.6h-7.6z",
  ack: "M2.8 2.8h6.4v6.4h-6.4z",
  vote: "M6 0l5 6-5 6-5-6z",
  heartbeat: "M6 3.8a2.2 2.2 0 1 0 0 4.4a2.2 2.2 0 1 0 0-4.4",
  gossip: "M6 .8l5.2 9.2h-10.4z",
  hint: "M6 1.2l4.2 2.4v4.8l-4.2 2.4-4.2-2.4v-4.8z",
  repair: "M6 1.2v9.6M1.2 6h9.6",
  lost: "M2.5 2.5l7 7m0-7l-7 7",
};

const TURN = 7; // more than a whole turn in radians

// traces add a shape around a point to the canvas's path.
export const traces: Record<Look, (g: CanvasRenderingContext2D, x: number, y: number, size: number) => void> = {
  request: (g, x, y, s) => disc(g, x, y, 4.5 * s),
  reply: (g, x, y, s) => disc(g, x, y, 3.8 * s),
  replicate: (g, x, y, s) => g.rect(x - 3.8 * s, y - 3.8 * s, 7.6 * s, 7.6 * s),
  ack: (g, x, y, s) => g.rect(x - 3.2 * s, y - 3.2 * s, 6.4 * s, 6.4 * s),
  vote: (g, x, y, s) => corners(g, [x, y - 6 * s, x + 5 * s, y, x, y + 6 * s, x - 5 * s, y]),
  heartbeat: (g, x, y, s) => disc(g, x, y, 2.2 * s),
  gossip: (g, x, y, s) => corners(g, [x, y - 5.2 * s, x + 5.2 * s, y + 4 * s, x - 5.2 * s, y + 4 * s]),
  hint: (g, x, y, s) => corners(g, [x, y - 4.8 * s, x + 4.2 * s, y - 2.4 * s, x + 4.2 * s, y + 2.4 * s, x, y + 4.8 * s, x - 4.2 * s, y + 2.4 * s, x - 4.2 * s, y - 2.4 * s]),
  repair(g, x, y, s) {
    g.moveTo(x, y - 4.8 * s);
    g.lineTo(x, y + 4.8 * s);
    g.moveTo(x - 4.8 * s, y);
    g.lineTo(x + 4.8 * s, y);
  },
};

function disc(g: CanvasRenderingContext2D, x: number, y: number, r: number): void {
  g.moveTo(x + r, y);
  g.arc(x, y, r, 0, TURN);
}

function corners(g: CanvasRenderingContext2D, at: readonly number[]): void {
  g.moveTo(at[0]!, at[1]!);
  for (let i = 2; i < at.length; i += 2) g.lineTo(at[i]!, at[i + 1]!);
  g.closePath();
}

// finish paints the path that the shapes of one look make.
export function finish(g: CanvasRenderingContext2D, look: Look, size: number, colour: string): void {
  if (lines[look] === 0) {
    g.fillStyle = colour;
    g.fill();
    return;
  }
  g.strokeStyle = colour;
  g.lineWidth = lines[look] * size;
  g.stroke();
}
