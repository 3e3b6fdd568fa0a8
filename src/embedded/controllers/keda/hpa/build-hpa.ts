/** The HPA that a ScaledObject owns, as a pure function of it and of its metrics. */
import type { Manifest } from '../../../objects.ts'
import { pausing } from '../annotations.ts'
import { hpaMinReplicas, maxReplicas } from '../replica-bounds.ts'
import { EXCLUDED_LABELS_ANNOTATION, KEDA_OPERATOR, KEDA_VERSION } from '../resources.ts'
import type { ScaledObject } from '../types.ts'

/** One entry of an HPA's spec.metrics. */
export type MetricSpec = Record<string, any> & { type: 'External' | 'Resource' | 'ContainerResource' }

export interface ScaleTarget {
  apiVersion: string
  kind: string
  name: string
}

/** The name asked for, or `keda-hpa-<name>`. */
export function hpaName(scaledObject: ScaledObject): string {
  return (
    scaledObject.spec.advanced?.horizontalPodAutoscalerConfig?.name ||
    `keda-hpa-${scaledObject.metadata.name}`
  )
}

/** The HPA as KEDA writes it. `metrics` come in trigger order. */
export function buildHpa(scaledObject: ScaledObject, target: ScaleTarget, metrics: MetricSpec[]): Manifest {
  const { metadata, spec } = scaledObject
  const name = hpaName(scaledObject)
  const behavior = buildBehavior(scaledObject)
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: {
      name,
      namespace: metadata.namespace!,
      labels: buildLabels(scaledObject, name),
      annotations: { ...metadata.annotations },
      ownerReferences: [
        {
          apiVersion: scaledObject.apiVersion,
          kind: scaledObject.kind,
          name: metadata.name,
          uid: metadata.uid,
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    },
    spec: {
      scaleTargetRef: target,
      minReplicas: hpaMinReplicas(spec),
      maxReplicas: maxReplicas(spec),
      // Array.sort is stable: within a type the trigger order stays.
      metrics: [...metrics].sort((a, b) => (a.type < b.type ? -1 : a.type > b.type ? 1 : 0)),
      ...(behavior ? { behavior } : {}),
    },
  }
}

function buildLabels({ metadata }: ScaledObject, name: string): Record<string, string> {
  const excluded = metadata.annotations?.[EXCLUDED_LABELS_ANNOTATION]?.split(',') ?? []
  const own = Object.entries(metadata.labels ?? {}).filter(([key]) => !excluded.includes(key))
  return {
    'app.kubernetes.io/name': name.slice(0, 63).replace(/[^A-Za-z0-9]+$/, ''),
    'app.kubernetes.io/version': KEDA_VERSION,
    'app.kubernetes.io/part-of': metadata.name,
    'app.kubernetes.io/managed-by': KEDA_OPERATOR,
    ...Object.fromEntries(own),
  }
}

function buildBehavior(scaledObject: ScaledObject): Record<string, any> | undefined {
  const behavior = scaledObject.spec.advanced?.horizontalPodAutoscalerConfig?.behavior
  const { pausedScaleIn, pausedScaleOut } = pausing(scaledObject)
  if (!behavior && !pausedScaleIn && !pausedScaleOut) return undefined
  const disabled = { selectPolicy: 'Disabled' }
  return {
    ...behavior,
    ...(pausedScaleIn ? { scaleDown: { ...behavior?.scaleDown, ...disabled } } : {}),
    ...(pausedScaleOut ? { scaleUp: { ...behavior?.scaleUp, ...disabled } } : {}),
  }
}
