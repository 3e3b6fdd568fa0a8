/**
 * Every folder here with a chart/ is a case: our text must equal expected.yaml, which the real helm wrote, and the
 * output of a helm on this machine. Run with UPDATE_GOLDEN=1 to write expected.yaml anew from helm.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { renderCase } from './render-case.ts'
import { hasHelm, runHelm } from './run-helm.ts'

const here = import.meta.dirname
const cases = readdirSync(here).filter((name) => existsSync(join(here, name, 'chart', 'Chart.yaml')))

function argsOf(folder: string): string[] {
  const file = join(folder, 'case.json')
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).args : []
}

describe.each(cases)('chart %s', (name) => {
  const folder = join(here, name)
  const expected = join(folder, 'expected.yaml')
  const args = argsOf(folder)

  it.runIf(process.env.UPDATE_GOLDEN)('writes expected.yaml', async () => {
    writeFileSync(expected, await runHelm(folder, args))
  })

  it('renders as recorded from helm', async () => {
    expect(await renderCase(folder, args)).toBe(readFileSync(expected, 'utf8'))
  })

  it.runIf(hasHelm)('renders as the helm of this machine does', async () => {
    expect(await renderCase(folder, args)).toBe(await runHelm(folder, args))
  })
})
