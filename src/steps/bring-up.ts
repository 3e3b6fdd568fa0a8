/** The bring-up as one list: what is installed, in which order it must be, and what tells that it is ready. */
import { join } from 'node:path'
import { applyManifests } from '../components/chart/apply.ts'
import { imageNames } from '../components/chart/images.ts'
import { applySchema } from '../components/postgres/schema.ts'
import { restartStuck } from '../components/ready/restart-stuck.ts'
import { namespaceManifest } from '../components/secrets/store.ts'
import { seedVault } from '../components/vault/seed.ts'
import { KubeClient } from '../lib/kube/client.ts'
import { LiveObjects } from '../lib/kube/live.ts'
import { writeVaultAccess } from '../lib/vault-access.ts'
import { askForStart, whileAsking } from './ask.ts'
import { FIELD_MANAGER, type Running, type UpContext } from './context.ts'
import { openDoors } from './front-doors.ts'
import { installedBy, operatorSteps, operatorsStay, type PreparedOperator } from './operators.ts'
import type { Plan } from './plan.ts'
import type { Prepared } from './preflight.ts'
import { waitApplication, waitBroker, waitCrds, waitReady, waitScaling, waitWorkloads } from './ready.ts'
import { store } from './secret-store.ts'
import { repository, stack } from './stack.ts'
import type { Step, StepProgress } from './step.ts'

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
  const partOf = (id: 'images' | 'pods' | 'metrics', title: string, budgetMs: number): Step<UpContext> => ({
    id,
    title,
    needs: ['cluster'],
    budgetMs,
    run: async ({ cluster }, progress) => cluster?.[id]?.ready(progress),
  })
  const images = partOf('images', 'Images of the workloads', budget.workloads)
  const pods = partOf('pods', 'Network of pods', budget.cluster)
  const metrics = partOf('metrics', 'Metrics of pods', budget.cluster)
  const isK3d = plan.choice.kind === 'k3d'
  // A pod that finds no image is tried again after ten seconds only.
  const built = builds ? [images.id] : []
  return [
    {
      id: 'cluster',
      title: `Cluster (${plan.choice.kind})`,
      needs: [],
      budgetMs: budget.cluster,
      run: (context, progress) => startCluster(context, progress, operators),
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
    ...(isK3d ? [pods, metrics] : []),
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
      needs: ['crds', ...built, ...(isK3d ? [pods.id] : [])],
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
      run: running(workloads),
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
    ...operatorsStay(operators, ['workloads'], budget.workloads),
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

async function startCluster(
  context: UpContext,
  { waiting, signal }: StepProgress,
  operators: PreparedOperator[],
): Promise<void> {
  const images = [
    ...operators.flatMap(({ objects }) => imageNames(objects)),
    ...context.plan.usedImages.map(({ image }) => image),
  ]
  const cluster = await context.provider.start(waiting, signal, images)
  context.cluster = cluster
  context.kube = await KubeClient.fromFile(cluster.kubeconfig)
  context.live = new LiveObjects(context.kube)
  context.record.cluster.kubernetes = cluster.kubernetes
  // Of a real cluster the version is known once it answers.
  for (const component of context.record.components)
    if (component.name === 'Kubernetes') component.version ||= cluster.kubernetes
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

/** Pods that were made before their Secrets are not left to the kubelet's own pace. */
function workloads(context: Running, progress: StepProgress): Promise<void> {
  return whileAsking([askForStart], context, progress.signal, () => waitWorkloads(context, progress))
}

async function extras(context: Running, progress: StepProgress): Promise<void> {
  const { plan, kube } = context
  const { signal } = progress
  const namespaces = plan.extras.map(({ namespace }) => namespace)
  await restartStuck(context, namespaces, progress)
  for (const { namespace, manifests } of plan.extras) {
    await applyManifests(kube, [namespaceManifest(namespace, plan.options.name), ...manifests], {
      namespace,
      fieldManager: FIELD_MANAGER,
      signal,
    })
  }
}
