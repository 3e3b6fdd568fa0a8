/**
 * Templates that fail: our message must equal the one recorded from the real helm, and that of a helm on this
 * machine. Run with UPDATE_GOLDEN=1 to record anew.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { DevenvError } from '../../../src/lib/errors.ts'
import { renderCase } from './render-case.ts'
import { hasHelm, runHelm } from './run-helm.ts'

interface ErrorCase {
  name: string
  template: string
  error: string
}

const file = join(import.meta.dirname, 'errors.json')
const cases = JSON.parse(readFileSync(file, 'utf8')) as ErrorCase[]
const root = mkdtempSync(join(tmpdir(), 'helm-errors-'))
const VALUES = 'text: words\nnumber: 5\nlist: [a, b]\nmap: {k: v, q: null}\n'

function chartOf(template: string, index: number): string {
  const folder = join(root, String(index))
  mkdirSync(join(folder, 'chart', 'templates'), { recursive: true })
  writeFileSync(join(folder, 'chart', 'Chart.yaml'), 'apiVersion: v2\nname: broken\nversion: 0.1.0\n')
  writeFileSync(join(folder, 'chart', 'values.yaml'), VALUES)
  writeFileSync(join(folder, 'chart', 'templates', 'x.yaml'), template)
  return folder
}

afterAll(() => {
  if (process.env.UPDATE_GOLDEN) writeFileSync(file, `${JSON.stringify(cases, null, 2)}\n`)
  rmSync(root, { recursive: true })
})

describe.each(cases.map((entry, index) => ({ ...entry, index })))('$name', ({ template, error, index }) => {
  it('fails as helm does', async () => {
    const folder = chartOf(template, index)
    const thrown = await renderCase(folder, []).then(
      (text) => new Error(`rendered: ${text}`),
      (reason) => reason,
    )
    const live = hasHelm ? await runHelm(folder, []) : undefined
    if (process.env.UPDATE_GOLDEN && live !== undefined) (cases[index] as ErrorCase).error = live
    expect(thrown).toBeInstanceOf(DevenvError)
    expect(thrown.code).toBe('CHART_INVALID')
    expect(thrown.message).toBe(live ?? error)
    if (!process.env.UPDATE_GOLDEN) expect(thrown.message).toBe(error)
  })
})
