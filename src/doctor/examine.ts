/** All checks of the machine, side by side. */
import type { Env, Finding } from './check.ts'
import { checkLoopback, checkNamespaces, checkSetpriv } from './isolation.ts'
import { judge, type Verdicts } from './judge.ts'
import { checkNode, checkNpm, checkOptionalTools, checkRabbitMq } from './programs.ts'
import { checkDisk, checkDocker, checkMemory } from './resources.ts'

export async function examine(env: Env): Promise<Verdicts> {
  const found: (Finding | Finding[])[] = await Promise.all([
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
  return judge(found.flat())
}
