/** `.argocd-source.yaml` and `.argocd-source-NAME.yaml`: files beside the manifests that change their source. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'
import { messageOf } from '../../../../lib/errors.ts'
import { mergePatch } from '../../../api/patch/merge-patch.ts'
import type { ApplicationSource } from '../types.ts'

/** The source with both files laid over it, the Application's own last; where it comes from they cannot change. */
export async function withOverrides(
  source: ApplicationSource,
  folder: string,
  appName: string,
): Promise<ApplicationSource> {
  let merged = source
  for (const file of ['.argocd-source.yaml', `.argocd-source-${appName}.yaml`]) {
    const text = await readFile(join(folder, file), 'utf8').catch(() => undefined)
    if (text === undefined) continue
    try {
      merged = mergePatch(merged, parse(text)) as ApplicationSource
    } catch (thrown) {
      throw new Error(`error while parsing source parameters: ${file}: ${messageOf(thrown)}`)
    }
  }
  if (merged === source) return source
  const { repoURL, path, chart, targetRevision } = source
  const fixed = Object.entries({ repoURL, path, chart, targetRevision }).filter(
    ([, value]) => value !== undefined,
  )
  const { repoURL: _, path: __, chart: ___, targetRevision: ____, ...rest } = merged
  return { ...rest, ...Object.fromEntries(fixed) } as ApplicationSource
}
