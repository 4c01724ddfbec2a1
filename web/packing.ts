// Packs a text as a link carries a run. The server, whose own format has a sum besides, opens both.

const LONGEST = 3500; // characters, as MaxLink of the server: a hello holds no more

// packed is what stands after run= in a link; "" where the text is too long for one.
export async function packed(text: string): Promise<string> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  const run = `1.${btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "")}`;
  return run.length > LONGEST ? "" : run;
}
