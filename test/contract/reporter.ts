/** A vitest reporter for `devenv parity`: one line of JSON a case, appended to the file of DEVENV_PARITY_RESULTS. */
import { appendFileSync } from 'node:fs'
import type { Reporter, TestCase } from 'vitest/node'

export default class ParityReporter implements Reporter {
  onTestCaseResult(test: TestCase): void {
    const { state, errors = [] } = test.result()
    const line = {
      name: test.name,
      status: state === 'pending' ? 'skipped' : state,
      ms: Math.round(test.diagnostic()?.duration ?? 0),
      ...(errors[0] ? { detail: errors[0].message } : {}),
    }
    appendFileSync(process.env.DEVENV_PARITY_RESULTS!, `${JSON.stringify(line)}\n`)
  }
}
