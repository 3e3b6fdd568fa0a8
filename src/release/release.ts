/** `devenv release`: the tag goes into the repository that Argo CD syncs from; Argo CD takes it from there. */
import { join } from 'node:path'
import { carryRepository } from '../components/repository/carry.ts'
import { DevenvError } from '../lib/errors.ts'
import type { KubeClient } from '../lib/kube/client.ts'
import type { KubeObject } from '../lib/kube/object.ts'
import type { RunRecord } from '../lib/record.ts'
import { commitTag, type Released } from './commit-tag.ts'

export const APPLICATIONS = 'argoproj.io/v1alpha1/applications'

const CARRY_MS = 60_000

// What a registry accepts as a tag (OCI distribution specification, "Pulling manifests").
const TAG = /^\w[\w.-]{0,127}$/

export interface ReleaseResult extends Released {
  component: string
  tag: string
  repository: string
  branch: string
}

/** Finds the repository by the Application and commits the tag there. */
export async function release(
  record: RunRecord,
  kube: KubeClient,
  component: string,
  tag: string,
): Promise<ReleaseResult> {
  if (!TAG.test(tag))
    throw new DevenvError('USAGE', `"${tag}" is no image tag`, { fix: 'Tags look like sha-1234567.' })
  const app = await kube.find(APPLICATIONS, record.release, { namespace: record.argocd ?? 'argocd' })
  if (!app) {
    throw new DevenvError(
      'STEP_FAILED',
      `there is no Application ${record.release}: nothing syncs this environment`,
      {
        fix: 'npm run up',
      },
    )
  }
  const { repository, branch, files } = targetOf(app, record)
  const short = component.replace(`${record.release}-`, '')
  const released = await commitTag({ repository, branch, files, component: short, tag })
  const { folder, carrier } = record.repository ?? {}
  if (carrier && repository === folder)
    await carryRepository(kube, repository, carrier, { signal: AbortSignal.timeout(CARRY_MS), waiting() {} })
  return { ...released, component: short, tag, repository, branch }
}

function targetOf(
  app: KubeObject,
  record: RunRecord,
): { repository: string; branch: string; files: string[] } {
  const { repoURL, path = '', targetRevision, helm } = app.spec.source
  if (repoURL.startsWith('dir:')) {
    throw new DevenvError(
      'USAGE',
      'this environment syncs a folder as its files are saved: there is no repository',
      {
        fix: `Write the tag into ${decodeURIComponent(new URL(repoURL).pathname)}/values.yaml.`,
      },
    )
  }
  const own = record.repository
  const repository = own && own.url === repoURL ? own.folder : repoURL
  const branch = targetRevision && targetRevision !== 'HEAD' ? targetRevision : 'main'
  const valueFiles = ((helm?.valueFiles ?? []) as string[]).toReversed()
  const files = [...valueFiles, 'values.yaml'].map((file) =>
    file.startsWith('/') ? file.slice(1) : join(path, file),
  )
  return { repository, branch, files }
}
