/** How the report looks, in light and dark; colours are of the palette of Okabe and Ito, told apart by all eyes. */
export const STYLE = `
:root { --ink: #1a1d21; --soft: #5b636d; --line: #d9dde2; --paper: #fff; --card: #f6f7f9;
  --good: #006a4e; --bad: #b3261e; --ok: #0072b2; --failed: #8a5a00; --unknown: #b0005e;
  --fault: #f6d9c9; --fault-edge: #d55e00; --area: #cfe4f2;
  --lane-0: #0072b2; --lane-1: #b34a00; --lane-2: #00734f; --lane-3: #7a3f9d }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ed; --soft: #a0a8b2; --line: #363c44; --paper: #14171a; --card: #1d2125;
  --good: #4cc9a0; --bad: #ff8a80; --ok: #6fc3f0; --failed: #e6b450; --unknown: #ff8fc4;
  --fault: #51301c; --fault-edge: #e08a50; --area: #1d3f56;
  --lane-0: #2f8fd0; --lane-1: #cf6a1f; --lane-2: #17936a; --lane-3: #9d66c4 } }
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 1200px; padding: 24px 16px 64px; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif }
h1 { font-size: 26px; line-height: 1.2; margin: 0 } h2 { font-size: 19px; margin: 40px 0 8px } h3 { font-size: 14px; margin: 0 }
small, time, dt { color: var(--soft); font-size: 13px; font-weight: 400 } p { margin: 6px 0 }
code { font: 12.5px/1.4 ui-monospace, monospace; overflow-wrap: anywhere }
.verdict { padding: 10px 14px; border-radius: 6px; border-left: 5px solid; background: var(--card); margin: 14px 0 }
.passed.verdict, .passed b { border-color: var(--good) } .failed.verdict { border-color: var(--bad) }
.passed > b { color: var(--good) } .failed > b { color: var(--bad) }
.numbers { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 8px; margin: 14px 0 }
.numbers div { background: var(--card); border-radius: 6px; padding: 8px 12px } .numbers dd { margin: 0; font-size: 18px; font-weight: 600 }
table { border-collapse: collapse; font-size: 14px } th, td { text-align: left; padding: 4px 12px 4px 0; border-bottom: 1px solid var(--line); vertical-align: top }
th { font-weight: 600; color: var(--soft) } .writes tbody th { white-space: nowrap } .writes td, .writes th + th { text-align: right; font-variant-numeric: tabular-nums }
.refusals { margin-top: 12px } .refusals td:nth-child(2) { text-align: right; font-variant-numeric: tabular-nums }
.shape { width: 14px; height: 14px; vertical-align: -2px } .shapes { position: absolute }
.scroll { overflow-x: auto } .wide { min-width: 700px }
@media (max-width: 730px) { .scroll::before { content: "wider than the window: scroll →"; position: sticky; left: 0; color: var(--soft); font-size: 13px } }
 .wide svg { display: block; width: 100%; overflow: visible } .lane svg { background: var(--card); border-radius: 4px }
.lane h3 { position: sticky; left: 0; width: max-content; padding: 8px 0 2px }
svg text { font: 11.5px system-ui, sans-serif; fill: var(--ink) }
.fault { fill: var(--fault); stroke: var(--fault-edge) }
.ok { stroke: var(--ok); fill: none; stroke-width: 1.6 } .failed:is(g, svg) { stroke: var(--failed); fill: none; stroke-width: 1.6 } .unknown { stroke: var(--unknown); fill: var(--unknown); stroke-width: 1 }
.healed { stroke: var(--soft); stroke-dasharray: 2 3 } .agreed { stroke: var(--good); stroke-width: 1.5 }
.axis line { stroke: var(--soft) } .axis text { stroke: none; fill: var(--soft) } .axis .healed { text-anchor: end } .axis .agreed { fill: var(--good) }
.remark circle { fill: var(--ink) } .remark text { fill: var(--paper); text-anchor: middle; font-weight: 600 }
.remarks { padding-left: 24px; margin: 6px 0 12px }
.area { fill: var(--area) } .curve { fill: none; stroke: var(--ok); stroke-width: 1.6; vector-effect: non-scaling-stroke } .silent { fill: url(#hatch) } .hatch { stroke: var(--soft); stroke-width: 2 }
.lane svg svg { width: 100%; height: 100%; background: none }
.checks { list-style: none; padding: 0 } .checks > li { padding: 3px 0; overflow-wrap: anywhere } .checks li li { color: var(--bad) } .checks a { color: inherit }
.conflicts { padding: 0; list-style: none; display: grid; gap: 12px; grid-template-columns: repeat(auto-fit, minmax(min(100%, 520px), 1fr)) }
.conflicts li { background: var(--card); border-radius: 6px; padding: 10px 14px; overflow-wrap: anywhere; min-width: 0 } .conflicts table { width: 100% } .conflicts :is(th, td) + :is(th, td) { white-space: nowrap; overflow-wrap: normal } .conflicts p { font-size: 13px; color: var(--soft) }
@media (max-width: 600px) { .conflicts thead { display: none } .conflicts tr { display: grid; grid-template-columns: auto auto 1fr; border-bottom: 1px solid var(--line) }
  .conflicts td { border: 0; padding: 2px 12px 2px 0 } .conflicts td:first-child { grid-column: 1 / -1 } }
.stands td { font-weight: 600 } .stands td:last-child { color: var(--good); white-space: nowrap }
figure { margin: 20px 0 } .lanes { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: 4px 16px; font-size: 13px; margin: 4px 0 }
.swatch { display: inline-block; width: 10px; height: 10px; border-radius: 50%; margin-right: 6px }
.graph { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 10px } .graph ol { list-style: none; margin: 0; padding: 0; font-size: 13px }
.graph li { height: 44px; padding-top: 3px; line-height: 19px; overflow: hidden; white-space: nowrap; text-overflow: ellipsis; border-bottom: 1px solid var(--line) }
@media (max-width: 730px) { .graph { grid-template-columns: auto minmax(max-content, 1fr) } }
.graph code { overflow-wrap: normal } .graph text { fill: #fff; font-size: 9px; font-weight: 700; text-anchor: middle }
.parents path { fill: none; stroke: var(--soft); stroke-width: 1.6 } .now { fill: var(--good) }
.lane-0 { fill: var(--lane-0); background: var(--lane-0) } .lane-1 { fill: var(--lane-1); background: var(--lane-1) } .lane-2 { fill: var(--lane-2); background: var(--lane-2) } .lane-3 { fill: var(--lane-3); background: var(--lane-3) }
summary { cursor: pointer; margin: 24px 0 8px; font-weight: 600 }
`;
