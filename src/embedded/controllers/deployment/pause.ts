/** The Progressing condition of a Deployment that was paused or resumed. */
import { findCondition } from '../shared/conditions.ts'
import { hasProgressDeadline } from './limits.ts'
import { type Plan, setPlanCondition } from './plan.ts'

/** So that a pause neither counts against the deadline nor is forgotten after the resume. */
export function updatePaused(plan: Plan): void {
  if (!hasProgressDeadline(plan.deployment)) return
  const current = findCondition(plan.conditions, 'Progressing')
  if (current?.reason === 'ProgressDeadlineExceeded') return
  const wasPaused = current?.reason === 'DeploymentPaused'
  const paused = plan.deployment.spec.paused === true
  if (paused === wasPaused) return
  setPlanCondition(plan, {
    type: 'Progressing',
    status: 'Unknown',
    reason: paused ? 'DeploymentPaused' : 'DeploymentResumed',
    message: paused ? 'Deployment is paused' : 'Deployment is resumed',
  })
}
