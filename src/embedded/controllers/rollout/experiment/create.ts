/** What an Experiment creates for its templates: a ReplicaSet each, and a Service for those that want one. */
import type { KubeObject, Manifest } from '../../../objects.ts'
import type { Change } from '../../runtime/changes.ts'
import { controllerRef } from '../../shared/owners.ts'
import { REPLICA_SETS, SERVICES } from '../../shared/resources.ts'
import { HASH_LABEL } from '../names.ts'
import { podTemplateHash } from '../template.ts'
import { type ExperimentInput, templateReplicas, templatesOf } from './plan.ts'
import type { ExperimentTemplate } from './types.ts'

/** On ReplicaSets and Services: which Experiment and which of its templates they belong to. */
export const EXPERIMENT_NAME = 'experiment.argoproj.io/name'
export const TEMPLATE_NAME = 'experiment.argoproj.io/template-name'

export interface Creation {
  template: string
  change: Change & { verb: 'create' }
  /** The beginning of the message when the API refuses it. */
  failure: string
}

/** The objects that are missing. A Service comes a pass after its ReplicaSet, whose ports it has. */
export function missingObjects(input: ExperimentInput): Creation[] {
  const { experiment } = input
  const status = experiment.status ?? {}
  return templatesOf(experiment).flatMap((template): Creation[] => {
    const { name, service } = template
    const replicaSet = input.replicaSets.get(name)
    if (!replicaSet) {
      const object = replicaSetManifest(experiment, template)
      const failure = `Failed to create ReplicaSet for template '${name}'`
      return [{ template: name, change: { verb: 'create', resource: REPLICA_SETS, object }, failure }]
    }
    if (!service || input.services.has(name) || templateReplicas(experiment, status, template) === 0)
      return []
    const object = serviceManifest(experiment, name, replicaSet, service.name || replicaSet.metadata.name)
    if (object.spec.ports.length === 0) return []
    const failure = `Failed to create Service ${object.metadata.name} for template '${name}'`
    return [{ template: name, change: { verb: 'create', resource: SERVICES, object }, failure }]
  })
}

/** Begins with no pods: the pass after scales it, once it is known. */
function replicaSetManifest(experiment: KubeObject, template: ExperimentTemplate): Manifest {
  const { [HASH_LABEL]: _rollout, ...own } = template.template.metadata?.labels ?? {}
  const pods = { ...template.template, metadata: { ...template.template.metadata, labels: own } }
  const hash = podTemplateHash(pods)
  const labels = { ...own, [HASH_LABEL]: hash }
  const { minReadySeconds, selector } = template
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${experiment.metadata.name}-${template.name}`,
      namespace: experiment.metadata.namespace,
      labels,
      annotations: annotationsOf(experiment, template.name),
      ownerReferences: [controllerRef(experiment)],
    },
    spec: {
      replicas: 0,
      ...(minReadySeconds ? { minReadySeconds } : {}),
      selector: { ...selector, matchLabels: { ...selector.matchLabels, [HASH_LABEL]: hash } },
      template: structuredClone({ ...pods, metadata: { ...pods.metadata, labels } }),
    },
  }
}

function serviceManifest(
  experiment: KubeObject,
  template: string,
  replicaSet: KubeObject,
  name: string,
): Manifest & { metadata: { name: string }; spec: { selector: unknown; ports: unknown[] } } {
  const containers: { ports?: { name?: string; protocol?: string; containerPort: number }[] }[] =
    replicaSet.spec.template.spec.containers
  const ports = containers.flatMap(({ ports = [] }) =>
    ports.map(({ name: portName, protocol = 'TCP', containerPort }) => ({
      ...(portName ? { name: portName } : {}),
      protocol,
      port: containerPort,
      targetPort: containerPort,
    })),
  )
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name,
      namespace: experiment.metadata.namespace,
      annotations: annotationsOf(experiment, template),
      ownerReferences: [controllerRef(experiment)],
    },
    spec: { selector: { ...replicaSet.metadata.labels }, ports },
  }
}

function annotationsOf({ metadata }: KubeObject, template: string): Record<string, string> {
  return { [EXPERIMENT_NAME]: metadata.name, [TEMPLATE_NAME]: template }
}
