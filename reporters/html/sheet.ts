/** The style sheet of every report, for screens, phones and paper. */
export const SHEET = `
:root{color-scheme:light dark;--page:#fff;--ink:#1b1f24;--soft:#57606a;--line:#d8dde3;--box:#f6f8fa;--link:#0a4fa8;--mark:#ffe08a;
--good:#116329;--good-bg:#dff3e4;--bad:#a0111f;--bad-bg:#fde4e4;--warn:#7a4400;--warn-bg:#fbecd0;--idle:#4a525c;--idle-bg:#e9ecf0}
@media (prefers-color-scheme:dark){:root{--page:#101418;--ink:#e8ecf0;--soft:#a4afba;--line:#353d46;--box:#1a2027;--link:#8ab8ff;--mark:#6b5200;
--good:#8ce0a2;--good-bg:#123620;--bad:#ffaaa8;--bad-bg:#4a171b;--warn:#f5c67a;--warn-bg:#43300d;--idle:#b9c2cc;--idle-bg:#2a323b}}
*{box-sizing:border-box}
html{scroll-padding-top:1rem}
body{margin:0 auto;max-width:84rem;padding:1.25rem clamp(.75rem,3vw,2.5rem) 3rem;background:var(--page);color:var(--ink);font:.9375rem/1.5 system-ui,sans-serif}
a{color:var(--link)}
a:focus-visible,summary:focus-visible,input:focus-visible{outline:3px solid var(--link);outline-offset:2px}
.skip{position:absolute;left:-999rem}.skip:focus{position:static}
code,pre{font:.875em/1.45 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere;unicode-bidi:isolate}
pre{margin:0;padding:.5rem .7rem;background:var(--box);border:1px solid var(--line);border-radius:.3rem;white-space:pre-wrap}
mark{background:var(--mark);color:inherit;font-weight:600}
p,li,dd,caption,h4{overflow-wrap:anywhere;unicode-bidi:isolate}
h2{margin:2.25rem 0 .6rem;padding-top:.9rem;border-top:1px solid var(--line);font-size:1.25rem;line-height:1.25}
h3{margin:1.25rem 0 .4rem;font-size:1.02rem}h4,.k-open h3{margin:0;font-size:.97rem}
.kicker{margin:0;color:var(--soft)}
h1.verdict{margin:.3rem 0 .4rem;padding:.35rem .9rem;border-radius:.35rem;border-left:.45rem solid;font-size:clamp(1.25rem,3.2vw,1.85rem);line-height:1.25}
h1 .figures{font-weight:400}
h1.is-good{color:var(--good);background:var(--good-bg)}h1.is-bad{color:var(--bad);background:var(--bad-bg)}h1.is-warn{color:var(--warn);background:var(--warn-bg)}
.sentence{margin:0 0 .8rem;font-size:1.05rem}
.first{display:grid;grid-template-columns:minmax(0,5fr) minmax(0,6fr);gap:.5rem 2rem;align-items:start}
dl.facts{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:.12rem .9rem;margin:.2rem 0}
dl.facts dt{color:var(--soft)}dl.facts dd{margin:0}
nav ul{display:flex;flex-wrap:wrap;gap:.2rem 1.1rem;margin:1rem 0 0;padding:.5rem 0;border:solid var(--line);border-width:1px 0;list-style:none}
table{width:100%;border-collapse:collapse}
caption{padding:.1rem 0 .35rem;text-align:left;color:var(--soft);font-size:.85rem}
.matrix th,.matrix td{padding:.1rem .35rem;border-bottom:1px solid var(--line);text-align:right;font-weight:400;font-variant-numeric:tabular-nums}
.matrix tr>:first-child{text-align:left;padding-left:0}.matrix tfoot th,.matrix tfoot td{font-weight:600;border-bottom:0}
.matrix td a{color:inherit}.matrix abbr{text-decoration:none}
td.v-failed,td.v-known{color:var(--bad);font-weight:700}td.v-blocked,td.v-error,td.v-not-run,td.v-stale{color:var(--warn);font-weight:700}
.small{margin:.7rem 0 .2rem;padding:0;border:0;font-size:.95rem}.worst{margin:0;padding-left:1.2rem}.worst li{margin:.1rem 0}.worst .meta{display:block;margin:0}.worst .k-violated::marker{color:var(--bad)}
.history{margin-top:.6rem}.strip{width:auto}
.strip th{padding:0 .5rem 0 0;text-align:left;font-weight:400;font-size:.8rem;line-height:1.1}
.strip td{width:.7rem;height:.8rem;padding:0;border:1px solid var(--page);background:var(--idle-bg)}
.strip .v-passed,.strip .r-conformant{background:var(--good)}.strip .v-failed,.strip .r-non-conformant{background:var(--bad)}
.strip .v-known,.strip .v-stale,.strip .v-blocked,.strip .v-error,.strip .v-not-run,.strip .r-stale,.strip .r-inconclusive,.strip .r-incomplete{background:var(--warn)}
.badge{display:inline-block;padding:0 .45rem;border-radius:1rem;font-size:.8rem;font-weight:600;white-space:nowrap;color:var(--idle);background:var(--idle-bg)}
.badge.v-passed{color:var(--good);background:var(--good-bg)}
.badge.v-failed,.badge.v-known{color:var(--bad);background:var(--bad-bg)}
.badge.v-stale,.badge.v-blocked,.badge.v-error,.badge.v-not-run{color:var(--warn);background:var(--warn-bg)}
.advice,.level,.meta{font-size:.83rem;color:var(--soft)}.meta{margin:.1rem 0}.count{color:var(--soft);font-weight:400}
.cause{margin:0 0 .7rem;padding:.3rem 0 .3rem .8rem;border-left:3px solid var(--line)}
.k-violated{border-color:var(--bad)}.k-accepted,.k-stale,.k-error,.k-blocked,.k-not-run{border-color:var(--warn)}
.reason{margin:.1rem 0;color:var(--soft)}.seen{padding-left:1.1rem;margin:.15rem 0 .5rem}
.ids{padding-left:1.1rem;margin:.15rem 0}.ids li{margin:.1rem 0}
.filters{display:grid;gap:.35rem;margin:0 0 .8rem}
fieldset{display:flex;flex-wrap:wrap;gap:.1rem 1rem;margin:0;padding:.15rem .7rem .35rem;border:1px solid var(--line);border-radius:.3rem}
legend{padding:0 .3rem;font-weight:600;font-size:.85rem}
label{display:inline-flex;gap:.35rem;align-items:center;min-height:1.7rem}
.none{display:none;padding:1rem;background:var(--box)}
.promises th,.promises td{padding:.3rem .6rem .1rem 0;text-align:left;vertical-align:top;font-weight:400}
.promises thead th{font-weight:600;border-bottom:2px solid var(--line)}
.promises tbody{border-bottom:1px solid var(--line)}.promises tbody:target{background:var(--box)}
.promises .area th{padding-top:1rem;font-weight:700}
tbody th>code{font-weight:600}.statement{display:block}
tr.more td{padding:0 0 .3rem}
summary{cursor:pointer;padding:.1rem 0;font-size:.85rem;color:var(--soft)}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.exchange{margin:.4rem 0}.label{margin:.5rem 0 .15rem;font-size:.83rem;font-weight:600;color:var(--soft)}
.sides{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,26rem),1fr));gap:0 1rem}.sides>div{min-width:0}
.appended:target{background:var(--box)}
.lines{display:grid;grid-template-columns:2fr 1fr 3fr;gap:1.5rem;margin-top:2.5rem}.lines span{border-top:1px solid var(--ink);padding-top:.2rem;font-size:.83rem;color:var(--soft)}
footer{margin-top:2rem;color:var(--soft);font-size:.85rem}
@media (min-width:48rem){details.wide::details-content{content-visibility:visible;block-size:auto}}
@supports selector(::details-content){@media print,(min-width:48rem){details.wide>summary{list-style:none;cursor:default}.cause>details.wide>summary{position:absolute;clip-path:inset(50%)}}}
@media (max-width:60rem){.first{grid-template-columns:minmax(0,1fr)}}
@media (max-width:40rem){dl.facts{grid-template-columns:1fr;gap:0}dl.facts dd{margin:0 0 .35rem}
.matrix{display:block;overflow-x:auto}.matrix .badge{font-size:.7rem;padding:0 .25rem}
.promises thead{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden}
.promises,.promises tbody,.promises tr,.promises th,.promises td,.promises caption{display:block}.promises tbody th{padding-bottom:0}
.promises tbody td{padding:.1rem .75rem .1rem 0}.promises tbody tr:not(.more) td{display:inline-block}}
@media print{:root{--page:#fff;--ink:#000;--soft:#333;--line:#bbb;--box:#f6f6f6;--link:#000;--mark:#ddd;--good:#0b4d1e;--good-bg:#fff;--bad:#8a0d19;--bad-bg:#fff;--warn:#5f3500;--warn-bg:#fff;--idle:#333;--idle-bg:#fff;color-scheme:light}
html{font-size:9pt}body{max-width:none;padding:0}
.filters,.skip,nav,.none{display:none}
details.wide::details-content{content-visibility:visible;block-size:auto}
.badge,h1.verdict{border:1px solid;padding:0 .35rem}
.strip td{print-color-adjust:exact}
.promises thead{display:table-header-group}tbody,.cause{break-inside:auto}tr,.exchange p{break-inside:avoid}tr.more{break-inside:auto}
h2,h3,h4,.label{break-after:avoid}.sign-off{break-inside:avoid}a{text-decoration:none}}
`;
