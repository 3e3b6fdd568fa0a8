/** The AnalysisRun controller: measures, and says how it went. */
import type { Lookup } from '../../../../lib/http-client.ts'
import type { Client } from '../../../client.ts'
import { type KubeObject, parseKey } from '../../../objects.ts'
import { applyChanges } from '../../runtime/changes.ts'
import type { Context, Controller, Result } from '../../runtime/controller.ts'
import { compact, sameJson } from '../../shared/json.ts'
import { controllerKeys } from '../../shared/owners.ts'
import { JOBS } from '../../shared/resources.ts'
import { ANALYSIS_RUNS, COMPONENT, INSTANCE_ID } from '../names.ts'
import { isCompleted } from '../status/phase.ts'
import { jobProvider } from './providers/job.ts'
import type { MetricProvider } from './providers/provider.ts'
import { webProvider } from './providers/web.ts'
import { reconcileAnalysisRun } from './run/reconcile.ts'
import type { Metric } from './run/types.ts'
import { expiryOf } from './ttl.ts'

export interface AnalysisOptions {
  /** Cluster DNS, for the URLs of web metrics. */
  lookup?: Lookup
}

/** argoproj.io/v1alpha1 AnalysisRuns with web and job metrics. */
export function analysisRunController({ lookup }: AnalysisOptions = {}): Controller {
  return {
    name: 'analysisruns-controller',
    concurrency: 5,
    watches: [
      { resource: ANALYSIS_RUNS },
      { resource: JOBS, keys: (job) => controllerKeys(job, 'argoproj.io', 'AnalysisRun') },
    ],
    async reconcile(key, context) {
      const { namespace = '', name } = parseKey(key)
      const { client, clock } = context
      const run = client.get(ANALYSIS_RUNS, namespace, name)
      if (!run || run.metadata.deletionTimestamp) return undefined
      if (run.metadata.labels?.[INSTANCE_ID] !== undefined) return undefined
      if (isCompleted(run.status?.phase)) return expire(run, context)
      const tools = {
        provider: (metric: Metric) => providerOf(metric, client, lookup),
        secret: (secret: string, field: string) => secretValue(client, namespace, secret, field),
      }
      const { status: next, events, requeueAfterMs } = await reconcileAnalysisRun(run, tools, clock.now())
      const status = withoutZeroes(next)
      // A measurement takes its time: the run may be gone by now.
      if (!client.get(ANALYSIS_RUNS, namespace, name)) return undefined
      if (!sameJson(run.status ?? {}, status)) {
        // The type has no status subresource; what is null goes.
        const gone =
          run.status?.message !== undefined && status.message === undefined ? { message: null } : {}
        const patch = { status: { ...compact(status), ...gone } }
        applyChanges([{ verb: 'patch', resource: ANALYSIS_RUNS, namespace, name, patch }], context, COMPONENT)
      }
      applyChanges(events, context, COMPONENT)
      return requeueAfterMs === undefined ? undefined : { requeueAfterMs }
    },
  }
}

function expire(run: KubeObject, context: Context): Result | undefined {
  const expiry = expiryOf(run)
  if (expiry === undefined) return undefined
  const left = expiry - context.clock.now()
  if (left > 0) return { requeueAfterMs: left }
  const { namespace, name } = run.metadata
  applyChanges([{ verb: 'delete', resource: ANALYSIS_RUNS, namespace, name }], context, COMPONENT)
  return undefined
}

/** Counters at zero are not written: Go's omitempty. */
function withoutZeroes<T>(value: T): T {
  if (Array.isArray(value)) return value.map(withoutZeroes) as T
  if (value === null || typeof value !== 'object') return value
  const kept = Object.entries(value).filter(([, field]) => field !== 0)
  return Object.fromEntries(kept.map(([key, field]) => [key, withoutZeroes(field)])) as T
}

function providerOf(metric: Metric, client: Client, lookup: Lookup | undefined): MetricProvider {
  const [name] = Object.keys(metric.provider)
  if (name === 'web') return webProvider(lookup)
  if (name === 'job') return jobProvider(client)
  throw new Error(`no valid provider in metric '${metric.name}': this cluster has web and job, not ${name}`)
}

function secretValue(client: Client, namespace: string, name: string, key: string): string {
  const secret = client.get('v1/secrets', namespace, name)
  if (!secret) throw new Error(`secrets "${name}" not found`)
  const value: string | undefined = secret.data?.[key]
  if (value === undefined) throw new Error(`key '${key}' does not exist in secret '${name}'`)
  return Buffer.from(value, 'base64').toString('utf8')
}
