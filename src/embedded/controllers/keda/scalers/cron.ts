/** The cron scaler: a number of replicas between a start and an end time. */
import { Cron } from 'croner'
import { metricName, normalizeName } from '../hpa/metric-name.ts'
import { externalMetricSpec, externalMetricType } from './external-metric.ts'
import { Parameters } from './parameters.ts'
import type { ScalerFactory } from './scaler.ts'

export const cronScaler: ScalerFactory = async (config) => {
  const type = externalMetricType(config.trigger.metricType)
  const read = new Parameters(config)
  const timezone = read.required('timezone', 'triggerMetadata')
  const start = read.required('start', 'triggerMetadata')
  const end = read.required('end', 'triggerMetadata')
  const desiredReplicas = read.number('desiredReplicas', 0)
  if (!desiredReplicas) read.errors.push('no desiredReplicas specified')
  if (start && start === end) read.errors.push('start and end can not have exactly same time input')
  for (const [key, schedule] of [
    ['start', start],
    ['end', end],
  ] as const) {
    if (schedule && !isSchedule(schedule)) read.errors.push(`error parsing ${key} schedule: ${schedule}`)
  }
  if (read.errors.length > 0) throw new Error(`error parsing cron metadata: ${read.errors.join('\n')}`)
  const metric = metricName(
    config.triggerIndex,
    normalizeName(`cron-${timezone}-${forName(start)}-${forName(end)}`),
  )
  return {
    metricSpec: externalMetricSpec(config.scaledObject.name, metric, type, 1),
    external: {
      metricName: metric,
      target: 1,
      async read() {
        const inside = insideWindow(timezone, start, end, config.clock.now())
        return { value: inside ? desiredReplicas : 0, active: inside }
      },
    },
    async close() {},
  }
}

/** In the window when the end comes before the next start. Throws for an unknown time zone. */
export function insideWindow(timezone: string, start: string, end: string, nowMs: number): boolean {
  return nextTime(end, timezone, nowMs) < nextTime(start, timezone, nowMs)
}

function nextTime(schedule: string, timezone: string, nowMs: number): number {
  const next = new Cron(schedule, { timezone, mode: '5-part' }).nextRun(new Date(nowMs))
  if (!next) throw new Error(`schedule ${schedule} never comes`)
  return next.getTime()
}

function isSchedule(text: string): boolean {
  if (text.trim().split(/\s+/).length !== 5) return false
  try {
    new Cron(text, { mode: '5-part' })
    return true
  } catch {
    return false
  }
}

/** A schedule as part of a metric name. */
function forName(schedule: string): string {
  return schedule
    .replaceAll(' ', '')
    .replaceAll('*', 'x')
    .replaceAll('/', 'Sl')
    .replaceAll('?', 'Qm')
    .replaceAll(',', 'Cm')
}
