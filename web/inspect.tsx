// The Inspect tab: everything about a node, a message or an operation, as it is at the moment shown; and the messages in
// flight, whose fate a visitor may decide.
import { useEffect, useState } from "preact/hooks";
import { Choice } from "./choice";
import * as actions from "./actions";
import { Hand, InFlight } from "./hand";
import { MessageView, NodeView, OperationView } from "./inspect_views";
import { inspect, space } from "./space_words";
import * as store from "./store";
import { laneName } from "./words";

const EVERY = 500; // milliseconds between two questions while time goes on

export function Inspect() {
  const w = store.world.value;
  const picked = store.selected.value;
  const lane = picked?.lane ?? store.why.peek()?.lane ?? 0;
  if (!w?.lanes[lane]) return null;
  return (
    <div class="inspect">
      <div class="space-controls">
        <Choice label={inspect.lane} value={String(lane)} of={w.lanes.map((l, i) => [String(i), laneName(l.name)])} set={(v) => store.inspect({ lane: Number(v), node: picked?.node })} />
        <Choice
          label={inspect.node}
          value={picked?.node === undefined ? "" : String(picked.node)}
          of={[["", inspect.choose], ...w.nodes.map((n, i): [string, string] => [String(i), n.name])]}
          set={(v) => store.inspect(v === "" ? { lane } : { lane, node: Number(v) })}
        />
      </div>
      <div class="inspect-body">
        <Subject />
        <InFlight lane={lane} />
      </div>
    </div>
  );
}

// useAnswers keeps asking: at once when something else is selected, and again as the moment shown changes.
function useAnswers(raw: boolean): void {
  const picked = store.selected.value;
  useEffect(() => {
    let at = -1;
    const ask = () => {
      if (store.now.peek() === at || document.hidden) return;
      at = store.now.peek();
      actions.inspect(raw);
    };
    ask();
    const timer = setInterval(ask, EVERY);
    return () => clearInterval(timer);
  }, [picked, raw]);
}

// titleOf names what is selected.
function titleOf(picked: store.Selection): string {
  const w = store.world.value!;
  const lane = w.lanes[picked.lane]?.name ?? "";
  if (picked.node !== undefined) return inspect.title(w.nodes[picked.node]?.name ?? "", lane);
  return inspect.title(picked.message ? space.message(picked.message) : space.operation(picked.operation ?? 0), lane);
}

function Subject() {
  const [raw, setRaw] = useState(false);
  const picked = store.selected.value;
  useAnswers(raw);
  if (!picked || (picked.node ?? picked.message ?? picked.operation) === undefined) return <p class="empty subject">{inspect.nothing}</p>;
  const i = store.inspection.value;
  const refusal = store.uninspected.value;
  const rawText = i?.node?.raw ?? i?.message?.raw;
  return (
    <section class="subject" data-subject={picked.node !== undefined ? "node" : picked.message ? "message" : "operation"} aria-labelledby="subject-title">
      <h2 id="subject-title">
        {titleOf(picked)} {i && <small>{inspect.at(i.at)}</small>}
      </h2>
      {refusal && <p class="empty" role="status">{inspect.refused(refusal)}</p>}
      {!i && !refusal && <p class="empty">{inspect.asking}</p>}
      {i?.node && <NodeView facts={i.node} at={i.at} lane={picked.lane} />}
      {i?.message && (i.message.state === "flying" || i.message.state === "held") && <Hand lane={picked.lane} id={i.message.id} />}
      {i?.message && <MessageView facts={i.message} lane={picked.lane} />}
      {i?.operation && <OperationView facts={i.operation} lane={picked.lane} />}
      {i && !i.operation && (
        <details class="listing" onToggle={(e) => setRaw(e.currentTarget.open)}>
          <summary data-action="raw">{inspect.raw}</summary>
          {raw && <pre tabIndex={0} aria-label={inspect.raw}>{rawText ?? inspect.asking}</pre>}
        </details>
      )}
    </section>
  );
}
