/** Rules on Argo CD Applications: whether they leave alone what autoscalers write. */
import { ignoresReplicas, respectsIgnored } from '../../explain/traps/gitops.ts'
import { found, rule } from '../finding.ts'
import { type Linted, type LintInput, ofKind, scalersOn, workloadsOf } from '../input.ts'

/** Applications that deploy into the workload's namespace. */
function applicationsOf(input: LintInput, { object }: Linted): Linted[] {
  return ofKind(input, 'Application').filter(({ object: application }) => {
    const target = application.spec?.destination?.namespace
    return (
      target === undefined || object.metadata.namespace === undefined || target === object.metadata.namespace
    )
  })
}

/** True when every Application that could put the replicas back is told not to. */
export function leavesReplicasAlone(input: LintInput, workload: Linted): boolean {
  const applications = applicationsOf(input, workload)
  return (
    applications.length > 0 &&
    applications.every(({ object }) => ignoresReplicas(object, workload.object) && respectsIgnored(object))
  )
}

function scaledOf(input: LintInput): Linted[] {
  return workloadsOf(input).filter(
    (workload) => workload.object.spec?.replicas !== undefined && scalersOn(input, workload).length > 0,
  )
}

/** `check` says what is missing for these workloads. */
function forScaled(
  input: LintInput,
  isWrong: (application: Linted, workload: Linted) => boolean,
): { application: Linted; kinds: string }[] {
  return ofKind(input, 'Application').flatMap((application) => {
    const wrong = scaledOf(input).filter(
      (workload) => applicationsOf(input, workload).includes(application) && isWrong(application, workload),
    )
    const kinds = [...new Set(wrong.map(({ object }) => object.kind))].join(' and ')
    return wrong.length > 0 ? [{ application, kinds }] : []
  })
}

const ignore = rule(
  'ignore-differences',
  'an Application that compares replicas of scaled workloads',
  (input) =>
    forScaled(input, (application, workload) => !ignoresReplicas(application.object, workload.object)).map(
      ({ application, kinds }) =>
        found(
          'error',
          application,
          `It compares spec.replicas of a ${kinds} that an autoscaler changes: OutOfSync for ever, and self-heal undoes each scaling.`,
          'Add ignoreDifferences with jsonPointers [/spec/replicas] for apps/Deployment and argoproj.io/Rollout.',
        ),
    ),
)

const respect = rule(
  'respect-ignore-differences',
  'ignored replicas that a sync writes all the same',
  (input) =>
    forScaled(
      input,
      (application, workload) =>
        ignoresReplicas(application.object, workload.object) && !respectsIgnored(application.object),
    ).map(({ application, kinds }) =>
      found(
        'error',
        application,
        `The replicas of a ${kinds} are left out of the comparison, but each sync still writes those of git.`,
        'Add RespectIgnoreDifferences=true to syncPolicy.syncOptions.',
      ),
    ),
)

export const GITOPS = [ignore, respect]
