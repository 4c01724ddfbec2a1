// Why a lane's verdict is what it is: a panel beside its stage, which stays in view. What went wrong in two sentences, as
// a picture of time, and step by step; or what was checked, where all is well.
import { useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import * as actions from "./actions";
import { momentOf, nameOf } from "./causes";
import * as words from "./causes_words";
import type { Cast } from "./diagram";
import { Diagram } from "./drawing";
import * as store from "./store";
import type { CauseView, ModelVerdict, StepView } from "./wire";

const GLYPHS: Record<StepView["kind"], string> = {
  operation: "M1 4h12v6h-12z",
  state: "M7 3a4 4 0 1 1 0 8a4 4 0 1 1 0-8",
  message: "M1 11l11-8m-5-.5l5.2.3-1 5",
  fault: "M8.5 1l-5 7h3.5l-1.5 5 5-7h-3.5z",
};
const ANSWERS: Record<ModelVerdict["answer"], string> = { yes: "M2 6.5l3 3 5-6.7", no: "M2.5 2.5l7 7m0-7l-7 7", unknown: "M2 6h8" };

export function Why() {
  const open = store.why.value;
  if (!open || !store.lanes.value[open.lane]) return null;
  return <Panel key={open.lane} lane={open.lane} />;
}

function Panel({ lane }: { lane: number }) {
  const title = useRef<HTMLHeadingElement>(null);
  // Before anything is painted: keys count from then on.
  useLayoutEffect(() => {
    const panel = title.current!.closest("section")!;
    const from = document.activeElement;
    const led = store.why.peek()!.led; // the focus stays where it is
    if (!led) title.current!.focus({ preventScroll: true });
    document.querySelector(".lane[data-why='1']")?.scrollIntoView({ block: "nearest" });
    return () => {
      // Focus goes back to where it came from, unless a hand has put it elsewhere.
      const now = document.activeElement;
      if (led) return;
      if ((from instanceof HTMLElement || from instanceof SVGElement) && from.isConnected && (now === document.body || panel.contains(now))) from.focus();
    };
  }, []);
  const { causes } = store.lanes.value[lane]!;
  const cause = store.cause.value;
  const name = store.world.value!.lanes[lane]!.name;
  return (
    <section class="why" id="why" aria-labelledby="why-title" data-why={store.why.value!.name}>
      <header>
        <h2 id="why-title" ref={title} tabIndex={-1}>
          {words.why.title(name, causes.length)}
        </h2>
        <button type="button" data-action="close-why" onClick={store.closeWhy}>
          {words.why.close}
        </button>
      </header>
      <div class="inside">
        {causes.length > 0 && <List causes={causes} />}
        {cause ? <Told cause={cause} /> : <Checked lane={lane} />}
      </div>
    </section>
  );
}

// useCast returns who there is, as people call them: a client that is alone in its region by the region.
function useCast(): Cast {
  const world = store.world.value!;
  return useMemo(
    () => ({
      nodes: world.nodes.map((n, i) => ({ name: world.labels[i] ?? n.name, region: n.region })),
      clients: world.clients.map((c) => ({ name: world.clientsOf[c.region]!.length === 1 ? (world.names[c.region] ?? c.name) : c.name, region: c.region })),
    }),
    [world],
  );
}

function List({ causes }: { causes: readonly CauseView[] }) {
  const picked = store.why.value!.name;
  const cast = useCast();
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => list.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" }), [picked]);
  return (
    <nav aria-label={words.why.list}>
      <ul ref={list}>
        {causes.map((c) => (
          <li key={nameOf(c)}>
            <button type="button" class="pick" data-pick={nameOf(c)} aria-current={picked === nameOf(c) ? "true" : undefined} onClick={() => store.pick(nameOf(c))}>
              <time>{words.exact(c.at)}</time> <span>{words.brief(c, (i) => cast.clients[i]?.name ?? "")}</span>
            </button>
          </li>
        ))}
        <li>
          <button type="button" class="pick" data-pick="" aria-current={picked === "" ? "true" : undefined} onClick={() => store.pick("")}>
            <span>{words.why.checked}</span>
          </button>
        </li>
      </ul>
    </nav>
  );
}

function Told({ cause }: { cause: CauseView }) {
  const cast = useCast();
  const steps = cause.steps ?? [];
  const go = (i: number) => {
    const s = steps[i];
    if (!s) return;
    store.point(i);
    actions.jump(momentOf(s));
  };
  return (
    <article class="told">
      <p class="what" lang="en">{cause.text[0]}</p>
      <p class="blame" lang="en">{cause.text[1]}</p>
      <Diagram cause={cause} cast={cast} go={go} />
      <div class="chain-head">
        <h3 id="chain">{words.why.chain}</h3>
        <Place />
      </div>
      <ol class="chain" aria-labelledby="chain">
        {steps.map((s, i) => (
          <Step key={i} step={s} index={i} go={go} />
        ))}
      </ol>
    </article>
  );
}

// seenIn is what of a step can be looked into, if anything.
function seenIn(s: StepView): Pick<store.Selection, "message" | "operation" | "node"> | null {
  if (s.message > 0) return { message: s.message };
  if (s.kind === "operation" && s.op > 0) return { operation: s.op };
  const nodes = store.world.peek()?.nodes.length ?? 0;
  return s.kind === "state" && s.node >= 0 && s.node < nodes ? { node: s.node } : null;
}

function Step({ step: s, index, go }: { step: StepView; index: number; go(i: number): void }) {
  const what = seenIn(s);
  return (
    <li>
      <button
        type="button"
        class="step"
        data-step={s.kind}
        data-moment={momentOf(s)}
        data-fate={s.fate ?? ""}
        data-hot={store.hot.value === index ? "1" : "0"}
        onPointerEnter={() => store.point(index)}
        onPointerLeave={() => store.point(-1)}
        onFocus={() => store.point(index)}
        onBlur={() => store.point(-1)}
        onClick={() => go(index)}
      >
        <svg class="glyph" viewBox="0 0 14 14" role="img" aria-label={words.stepKind(s)}>
          <path d={GLYPHS[s.kind]} />
        </svg>
        <time>{words.exact(s.at)}</time>
        <span lang="en">{s.text}</span>
      </button>
      {what && (
        <button type="button" class="link" data-action="inspect-step" aria-label={words.why.inspectOf(s.text)} onClick={() => store.inspect({ lane: store.why.peek()!.lane, ...what })}>
          {words.why.inspect}
        </button>
      )}
    </li>
  );
}

// Place says which moment is shown after a jump, and leads back.
function Place() {
  const { live, at, playing } = store.clock.value;
  return (
    <p class="moment" role="status">
      <span>{live ? words.why.hint : playing ? words.why.past(at) : words.why.moment(at)}</span>
      {!live && (
        <button type="button" class="link" data-action="why-live" onClick={actions.live}>
          {words.why.live}
        </button>
      )}
    </p>
  );
}

function Checked({ lane }: { lane: number }) {
  const { models, scores, causes } = store.lanes.value[lane]!;
  return (
    <article class="told" tabIndex={0} aria-labelledby="why-title">
      <p class="what">{causes.length === 0 ? words.why.fine : words.why.checked}</p>
      <p class="blame">{words.why.fineText(scores)}</p>
      <dl class="models" aria-label={words.why.models}>
        {models.map((m) => (
          <div key={m.model} data-answer={m.answer}>
            <dt>
              <svg class="glyph" viewBox="0 0 12 12" aria-hidden="true">
                <path d={ANSWERS[m.answer]} />
              </svg>
              {words.modelName(m)}
            </dt>
            <dd>
              <b>{words.answerOf(m, scores.operations)}</b> <span>{words.modelText(m)}</span>
            </dd>
          </div>
        ))}
      </dl>
    </article>
  );
}
