// Places in a text, as the server names them and as a text field does. Pure.

import { momentOf } from "./fragment";

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

// MOST is how many bytes a scenario's text may have, as sim.MaxScenarioSize: the server ends a connection that sends far more.
export const MOST = 64 << 10;

// textOf reads a file's bytes, with the line ends of a scenario; null where they are no text.
export function textOf(bytes: Uint8Array): string | null {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return text.includes("\0") ? null : unified(text);
  } catch {
    return null;
  }
}

export const unified = (text: string): string => text.replace(/\r\n?/g, "\n");

// isScenario tells a scenario from other texts: it says at least where it takes place.
export const isScenario = (text: string): boolean => /^\s*(regions|lane|engine) \S/m.test(text);

// engineOf is the engine that a text was made by; 0 where it does not say.
export const engineOf = (text: string): number => Number(/^engine (\d{1,9})$/m.exec(text)?.[1] ?? 0);

// renewed makes a text of an older engine one for this engine.
export function renewed(text: string, engine: number): string {
  const made = engineOf(text);
  return made > 0 && made < engine ? text.replace(/^engine \d+$/m, `engine ${engine}`) : text;
}

// commandsOf counts the commands of a canonical text.
export const commandsOf = (text: string): number => text.match(/^at /gm)?.length ?? 0;

// endOf is where a canonical text says that a headless run of it ends, as it is written.
export const endOf = (text: string): string => /^end (\S+)$/m.exec(text)?.[1] ?? "";

// upTo leaves out of a canonical text what comes after a moment, in microseconds: commands, and what is expected of the end.
export function upTo(text: string, at: number): string {
  const later = (line: string) => (momentOf(/^at (\S+)/.exec(line)?.[1] ?? "") ?? 0) > at;
  return text
    .split("\n")
    .filter((line) => !line.startsWith("expect ") && !later(line))
    .join("\n");
}
