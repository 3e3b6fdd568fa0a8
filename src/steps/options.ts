/** What an `up` is asked for. */
import { DevenvError } from '../lib/errors.ts'
import { type Asked, readRecord } from '../lib/record.ts'

export interface UpOptions extends Asked {
  checkout: string
  name: string
  /** Budget of the whole bring-up, in ms; absent leaves each step its own. */
  timeoutMs?: number
  /** Images of devenv/builds.yaml to build beside those that the manifests run. */
  alsoBuild?: string[]
  /** Of DEVENV_REGISTRY_USER, from the standard input: never kept. */
  registryPassword?: string
}

/** The part of the options that is kept, so that `start` asks for the same. */
export function askedFor({
  checkout: _,
  name: __,
  timeoutMs: ___,
  registryPassword: ____,
  alsoBuild: _____,
  ...asked
}: UpOptions): Asked {
  return asked
}

/** Without a kind of cluster, an environment that is there is asked for as it was made. */
export async function settled(options: UpOptions): Promise<UpOptions> {
  if (options.cluster !== 'auto') return options
  const earlier = await readRecord(options.name)
  return { ...options, cluster: earlier?.asked?.cluster ?? 'auto' }
}

/** Throws USAGE for flags that contradict each other. */
export function checkOptions({ chart, watchChart, repo, path, revision }: UpOptions): void {
  const refuse = (message: string, fix: string) => {
    throw new DevenvError('USAGE', message, { fix })
  }
  if (repo !== undefined && (chart !== undefined || watchChart))
    refuse('--repo and --chart name two sources of the stack', 'Give one of them.')
  if (repo === undefined && (path !== undefined || revision !== undefined))
    refuse('--path and --revision belong to --repo', 'Add --repo URL, or leave them out.')
  if (repo !== undefined && path === undefined)
    refuse(
      '--repo needs the chart’s folder in it',
      'Add --path, e.g. --path production (or --path . for its root).',
    )
}
