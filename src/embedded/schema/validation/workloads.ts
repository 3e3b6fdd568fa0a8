/** Checks of the kinds of apps/v1 (pkg/apis/apps/validation). */
import { type Loose, struct } from '../defaults/fill.ts'
import { equalJson } from '../equal.ts'
import type { FieldError } from '../types.ts'
import { forbidden, immutable, invalid, notSupported, required } from './field-errors.ts'
import { dns1123Label } from './names.ts'
import { intOrPercent, nonNegative } from './numbers.ts'
import { templateErrors } from './pod.ts'
import { workloadSelectorErrors } from './selectors.ts'

export function deploymentErrors(deployment: Loose, old?: Loose): FieldError[] {
  const spec = struct(deployment, 'spec') ?? {}
  return [
    ...commonErrors(spec, 'deployment'),
    ...strategyErrors(struct(spec, 'strategy') ?? {}),
    ...deadlineErrors(spec),
    ...selectorChange(spec, old),
  ]
}

export function replicaSetErrors(set: Loose, old?: Loose): FieldError[] {
  const spec = struct(set, 'spec') ?? {}
  return [...commonErrors(spec, 'ReplicaSet'), ...selectorChange(spec, old)]
}

export function replicationControllerErrors(controller: Loose): FieldError[] {
  const spec = struct(controller, 'spec') ?? {}
  const template = struct(spec, 'template')
  return [
    ...countErrors(spec),
    ...(template ? templateErrors(template, 'spec.template') : [required('spec.template')]),
  ]
}

export function daemonSetErrors(set: Loose, old?: Loose): FieldError[] {
  const spec = struct(set, 'spec') ?? {}
  return [
    ...commonErrors(spec, 'daemonset'),
    ...typeErrors(struct(spec, 'updateStrategy')?.type, 'spec.updateStrategy.type', [
      'RollingUpdate',
      'OnDelete',
    ]),
    ...selectorChange(spec, old),
  ]
}

const STATEFUL_MUTABLE = [
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
]

export function statefulSetErrors(set: Loose, old?: Loose): FieldError[] {
  const spec = struct(set, 'spec') ?? {}
  const errors = [
    ...dns1123Label(set.metadata.name ?? '').map((problem) =>
      invalid('metadata.name', set.metadata.name, problem),
    ),
    ...commonErrors(spec, 'statefulset'),
    ...typeErrors(spec.podManagementPolicy, 'spec.podManagementPolicy', ['OrderedReady', 'Parallel']),
    ...typeErrors(struct(spec, 'updateStrategy')?.type, 'spec.updateStrategy.type', [
      'RollingUpdate',
      'OnDelete',
    ]),
  ]
  if (old && !equalJson(without(spec, STATEFUL_MUTABLE), without(old.spec, STATEFUL_MUTABLE))) {
    const names = STATEFUL_MUTABLE.map((name) => `'${name}'`)
    const detail = `updates to statefulset spec for fields other than ${names.slice(0, -1).join(', ')} and ${names.at(-1)} are forbidden`
    errors.push(forbidden('spec', detail))
  }
  return errors
}

function without(spec: Loose, names: string[]): Loose {
  return Object.fromEntries(Object.entries(spec).filter(([name]) => !names.includes(name)))
}

function commonErrors(spec: Loose, kind: string): FieldError[] {
  const errors = [
    ...countErrors(spec),
    ...workloadSelectorErrors(spec, kind),
    ...templateErrors(spec.template, 'spec.template'),
  ]
  const policy = struct(struct(spec, 'template'), 'spec')?.restartPolicy
  if (policy && policy !== 'Always') {
    errors.push(notSupported('spec.template.spec.restartPolicy', policy, ['Always']))
  }
  if (struct(struct(spec, 'template'), 'spec')?.activeDeadlineSeconds !== undefined) {
    errors.push(
      forbidden(
        'spec.template.spec.activeDeadlineSeconds',
        `activeDeadlineSeconds in ${kind} is not Supported`,
      ),
    )
  }
  return errors
}

function countErrors(spec: Loose): FieldError[] {
  return ['replicas', 'minReadySeconds', 'revisionHistoryLimit'].flatMap((name) =>
    nonNegative(spec[name], `spec.${name}`),
  )
}

function deadlineErrors(spec: Loose): FieldError[] {
  const { progressDeadlineSeconds: deadline, minReadySeconds: ready = 0 } = spec
  if (deadline === undefined || deadline > ready) return []
  return [invalid('spec.progressDeadlineSeconds', deadline, 'must be greater than minReadySeconds')]
}

function strategyErrors(strategy: Loose): FieldError[] {
  const path = 'spec.strategy'
  const rolling = struct(strategy, 'rollingUpdate')
  if (strategy.type === 'Recreate') {
    const detail = "may not be specified when strategy `type` is 'Recreate'"
    return rolling ? [forbidden(`${path}.rollingUpdate`, detail)] : []
  }
  if (strategy.type !== 'RollingUpdate')
    return typeErrors(strategy.type, `${path}.type`, ['Recreate', 'RollingUpdate'])
  if (!rolling) return [required(`${path}.rollingUpdate`, 'this should be defaulted and never be nil')]
  const { maxUnavailable, maxSurge } = rolling
  const errors = [
    ...intOrPercent(maxUnavailable, `${path}.rollingUpdate.maxUnavailable`),
    ...intOrPercent(maxSurge, `${path}.rollingUpdate.maxSurge`),
  ]
  if (isZero(maxUnavailable) && isZero(maxSurge)) {
    const detail = 'may not be 0 when `maxSurge` is 0'
    errors.push(invalid(`${path}.rollingUpdate.maxUnavailable`, maxUnavailable, detail))
  }
  if (typeof maxUnavailable === 'string' && Number.parseInt(maxUnavailable, 10) > 100) {
    errors.push(
      invalid(`${path}.rollingUpdate.maxUnavailable`, maxUnavailable, 'must not be greater than 100%'),
    )
  }
  return errors
}

function isZero(value: unknown): boolean {
  return value === 0 || value === '0%'
}

function typeErrors(value: unknown, path: string, supported: string[]): FieldError[] {
  return supported.includes(value as string) ? [] : [notSupported(path, value ?? '', supported)]
}

function selectorChange(spec: Loose, old: Loose | undefined): FieldError[] {
  if (!old || equalJson(spec.selector, old.spec.selector)) return []
  return [immutable('spec.selector', spec.selector)]
}
