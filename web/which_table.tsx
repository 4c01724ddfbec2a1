// What was measured, as a table: configurations by what hurts, sortable, each figure a link to the run behind it.
import { useSignal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { nowhere, print } from "./fragment";
import { packed } from "./packing";
import type { Result } from "./which_run";
import { basis, cut, figure, heading, laneTitle, often, opening, which as words } from "./which_words";
import { isLane, sorted, type Column } from "./which_world";
import type { CellView, HurtView, RowView } from "./wire";

export function Table({ result }: { result: Result }) {
  const by = useSignal<Column>({ of: -1, down: false });
  const { matrix } = result;
  const hurts = matrix.hurts ?? [];
  const rows = sorted((matrix.rows ?? []).map(named), by.value, hurts.map((h) => h.happens));
  const possible = rows.filter((r) => !r.impossible);
  const sort = (of: number) => (by.value = { of, down: by.value.of === of && !by.value.down });
  const dir = (of: number) => (by.value.of !== of ? "none" : by.value.down ? "descending" : "ascending");
  return (
    <div class="which-result">
      <h2 id="which-table">{words.table}</h2>
      <p class="about">
        {basis(matrix.done, matrix.seeds, possible.length)} {words.hint} {result.cut && cut(result.cut)}
      </p>
      <div class="which-scroll" role="region" aria-labelledby="which-table" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <Head text={words.configuration} dir={dir(-1)} sort={() => sort(-1)} />
              {hurts.map((h, i) => (
                <Head key={h.name} text={heading(h.name, h.over)} dir={dir(i)} sort={() => sort(i)} />
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((r) => (
              <Row key={r.name} row={r} hurts={hurts} />
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

// named has a lane of the scenario called in the page's words.
const named = (r: RowView): RowView => (isLane(r) ? { ...r, title: laneTitle(r.name, r.protocol), about: "" } : r);

function Head({ text, dir, sort }: { text: string; dir: "none" | "ascending" | "descending"; sort(): void }) {
  return (
    <th scope="col" aria-sort={dir}>
      <button type="button" class="which-sort" onClick={sort}>
        {text}
        <svg viewBox="0 0 10 10" aria-hidden="true">
          {dir !== "none" && <path d={dir === "ascending" ? "M5 2l4 6H1z" : "M5 8l4-6H1z"} />}
        </svg>
      </button>
    </th>
  );
}

function Row({ row, hurts }: { row: RowView; hurts: readonly HurtView[] }) {
  const dropped = row.dropped ?? [];
  return (
    <tr data-row={row.name}>
      <th scope="row">
        {row.title}
        <span class="about" lang={row.about ? "en" : undefined}>
          {row.about || words.ofScenario}
        </span>
        {dropped.length > 0 && (
          <span class="about">
            {words.without}{" "}
            <span lang="en" title={dropped.map((d) => d.reason).join("\n")}>
              {dropped.map((d) => d.statement).join("; ")}
            </span>
          </span>
        )}
      </th>
      {row.impossible ? (
        <td colSpan={hurts.length} class="about">
          {words.impossible} <span lang="en">{row.impossible}</span>
        </td>
      ) : (
        hurts.map((h, i) => <Cell key={h.name} hurt={h} cell={row.cells![i]!} title={row.title} />)
      )}
    </tr>
  );
}

function Cell({ hurt, cell, title }: { hurt: HurtView; cell: CellView; title: string }) {
  const [link, setLink] = useState("");
  useEffect(() => {
    let over = false;
    void packed(cell.text).then((run) => !over && setLink(run));
    return () => {
      over = true;
    };
  }, [cell.text]);
  const text = figure(hurt.name, hurt.happens, cell.mean, cell.p50);
  return (
    <td data-hurt={hurt.name}>
      {link ? (
        <a target="_blank" rel="noopener" aria-label={`${text}. ${opening(title, heading(hurt.name, hurt.over), cell.seed)}`} href={`/#${print({ ...nowhere, run: link })}`}>
          {text}
        </a>
      ) : (
        <span title={words.tooLong}>{text}</span>
      )}
      {hurt.happens && <span class="about">{often(cell.in.count, cell.in.of)}</span>}
    </td>
  );
}
