// What the browser keeps for the next visit. Storage throws in frames of other sites: then nothing is kept.

export function kept(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

export function keep(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // It holds for this visit only.
  }
}
