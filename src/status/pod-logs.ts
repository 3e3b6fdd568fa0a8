/** Logs of many pods at once. */
import { DevenvError, messageOf } from '../lib/errors.ts'
import type { KubeClient, LogOptions } from '../lib/kube/client.ts'
import { KubeError } from '../lib/kube/errors.ts'
import { type KubeObject, selectorString } from '../lib/kube/object.ts'

type Print = (pod: string, container: string, line: string) => void

const WORKLOADS = ['apps/v1/deployments', 'argoproj.io/v1alpha1/rollouts', 'apps/v1/statefulsets']

/** The pod selector of the workload called `name` or `RELEASE-name`; USAGE, with the names there are, otherwise. */
export async function selectorOf(
  client: KubeClient,
  namespace: string,
  release: string,
  name: string,
): Promise<string> {
  const lists = await Promise.all(WORKLOADS.map((resource) => client.listIfServed(resource, { namespace })))
  const workloads = lists.flat()
  const found = workloads.find(
    ({ metadata }) => metadata.name === name || metadata.name === `${release}-${name}`,
  )
  if (found) return selectorString(found.spec.selector)
  const names = workloads.map(({ metadata }) => metadata.name.replace(`${release}-`, '')).sort()
  throw new DevenvError('USAGE', `there is no workload "${name}" in ${namespace}`, {
    fix: `There are: ${names.join(', ') || 'none'}.`,
  })
}

/** Prints what the pods have logged, pod by pod; returns how many pods there were. */
export async function readLogs(
  client: KubeClient,
  namespace: string,
  labelSelector: string,
  options: LogOptions,
  print: Print,
  signal: AbortSignal,
): Promise<number> {
  const { items } = await client.list('v1/pods', { namespace, labelSelector, signal })
  for (const pod of items) {
    for (const container of containersOf(pod, options.container)) {
      await copy(client, namespace, pod.metadata.name, { ...options, container, signal }, print)
    }
  }
  return items.length
}

/** Prints lines as they come, from all present and future pods, until the signal aborts. */
export async function followLogs(
  client: KubeClient,
  namespace: string,
  labelSelector: string,
  options: LogOptions,
  print: Print,
  signal: AbortSignal,
): Promise<void> {
  const followed = new Set<string>()
  for await (const { type, object } of client.watch('v1/pods', { namespace, labelSelector, signal })) {
    for (const container of containersOf(object, options.container)) {
      const key = `${object.metadata.uid}/${container}/${restarts(object, container)}`
      // A container has no log before it runs; each restart begins a new one.
      if (type === 'DELETED' || followed.has(key) || !hasLog(object, container)) continue
      followed.add(key)
      void copy(
        client,
        namespace,
        object.metadata.name,
        { ...options, container, follow: true, signal },
        print,
      )
    }
  }
}

/** A pod that goes away under us ends its log, and is no error. */
async function copy(
  client: KubeClient,
  namespace: string,
  pod: string,
  options: LogOptions,
  print: Print,
): Promise<void> {
  const container = options.container ?? ''
  try {
    for await (const line of client.logs(namespace, pod, options)) print(pod, container, line)
  } catch (thrown) {
    if (options.signal?.aborted || (thrown instanceof KubeError && thrown.code === 404)) return
    print(pod, container, `(no log: ${messageOf(thrown)})`)
  }
}

function containersOf(pod: KubeObject, only: string | undefined): string[] {
  const names: string[] = (pod.spec?.containers ?? []).map(({ name }: { name: string }) => name)
  return only === undefined ? names : names.filter((name) => name === only)
}

function hasLog(pod: KubeObject, container: string): boolean {
  const state = statusOf(pod, container)?.state
  return state?.running !== undefined || state?.terminated !== undefined
}

function restarts(pod: KubeObject, container: string): number {
  return statusOf(pod, container)?.restartCount ?? 0
}

function statusOf(pod: KubeObject, container: string): any {
  return pod.status?.containerStatuses?.find((candidate: any) => candidate.name === container)
}
