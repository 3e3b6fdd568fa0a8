/** pods/attach: the container's output from now on. Its input cannot be reached: containers run without one. */
import { pipeline } from 'node:stream/promises'
import type { Channels } from './channels.ts'
import { failed, success } from './exec.ts'
import type { StreamTarget } from './target.ts'

export async function attach(channels: Channels, target: StreamTarget, container: string): Promise<void> {
  const { agent, namespace, pod } = target
  const { stdin, stdout, finish, signal } = channels
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
