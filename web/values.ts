// Colours of values: equal values share one, in every lane; values shown at the same time differ as long as there
// are colours; a value that comes back gets its colour back if it is free.

export const INKS = 7; // colours in app.css: --ink-0 and so on
const MEMORY = 400; // values remembered after they have gone

export interface Palette {
  // inkOf returns the colour of a value on display; 0 for others.
  inkOf(value: number): number;
  known(value: number): boolean; // it is on display
  // show tells which values are on display now.
  show(values: Iterable<number>): void;
  list(): [value: number, ink: number][]; // on display
  fix(inks: Iterable<readonly [number, number]>): void; // gives values colours that go before its own
}

export function createPalette(): Palette {
  const memory = new Map<number, number>();
  const used: number[] = Array.from({ length: INKS }, () => 0); // when each colour was last handed out
  let shown = new Map<number, number>();
  let fixed = new Map<number, number>();
  let turn = 0;
  return {
    inkOf: (value) => fixed.get(value) ?? shown.get(value) ?? 0,
    known: (value) => shown.has(value),
    list: () => [...shown],
    fix: (inks) => void (fixed = new Map(inks)),
    show(values) {
      const next = new Map<number, number>();
      const fresh: number[] = [];
      for (const value of new Set(values)) {
        const ink = shown.get(value);
        if (ink === undefined) fresh.push(value);
        else next.set(value, ink);
      }
      for (const value of fresh) {
        const busy = new Set(next.values());
        const known = memory.get(value);
        const ink = known !== undefined && !busy.has(known) ? known : pick(busy, used);
        used[ink] = ++turn;
        next.set(value, ink);
        memory.delete(value); // to put it last
        memory.set(value, ink);
        if (memory.size > MEMORY) memory.delete(memory.keys().next().value!);
      }
      shown = next;
    },
  };
}

// pick returns the colour that has rested longest among those not on display, or among all.
function pick(busy: ReadonlySet<number>, used: readonly number[]): number {
  let best = -1;
  for (let ink = 0; ink < INKS; ink++) {
    if (busy.has(ink) && busy.size < INKS) continue;
    if (best < 0 || used[ink]! < used[best]!) best = ink;
  }
  return best;
}
