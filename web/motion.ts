// Positions that follow their targets smoothly: the regions on the stage, and the cables' tears. The same for every
// lane. Holds no state of the run.
import { distance, type Point } from "./curve";

const PULL = 11; // per second: how fast regions follow
const SNAP = 16; // per second: how fast torn cables spring back

export interface Motion {
  at: Point[]; // the same list until something moves
  slack: number[];
  // step moves everything towards its target and reports whether anything still moves.
  step(targets: readonly Point[], tears: readonly boolean[], held: number, seconds: number, calm: boolean): boolean;
  // jump puts everything at its target.
  jump(targets: readonly Point[], tears: readonly boolean[]): void;
}

export function createMotion(): Motion {
  const m: Motion = {
    at: [],
    slack: [],
    jump(targets, tears) {
      m.at = targets.map((p) => ({ ...p }));
      m.slack = tears.map((t) => (t ? 1 : 0));
    },
    step(targets, tears, held, seconds, calm) {
      if (calm || m.at.length !== targets.length || m.slack.length !== tears.length) {
        const still = m.at.length === targets.length && m.at.every((p, i) => distance(p, targets[i]!) < 0.1);
        m.jump(targets, tears);
        return !still;
      }
      if (m.at.every((p, i) => p.x === targets[i]!.x && p.y === targets[i]!.y) && m.slack.every((s, i) => s === (tears[i] ? 1 : 0))) return false;
      const pull = 1 - Math.exp(-PULL * seconds);
      const snap = 1 - Math.exp(-SNAP * seconds);
      let moving = false;
      m.at = m.at.map((p, i) => {
        const to = targets[i]!;
        if (distance(p, to) < 0.3) return { ...to };
        moving = true;
        const share = i === held ? 1 : pull;
        return { x: p.x + (to.x - p.x) * share, y: p.y + (to.y - p.y) * share };
      });
      m.slack = m.slack.map((s, i) => {
        const to = tears[i] ? 1 : 0;
        if (Math.abs(s - to) < 0.01) return to;
        moving = true;
        return s + (to - s) * snap;
      });
      return moving;
    },
  };
  return m;
}
