/** How the load is divided among the queues. Pure. */
import { DevenvError } from '../lib/errors.ts'
import { chooseQueues, type TaskQueue } from './queues.ts'

/** Queues with weights that add up to their number, so that 1 is an even part. */
export type Mix = readonly { queue: TaskQueue; weight: number }[]

/** Even parts for `--queue`, or the parts that `--mix` gives: `question=5,resume=1`. USAGE when it cannot be read. */
export function mixOf(queueFlag: string, mixFlag: string | undefined): Mix {
  if (mixFlag === undefined) return chooseQueues(queueFlag).map((queue) => ({ queue, weight: 1 }))
  const parts = new Map<TaskQueue, number>()
  for (const part of mixFlag.split(',')) {
    const match = /^\s*([\w-]+)\s*=\s*(\d+(?:\.\d+)?)%?\s*$/.exec(part)
    const queue = match ? chooseQueues(match[1]!, '--mix')[0] : undefined
    if (!match || !queue || parts.has(queue)) throw unreadable(part)
    parts.set(queue, Number(match[2]))
  }
  const total = [...parts.values()].reduce((sum, weight) => sum + weight, 0)
  if (total === 0) throw unreadable(mixFlag)
  const wanted = chooseQueues('all').filter((queue) => (parts.get(queue) ?? 0) > 0)
  return wanted.map((queue) => ({ queue, weight: (parts.get(queue)! * wanted.length) / total }))
}

/** Divides a whole number by the mix's weights; the largest remainders get what is left over. */
export function share(total: number, mix: Mix): number[] {
  const exact = mix.map(({ weight }) => (total * weight) / mix.length)
  const shares = exact.map(Math.floor)
  const left = total - shares.reduce((sum, part) => sum + part, 0)
  const byRemainder = exact
    .map((part, place) => ({ place, remainder: part - Math.floor(part) }))
    .sort((a, b) => b.remainder - a.remainder || a.place - b.place)
  for (const { place } of byRemainder.slice(0, left)) shares[place]!++
  return shares
}

function unreadable(part: string): DevenvError {
  return new DevenvError('USAGE', `--mix: "${part.trim()}" is no part of a mix`, {
    fix: 'Write question=5,resume=1: each queue once, with its share of the load.',
  })
}
