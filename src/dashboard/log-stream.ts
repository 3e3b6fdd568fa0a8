/** One container's log as a stream: its last lines, then what it writes from now on. */
import type { ServerResponse } from 'node:http'
import { messageOf } from '../lib/errors.ts'
import { KubeClient } from '../lib/kube/client.ts'
import type { RunRecord } from '../lib/record.ts'
import { openStream } from './sse.ts'

const TAIL_LINES = 200

/** Ends when the reader goes, or with an `end` event when the container's log does. */
export async function streamLog(
  record: RunRecord,
  pod: string,
  container: string | undefined,
  response: ServerResponse,
): Promise<void> {
  const client = await KubeClient.fromFile(record.cluster.kubeconfig, record.cluster.context)
  const stream = openStream(response)
  try {
    const lines = client.logs(record.namespace, pod, {
      follow: true,
      tailLines: TAIL_LINES,
      signal: stream.signal,
      ...(container === undefined ? {} : { container }),
    })
    for await (const line of lines) {
      stream.send('line', line)
      await stream.drained()
    }
    stream.send('end', 'the log ends here: the container has ended')
  } catch (thrown) {
    if (!stream.signal.aborted) stream.send('end', `no log: ${messageOf(thrown)}`)
  } finally {
    client.close()
    response.end()
  }
}
