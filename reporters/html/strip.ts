import type { Entry } from '../history.ts';
import { counted } from '../text.ts';
import { html, type Markup } from './markup.ts';

/** The last runs by area, the oldest first; empty unless there are two. */
export function strip(history: readonly Entry[]): Markup | string {
  if (history.length < 2) return '';
  const areas = [...new Set(history.flatMap((one) => Object.keys(one.areas)))].sort();
  const cell = ({ startedAt, areas: shown }: Entry, area: string) => {
    const word = shown[area] ?? 'not-run';
    const label = `${startedAt.slice(0, 16).replace('T', ' ')}: ${word}`;
    return html`<td class="v-${word}" title="${label}"><span class="unseen">${label}</span></td>`;
  };
  return html`<details class="wide history"><summary>The last ${counted(history.length, 'run')} against this target and contract, by area, the newest on the right</summary>
<table class="strip"><tbody>${areas.map((area) => html`<tr><th scope="row">${area}</th>${history.map((one) => cell(one, area))}</tr>`)}
<tr><th scope="row">verdict</th>${history.map(({ startedAt, verdict }) => html`<td class="r-${verdict}" title="${startedAt.slice(0, 16).replace('T', ' ')}: ${verdict}"><span class="unseen">${verdict}</span></td>`)}</tr></tbody></table></details>`;
}
