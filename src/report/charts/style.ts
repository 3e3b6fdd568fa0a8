/** Colours of charts, light and dark; the page has the same. */

/** Distinguishable for the colour-blind, and by lightness (after Okabe and Ito). */
export const PALETTE = {
  light: ['#0b6bcb', '#c2410c', '#0f766e', '#7c3aed', '#a16207'],
  dark: ['#6cb2ff', '#ff9d6b', '#4fd1c0', '#c4a5ff', '#f0c64a'],
}

const INK = {
  light: {
    paper: '#ffffff',
    ink: '#1b2430',
    faint: '#5b6775',
    grid: '#dfe4ea',
    band: '#f3f6f9',
    bad: '#b42318',
    badBand: '#fdeceb',
  },
  dark: {
    paper: '#12181f',
    ink: '#e8edf2',
    faint: '#9aa7b4',
    grid: '#2a343f',
    band: '#19212a',
    bad: '#ff8a80',
    badBand: '#3a1d1d',
  },
}

export function variables(theme: 'light' | 'dark'): string {
  const ink = Object.entries(INK[theme]).map(([name, value]) => `--${name}:${value}`)
  const colors = PALETTE[theme].map((value, place) => `--c${place}:${value}`)
  return [...ink, ...colors].join(';')
}

const RULES = `
.chart{display:block;width:100%;height:auto;font:12px system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
.chart .band.even{fill:var(--band)}.chart .band.odd{fill:none}.chart .band.failed{fill:var(--badBand)}
.chart .band-label{fill:var(--faint);text-anchor:middle;font-size:11px}.chart .band-label.failed{fill:var(--bad);font-weight:700}
.chart .grid{stroke:var(--grid);stroke-width:1}.chart .axis{stroke:var(--faint);stroke-width:1}
.chart .tick{fill:var(--faint)}.chart .tick.x{text-anchor:middle}.chart .tick.y{text-anchor:end;dominant-baseline:central}
.chart .line{fill:none;stroke-width:2;stroke-linejoin:round}.chart .line.dashed{stroke-dasharray:5 4}
.chart .fill{opacity:.16;stroke:none}
${PALETTE.light.map((_, place) => `.chart .line.c${place}{stroke:var(--c${place})}.chart .fill.c${place},.chart .dot.c${place}{fill:var(--c${place})}`).join('\n')}`

/** For a page that defines the variables itself. */
export const chartRules = RULES

/** For an SVG that stands alone. */
export function standaloneStyle(): string {
  return `<style>svg{${variables('light')};background:var(--paper)}@media(prefers-color-scheme:dark){svg{${variables('dark')}}}${RULES}</style>`
}
