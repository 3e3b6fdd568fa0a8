/** Reads load profiles from the checkout's seeds folder, or from any file. */
import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { readYaml } from '../config/yaml-file.ts'
import { parseDuration } from '../lib/duration.ts'
import { DevenvError } from '../lib/errors.ts'
import type { Profile } from './profile.ts'
import type { Stage } from './stage.ts'

const Rate = z.number().min(0).max(100_000)
const SineSchema = z
  .strictObject({ mean: Rate.positive(), amplitude: Rate, period: z.string() })
  .refine(({ mean, amplitude }) => amplitude <= mean, 'amplitude is above mean: a rate cannot be negative')
const StageSchema = z.union([
  z.strictObject({ burst: z.int().min(1).max(10_000_000) }),
  z.strictObject({ for: z.string(), rate: Rate }),
  z.strictObject({ for: z.string(), from: Rate, to: Rate }),
  z.strictObject({ for: z.string(), sine: SineSchema }),
])
const ProfileSchema = z.strictObject({
  description: z.string().optional(),
  taskMs: z.number().min(0).optional(),
  stages: z.array(StageSchema).min(1),
})

/** Where a profile is: of seeds/load by its name, or any file by its path (relative to `cwd`). USAGE lists the names. */
export async function findProfile(
  nameOrPath: string,
  checkout: string,
  cwd = process.cwd(),
): Promise<string> {
  const folder = join(checkout, 'seeds', 'load')
  const isName = /^[\w-]+$/.test(nameOrPath)
  const path = isName ? join(folder, `${nameOrPath}.yaml`) : resolve(cwd, nameOrPath)
  if (existsSync(path)) return path
  const names = (await readdir(folder).catch(() => [])).map((file) => file.replace(/\.yaml$/, '')).sort()
  throw new DevenvError('USAGE', `--profile: there is no ${path}`, {
    fix: `Use ${names.join(', ')}, or the path of a profile or trace; seeds/load/steady.yaml explains the format.`,
  })
}

/** A profile by its name or path. CONFIG_INVALID names the file and every problem in it. */
export async function readProfile(
  nameOrPath: string,
  checkout: string,
  cwd = process.cwd(),
): Promise<Profile> {
  const path = await findProfile(nameOrPath, checkout, cwd)
  const { stages, taskMs } = await readYaml(path, ProfileSchema, checkout)
  const profile = { name: nameOrPath, stages: stages.map(toStage) }
  return taskMs === undefined ? profile : { ...profile, taskMs }
}

function toStage(stage: z.infer<typeof StageSchema>): Stage {
  if ('burst' in stage) return stage
  const durationMs = parseDuration(stage.for, 'stages.for')
  if ('sine' in stage) {
    const { mean, amplitude, period } = stage.sine
    const periodMs = parseDuration(period, 'stages.sine.period')
    if (periodMs === 0) throw new DevenvError('CONFIG_INVALID', 'stages.sine.period: it must be above zero')
    return { durationMs, mean, amplitude, periodMs }
  }
  return 'rate' in stage
    ? { durationMs, fromRate: stage.rate, toRate: stage.rate }
    : { durationMs, fromRate: stage.from, toRate: stage.to }
}
