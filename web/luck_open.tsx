// Opens a run in a tab of its own, so that the present one stays; one that no link can hold becomes the script's draft.
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { nowhere, print } from "./fragment";
import * as incoming from "./incoming";
import { packed } from "./packing";

interface OpenLinkProps {
  text: string;
  at: number; // where it stands still
  lane: string; // that is explained there
  label?: string;
  where: string; // what the draft is from
  children: ComponentChildren;
}

export function OpenLink({ text, at, lane, label, where, children }: OpenLinkProps) {
  const [run, setRun] = useState<string | null>(null);
  useEffect(() => {
    let over = false;
    void packed(text).then((r) => !over && setRun(r));
    return () => {
      over = true;
    };
  }, [text]);
  const name = label ? { "aria-label": label, title: label } : {};
  if (run === "") {
    return (
      <button type="button" class="link" {...name} onClick={() => incoming.openText(text, where)}>
        {children}
      </button>
    );
  }
  return (
    <a class="opens" target="_blank" rel="noopener" data-action="open-run" {...name} href={run === null ? undefined : `/#${print({ ...nowhere, run, at, lane, why: "" })}`}>
      {children}
    </a>
  );
}
