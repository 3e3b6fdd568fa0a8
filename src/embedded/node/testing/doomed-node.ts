/** A program for tests: runs a pod in the tier of its argument, says which processes there are, and waits to be killed. */
import type { Tier } from '../process/tier.ts'
import { startTestNode, until } from './node.ts'

const node = await startTestNode({ tier: { tier: process.argv[2] as Tier, reason: 'asked for' } })
node.createPod('doomed', {
  containers: [{ name: 'app', image: 'sh', args: ['-c', 'sleep 300 & sleep 300'] }],
})
await until(() => node.pod('doomed')?.status?.containerStatuses?.[0]?.state.running)
process.stdout.write(`${node.folder}\n`)
setInterval(() => {}, 1000)
