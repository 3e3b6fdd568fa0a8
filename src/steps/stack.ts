/** The stack as Argo CD syncs it: its repository, its project and its Application. */
import { join } from 'node:path'
import { applyManifests } from '../components/chart/apply.ts'
import { retryOperation, syncsAnother } from '../components/gitops/application.ts'
import { gitopsManifests } from '../components/gitops/manifests.ts'
import { restartStuck } from '../components/ready/restart-stuck.ts'
import { carryRepository } from '../components/repository/carry.ts'
import { seedRepository } from '../components/repository/seed.ts'
import { gitRoot } from '../lib/paths.ts'
import { askForLook, askForStart, askForSync, whileAsking } from './ask.ts'
import { FIELD_MANAGER, type Running, type UpContext } from './context.ts'
import type { Plan } from './plan.ts'
import { APPLICATIONS, waitSynced } from './ready.ts'
import { applicationSource } from './source.ts'
import type { StepProgress } from './step.ts'

/** Commits the chart: only the environment's own repository is ours to fill. */
export async function repository(context: UpContext, { waiting }: StepProgress): Promise<void> {
  const { source, environment } = context.plan
  if (source.kind !== 'own') return
  const { path, branch } = environment.gitops
  waiting(`${source.folder} to be committed`)
  const seeded = await seedRepository({
    repository: ownRepository(context.plan),
    folder: source.charts.root,
    only: source.charts.folders,
    // Siblings of the chart are beside it, as in its own repository.
    path: source.charts.path ? '' : path,
    branch,
  })
  context.revision = seeded.commit
}

/** Applies project and Application, and waits until Argo CD has synced the commit. */
export async function stack(context: Running, progress: StepProgress): Promise<void> {
  const { plan, kube, cluster } = context
  const { namespace, release, gitops, prerequisites } = plan.environment
  const { name: project, namespace: argocd } = prerequisites.appProject
  const own = {
    repoURL: `${cluster.gitBase}${release}.git`,
    path: gitops.path,
    targetRevision: gitops.branch,
  }
  if (plan.source.kind === 'own') {
    const { carrier } = cluster
    const folder = ownRepository(plan)
    context.record.repository = { url: own.repoURL, folder, ...(carrier ? { carrier } : {}) }
    await context.save()
    if (carrier) await carryRepository(kube, folder, carrier, progress)
  }
  const manifests = gitopsManifests({
    environment: plan.options.name,
    argocd,
    project,
    application: release,
    namespace,
    source: applicationSource(plan.source, own),
    values: plan.values({ host: cluster.postgres.podHost, port: cluster.postgres.podPort }),
    syncOptions: gitops.syncOptions,
    ignoreDifferences: gitops.ignoreDifferences,
  })
  const { signal } = progress
  // Logins and images are in place by now.
  await restartStuck(context, [namespace], progress)
  await applyManifests(kube, manifests, { namespace: argocd, fieldManager: FIELD_MANAGER, signal })
  const app = await kube.find(APPLICATIONS, release, { namespace: argocd })
  const operation = retryOperation(app)
  const patch = syncsAnother(app, context.revision)
    ? { status: { operationState: { phase: 'Terminating' } } }
    : // As its CLI does: Argo CD would take the last operation's results for this one's.
      operation && { operation, status: { operationState: null } }
  if (patch) await kube.patch(APPLICATIONS, release, patch, { namespace: argocd })
  await whileAsking([askForSync, askForLook, askForStart], context, signal, () =>
    waitSynced(context, progress),
  )
}

function ownRepository({ stateDir, environment }: Plan): string {
  return join(gitRoot(stateDir), `${environment.release}.git`)
}
