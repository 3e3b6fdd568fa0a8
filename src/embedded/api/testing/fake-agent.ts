/** A node that answers without running anything. */
import { PassThrough, Readable } from 'node:stream'
import type { NodeAgent } from '../../node/agent.ts'

/** `exec` understands `exit N`, `cat` and `echo`; port 80 echoes, others refuse. */
export function fakeAgent(): NodeAgent {
  return {
    logs: async (namespace, pod, { container, tailLines }) =>
      Readable.from([`${namespace}/${pod}/${container}\n`, `tail ${tailLines ?? 'all'}\n`]),
    async exec(_, __, ___, [program, ...rest], { stdin, stdout, stderr }) {
      if (program === 'exit') {
        stderr?.write('leaving\n')
        return Number(rest[0])
      }
      if (program === 'cat') for await (const chunk of stdin ?? []) stdout?.write(chunk)
      else stdout?.write(`${rest.join(' ')}\n`)
      return 0
    },
    async connect(_, __, port) {
      if (port !== 80) throw new Error('connection refused')
      return new PassThrough()
    },
    usage: () => [
      {
        namespace: 'default',
        name: 'web',
        timestampMs: Date.now(),
        windowMs: 15_000,
        containers: [{ name: 'app', cpuNanocores: 12_000_000, memoryBytes: 33 * 1024 * 1024 }],
      },
    ],
  }
}
