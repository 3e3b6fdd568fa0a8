/** The story, in its order. */
import type { DemoStep } from '../step.ts'
import { atRest } from './at-rest.ts'
import { backToZero } from './back-to-zero.ts'
import { badRelease } from './bad-release.ts'
import { burst } from './burst.ts'
import { canary } from './canary.ts'
import { drained } from './drained.ts'
import { drift } from './drift.ts'
import { rotation } from './rotation.ts'
import { workerKilled } from './worker-killed.ts'

export const STEPS: readonly DemoStep[] = [
  atRest,
  burst,
  drained,
  backToZero,
  workerKilled,
  canary,
  badRelease,
  rotation,
  drift,
]
