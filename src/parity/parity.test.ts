import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runCases } from './cases.ts'
import { compare } from './compare.ts'
import { knownDifferences } from './known.ts'
import { parityMarkdown } from './markdown.ts'
import type { KindResult, Outcome } from './model.ts'

function result(kind: string, outcomes: Record<string, Outcome['status']>, lost = 0): KindResult {
  return {
    kind,
    kubernetes: 'v1.35.0',
    outcomes: Object.entries(outcomes).map(([name, status]) => ({
      behaviour: { name, group: 'case' },
      outcome: { status, ms: 1500, ...(status === 'failed' ? { detail: `expected ${kind}\nand more` } : {}) },
    })),
    figures: [{ title: 'lost', value: lost, unit: 'messages' }],
  }
}

const NONE = new Map<string, string>()

describe('two kinds side by side', () => {
  it('differ where a behaviour passes on one alone', () => {
    const report = compare(
      [
        result('embedded', { both: 'passed', one: 'passed', none: 'failed', here: 'passed' }),
        result('k3d', { both: 'passed', one: 'failed', none: 'failed' }, 2),
      ],
      [],
      NONE,
      10,
    )
    expect(report.rows.map(({ name, verdict }) => `${name} ${verdict}`)).toEqual([
      'both same',
      'one differs',
      'none failed',
      'here unseen',
    ])
    expect(report).toMatchObject({
      verdict: 'failed',
      counts: { same: 1, differs: 1, failed: 1, unseen: 1 },
      figures: [{ title: 'lost', values: { embedded: 0, k3d: 2 } }],
    })
  })

  it('pass with differences that are known, and no others', () => {
    const results = [
      result('embedded', { a: 'passed', b: 'failed' }),
      result('k3d', { a: 'passed', b: 'passed' }),
    ]
    expect(compare(results, [], NONE, 1).verdict).toBe('failed')
    const report = compare(results, [], new Map([['b', 'It is our own.']]), 1)
    expect(report).toMatchObject({ verdict: 'passed', counts: { known: 1, same: 1 } })
    expect(report.rows[1]).toMatchObject({ verdict: 'known', known: 'It is our own.' })
  })

  it('do not pass when nothing was seen, and one alone may', () => {
    expect(compare([result('embedded', { a: 'skipped' })], [], NONE, 1).verdict).toBe('failed')
    expect(compare([result('embedded', { a: 'passed' })], [], NONE, 1).verdict).toBe('passed')
  })
})

it('known differences are the lines of DIFFERENCES.md that name a behaviour', () => {
  const known = knownDifferences(`# Where
- Template hashes are our own. Events are not
  combined. <!-- parity: Rollout: a | b -->
- Nothing here.

## More
- Two of them. <!-- parity: one --> <!-- parity:
  a long
  name -->
`)
  expect([...known]).toEqual([
    ['Rollout: a | b', 'Template hashes are our own. Events are not combined.'],
    ['one', 'Two of them.'],
    ['a long name', 'Two of them.'],
  ])
})

it('a pull request reads what differs first, and every cell stays in its table', () => {
  const report = compare(
    [result('embedded', { 'a | <b>': 'passed' }), result('k3d', { 'a | <b>': 'failed' })],
    [{ kind: 'context', reason: 'no such context' }],
    NONE,
    1,
  )
  const text = parityMarkdown(report)
  expect(text).toContain('## Parity: failed')
  expect(text).toContain('- context: not looked at, no such context')
  expect(text).toContain('0 the same, 1 differs, 0 known, 0 failed')
  expect(text).toContain('| a \\| &lt;b> | ✅ 1.5 s | ❌ 1.5 s<br>expected k3d | differs |')
})

describe('the contract cases', () => {
  let checkout: string
  beforeEach(async () => {
    checkout = await mkdtemp(join(tmpdir(), 'dv-parity-'))
    await mkdir(join(checkout, 'node_modules', 'vitest'), { recursive: true })
  })
  afterEach(() => rm(checkout, { recursive: true, force: true }))

  /** A vitest that writes these lines and ends with this code. */
  async function runWith(script: string, target?: { kubeconfig: string; image: string }) {
    await writeFile(
      join(checkout, 'node_modules', 'vitest', 'vitest.mjs'),
      `import { appendFileSync } from 'node:fs'
const out = (line) => appendFileSync(process.env.DEVENV_PARITY_RESULTS, line)
${script}`,
    )
    const { signal } = new AbortController()
    return runCases({ checkout, target, progress: () => undefined, signal })
  }

  it('that fail are results, a half-written line is none', async () => {
    const outcomes = await runWith(`out('{"name":"a","status":"passed","ms":5}\\n')
out('{"name":"b","status":"failed","ms":6,"detail":"no"}\\n{"name":"c"')
process.exit(1)`)
    expect(outcomes).toEqual([
      { behaviour: { name: 'a', group: 'case' }, outcome: { status: 'passed', ms: 5 } },
      { behaviour: { name: 'b', group: 'case' }, outcome: { status: 'failed', ms: 6, detail: 'no' } },
    ])
  })

  it('are told of the real cluster, and of none where there is none', async () => {
    const tell = `const { DEVENV_CONTRACT_KUBECONFIG: k, DEVENV_CONTRACT_IMAGE: i } = process.env
out(JSON.stringify({ name: [k, i, process.argv.find((one) => one.endsWith('.test.ts'))].join(' '), status: 'passed' }) + '\\n')`
    const name = async (target?: { kubeconfig: string; image: string }) =>
      (await runWith(tell, target))[0]?.behaviour.name
    expect(await name({ kubeconfig: '/k', image: 'web:1' })).toBe('/k web:1 test/contract/real.test.ts')
    expect(await name()).toBe('  test/contract/embedded.test.ts')
  })

  it('that cannot be run at all are an error with what was said', async () => {
    await expect(runWith(`console.error('no config'); process.exit(1)`)).rejects.toMatchObject({
      code: 'STEP_FAILED',
      message: expect.stringContaining('no config'),
    })
  })
})
