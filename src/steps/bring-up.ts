/** The bring-up as one list: what is installed, in which order it must be, and what tells that it is ready. */
import { join } from 'node:path'
import { applyManifests } from '../components/chart/apply.ts'
import { retryOperation, syncsAnother } from '../components/gitops/application.ts'
import { gitopsManifests } from '../components/gitops/manifests.ts'
import { applySchema } from '../components/postgres/schema.ts'
import { missingReady } from '../components/ready/conditions.ts'
import { carryRepository } from '../components/repository/carry.ts'
import { seedRepository } from '../components/repository/seed.ts'
import { namespaceManifest, prerequisiteManifests } from '../components/secrets/store.ts'
import { seedVault } from '../components/vault/seed.ts'
import { KubeClient } from '../lib/kube/client.ts'
import { LiveObjects } from '../lib/kube/live.ts'
import { gitRoot } from '../lib/paths.ts'
import { writeVaultAccess } from '../lib/vault-access.ts'
import type { Running, UpContext } from './context.ts'
import { openDoors } from './front-doors.ts'
import { installedBy, operatorSteps } from './operators.ts'
import type { Plan } from './plan.ts'
import type { Prepared } from './preflight.ts'
import {
  APPLICATIONS,
  waitApplication,
  waitBroker,
  waitCrds,
  waitReady,
  waitScaling,
  waitSynced,
  waitWorkloads,
} from './ready.ts'
import { applicationSource } from './source.ts'
import type { Step, StepProgress } from './step.ts'

const FIELD_MANAGER = 'devenv'

/** Every step with its needs. Budgets come from devenv/devenv.yaml. */
export function bringUpSteps(plan: Plan, { operators, logins, builds }: Prepared): Step<UpContext>[] {
  const { environment } = plan
  // Where nothing stands ready on this machine, images are pulled first.
  const pulls = operators.length > 0 ? environment.budgets.pulls * 1000 : 0
  const budget = {
    cluster: environment.budgets.cluster * 1000 + pulls,
    secrets: environment.budgets.secrets * 1000 + pulls,
    broker: environment.budgets.broker * 1000 + pulls,
    workloads: environment.budgets.workloads * 1000 + pulls,
  }
  const images: Step<UpContext> = {
    id: 'images',
    title: 'Images of the workloads',
    needs: ['cluster'],
    budgetMs: budget.workloads,
    run: async ({ cluster }, progress) => cluster?.images?.ready(progress),
  }
  // A pod that finds no image is tried again after ten seconds only.
  const built = builds ? [images.id] : []
  return [
    {
      id: 'cluster',
      title: `Cluster (${plan.choice.kind})`,
      needs: [],
      budgetMs: budget.cluster,
      run: startCluster,
    },
    {
      id: 'crds',
      title: 'Operators’ APIs',
      needs: ['cluster', ...installedBy(operators)],
      budgetMs: budget.cluster,
      run: running(waitCrds),
    },
    ...operatorSteps(operators, budget.cluster, plan.options.name),
    ...(builds ? [images] : []),
    { id: 'vault', title: 'Vault seeded', needs: ['cluster'], budgetMs: budget.secrets, run: running(vault) },
    {
      id: 'postgres',
      title: 'Postgres with the schema',
      needs: ['cluster'],
      budgetMs: budget.secrets,
      run: running(postgres),
    },
    {
      id: 'store',
      title: 'SecretStore',
      needs: ['crds', 'vault'],
      budgetMs: budget.secrets,
      run: running((context, progress) => store(context, progress, logins)),
    },
    {
      id: 'repository',
      title: 'Repository of the stack',
      needs: [],
      budgetMs: budget.cluster,
      run: repository,
    },
    {
      id: 'stack',
      title: `Argo CD syncs ${environment.release}`,
      needs: ['store', 'repository', ...built],
      // Sync waves wait for the health of what they applied.
      budgetMs: budget.cluster + budget.broker + budget.workloads,
      run: running(stack),
    },
    {
      id: 'extras',
      title: 'Stand-ins',
      needs: ['crds', ...built],
      budgetMs: budget.workloads,
      run: running(extras),
    },
    {
      id: 'secrets',
      title: 'Secrets from Vault',
      needs: ['stack'],
      budgetMs: budget.secrets,
      run: running(waitReady),
    },
    { id: 'broker', title: 'RabbitMQ', needs: ['stack'], budgetMs: budget.broker, run: running(waitBroker) },
    {
      id: 'workloads',
      title: 'Workloads',
      needs: ['stack', 'extras'],
      budgetMs: budget.broker + budget.workloads,
      run: running(waitWorkloads),
    },
    {
      id: 'scaling',
      title: 'Autoscaling on queues',
      needs: ['stack'],
      budgetMs: budget.broker + budget.workloads,
      run: running(waitScaling),
    },
    {
      id: 'doors',
      title: 'Front doors answer',
      needs: ['broker', 'workloads'],
      budgetMs: budget.workloads,
      run: running(openDoors),
    },
    {
      id: 'application',
      title: 'Synced and healthy',
      needs: ['secrets', 'broker', 'workloads', 'scaling'],
      budgetMs: budget.workloads,
      run: running(waitApplication),
    },
  ]
}

