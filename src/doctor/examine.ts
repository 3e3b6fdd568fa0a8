/** All checks of the machine, side by side. */
import type { Env, Finding } from './check.ts'
import { checkLoopback, checkNamespaces, checkSetpriv } from './isolation.ts'
import { checkNode, checkNpm, checkOptionalTools, checkRabbitMq } from './programs.ts'
import { checkDisk, checkDocker, checkMemory } from './resources.ts'

export interface Diagnosis {
  findings: Finding[]
  /** Whether `npm run up` can bring up an environment here. */
  able: boolean
}

export async function examine(env: Env): Promise<Diagnosis> {
  const found = await Promise.all([
    checkNode(),
    checkNpm(env),
    checkRabbitMq(env),
    checkLoopback(),
    checkNamespaces(env),
    checkSetpriv(env),
    checkMemory(),
    checkDisk(env),
    checkDocker(env),
    checkOptionalTools(env),
  ])
  const findings = found.flat()
  return { findings, able: findings.every(({ verdict }) => verdict !== 'missing') }
}
