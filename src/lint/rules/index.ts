/** All rules, in the order of their reports. */
import type { Rule } from '../finding.ts'
import { AUTOSCALING } from './autoscaling.ts'
import { DISRUPTION } from './disruption.ts'
import { GITOPS } from './gitops.ts'
import { KEDA } from './keda.ts'
import { PODS } from './pods.ts'
import { ROLLOUTS } from './rollouts.ts'
import { SECRETS } from './secrets.ts'

export const RULES: Rule[] = [
  ...AUTOSCALING,
  ...GITOPS,
  ...KEDA,
  ...ROLLOUTS,
  ...PODS,
  ...SECRETS,
  ...DISRUPTION,
]
