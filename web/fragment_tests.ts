// Tests of what stands after the # of the page's address, and of texts that come from outside.
import { tabs, type Tab } from "./drawer_words";
import { linkIn, momentOf, momentText, nowhere, parse, print, type Fragment } from "./fragment";
import { commandsOf, endOf, engineOf, isScenario, renewed, textOf, upTo } from "./script_text";
import { failures, same } from "./testing";

// fragments: reading and writing are inverse, and what makes no sense is named.
export function fragments(): void {
  same("nothing", parse(""), { fragment: nowhere, bad: [] });
  same("a whole link", parse("#run=2.a-_Z&at=12.345s&lane=quorum&view=why:lost-write.17,charts"), {
    fragment: { ...nowhere, run: "2.a-_Z", at: 12_345_000, lane: "quorum", tab: "charts", why: "lost-write 17" },
    bad: [],
  });
  same("a room", parse("#room=abc&key=d-f"), { fragment: { ...nowhere, room: "abc", key: "d-f" }, bad: [] });
  const odd = parse("run=1.x&at=soon&lane=No Lane&view=moon&at&utm_source=mail&%E0%A4%A=1");
  same("parts without sense", odd, { fragment: { ...nowhere, run: "1.x" }, bad: ["at=soon", "lane=No Lane", "view=moon", "at", "utm_source=mail", "%E0%A4%A=1"] });
  same("a view in part", parse("view=why,moon"), { fragment: { ...nowhere, why: "" }, bad: ["view=why,moon"] });
  same("moments", ["0s", "0.000001s", "3600s", "3600.1s", "-1s", "1e3s", "12", "1.2345678s", "12.5ms"].map(momentOf), [0, 1, 3_600_000_000, null, null, null, null, null, null]);
  same("as text", [0, 1, 500_000, 12_345_678, 3_600_000_000].map(momentText), ["0s", "0.000001s", "0.5s", "12.345678s", "3600s"]);
}

// inverses tries many fragments, and many broken ones.
export function inverses(): void {
  const draw = dice(7);
  const word = () => Array.from({ length: 1 + draw(12) }, () => "abcxyz019-"[draw(10)]).join("");
  for (let i = 0; i < 2000; i++) {
    const f: Fragment = {
      room: draw(2) ? `R${word()}_` : "",
      key: draw(2) ? `${word()}é&=#` : "",
      run: draw(2) ? `2.${word()}` : "",
      at: draw(2) ? draw(3_600_000_001) : null,
      lane: draw(2) ? `l${word()}` : "",
      tab: draw(2) ? (tabs[draw(tabs.length)] as Tab) : "",
      why: [null, "", `lost-write ${draw(1e6)}`][draw(3)] ?? null,
    };
    const text = print(f);
    const again = parse(text);
    if (JSON.stringify(again) !== JSON.stringify({ fragment: f, bad: [] })) return void failures.push(`${text} is read as ${JSON.stringify(again)}`);
    if (print(again.fragment) !== text) return void failures.push(`${text} is written as ${print(again.fragment)}`);
    const broken = Array.from(`#${text}`, (c) => (draw(9) ? c : "&=%:,.#s"[draw(8)])).join("");
    const once = print(parse(broken).fragment);
    if (print(parse(once).fragment) !== once) return void failures.push(`${broken} is written as ${once}, which is not read as itself`);
  }
}

// links: what is taken for a link to a run.
export function links(): void {
  same("links", ["http://127.0.0.1:8080/#run=2.a&at=1s", " #run=2.a\n", "run=at.b", "https://example.org/", "see #run=2.a", ""].map(linkIn), ["run=2.a&at=1s", "run=2.a", "run=at.b", "", "", ""]);
}

// dice draws numbers below n, the same each time.
function dice(seed: number): (n: number) => number {
  let x = seed;
  return (n) => {
    x = (Math.imul(x, 1664525) + 1013904223) >>> 0;
    return Math.floor((x / 2 ** 32) * n);
  };
}

// texts: files and what is pasted.
export function texts(): void {
  const bytes = (text: string) => new TextEncoder().encode(text);
  same("a file", textOf(bytes("seed 1\r\nregions a\r")), "seed 1\nregions a\n");
  same("no text", [textOf(new Uint8Array([0xff, 0xd8, 0xff])), textOf(bytes("a\0b"))], [null, null]);
  same("scenarios", ["# one\nregions us-east-1\n", "engine 2", "lane a gossip", "hello", "the regions are", ""].map(isScenario), [true, true, true, false, false, false]);
  same("of an older engine", renewed("engine 1\nseed 4\n", 2), "engine 2\nseed 4\n");
  same("of this one, of a newer one and of none", ["engine 2\n", "engine 3\n", "seed 1\n"].map((t) => renewed(t, 2)), ["engine 2\n", "engine 3\n", "seed 1\n"]);
  same("up to a moment", upTo("engine 2\nat 1s heal\nat 1.5s heal\nat 10.25s heal\nend 60s\nexpect strong linearizable\n", 1_500_000), "engine 2\nat 1s heal\nat 1.5s heal\nend 60s\n");
  same("what a text has", [engineOf("engine 2\nat 1s heal\n"), commandsOf("engine 2\nat 1s heal\nat 2s heal\n"), endOf("at 1s heal\nend 12.5s\nexpect"), endOf("")], [2, 2, "12.5s", ""]);
}
