/** Before a release: the image that the new tag names, built where this machine builds images, as team1's CI does. */
import { join } from 'node:path'
import { provideImage } from '../cluster/images.ts'
import { buildsSchema } from '../config/environment.ts'
import { readYaml } from '../config/yaml-file.ts'
import type { KubeClient } from '../lib/kube/client.ts'
import type { RunRecord } from '../lib/record.ts'

const KINDS = ['argoproj.io/v1alpha1/rollouts', 'apps/v1/deployments']

/** A component that does not run has no image to go by: what is wrong with it, the release says. */
export async function ensureReleaseImage(
  record: RunRecord,
  kube: KubeClient,
  { component, tag }: { component: string; tag: string },
  waits: { env: Record<string, string | undefined>; waiting: (what: string) => void; signal: AbortSignal },
): Promise<void> {
  if (record.cluster.kind !== 'k3d') return
  const short = component.replace(`${record.release}-`, '')
  for (const kind of KINDS) {
    const workload = await kube.find(kind, `${record.release}-${short}`, { namespace: record.namespace })
    const image: string | undefined = workload?.spec?.template.spec.containers[0]?.image
    if (!image) continue
    const path = join(record.checkout, 'devenv', 'builds.yaml')
    const { builds: rules } = await readYaml(path, buildsSchema, record.checkout)
    return provideImage(record, withTag(image, tag), { rules, ...waits })
  }
}

/** The image of another tag: `ghcr.io/team1/core-api:sha-1` → `…:sha-2`. */
export function withTag(image: string, tag: string): string {
  return `${image.replace(/@.*$/, '').replace(/:[^/:]+$/, '')}:${tag}`
}
