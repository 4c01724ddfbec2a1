// The virtual clock of the picture: it runs a little behind the latest delta, smoothly, and hands out each delta when
// its instant has come. Knows nothing of what a delta holds. Instants are virtual microseconds, wall times milliseconds.
import type { Clock, Delta } from "./wire";

// LAG is how far the picture stays behind, in wall time: about one delta and its jitter.
const LAG = 110;
// A picture further behind than this, in wall time, jumps.
const FAR = 1500;
// MAX_QUEUE deltas wait at most: a hidden tab draws nothing and would gather them without end.
export const MAX_QUEUE = 60;

export interface Playback {
  // now is the instant that the picture shows.
  readonly now: number;
  // speed is virtual seconds per second, 0 while the run stands still.
  readonly speed: number;
  // reset starts from a full state.
  reset(clock: Clock): void;
  // push queues a delta. It returns those that must be applied at once.
  push(delta: Delta): Delta[];
  // advance moves the clock by a span of wall time and returns the deltas whose instant has come.
  advance(wall: number): Delta[];
  // settled reports that nothing is left to show until another delta comes.
  settled(): boolean;
}

export function createPlayback(): Playback {
  let now = 0;
  let clock: Clock = { at: 0, edge: 0, live: true, playing: false, speed: 1, ended: false };
  let queue: Delta[] = [];

  // While another moment is on its way, an archived picture is shown, which stands still.
  const running = () => clock.playing && !clock.ended && !clock.coming;
  const due = (): Delta[] => {
    let n = 0;
    while (n < queue.length && queue[n]!.clock.at <= now) n++;
    return queue.splice(0, n);
  };
  return {
    get now() {
      return now;
    },
    get speed() {
      return running() ? clock.speed : 0;
    },
    reset(c) {
      clock = c;
      now = c.at;
      queue = [];
    },
    push(delta) {
      clock = delta.clock;
      queue.push(delta);
      if (queue.length <= MAX_QUEUE) return [];
      now = Math.max(now, queue[0]!.clock.at);
      return due();
    },
    advance(wall) {
      const left = clock.at - now;
      if (running() && clock.speed > 0) {
        const perMs = clock.speed * 1000;
        if (left > perMs * FAR) now = clock.at - perMs * LAG;
        const behind = (clock.at - now - perMs * LAG) / (perMs * 500);
        now = Math.min(clock.at, now + perMs * wall * Math.min(Math.max(1 + behind, 0.3), 3));
      } else {
        now += left * (1 - Math.exp(-wall / 70));
        if (Math.abs(clock.at - now) < 100) now = clock.at;
      }
      return due();
    },
    settled: () => queue.length === 0 && now === clock.at,
  };
}
