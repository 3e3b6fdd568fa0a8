/** The pods that a Job makes. */
import type { KubeObject, Manifest } from '../../objects.ts'
import { controllerRef } from '../shared/owners.ts'
import { INDEX, TRACKING } from './pods.ts'

/** A pod of the template; of an Indexed Job with its index in name, label, annotation, hostname and environment. */
export function podOf(job: KubeObject, index: number | undefined): Manifest {
  const { metadata = {}, spec } = job.spec.template
  const { name, namespace } = job.metadata
  const indexed = index === undefined ? {} : { [INDEX]: String(index) }
  const annotations = { ...metadata.annotations, ...indexed }
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      generateName: index === undefined ? `${name}-` : `${name}-${index}-`,
      namespace,
      labels: { ...metadata.labels, ...indexed },
      ...(Object.keys(annotations).length > 0 ? { annotations } : {}),
      finalizers: [TRACKING],
      ownerReferences: [controllerRef(job)],
    },
    spec: index === undefined ? structuredClone(spec) : indexedSpec(job, spec, index),
  }
}

function indexedSpec(job: KubeObject, spec: any, index: number): unknown {
  const variable = {
    name: 'JOB_COMPLETION_INDEX',
    valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: `metadata.labels['${INDEX}']` } },
  }
  const withVariable = (container: any) => ({ ...container, env: [...(container.env ?? []), variable] })
  const copy = structuredClone(spec)
  return {
    ...copy,
    hostname: copy.hostname ?? `${job.metadata.name}-${index}`,
    containers: copy.containers.map(withVariable),
    ...(copy.initContainers ? { initContainers: copy.initContainers.map(withVariable) } : {}),
  }
}
