import { expect, it } from 'vitest'
import { benchApi } from './api.ts'

it('measures every operation on both servers', async () => {
  const lines: string[] = []
  const result = await benchApi({ runs: 1, progress: (line) => lines.push(line) })
  expect(result).toMatchObject({ apiVersion: 'devenv/v1', kind: 'Bench', name: 'api', unit: 'ms' })
  expect(Object.keys(result.operations)).toEqual(['create', 'patch', 'watch', 'list'])
  for (const { ours, yardstick } of Object.values(result.operations)) {
    expect(ours).toBeGreaterThan(0)
    expect(yardstick).toBeGreaterThan(0)
  }
  expect(result.runs).toHaveLength(1)
  expect(lines).toHaveLength(1)
}, 60_000)
