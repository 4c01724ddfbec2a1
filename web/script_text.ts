// Places in a text, as the server names them and as a text field does. Pure.

// A Mistake is what is wrong with a script, and where: line 0 for nowhere.
export interface Mistake {
  line: number;
  column: number; // in bytes, from 1
  reason: string;
}

// caretAt is the index in a text of a line and a column in bytes.
export function caretAt(text: string, line: number, column: number): number {
  const lines = text.split("\n");
  const at = Math.min(Math.max(line - 1, 0), lines.length - 1);
  const before = lines.slice(0, at).reduce((n, l) => n + l.length + 1, 0);
  const bytes = new TextEncoder().encode(lines[at]).slice(0, Math.max(column - 1, 0));
  return before + new TextDecoder().decode(bytes).length;
}

export const linesOf = (text: string): number => text.split("\n").length;

export const bytesOf = (text: string): number => new TextEncoder().encode(text).length;
