// What can be read of a link's run without the server, which takes no link that is too long: whole lines of its text, unchecked.
import { MOST } from "./script_text";

const SUM = 4; // bytes before the text, from format 2 on: see sim.Pack

export async function salvage(run: string): Promise<string> {
  const [, version = "", payload = ""] = /^(\d+)\.([A-Za-z0-9_-]*)/.exec(run) ?? [];
  if (version !== "1" && version !== "2") return "";
  const packed = bytesOf(payload).slice(version === "1" ? 0 : SUM);
  const text = new TextDecoder().decode(await inflated(packed));
  return text.slice(0, text.lastIndexOf("\n") + 1);
}

function bytesOf(base64url: string): Uint8Array<ArrayBuffer> {
  const whole = base64url.slice(0, base64url.length - (base64url.length % 4 === 1 ? 1 : 0));
  return Uint8Array.from(atob(whole.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
}

// inflated is what there is until the stream breaks, but no more than a scenario may have.
async function inflated(packed: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    const reader = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
    for (let next = await reader.read(); !next.done && size < MOST; next = await reader.read()) {
      parts.push(next.value.slice(0, MOST - size));
      size += parts[parts.length - 1]!.length;
    }
    void reader.cancel();
  } catch {
    // The rest is lost.
  }
  const all = new Uint8Array(size);
  parts.reduce((at, part) => (all.set(part, at), at + part.length), 0);
  return all;
}
