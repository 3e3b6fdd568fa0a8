/** The page's style: readable on a phone and on a projector, light and dark, on paper. */
import { chartRules, variables } from '../charts/style.ts'

export const pageStyle = `
:root{color-scheme:light dark;${variables('light')};--good:#1a7f37;--goodBand:#e6f4ea;--warn:#9a6700}
@media(prefers-color-scheme:dark){:root{${variables('dark')};--good:#5fd38a;--goodBand:#15291d;--warn:#e3b341}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;-webkit-text-size-adjust:100%}
main,header,footer{max-width:1024px;margin:0 auto;padding:0 16px}
header{padding-top:32px;padding-bottom:8px}
h1{font-size:clamp(1.5rem,5vw,2.1rem);line-height:1.2;margin:0 0 8px;letter-spacing:-.01em}
h2{font-size:1.25rem;margin:40px 0 12px}
h3{font-size:1rem;margin:0}
p{margin:0}
a{color:var(--c0)}
.faint,small{color:var(--faint)}
.badge{display:inline-block;padding:2px 12px;border-radius:999px;font-weight:600;font-size:.95rem;margin-right:8px}
.badge.passed{color:var(--good);background:var(--goodBand)}.badge.failed{color:var(--bad);background:var(--badBand)}
.badge.interrupted,.badge.skipped{color:var(--warn);background:var(--band)}
.tiles{display:grid;grid-template-columns:repeat(4,1fr);gap:12px;margin:20px 0 0;padding:0;list-style:none}
.tiles li{background:var(--band);border-radius:10px;padding:12px 14px}
.tiles b{display:block;font-size:1.5rem;line-height:1.2;font-variant-numeric:tabular-nums}
.tiles span{color:var(--faint);font-size:.875rem;line-height:1.3;display:block;margin-top:2px}
.key{list-style:none;margin:6px 0 0;padding:0;display:flex;flex-wrap:wrap;gap:2px 16px;font-size:.875rem}
.key a{color:var(--faint);text-decoration:none}.key a:hover{text-decoration:underline}.key b{color:var(--ink);font-variant-numeric:tabular-nums}
.key .failed a,.key .failed b{color:var(--bad)}.key .skipped a{opacity:.7}
.steps{list-style:none;margin:0;padding:0;display:grid;gap:12px;grid-template-columns:repeat(auto-fit,minmax(min(430px,100%),1fr))}
.steps>li{border:1px solid var(--grid);border-radius:10px;padding:14px 16px}
.steps>li.failed{border-color:var(--bad)}
.step-head{display:flex;gap:10px;align-items:baseline;flex-wrap:wrap}
.step-head .badge{font-size:.8rem;padding:1px 9px;margin:0}
.step-head .n{color:var(--faint);font-variant-numeric:tabular-nums}
.step-head .took{margin-left:auto;color:var(--faint);font-size:.875rem;font-variant-numeric:tabular-nums}
.checks{list-style:none;margin:10px 0 0;padding:0;display:grid;gap:4px}
.checks li{display:grid;grid-template-columns:1.4em 1fr;gap:0 4px}
.checks .mark{font-weight:700}.checks .ok .mark{color:var(--good)}.checks .no .mark{color:var(--bad)}
.checks .what{color:var(--faint)}.checks .actual{overflow-wrap:anywhere;font-weight:500}
.checks .no .what,.checks .no .actual{color:var(--bad)}
.reason{margin-top:8px;color:var(--bad);overflow-wrap:anywhere}.skipped .reason{color:var(--faint)}
figure{margin:16px 0 28px}
figcaption{display:flex;flex-wrap:wrap;gap:4px 16px;align-items:baseline;margin-bottom:6px}
figcaption h3{margin-right:auto}
.legend{display:flex;flex-wrap:wrap;gap:2px 14px;list-style:none;margin:0;padding:0;font-size:.875rem;color:var(--faint)}
${chartRules}
.legend .chart{display:inline-block;width:22px;height:8px;vertical-align:middle;margin-right:5px}
.chart.narrow{display:none}
@media(max-width:640px){.step-head .took{margin-left:0}.tiles{grid-template-columns:repeat(2,1fr)}.chart.wide{display:none}.chart.narrow{display:block}}
details{margin-top:6px}
summary{cursor:pointer;color:var(--faint);font-size:.875rem;padding:6px 0}
.scroll{overflow-x:auto}
table{border-collapse:collapse;font-size:.9rem;width:100%}
th,td{text-align:left;padding:5px 12px 5px 0;border-bottom:1px solid var(--grid);vertical-align:top}
th{font-weight:600}
td.number,th.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.events td:first-child{font-variant-numeric:tabular-nums;white-space:nowrap}
.measures{max-width:520px}.measures th{font-weight:400}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(280px,1fr));gap:8px 40px}
.facts h3{margin:12px 0 4px}
.facts th{font-weight:400;color:var(--faint);width:40%}
.facts td{overflow-wrap:anywhere}
footer{padding-top:32px;padding-bottom:40px;color:var(--faint);font-size:.875rem}
:focus-visible{outline:2px solid var(--c0);outline-offset:2px;border-radius:4px}
@media print{details{display:none}.steps>li,figure{break-inside:avoid}}
`
