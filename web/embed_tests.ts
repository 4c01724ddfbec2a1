// Tests of what an embed reads of the page around it.
import { momentIn, orderIn, scenarioIn, shareIn, textIn, type Order } from "./embed_read";
import { same } from "./testing";

const tried = (f: () => unknown): unknown => {
  try {
    return f();
  } catch (e) {
    return `! ${(e as Error).message}`;
  }
};

// orderings: anything at all is an order, or is refused.
export function orderings(): void {
  const wrong = "! expected {id, do}, with a number and a text";
  same("orders", [{ id: 1, do: "play" }, null, undefined, 7, "x", [], {}, { id: "1", do: "play" }, { id: 1.5, do: "play" }, { id: 1, do: 1 }].map((o) => tried(() => orderIn(o).do)), ["play", ...Array.from({ length: 9 }, () => wrong)]);
  const order = (more: object, what = "seek"): Order => ({ id: 1, do: what, ...more });
  const moment = "! t: expected seconds from 0 to 3600";
  same("moments", [0, 2.5, 100, 3600, 0.000001, 1e-9, 1 / 3].map((t) => tried(() => momentIn(order({ t }), "t"))), ["0", "2.5", "100", "3600", "0.000001", "0", "0.333333"]);
  same("no moments", [-1, 3601, NaN, Infinity, "3", null, undefined, {}].map((t) => tried(() => momentIn(order({ t }), "t"))), Array.from({ length: 8 }, () => moment));
  same("a load without one", momentIn(order({}, "load"), "t"), "");
  same("scenarios", ["PG1", "europe-away", "", "../x", "a&run=1", 7, "x".repeat(65)].map((scenario) => tried(() => scenarioIn(order({ scenario })))), [
    "PG1",
    "europe-away",
    "! scenario: expected a text",
    ...Array.from({ length: 2 }, () => "! scenario: expected the name of one"),
    "! scenario: expected a text",
    "! scenario: expected the name of one",
  ]);
  same("runs", [undefined, "2.a-_Z", "2.a&at=1s", "<", 7].map((share) => tried(() => shareIn(order({ share })))), ["", "2.a-_Z", ...Array.from({ length: 3 }, () => "! share: expected what a link carries after #run=")]);
  same("texts", ["eu-west-1", "", 7, "x".repeat(201)].map((region) => tried(() => textIn(order({ region }), "region"))), ["eu-west-1", ...Array.from({ length: 3 }, () => "! region: expected a text")]);
}
