/** Checks of Jobs and CronJobs (pkg/apis/batch/validation). */
import { type Loose, struct } from '../defaults/fill.ts'
import { equalJson } from '../equal.ts'
import { child } from '../field-path.ts'
import type { FieldError } from '../types.ts'
import { immutable, invalid, notSupported, required } from './field-errors.ts'
import { nonNegative } from './numbers.ts'
import { templateErrors } from './pod.ts'

const CONCURRENCY = ['Allow', 'Forbid', 'Replace']
const COMPLETION_MODES = ['Indexed', 'NonIndexed']
const COUNTS = [
  'parallelism',
  'completions',
  'activeDeadlineSeconds',
  'backoffLimit',
  'ttlSecondsAfterFinished',
]
/** A Job's name is the CronJob's with 11 characters more. */
const CRONJOB_NAME_MAX = 52

export function jobErrors(job: Loose, old?: Loose): FieldError[] {
  const spec = struct(job, 'spec') ?? {}
  const errors = jobSpecErrors(spec, 'spec')
  if (!old) return errors
  for (const name of ['selector', 'completionMode', 'podFailurePolicy', 'backoffLimitPerIndex']) {
    if (!equalJson(spec[name], old.spec[name])) errors.push(immutable(`spec.${name}`, spec[name]))
  }
  const completionsChange = spec.completionMode !== 'Indexed' && spec.completions !== old.spec.completions
  if (completionsChange) errors.push(immutable('spec.completions', spec.completions))
  // A suspended job that never ran may still be told where to run.
  const startable = old.spec.suspend && !old.status?.startTime
  if (!startable && !equalJson(spec.template, old.spec.template))
    errors.push(immutable('spec.template', spec.template))
  return errors
}

export function cronJobErrors(cron: Loose): FieldError[] {
  const spec = struct(cron, 'spec') ?? {}
  const errors = jobSpecErrors(struct(struct(spec, 'jobTemplate'), 'spec') ?? {}, 'spec.jobTemplate.spec')
  if ((cron.metadata.name ?? '').length > CRONJOB_NAME_MAX) {
    errors.push(
      invalid('metadata.name', cron.metadata.name, `must be no more than ${CRONJOB_NAME_MAX} characters`),
    )
  }
  if (!spec.schedule) errors.push(required('spec.schedule'))
  else errors.push(...scheduleErrors(spec.schedule))
  if (spec.timeZone !== undefined) errors.push(...timeZoneErrors(spec.timeZone))
  if (!CONCURRENCY.includes(spec.concurrencyPolicy)) {
    errors.push(notSupported('spec.concurrencyPolicy', spec.concurrencyPolicy, CONCURRENCY))
  }
  for (const name of ['startingDeadlineSeconds', 'successfulJobsHistoryLimit', 'failedJobsHistoryLimit']) {
    errors.push(...nonNegative(spec[name], `spec.${name}`))
  }
  return errors
}

function jobSpecErrors(spec: Loose, path: string): FieldError[] {
  const errors = COUNTS.flatMap((name) => nonNegative(spec[name], child(path, name)))
  if (spec.completionMode && !COMPLETION_MODES.includes(spec.completionMode)) {
    errors.push(notSupported(child(path, 'completionMode'), spec.completionMode, COMPLETION_MODES))
  }
  if (spec.completionMode === 'Indexed' && spec.completions === undefined) {
    errors.push(required(child(path, 'completions'), 'when completion mode is Indexed'))
  }
  errors.push(...templateErrors(spec.template, child(path, 'template')))
  const policy = struct(struct(spec, 'template'), 'spec')?.restartPolicy
  const at = child(path, 'template.spec.restartPolicy')
  // Always is what an absent policy became.
  if (policy === 'Always') errors.push(required(at, 'valid values: "OnFailure", "Never"'))
  return errors
}

function scheduleErrors(schedule: string): FieldError[] {
  if (schedule.includes('TZ')) {
    return [
      invalid('spec.schedule', schedule, 'cannot use TZ or CRON_TZ in schedule, use timeZone field instead'),
    ]
  }
  const macro = /^@(yearly|annually|monthly|weekly|daily|midnight|hourly|every \S+)$/
  const fields = schedule.trim().split(/\s+/)
  if (macro.test(schedule)) return []
  if (fields.length !== 5) {
    const detail = `expected exactly 5 fields, found ${fields.length}: [${fields.join(' ')}]`
    return [invalid('spec.schedule', schedule, detail)]
  }
  const bad = fields.find((field) => !/^[\d*?/,\-A-Za-z]+$/.test(field))
  return bad ? [invalid('spec.schedule', schedule, `failed to parse int from ${bad}`)] : []
}

function timeZoneErrors(zone: string): FieldError[] {
  if (zone === '') return [invalid('spec.timeZone', zone, 'timeZone must be nil or non-empty string')]
  if (zone.toLowerCase() === 'local')
    return [
      invalid(
        'spec.timeZone',
        zone,
        'timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones',
      ),
    ]
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return []
  } catch {
    return [invalid('spec.timeZone', zone, `unknown time zone ${zone}`)]
  }
}
