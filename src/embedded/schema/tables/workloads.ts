/** kubectl's columns of the kinds that make pods. */
import type { KubeObject } from '../../objects.ts'
import {
  AGE,
  type Column,
  containerColumns,
  count,
  labelsText,
  NAME,
  SELECTOR,
  TEMPLATE_CONTAINERS,
  text,
  wide,
} from './column.ts'
import { age, humanDuration } from './duration.ts'

const status = (name: string, field: string) => count(name, (object) => object.status?.[field] ?? 0)
const ready = text('Ready', (object) => `${object.status?.readyReplicas ?? 0}/${object.spec?.replicas ?? 0}`)

export const DEPLOYMENTS: Column[] = [
  NAME,
  ready,
  status('Up-to-date', 'updatedReplicas'),
  status('Available', 'availableReplicas'),
  AGE,
  ...TEMPLATE_CONTAINERS,
  SELECTOR,
]

const REPLICA_COLUMNS: Column[] = [
  NAME,
  count('Desired', (object) => object.spec?.replicas ?? 0),
  status('Current', 'replicas'),
  status('Ready', 'readyReplicas'),
  AGE,
  ...TEMPLATE_CONTAINERS,
]

export const REPLICA_SETS: Column[] = [...REPLICA_COLUMNS, SELECTOR]

export const REPLICATION_CONTROLLERS: Column[] = [
  ...REPLICA_COLUMNS,
  wide(text('Selector', (object) => labelsText(object.spec?.selector))),
]

export const STATEFUL_SETS: Column[] = [NAME, ready, AGE, ...TEMPLATE_CONTAINERS]

export const DAEMON_SETS: Column[] = [
  NAME,
  status('Desired', 'desiredNumberScheduled'),
  status('Current', 'currentNumberScheduled'),
  status('Ready', 'numberReady'),
  status('Up-to-date', 'updatedNumberScheduled'),
  status('Available', 'numberAvailable'),
  text('Node Selector', (object) => labelsText(object.spec?.template?.spec?.nodeSelector)),
  AGE,
  ...TEMPLATE_CONTAINERS,
  SELECTOR,
]

export const JOBS: Column[] = [
  NAME,
  text('Status', jobStatus),
  text('Completions', jobCompletions),
  text('Duration', jobDuration),
  AGE,
  ...TEMPLATE_CONTAINERS,
  SELECTOR,
]

function jobStatus(job: KubeObject): string {
  const has = (type: string) =>
    (job.status?.conditions ?? []).some((each: any) => each.type === type && each.status === 'True')
  if (has('Complete')) return 'Complete'
  if (has('Failed')) return 'Failed'
  if (job.metadata.deletionTimestamp) return 'Terminating'
  return ['Suspended', 'FailureTarget', 'SuccessCriteriaMet'].find(has) ?? 'Running'
}

function jobCompletions(job: KubeObject): string {
  const done = job.status?.succeeded ?? 0
  const { completions, parallelism = 0 } = job.spec ?? {}
  if (completions !== undefined) return `${done}/${completions}`
  return parallelism > 1 ? `${done}/1 of ${parallelism}` : `${done}/1`
}

function jobDuration(job: KubeObject, now: number): string {
  const { startTime, completionTime } = job.status ?? {}
  if (!startTime) return ''
  return humanDuration((completionTime ? Date.parse(completionTime) : now) - Date.parse(startTime))
}

export const CRON_JOBS: Column[] = [
  NAME,
  text('Schedule', (cron) => cron.spec?.schedule),
  text('Timezone', (cron) => cron.spec?.timeZone ?? '<none>'),
  text('Suspend', (cron) => (cron.spec?.suspend ? 'True' : 'False')),
  count('Active', (cron) => (cron.status?.active ?? []).length),
  text('Last Schedule', (cron, now) =>
    cron.status?.lastScheduleTime ? age(cron.status.lastScheduleTime, now) : '<none>',
  ),
  AGE,
  ...containerColumns((cron) => cron.spec?.jobTemplate?.spec?.template?.spec),
  wide(text('Selector', (cron) => labelsText(cron.spec?.jobTemplate?.spec?.selector?.matchLabels))),
]

export const CONTROLLER_REVISIONS: Column[] = [
  NAME,
  text('Controller', (revision) => {
    const owner = revision.metadata.ownerReferences?.find((each) => each.controller)
    if (!owner) return '<none>'
    const group = owner.apiVersion.includes('/') ? `.${owner.apiVersion.split('/')[0]}` : ''
    return `${owner.kind.toLowerCase()}${group}/${owner.name}`
  }),
  count('Revision', (revision) => revision.revision),
  AGE,
]

export const POD_TEMPLATES: Column[] = [
  NAME,
  ...containerColumns((object) => object.template?.spec).map((column) => ({ ...column, priority: 0 })),
  text('Pod Labels', (object) => labelsText(object.template?.metadata?.labels)),
]