function running(run: (context: Running, progress: StepProgress) => Promise<void>): Step<UpContext>['run'] {
  return (context, progress) => run(context as Running, progress)
}

async function startCluster(context: UpContext, { waiting, signal }: StepProgress): Promise<void> {
  const cluster = await context.provider.start(waiting, signal)
  context.cluster = cluster
  context.kube = await KubeClient.fromFile(cluster.kubeconfig)
  context.live = new LiveObjects(context.kube)
  context.record.cluster.kubernetes = cluster.kubernetes
  if (cluster.expiresAt) context.record.expiresAt = cluster.expiresAt
  context.record.cluster.kubeconfig = cluster.kubeconfig
  context.record.endpoints = { ...context.record.endpoints, ...cluster.endpoints }
  await context.save()
  await writeVaultAccess(context.record.name, {
    address: cluster.vault.address,
    token: cluster.vault.token,
    mount: context.plan.environment.vault.mount,
  })
}

async function vault({ plan, cluster }: Running, progress: StepProgress): Promise<void> {
  progress.waiting(`Vault at ${cluster.vault.address}`)
  await cluster.vault.ready(progress)
  await seedVault(cluster.vault, plan.environment.vault.mount, plan.secrets.paths)
}

async function postgres({ plan, cluster }: Running, progress: StepProgress): Promise<void> {
  progress.waiting(`Postgres at ${cluster.postgres.host}:${cluster.postgres.port}`)
  await cluster.postgres.ready(progress)
  await applySchema(cluster.postgres, join(plan.options.checkout, plan.environment.postgres.sql))
}

async function store(context: Running, { waiting, signal }: StepProgress, logins: string): Promise<void> {
  const { plan, kube, cluster, live } = context
  const { namespace, prerequisites, vault } = plan.environment
  const manifests = [
    namespaceManifest(namespace, plan.options.name),
    ...prerequisiteManifests({
      environment: plan.options.name,
      namespace,
      secretStore: prerequisites.secretStore,
      pullSecret: prerequisites.pullSecret,
      logins,
      vault: { address: cluster.vault.podAddress, mount: vault.mount, token: cluster.vault.readToken },
    }),
  ]
  await applyManifests(kube, manifests, { namespace, fieldManager: FIELD_MANAGER, signal })
  const { name } = prerequisites.secretStore
  await live.until(
    () => {
      const missing = missingReady(live.get('external-secrets.io/v1/secretstores', namespace, name))
      return missing ? { waiting: `SecretStore ${name}: ${missing}` } : { done: undefined }
    },
    { signal, onWaiting: (state) => waiting(state.waiting) },
  )
}

function ownRepository({ stateDir, environment }: Plan): string {
  return join(gitRoot(stateDir), `${environment.release}.git`)
}

/** Only the environment's own repository is ours to fill. */
async function repository(context: UpContext, { waiting }: StepProgress): Promise<void> {
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

async function stack(context: Running, progress: StepProgress): Promise<void> {
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
  await applyManifests(kube, manifests, { namespace: argocd, fieldManager: FIELD_MANAGER, signal })
  const app = await kube.find(APPLICATIONS, release, { namespace: argocd })
  const operation = retryOperation(app)
  const patch = syncsAnother(app, context.revision)
    ? { status: { operationState: { phase: 'Terminating' } } }
    : // As its CLI does: Argo CD would take the last operation's results for this one's.
      operation && { operation, status: { operationState: null } }
  if (patch) await kube.patch(APPLICATIONS, release, patch, { namespace: argocd })
  await waitSynced(context, progress)
}

async function extras({ plan, kube }: Running, { signal }: StepProgress): Promise<void> {
  for (const { namespace, manifests } of plan.extras) {
    await applyManifests(kube, [namespaceManifest(namespace, plan.options.name), ...manifests], {
      namespace,
      fieldManager: FIELD_MANAGER,
      signal,
    })
  }
}
