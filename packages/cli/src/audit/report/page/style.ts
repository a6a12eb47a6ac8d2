/**
 * The style of the page. It stands in the page itself, and its hash in the policy of the page: no other style is applied. Colours
 * are told apart by lightness too, and every state has a word.
 */
export const style: string = `
:root {
  color-scheme: light dark;
  --ground: #ffffff; --panel: #f6f7f9; --ink: #1b2430; --soft: #566173; --line: #d5dae1; --accent: #1f4e8c;
  --good: #1a6b3c; --bad: #a3211b; --warn: #8a5300; --allowed: #9db7d9; --denied: #a3211b; --refused: #d18a1f;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #14181e; --panel: #1d232c; --ink: #e6eaf0; --soft: #a3aebd; --line: #374150; --accent: #8fb8f0;
    --good: #6fcf97; --bad: #ff8b82; --warn: #f0b45c; --allowed: #49658c; --denied: #ff8b82; --refused: #e0a548;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--ground); color: var(--ink);
  font: 15px/1.5 system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, "DejaVu Sans", sans-serif;
}
.page { max-width: 74rem; margin: 0 auto; padding: 2.5rem 1.5rem 4rem; }
a { color: var(--accent); }
a:focus-visible, .scroll:focus-visible, summary:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.skip { position: absolute; left: -100rem; }
.skip:focus { left: 1rem; top: 1rem; padding: .5rem 1rem; background: var(--ground); }
header { border-bottom: 3px solid var(--accent); padding-bottom: 1.25rem; }
.kind { margin: 0; color: var(--accent); font-weight: 600; letter-spacing: .04em; }
h1 { margin: .1rem 0 .4rem; font-size: 2rem; line-height: 1.2; overflow-wrap: anywhere; }
h2 { margin: 3rem 0 .75rem; padding-bottom: .3rem; border-bottom: 1px solid var(--line); font-size: 1.35rem; }
h3 { margin: 1.75rem 0 .5rem; font-size: 1.05rem; }
p { max-width: 68ch; margin: .6rem 0; }
.verdict { margin: 1.5rem 0; padding: 1rem 1.25rem; border: 1px solid var(--line); border-left-width: 8px; background: var(--panel); }
.verdict p { margin: .25rem 0; max-width: none; }
.verdict .headline { font-size: 1.15rem; font-weight: 650; }
.PASS { border-left-color: var(--good); }
.FAIL, .UNCHECKED { border-left-color: var(--bad); }
.UNCONFIRMED { border-left-color: var(--warn); }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); gap: .75rem; margin: 1rem 0; padding: 0; list-style: none; }
.tiles li { padding: .7rem .9rem; border: 1px solid var(--line); background: var(--panel); }
.tiles .aspect { border-left-width: 6px; }
.tiles .PASS { border-left-color: var(--good); }
.tiles .FAIL, .tiles .UNCHECKED { border-left-color: var(--bad); }
.tiles .UNCONFIRMED { border-left-color: var(--warn); }
.tiles b { display: block; font-size: 1.45rem; font-variant-numeric: tabular-nums; line-height: 1.3; }
.tiles .aspect b { font-size: 1.05rem; }
.tiles span { color: var(--soft); font-size: .875rem; }
b.PASS { color: var(--good); } b.FAIL, b.UNCHECKED { color: var(--bad); } b.UNCONFIRMED { color: var(--warn); }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); gap: .3rem 2rem; margin: 1rem 0 0; }
.facts div { display: flex; gap: .75rem; }
.facts dt { flex: 0 0 7.5rem; color: var(--soft); }
.facts dd { margin: 0; min-width: 0; overflow-wrap: anywhere; }
nav ol { columns: 2; column-gap: 3rem; max-width: 50rem; padding-left: 1.3rem; }
.scroll { overflow-x: auto; margin: 1.25rem 0 .5rem; }
table { width: 100%; border-collapse: collapse; font-size: .875rem; }
caption { padding: 0 0 .5rem; text-align: left; font-weight: 600; font-size: .95rem; }
th, td { padding: .38rem .6rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
tbody th, tbody td:not(.number) { min-width: 6.5rem; }
bdi { overflow-wrap: anywhere; }
.word { white-space: nowrap; }
thead th { border-bottom: 2px solid var(--soft); color: var(--soft); font-weight: 600; white-space: nowrap; }
tbody th { font-weight: 400; }
tfoot th, tfoot td { border-top: 2px solid var(--soft); border-bottom: 0; font-weight: 650; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
time { white-space: nowrap; font-variant-numeric: tabular-nums; }
code, pre { font: .8125rem/1.45 ui-monospace, "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
pre { margin: .5rem 0 1rem; padding: .8rem 1rem; border: 1px solid var(--line); background: var(--panel); white-space: pre-wrap; }
.note, .empty, .none, small { color: var(--soft); }
.note { font-size: .875rem; }
.strong-bad { color: var(--bad); font-weight: 650; } .strong-warn { color: var(--warn); font-weight: 650; }
figure { margin: 1rem 0; }
figcaption { font-weight: 600; margin-bottom: .4rem; }
svg { display: block; width: 100%; height: auto; }
svg text { fill: var(--soft); font-size: 12px; }
.grid { stroke: var(--line); } .axis { stroke: var(--soft); }
.allowed { fill: var(--allowed); } .denied { fill: var(--denied); } .refused { fill: var(--refused); }
.limit { stroke: var(--ink); stroke-dasharray: 5 4; fill: none; }
.peak { fill: var(--ink); }
.legend { display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; margin: .4rem 0; padding: 0; list-style: none; font-size: .875rem; }
.legend svg { display: inline-block; width: 1rem; height: .8rem; margin-right: .4rem; vertical-align: baseline; }
footer { margin-top: 3rem; padding-top: 1rem; border-top: 1px solid var(--line); color: var(--soft); font-size: .875rem; }
@media (max-width: 40rem) {
  .page { padding: 1.25rem 1rem 3rem; } h1 { font-size: 1.5rem; } nav ol { columns: 1; }
  .facts { grid-template-columns: 1fr; } .facts div { display: block; }
}
@media print {
  :root {
    --ground: #fff; --panel: #fff; --ink: #000; --soft: #444; --line: #bbb; --accent: #1f4e8c; --good: #1a6b3c; --bad: #a3211b;
    --warn: #8a5300; --allowed: #b9c8de; --denied: #7d1510; --refused: #c98a2a; color-scheme: light;
  }
  @page { margin: 16mm 14mm; }
  body { font-size: 10pt; -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  .page { max-width: none; padding: 0; } nav, .skip { display: none; }
  h2 { margin-top: 1.75rem; } h2, h3, caption, figcaption { break-after: avoid; }
  .scroll { overflow: visible; } tr, figure, .verdict, .tiles li, pre { break-inside: avoid; } thead { display: table-header-group; }
  table { font-size: 8.5pt; } tfoot { display: table-row-group; } a { color: inherit; text-decoration: none; }
}
`;
