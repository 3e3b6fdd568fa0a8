/**
 * The contract cases on one cluster, run as `npm test` runs them: vitest in a process of its own, with a reporter
 * that writes a line a case. They live in test/, which the product does not import.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DevenvError, messageOf } from '../lib/errors.ts'
import { run } from '../lib/exec.ts'
import type { KindResult, Outcome } from './model.ts'

/** A real cluster, and an image of test/contract/web.ts that its nodes can pull. Embedded ones are made by the cases. */
export interface CaseTarget {
  kubeconfig: string
  image: string
  /** An address of this machine that pods reach: Argo CD's cases serve their repositories there. */
  gitHost?: string | undefined
}

export interface CaseOptions {
  checkout: string
  target: CaseTarget | undefined
  progress: (what: string) => void
  signal: AbortSignal
}

const LOOK_MS = 2000
const REAL_CASE_MS = 180_000
const TIMEOUT_MS = 45 * 60_000

/** What each case came to. Throws when none could be run. */
export async function runCases(options: CaseOptions): Promise<KindResult['outcomes']> {
  const { checkout, target, progress, signal } = options
  const folder = await mkdtemp(join(tmpdir(), 'devenv-parity-'))
  const results = join(folder, 'results.jsonl')
  const file = target ? 'test/contract/real.test.ts' : 'test/contract/embedded.test.ts'
  let told = 0
  const telling = setInterval(async () => {
    const done = await outcomesIn(results)
    for (const { behaviour, outcome } of done.slice(told)) progress(`${sign(outcome)} ${behaviour.name}`)
    told = Math.max(told, done.length)
  }, LOOK_MS)
  try {
    const failure = await run(
      process.execPath,
      [
        join(checkout, 'node_modules', 'vitest', 'vitest.mjs'),
        'run',
        ...['--project', 'contract', file],
        // A real cluster pulls, schedules and syncs at its own pace.
        ...(target ? ['--testTimeout', String(REAL_CASE_MS)] : []),
        ...['--reporter', join(checkout, 'test', 'contract', 'reporter.ts')],
      ],
      { cwd: checkout, env: variablesFor(target, results), timeoutMs: TIMEOUT_MS, signal },
    ).then(
      () => undefined,
      (thrown: unknown) => thrown,
    )
    if (signal.aborted) throw new DevenvError('INTERRUPTED', 'interrupted while the contract cases ran')
    const outcomes = await outcomesIn(results)
    // A case that fails makes vitest fail: that is a result. Without results it is a failure.
    if (outcomes.length === 0)
      throw new DevenvError('STEP_FAILED', `the contract cases did not run: ${messageOf(failure)}`, {
        cause: failure,
        fix: `npm ci brings vitest; node_modules/.bin/vitest run --project contract ${file} shows the rest.`,
      })
    return outcomes
  } finally {
    clearInterval(telling)
    await rm(folder, { recursive: true, force: true })
  }
}

function variablesFor(target: CaseTarget | undefined, results: string): Record<string, string | undefined> {
  return {
    DEVENV_PARITY_RESULTS: results,
    DEVENV_CONTRACT_KUBECONFIG: target?.kubeconfig,
    DEVENV_CONTRACT_IMAGE: target?.image,
    DEVENV_CONTRACT_GIT_HOST: target?.gitHost,
  }
}

async function outcomesIn(path: string): Promise<KindResult['outcomes']> {
  const text = await readFile(path, 'utf8').catch(() => '')
  // A line without its end is still being written.
  const lines = text.slice(0, text.lastIndexOf('\n') + 1).split('\n')
  return lines.flatMap((line) => {
    if (line === '') return []
    const { name, ...outcome } = JSON.parse(line) as { name: string } & Outcome
    return [{ behaviour: { name, group: 'case' as const }, outcome }]
  })
}

function sign({ status }: Outcome): string {
  return { passed: '✔', failed: '✖', skipped: '–' }[status]
}
