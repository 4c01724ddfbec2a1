// What a run came to under other lucks, as a table: promises by lanes, each with its share of the runs.
import { barOf, everBroken, otherLuck, shareOf, type Promised } from "./luck";
import { OpenLink } from "./luck_open";
import { hereIn } from "./luck_said";
import * as words from "./luck_words";
import * as store from "./store";
import type { BrokenView, JobResult, LaneLuckView, LuckView, SpreadView } from "./wire";
import { laneName } from "./words";

const BAR = { width: 88, height: 14 }; // pixels

interface TableProps {
  outcome: store.Outcome;
  result: JobResult;
  luck: LuckView;
}

export function Table({ outcome, result, luck }: TableProps) {
  const lanes = luck.lanes ?? [];
  const here = hereIn(outcome);
  const [broken, kept] = everBroken(lanes);
  const figures = (Object.keys(words.figureNames) as words.Figure[]).filter((f) => f !== "damage" || lanes.some((l) => l.damage.mean > 0));
  return (
    <>
      <div class="luck-scroll" role="region" aria-label={words.luck.table} tabIndex={0}>
        <table class="chances">
          <caption class="unseen">{words.luck.table}</caption>
          <Head first={words.luck.broke} lanes={lanes} />
          <tbody>
            {broken.map((p) => (
              <tr key={p} data-promise={p}>
                <th scope="row">{words.names[p]}</th>
                {lanes.map((l, i) => (
                  <Chance key={l.name} lane={i} name={l.name} promise={p} share={shareOf(l, p)!} here={here(l.name, p) === true} outcome={outcome} end={result.end} />
                ))}
              </tr>
            ))}
          </tbody>
          <tbody>
            <tr class="averages">
              <th scope="colgroup" colSpan={lanes.length + 1}>
                {words.luck.figures}
              </th>
            </tr>
            {figures.map((f) => (
              <tr key={f} data-figure={f}>
                <th scope="row">{words.figureNames[f]}</th>
                {lanes.map((l) => (
                  <Average key={l.name} figure={f} of={l[f]} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p class="luck-key">
        <span>
          {words.basis(luck, result)} {words.luck.figuresHint}
        </span>
        <span>
          <Cross /> {words.luck.hereKey}
        </span>
        {kept.length > 0 && <span>{words.kept(kept)}</span>}
      </p>
    </>
  );
}

function Head({ first, lanes }: { first: string; lanes: readonly LaneLuckView[] }) {
  return (
    <thead>
      <tr>
        <th scope="col">{first}</th>
        {lanes.map((l) => (
          <th key={l.name} scope="col">
            {laneName(l.name)}
          </th>
        ))}
      </tr>
    </thead>
  );
}

interface ChanceProps {
  lane: number;
  name: string;
  promise: Promised;
  share: BrokenView;
  here: boolean;
  outcome: store.Outcome;
  end: number;
}

function Chance({ lane, name, promise, share, here, outcome, end }: ChanceProps) {
  const { seed } = share;
  return (
    <td data-lane-of={name} data-percent={share.percent}>
      <span class="chance">
        <b>{share.count > 0 ? words.percent(share.percent) : words.luck.never}</b>
        <Bar lane={lane} share={share} />
        {here && <Cross label={words.luck.hereToo} />}
      </span>
      <span class="chance">
        <span class="muted">{words.interval(share)}</span>
        {share.unknown > 0 && <span class="muted">{words.luck.unknown(share.unknown)}</span>}
        {seed !== null && outcome.text !== "" && (
          <OpenLink text={otherLuck(outcome.text, seed)} at={end} lane={name} label={words.luck.seedOf(seed, name, words.names[promise])} where={words.luck.draftOf(seed)}>
            {words.luck.seed(seed)}
          </OpenLink>
        )}
      </span>
    </td>
  );
}

function Bar({ lane, share }: { lane: number; share: BrokenView }) {
  const { width, height } = BAR;
  const { to, low, high } = barOf(share, width);
  const middle = height / 2;
  return (
    <svg class="bar" data-lane-ink={lane % 4} viewBox={`-1 0 ${width + 2} ${height}`} width={width + 2} height={height} aria-hidden="true">
      <path class="track" d={`M0 ${middle}h${width}`} />
      <rect y={middle - 3} width={to} height={6} />
      <path class="whisker" d={`M${low} ${middle}H${high}M${low} ${middle - 4}v8M${high} ${middle - 4}v8`} />
    </svg>
  );
}

function Cross({ label }: { label?: string }) {
  return (
    <svg class="broke" viewBox="0 0 12 12" {...(label ? { role: "img", "aria-label": label } : { "aria-hidden": "true" as const })}>
      <path d="M2.5 2.5l7 7m0-7l-7 7" />
    </svg>
  );
}

function Average({ figure, of }: { figure: words.Figure; of: SpreadView }) {
  return (
    <td>
      <b>{words.amount(figure, of.mean)}</b> {words.amount(figure, of.p5) !== words.amount(figure, of.p95) && <span class="muted">{words.spread(figure, of)}</span>}
    </td>
  );
}
