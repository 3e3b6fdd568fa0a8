/** pods/attach: the container's output from now on. Its input cannot be reached: containers run without one. */
import { pipeline } from 'node:stream/promises'
import type { WebSocket } from 'ws'
import { openChannels } from './channels.ts'
import { failed, success } from './exec.ts'
import type { StreamTarget } from './target.ts'

export async function attach(socket: WebSocket, target: StreamTarget, container: string): Promise<void> {
  const { agent, namespace, pod, query } = target
  const { stdin, stdout, finish, signal } = openChannels(socket, query)
  stdin?.resume()
  try {
    const options = { container, follow: true, tailLines: 0 }
    const output = await agent.logs(namespace, pod.metadata.name, options, signal)
    if (stdout) await pipeline(output, stdout)
    else output.destroy()
    finish(success())
  } catch (thrown) {
    if (!signal.aborted) finish(failed(thrown))
  }
}
