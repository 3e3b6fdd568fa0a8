/** Reads load profiles and request payloads from the checkout's seeds folder. */
import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { readYaml } from '../config/yaml-file.ts'
import { parseDuration } from '../lib/duration.ts'
import { DevenvError } from '../lib/errors.ts'
import type { Profile, Stage } from './profile.ts'
import type { TaskQueue } from './queues.ts'

const Rate = z.number().min(0).max(100_000)
const StageSchema = z.union([
  z.strictObject({ burst: z.int().min(1).max(10_000_000) }),
  z.strictObject({ for: z.string(), rate: Rate }),
  z.strictObject({ for: z.string(), from: Rate, to: Rate }),
])
const ProfileSchema = z.strictObject({
  description: z.string().optional(),
  taskMs: z.number().min(0).optional(),
  stages: z.array(StageSchema).min(1),
})
const PayloadsSchema = z.array(z.looseObject({})).min(1)

/**
 * A profile of seeds/load by its name, or any file by its path (relative to `cwd`).
 * CONFIG_INVALID names the file and every problem in it; USAGE lists the names there are.
 */
export async function readProfile(
  nameOrPath: string,
  checkout: string,
  cwd = process.cwd(),
): Promise<Profile> {
  const folder = join(checkout, 'seeds', 'load')
  const isName = /^[\w-]+$/.test(nameOrPath)
  const path = isName ? join(folder, `${nameOrPath}.yaml`) : resolve(cwd, nameOrPath)
  if (!existsSync(path)) {
    const names = (await readdir(folder).catch(() => [])).map((file) => file.replace(/\.yaml$/, ''))
    throw new DevenvError('USAGE', `--profile: there is no ${path}`, {
      fix: `Use ${names.join(', ')}, or the path of a profile; seeds/load explains the format.`,
    })
  }
  const { stages, taskMs } = await readYaml(path, ProfileSchema, checkout)
  const profile = { name: nameOrPath, stages: stages.map(toStage) }
  return taskMs === undefined ? profile : { ...profile, taskMs }
}

/** The request bodies for a queue, encoded once. */
export async function readPayloads(queue: TaskQueue, checkout: string): Promise<Buffer[]> {
  const path = join(checkout, 'seeds', 'payloads', `${queue.alias}.json`)
  // JSON is YAML too, and this reader says in which line a problem is.
  const payloads = await readYaml(path, PayloadsSchema, checkout)
  return payloads.map((payload) => Buffer.from(JSON.stringify(payload)))
}

function toStage(stage: z.infer<typeof StageSchema>): Stage {
  if ('burst' in stage) return stage
  const durationMs = parseDuration(stage.for, 'stages.for')
  return 'rate' in stage
    ? { durationMs, fromRate: stage.rate, toRate: stage.rate }
    : { durationMs, fromRate: stage.from, toRate: stage.to }
}
