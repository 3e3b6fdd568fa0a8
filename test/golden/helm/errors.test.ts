/**
 * Templates that fail: our message must equal the one recorded from the real helm, and that of a helm on this
 * machine. Run with UPDATE_GOLDEN=1 to record anew.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { DevenvError } from '../../../src/lib/errors.ts'
import { renderCase } from './render-case.ts'
import { hasHelm, runHelm } from './run-helm.ts'

interface ErrorCase {
  name: string
  /** The chart's one template. */
  template?: string
  /** Further files of the chart, by path. */
  files?: Record<string, string>
  error: string
}

const file = join(import.meta.dirname, 'errors.json')
const cases = JSON.parse(readFileSync(file, 'utf8')) as ErrorCase[]
const root = mkdtempSync(join(tmpdir(), 'helm-errors-'))
const VALUES = 'text: words\nnumber: 5\nlist: [a, b]\nmap: {k: v, q: null}\n'

function chartOf({ template = '', files = {} }: ErrorCase, index: number): string {
  const folder = join(root, String(index))
  const all = {
    'Chart.yaml': 'apiVersion: v2\nname: broken\nversion: 0.1.0\n',
    'values.yaml': VALUES,
    'templates/x.yaml': template,
    ...files,
  }
  for (const [name, text] of Object.entries(all)) {
    const path = join(folder, 'chart', name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  }
  return folder
}

afterAll(() => {
  if (process.env.UPDATE_GOLDEN) writeFileSync(file, `${JSON.stringify(cases, null, 2)}\n`)
  rmSync(root, { recursive: true })
})

describe.each(cases.map((entry, index) => ({ entry, name: entry.name, index })))(
  '$name',
  ({ entry, index }) => {
    it('fails as helm does', async () => {
      const folder = chartOf(entry, index)
      const thrown = await renderCase(folder, []).then(
        (text) => new Error(`rendered: ${text}`),
        (reason) => reason,
      )
      const live = hasHelm ? await runHelm(folder, []) : undefined
      if (process.env.UPDATE_GOLDEN && live !== undefined) entry.error = live
      expect(thrown).toBeInstanceOf(DevenvError)
      expect(thrown.code).toBe('CHART_INVALID')
      expect(thrown.message.trimEnd()).toBe(live ?? entry.error)
      if (!process.env.UPDATE_GOLDEN) expect(thrown.message.trimEnd()).toBe(entry.error)
    })
  },
)
