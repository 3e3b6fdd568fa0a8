/** What a container that ended badly logged last: mostly the very reason. */

import type { KubeClient } from '../lib/kube/client.ts'
import type { KubeObject } from '../lib/kube/object.ts'
import { condition } from '../status/conditions.ts'
import { clause } from './words.ts'

/** As many containers are asked: of the pods of one workload all say the same. */
const ASKED = 4
const LINES = 3
const LENGTH = 200

/** The last lines by `POD/CONTAINER`; a log that cannot be had is left out. */
export async function lastWords(
  client: KubeClient,
  pods: KubeObject[],
  signal?: AbortSignal,
): Promise<Record<string, string>> {
  const crashed = pods
    .filter((pod) => condition(pod, 'Ready')?.status !== 'True')
    .flatMap((pod) => (pod.status?.containerStatuses ?? []).map((status: any) => ({ pod, status })))
    .filter(({ status }) => (status.lastState?.terminated ?? status.state?.terminated)?.exitCode > 0)
    .slice(0, ASKED)
  const entries = await Promise.all(
    crashed.map(async ({ pod, status }) => {
      const previous = status.state?.terminated === undefined
      const text = await tail(client, pod, status.name, previous, signal).catch(() => '')
      return [`${pod.metadata.name}/${status.name}`, text] as const
    }),
  )
  return Object.fromEntries(entries.filter(([, text]) => text !== ''))
}

async function tail(
  client: KubeClient,
  { metadata }: KubeObject,
  container: string,
  previous: boolean,
  signal?: AbortSignal,
): Promise<string> {
  const lines: string[] = []
  const options = { container, tailLines: LINES, previous, ...(signal ? { signal } : {}) }
  for await (const line of client.logs(metadata.namespace ?? '', metadata.name, options)) lines.push(line)
  const text = clause(lines.join(' '))
  return text.length > LENGTH ? `…${text.slice(-LENGTH)}` : text
}
