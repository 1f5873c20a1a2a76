import { AREAS } from '../../harness/contract/requirements.ts';
import { VERDICTS } from '../../harness/verdicts.ts';

/** A rule for each radio button: whatever is not of its kind is hidden, unless a link leads to it. Paper shows all. */
const rules = (group: string, words: readonly string[]) =>
  words
    .map((word) => `body:has(#${group}-${word}:checked) tbody:not(.is-${word}):not(:target){display:none}`)
    .join('\n');

const FILTERS = `@media screen{\n${rules('v', VERDICTS)}\n${rules('l', ['MUST', 'SHOULD'])}\n${rules('a', AREAS)}\n}
@supports not selector(:has(a)){.filters{display:none}}`;

export const STYLE = `
:root{color-scheme:light dark;--page:#fff;--ink:#1b1f24;--soft:#57606a;--line:#d5dae0;--box:#f5f7f9;--link:#0a4fa8;
--good:#116329;--good-bg:#dcf3e2;--bad:#a0111f;--bad-bg:#fde3e3;--warn:#7a4400;--warn-bg:#fbecd0;--idle:#4a525c;--idle-bg:#e8ebef}
@media (prefers-color-scheme:dark){:root{--page:#101418;--ink:#e8ecf0;--soft:#a4afba;--line:#353d46;--box:#1a2027;--link:#8ab8ff;
--good:#8ce0a2;--good-bg:#123620;--bad:#ffaaa8;--bad-bg:#4a171b;--warn:#f5c67a;--warn-bg:#43300d;--idle:#b9c2cc;--idle-bg:#2a323b}}
*{box-sizing:border-box}
html{scroll-padding-top:1rem}
body{margin:0 auto;max-width:76rem;padding:1.5rem clamp(.75rem,3vw,2.5rem) 3rem;background:var(--page);color:var(--ink);font:1rem/1.5 system-ui,sans-serif}
a{color:var(--link)}
a:focus-visible,summary:focus-visible,input:focus-visible{outline:3px solid var(--link);outline-offset:2px}
.skip{position:absolute;left:-999rem}.skip:focus{position:static}
code,pre{font:.875em/1.45 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere;unicode-bidi:isolate}
pre{margin:0;padding:.6rem .75rem;background:var(--box);border:1px solid var(--line);border-radius:.35rem;white-space:pre-wrap}
p,li,dd,caption{overflow-wrap:anywhere;unicode-bidi:isolate}
h2{margin:2.5rem 0 .75rem;padding-top:1rem;border-top:1px solid var(--line);font-size:1.35rem;line-height:1.25}
h3{margin:1.5rem 0 .5rem;font-size:1.05rem}
.kicker{margin:0;color:var(--soft)}
h1.verdict{display:inline-block;margin:.35rem 0 .5rem;padding:.3rem .9rem;border-radius:.45rem;border:2px solid;font-size:clamp(1.8rem,6vw,2.75rem);line-height:1.15}
h1.is-conformant{color:var(--good);background:var(--good-bg)}
h1.is-non-conformant{color:var(--bad);background:var(--bad-bg)}
h1.is-inconclusive,h1.is-incomplete{color:var(--warn);background:var(--warn-bg)}
.sentence{margin:0 0 1rem;font-size:1.15rem}
dl.facts{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:.2rem 1rem;margin:.5rem 0}
dl.facts dt{color:var(--soft)}dl.facts dd{margin:0}dl.facts ul{margin:0;padding-left:1.1rem}
.bar{display:flex;gap:2px;height:.9rem;margin:1.25rem 0 .6rem}
.bar span{min-width:.4rem;border-radius:.15rem;background:currentColor}
.bar .v-passed{color:var(--good)}.bar .v-failed,.bar .v-known,.bar .v-stale{color:var(--bad)}
.bar .v-blocked,.bar .v-error,.bar .v-not-run{color:var(--warn)}.bar .v-untested,.bar .v-excluded{color:var(--line)}
.counts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,30rem),1fr));gap:.25rem 1.5rem;margin:0;padding:0;list-style:none}
.counts li{display:grid;grid-template-columns:3rem 8.5rem 1fr;gap:.5rem;align-items:baseline}.counts strong{text-align:right}
.badge{display:inline-block;padding:0 .5rem;border-radius:1rem;font-size:.85rem;font-weight:600;white-space:nowrap;color:var(--idle);background:var(--idle-bg)}
.badge.v-passed{color:var(--good);background:var(--good-bg)}
.badge.v-failed,.badge.v-known,.badge.v-stale{color:var(--bad);background:var(--bad-bg)}
.badge.v-blocked,.badge.v-error,.badge.v-not-run{color:var(--warn);background:var(--warn-bg)}
.advice,.level{font-size:.85rem;color:var(--soft)}
.findings{padding:0;list-style:none}.findings>li{margin:0 0 .6rem}
.reason{margin:.15rem 0;color:var(--soft)}.seen{padding-left:1.1rem;margin:.25rem 0 .75rem}
.meta{font-size:.85rem;color:var(--soft)}.ids{padding-left:1.1rem;margin:.25rem 0}.ids li{margin:.15rem 0}
.count{color:var(--soft)}
.filters{display:grid;gap:.5rem;margin:0 0 1rem}
fieldset{display:flex;flex-wrap:wrap;gap:.25rem 1rem;margin:0;padding:.35rem .75rem .5rem;border:1px solid var(--line);border-radius:.35rem}
legend{padding:0 .3rem;font-weight:600;font-size:.9rem}
label{display:inline-flex;gap:.35rem;align-items:center;min-height:1.75rem}
table{width:100%;border-collapse:collapse}
caption{padding:.25rem 0 .5rem;text-align:left;color:var(--soft)}
th,td{padding:.45rem .6rem .2rem 0;text-align:left;vertical-align:top;font-weight:400}
thead th{font-weight:600;border-bottom:2px solid var(--line)}
tbody{border-bottom:1px solid var(--line)}
tbody:target{background:var(--box)}
tbody th>code{font-weight:600}.statement{display:block}
tr.more td{padding:0 0 .5rem}
summary{cursor:pointer;padding:.15rem 0;font-size:.9rem;color:var(--soft)}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.exchange{margin:.75rem 0;padding:.25rem .9rem .75rem;border-left:3px solid var(--line)}
.headline{margin:.25rem 0;font-weight:600}.label{margin:.6rem 0 .2rem;font-size:.85rem;font-weight:600;color:var(--soft)}
.sides{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,24rem),1fr));gap:0 1rem}
.sides>div{min-width:0}
footer{margin-top:2.5rem;color:var(--soft);font-size:.9rem}
@media (max-width:40rem){dl.facts{grid-template-columns:1fr;gap:0}dl.facts dd{margin:0 0 .5rem}
thead{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden}
table,tbody,tr,th,td,caption{display:block}tbody th{padding-bottom:0}
tbody td{padding:.1rem .75rem .1rem 0}tbody tr:not(.more) td{display:inline-block}}
@media print{:root{--page:#fff;--ink:#000;--soft:#333;--line:#bbb;--box:#f6f6f6;--link:#000;--good:#0b4d1e;--good-bg:#fff;--bad:#8a0d19;--bad-bg:#fff;--warn:#5f3500;--warn-bg:#fff;--idle:#333;--idle-bg:#fff;color-scheme:light}
html{font-size:9.5pt}body{max-width:none;padding:0}
.filters,.skip,details:not([open]){display:none}
.badge,h1.verdict{border:1px solid;padding:0 .4rem}
thead{display:table-header-group}tbody,.findings>li{break-inside:auto}tr{break-inside:avoid}tr.more{break-inside:auto}
h2,h3{break-after:avoid}.bar{print-color-adjust:exact}a{text-decoration:none}}
${FILTERS}`;
