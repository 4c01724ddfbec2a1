// What is known of a node, a message or an operation, as lists of facts and tables. No protocol is told apart here: facts
// have names of their own, and are written by their kinds.
import type { ComponentChildren } from "preact";
import { exact } from "./causes_words";
import { columns, factText, inspect, kindOf, keyOf, logMarks, logState, markOf, names, space, span, stateName, stream, versionOf } from "./space_words";
import * as store from "./store";
import type { Fact, KeyFacts, MessageFacts, NodeFacts, OperationFacts } from "./wire";
import { money } from "./words";

// who names a node, or a client, by its address: clients come after the nodes.
function who(addr: number): string {
  const w = store.world.value!;
  return addr < w.nodes.length ? (w.labels[addr] ?? String(addr)) : (w.clients[addr - w.nodes.length]?.name ?? String(addr));
}

const text = (name: string, value: string): Fact => ({ name, kind: "text", n: 0, text: value });
const fact = (name: string, kind: Fact["kind"], n: number): Fact => ({ name, kind, n });

// Facts writes facts; those of one name stand together. Nodes and operations lead to themselves.
function Facts({ facts, lane }: { facts: readonly Fact[]; lane: number }) {
  const byName = new Map<string, Fact[]>();
  for (const f of facts) {
    const list = byName.get(f.name) ?? [];
    // What the stage shows, a node may say of itself too.
    if (!list.some((o) => factText(o, who) === factText(f, who))) byName.set(f.name, [...list, f]);
  }
  return (
    <dl class="facts">
      {[...byName].map(([name, list]) => (
        <div key={name} data-fact={name}>
          <dt>{name}</dt>
          <dd>
            {list.map((f, i) => (
              <span key={i}>
                {i > 0 && ", "}
                <Value fact={f} lane={lane} />
              </span>
            ))}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Value({ fact: f, lane }: { fact: Fact; lane: number }) {
  const written = factText(f, who);
  const node = f.kind === "node" && f.n >= 0 && f.n < store.world.value!.nodes.length;
  if (!node && !(f.kind === "operation" && f.n > 0)) return <>{written}</>;
  return (
    <button type="button" class="link" onClick={() => store.inspect(node ? { lane, node: f.n } : { lane, operation: f.n })}>
      {written}
    </button>
  );
}

function Part({ title, children, note }: { title: string; children: ComponentChildren; note?: string }) {
  return (
    <section class="part">
      <h3>{title}</h3>
      {note && <p class="legend">{note}</p>}
      {children}
    </section>
  );
}

// Grid is a table without the columns in which there is nothing.
function Grid({ label, ...all }: { label: string; head: readonly string[]; rows: readonly ComponentChildren[][] }) {
  const used = all.head.map((_, i) => all.rows.some((row) => row[i] !== ""));
  const head = all.head.filter((_, i) => used[i]);
  const rows = all.rows.map((row) => row.filter((_, i) => used[i]));
  return (
    <div class="wide" tabIndex={0} role="region" aria-label={label}>
      <table>
        <thead>
          <tr>
            {head.map((h) => (
              <th key={h} scope="col">{h}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, i) => (
            <tr key={i}>
              {row.map((cell, j) => (
                <td key={j}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function NodeView({ facts: n, at, lane }: { facts: NodeFacts; at: number; lane: number }) {
  const timers = [...(n.timers ?? [])].sort((a, b) => a.until - b.until);
  const peers = n.peers ?? [];
  const streams = n.streams ?? [];
  return (
    <>
      <Part title={inspect.state}>
        <Facts lane={lane} facts={[...standing(n), ...(n.facts ?? [])]} />
      </Part>
      {timers.length > 0 && (
        <Part title={inspect.timers}>
          <Grid label={inspect.timers} head={columns.timers} rows={timers.map((t) => [t.name, t.peer === undefined ? "" : who(t.peer), exact(t.from), exact(t.until), span(Math.max(t.until - at, 0))])} />
        </Part>
      )}
      {peers.length > 0 && (
        <Part title={inspect.peers}>
          {peers.map((p) => (
            <div class="peer" key={p.peer}>
              <h4>{who(p.peer)}</h4>
              <Facts lane={lane} facts={p.facts ?? []} />
            </div>
          ))}
        </Part>
      )}
      <Log facts={n} lane={lane} />
      {(n.keys ?? []).length > 0 && (
        <Part title={inspect.keys}>
          <Grid label={inspect.keys} head={columns.keys} rows={(n.keys ?? []).map(keyRow)} />
        </Part>
      )}
      <Part title={inspect.disk}>
        <Facts lane={lane} facts={disk(n)} />
      </Part>
      {streams.length > 0 && (
        <Part title={inspect.streams}>
          <Grid label={inspect.streams} head={columns.streams} rows={streams.map((s) => [who(s.peer), stream(s.connected, s.retrying), s.unacked, s.waiting, span(s.round_trip), span(s.timeout), exact(s.heard)])} />
        </Part>
      )}
    </>
  );
}

// standing says of a node what the stage shows of it.
function standing(n: NodeFacts): Fact[] {
  const v = n.view;
  const facts: Fact[] = [];
  if (v.role) facts.push(text(names.role, v.role));
  if (v.term) facts.push(fact(names.term, "number", v.term));
  facts.push(text(names.value, v.text ?? money(v.value)));
  for (const s of v.siblings ?? []) facts.push(text(names.siblings, versionOf(money(s.value), s.write, s.deleted ?? false, undefined)));
  if (v.down) facts.push(fact(names.down, "yes", 1));
  if (v.paused) facts.push(fact(names.paused, "yes", 1));
  if (v.lead !== undefined && v.lead !== null) facts.push(fact(names.lead, "node", v.lead));
  for (const d of v.dead ?? []) facts.push(fact(names.dead, "node", d));
  return facts;
}

function Log({ facts: n, lane }: { facts: NodeFacts; lane: number }) {
  const log = [...(n.log ?? [])].reverse();
  if (log.length === 0) return null;
  const rows = log.map((e) => [
    e.index,
    e.term,
    e.write > 0 ? <Value key="w" lane={lane} fact={fact("", "operation", e.write)} /> : "",
    e.key ?? "",
    e.kind === "own" ? "" : money(e.value),
    logState(e.index, n.durable, n.commit, logMarks[e.kind]),
  ]);
  return (
    <Part title={inspect.log} note={inspect.logNote(n.durable, n.commit)}>
      <Grid label={inspect.log} head={columns.log} rows={rows} />
    </Part>
  );
}

function keyRow(k: KeyFacts): ComponentChildren[] {
  const versions = (k.versions ?? []).map((v) => versionOf(money(v.value), v.write, v.deleted ?? false, v.stamp));
  const clock = (k.clock ?? []).map((m) => markOf(who(m.node), m.count));
  return [keyOf(k.key, k.for === undefined ? "" : who(k.for), k.gone ?? false), money(k.value), versions.join("; "), clock.join(", ")];
}

function disk(n: NodeFacts): Fact[] {
  const d = n.disk;
  if (!d.keeps) return [fact(names.forgets, "yes", 1)];
  return [...(d.durable ?? []), fact(names.unsynced, "number", d.unsynced), fact(names.flushing, "number", d.flushing), fact(names.waits, "number", d.waits)];
}

export function MessageView({ facts: m, lane }: { facts: MessageFacts; lane: number }) {
  const facts = [
    text(names.kind, kindOf(m.kind)),
    fact(names.from, "node", m.from),
    fact(names.to, "node", m.to),
    fact(names.sent, "time", m.sent),
    fact(names.due, "time", m.due),
    text(names.state, stateName(m.state)),
    ...(m.at >= 0 ? [fact(names.ended, "time", m.at)] : []),
  ];
  const carries = (m.carries ?? []).map((c) => fact(names.carries(c.key), "operation", c.write));
  return (
    <>
      <Part title={inspect.state}>
        <Facts lane={lane} facts={facts} />
      </Part>
      <Part title={inspect.carries}>
        <Facts lane={lane} facts={[...(m.facts ?? []), ...carries]} />
      </Part>
    </>
  );
}

export function OperationView({ facts: o, lane }: { facts: OperationFacts; lane: number }) {
  const pending = o.result.outcome === "pending";
  const reads = o.op.kind === "read";
  const asked = [
    text(names.does, o.op.kind),
    text(names.key, o.op.key),
    ...(reads || o.op.kind === "delete" ? [] : [text(names.wrote, money(o.wrote))]),
    ...(o.op.kind === "compare-and-set" ? [text(names.expects, money(o.op.expect))] : []),
    ...(o.op.level ? [text(names.level, o.op.level)] : []),
    fact(names.client, "node", o.client),
    fact(names.asked, "node", o.asked),
    fact(names.attempts, "number", o.attempts),
    fact(names.start, "time", o.start),
    text(names.errand, o.errand.kind),
    ...(o.ops ?? []).filter((id) => id !== o.op.id).map((id) => fact(names.others, "operation", id)),
  ];
  return (
    <>
      <Part title={inspect.state}>
        <Facts lane={lane} facts={asked} />
      </Part>
      <Part title={inspect.answer}>
        <Facts lane={lane} facts={pending ? [text(names.outcome, o.result.outcome)] : answer(o)} />
      </Part>
      {!reads && (
        <Part title={inspect.where}>
          <Facts lane={lane} facts={whereabouts(o)} />
          <Carried lane={lane} ids={o.carried ?? []} />
        </Part>
      )}
    </>
  );
}

function answer(o: OperationFacts): Fact[] {
  const r = o.result;
  const found = r.outcome === "ok" && (o.op.kind === "read" || o.op.kind === "compare-and-set");
  return [
    text(names.outcome, r.outcome),
    ...(r.reason ? [text(names.reason, r.reason)] : []),
    ...(r.says ? [text(names.says, r.says)] : []),
    fact(names.end, "time", o.end),
    fact(names.place, "number", o.place),
    ...(found ? [text(names.found, r.absent ? inspect.none : money(o.found)), fact(names.foundOf, "operation", r.version)] : []),
    ...(o.siblings ?? []).map((s) => text(names.siblings, versionOf(money(s.value), s.write, s.deleted ?? false, undefined))),
  ];
}

function whereabouts(o: OperationFacts): Fact[] {
  const holders = (o.held_by ?? []).map((a) => fact(names.heldBy, "node", a));
  return holders.length > 0 ? holders : [text(names.heldBy, inspect.none)];
}

function Carried({ lane, ids }: { lane: number; ids: readonly number[] }) {
  if (ids.length === 0) return null;
  return (
    <p>
      {names.carriedBy}{" "}
      {ids.map((id) => (
        <button key={id} type="button" class="link" onClick={() => store.inspect({ lane, message: id })}>
          {space.message(id)}
        </button>
      ))}
    </p>
  );
}
