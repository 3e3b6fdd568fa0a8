/** Which tags of core-api the demo releases: those of devenv.yaml unless the user names others. */
import { join } from 'node:path'
import { environmentSchema } from '../config/environment.ts'
import { readYaml } from '../config/yaml-file.ts'

export interface Releases {
  good: string[]
  bad: string
}

/** CONFIG_INVALID names the line of devenv.yaml at fault. */
export async function demoReleases(checkout: string, tag?: string, badTag?: string): Promise<Releases> {
  const path = join(checkout, 'devenv', 'devenv.yaml')
  const { demo } = await readYaml(path, environmentSchema, checkout)
  return { good: tag === undefined ? demo.good : [tag, ...demo.good], bad: badTag ?? demo.bad }
}

/** The images, and the versions of core-api beside the one that runs: where images are built, these are too. */
export function withReleases(images: string[], { good, bad }: Releases): string[] {
  const repositories = images.flatMap((image) => /^(.*core-api):[^:/]+$/.exec(image)?.[1] ?? [])
  return [...images, ...repositories.flatMap((one) => [...good, bad].map((tag) => `${one}:${tag}`))]
}
