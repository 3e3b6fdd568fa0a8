/** The job provider: runs a Job, whose end is the measurement. */
import { rfc3339 } from '../../../../../lib/clock.ts'
import type { Client } from '../../../../client.ts'
import { isStatus } from '../../../../errors.ts'
import { controllerOf, type KubeObject, type Manifest } from '../../../../objects.ts'
import { controllerRef } from '../../../shared/owners.ts'
import { JOBS } from '../../../shared/resources.ts'
import { COMPONENT } from '../../names.ts'
import { byCreation } from '../../replica-sets.ts'
import { statusResult } from '../run/assess.ts'
import type { Measurement, Metric } from '../run/types.ts'
import type { MetricProvider } from './provider.ts'

/** Job names end up in a pod label. */
const NAME_LIMIT = 63
const NAME = 'job-name'
const NAMESPACE = 'job-namespace'
const RUN_UID = 'analysisrun.argoproj.io/uid'

export function jobProvider(client: Client): MetricProvider {
  return {
    async run(run, metric, now) {
      const job = jobOf(run, metric)
      const { namespace = '', name } = job.metadata
      try {
        client.create(JOBS, job, { fieldManager: COMPONENT })
      } catch (thrown) {
        // Made by a pass that ended before it could say so.
        const existing = isStatus(thrown, 409) ? client.get(JOBS, namespace, name) : undefined
        if (!existing || controllerOf(existing)?.uid !== run.metadata.uid) throw thrown
      }
      const metadata = { [NAME]: name, [NAMESPACE]: namespace }
      return { phase: 'Running', startedAt: rfc3339(now), metadata }
    },
    resume(_run, _metric, measurement, now) {
      const { namespace, name } = jobAt(measurement)
      const job = client.get(JOBS, namespace, name)
      if (!job) throw new Error(`jobs.batch "${name}" not found`)
      const holds = (type: string) =>
        job.status?.conditions?.some((one: any) => one.type === type && one.status === 'True')
      const phase = holds('Complete') ? 'Successful' : holds('Failed') ? 'Failed' : undefined
      return phase ? { ...measurement, phase, finishedAt: rfc3339(now) } : measurement
    },
    terminate(_run, _metric, measurement, now) {
      const { namespace, name } = jobAt(measurement)
      try {
        client.delete(JOBS, namespace, name, { propagationPolicy: 'Foreground' })
      } catch (thrown) {
        if (!isStatus(thrown, 404)) throw thrown
      }
      return { ...measurement, phase: 'Successful', finishedAt: rfc3339(now) }
    },
    collectGarbage(run, kept) {
      const labelSelector = `${RUN_UID}=${run.metadata.uid}`
      const jobs = client.list(JOBS, { namespace: run.metadata.namespace ?? '', labelSelector })
      for (const { metadata } of jobs.toSorted(byCreation).slice(0, -kept)) {
        client.delete(JOBS, metadata.namespace, metadata.name, { propagationPolicy: 'Foreground' })
      }
    },
  }
}

function jobAt({ metadata = {} }: Measurement): { namespace: string; name: string } {
  return { namespace: metadata[NAMESPACE] ?? '', name: metadata[NAME] ?? '' }
}

function jobOf(run: KubeObject, metric: Metric): Manifest & { metadata: { name: string } } {
  const { metadata = {}, spec } = metric.provider.job
  const { count = 0, error = 0 } = statusResult(run.status ?? {}, metric.name) ?? {}
  const [prefix, suffix] = [`${run.metadata.uid}.`, `.${count + error + 1}`]
  const room = NAME_LIMIT - prefix.length - suffix.length
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: `${prefix}${metric.name.slice(0, room)}${suffix}`,
      namespace: run.metadata.namespace,
      labels: { ...metadata.labels, [RUN_UID]: run.metadata.uid },
      annotations: {
        ...metadata.annotations,
        'analysisrun.argoproj.io/name': run.metadata.name,
        'analysisrun.argoproj.io/namespace': run.metadata.namespace ?? '',
        'analysisrun.argoproj.io/metric-name': metric.name,
      },
      ownerReferences: [controllerRef(run)],
    },
    spec: structuredClone(spec),
  }
}
