// What the tests of the page's pure parts share.

export const failures: string[] = [];

export function same(what: string, got: unknown, want: unknown): void {
  const [g, w] = [JSON.stringify(got), JSON.stringify(want)];
  if (g !== w) failures.push(`${what}: got ${g}, want ${w}`);
}

// holds notes a failure unless all is as it should be.
export function holds(what: string, ok: boolean): void {
  if (!ok) failures.push(what);
}
