/** pods/exec: a command in a container, and its exit code as a Status. */
import { messageOf } from '../../../lib/errors.ts'
import { ApiError } from '../../errors.ts'
import { booleanOf } from '../http/options.ts'
import type { Channels } from './channels.ts'
import type { StreamTarget } from './target.ts'

export async function exec(channels: Channels, target: StreamTarget, container: string): Promise<void> {
  const { agent, namespace, pod, query } = target
  const { stdin, stdout, stderr, finish, signal } = channels
  const streams = {
    ...(stdin ? { stdin } : {}),
    ...(stdout ? { stdout } : {}),
    ...(stderr ? { stderr } : {}),
    tty: booleanOf(query, 'tty'),
  }
  try {
    const command = query.getAll('command')
    const code = await agent.exec(namespace, pod.metadata.name, container, command, streams, signal)
    finish(code === 0 ? success() : exited(code))
  } catch (thrown) {
    finish(failed(thrown))
  }
}

export function success(): Record<string, unknown> {
  return { metadata: {}, status: 'Success' }
}

/** The Status of an exit code that is not 0. */
function exited(code: number): Record<string, unknown> {
  return {
    metadata: {},
    status: 'Failure',
    message: `command terminated with non-zero exit code: exit status ${code}`,
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: String(code) }] },
  }
}

/** The Status of a command that could not be run at all. */
export function failed(thrown: unknown): Record<string, unknown> {
  if (thrown instanceof ApiError) return thrown.toStatus()
  return {
    metadata: {},
    status: 'Failure',
    message: messageOf(thrown),
    reason: 'InternalError',
    code: 500,
  }
}
