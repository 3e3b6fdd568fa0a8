/** The Experiment controller: runs pod templates beside each other for a while, and analyses them. */
import { messageOf } from '../../../../lib/errors.ts'
import type { Client } from '../../../client.ts'
import { ApiError } from '../../../errors.ts'
import { controllerOf, type KubeObject, parseKey, type Resource } from '../../../objects.ts'
import { applyChanges } from '../../runtime/changes.ts'
import type { Context, Controller } from '../../runtime/controller.ts'
import { controlledBy, controllerKeys } from '../../shared/owners.ts'
import { REPLICA_SETS, SERVICES } from '../../shared/resources.ts'
import { readTemplates } from '../gather.ts'
import { ANALYSIS_RUNS, COMPONENT, EXPERIMENTS, INSTANCE_ID, ROLLOUTS } from '../names.ts'
import { missingObjects, TEMPLATE_NAME } from './create.ts'
import { type ExperimentInput, isTerminating } from './plan.ts'
import { reconcileExperiment } from './reconcile.ts'
import { experimentError } from './validate.ts'

/** argoproj.io/v1alpha1 Experiments, a person's own and those that are steps of a canary. */
export function experimentController(): Controller {
  const owned = (resource: Resource) => ({
    resource,
    keys: (object: KubeObject) => controllerKeys(object, 'argoproj.io', 'Experiment'),
  })
  return {
    name: 'experiments-controller',
    watches: [{ resource: EXPERIMENTS }, owned(REPLICA_SETS), owned(ANALYSIS_RUNS)],
    reconcile(key, context) {
      const { namespace = '', name } = parseKey(key)
      const experiment = context.client.get(EXPERIMENTS, namespace, name)
      if (!experiment || experiment.metadata.deletionTimestamp) return undefined
      if (experiment.metadata.labels?.[INSTANCE_ID] !== undefined) return undefined
      const input = gather(experiment, context)
      if (!experimentError(experiment)) createMissing(input, context)
      const result = reconcileExperiment(input)
      applyChanges(result.changes, context, COMPONENT)
      return result
    },
  }
}

function gather(experiment: KubeObject, { client, clock }: Context): ExperimentInput {
  const { namespace } = experiment.metadata
  return {
    experiment,
    replicaSets: byTemplate(client, REPLICA_SETS, experiment),
    services: byTemplate(client, SERVICES, experiment),
    analysisRuns: client.list(ANALYSIS_RUNS, { namespace }),
    templates: readTemplates(client, namespace),
    rollout: client.get(ROLLOUTS, namespace, controllerOf(experiment)?.name ?? ''),
    refused: new Map(),
    now: clock.now(),
  }
}

function byTemplate(client: Client, resource: Resource, experiment: KubeObject): Map<string, KubeObject> {
  const objects = controlledBy(client, resource, experiment)
  return new Map(
    objects.flatMap((object): [string, KubeObject][] => {
      const template = object.metadata.annotations?.[TEMPLATE_NAME]
      return template === undefined ? [] : [[template, object]]
    }),
  )
}

/** A refusal is the template's error. A name that is taken may become free: then its deadline decides. */
function createMissing(input: ExperimentInput, context: Context): void {
  if (isTerminating(input.experiment, input.experiment.status ?? {})) return
  for (const { template, change, failure } of missingObjects(input)) {
    try {
      const [created] = applyChanges([change], context, COMPONENT)
      const found = change.resource === SERVICES ? input.services : input.replicaSets
      if (created) found.set(template, created)
    } catch (thrown) {
      if (!(thrown instanceof ApiError)) throw thrown
      if (change.resource === SERVICES || thrown.reason !== 'AlreadyExists') {
        input.refused.set(template, `${failure}: ${messageOf(thrown)}`)
      }
    }
  }
}
