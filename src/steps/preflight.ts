/** Everything that machine and cluster must allow, asked before anything is created. */
import { join } from 'node:path'
import type { Findings, Provider } from '../cluster/provider.ts'
import {
  type Decision,
  decideOperators,
  detectOperators,
  type Found,
} from '../components/operators/detect.ts'
import { withExclusions } from '../components/operators/exclusions.ts'
import { type LoadedOperator, loadOperators } from '../components/operators/manifests.ts'
import type { Operator } from '../config/operators.ts'
import { DevenvError } from '../lib/errors.ts'
import { describeNeeds, type Need, needsOf, refusedNeeds } from '../lib/kube/access.ts'
import { KubeClient } from '../lib/kube/client.ts'
import { isKubeError } from '../lib/kube/errors.ts'
import { foreignObjects } from '../lib/kube/foreign.ts'
import type { KubeObject } from '../lib/kube/object.ts'
import { readRecord } from '../lib/record.ts'
import { fetchOptions } from './fetch-options.ts'
import type { PreparedOperator } from './operators.ts'
import type { Plan } from './plan.ts'
import { NO_LOGIN, pullSecretFor } from './team-images.ts'

export interface PreflightContext {
  progress: (what: string) => void
  /** Answers a question of yes or no; false also when nobody can be asked. */
  confirm: (question: string) => Promise<boolean>
  signal: AbortSignal
}

export interface Prepared {
  size: Findings['size']
  /** Whether images are built beside the cluster. */
  builds: boolean
  /** Empty where the cluster brings them itself. */
  operators: PreparedOperator[]
  /** Logins of registries, for the stack's pull secret: in memory only. */
  logins: string
}

/** What every step of the bring-up does with objects that it does not install itself. */
const USES: Need[] = [
  ...['get', 'list', 'watch'].flatMap((verb) => [
    { verb, group: '', resource: 'pods' },
    { verb, group: '', resource: 'events' },
    { verb, group: 'apps', resource: 'deployments' },
    { verb, group: 'apps', resource: 'statefulsets' },
    { verb, group: 'apps', resource: 'replicasets' },
    { verb, group: '', resource: 'persistentvolumeclaims' },
    { verb, group: 'batch', resource: 'jobs' },
    { verb, group: 'apiextensions.k8s.io', resource: 'customresourcedefinitions' },
  ]),
  { verb: 'create', group: '', resource: 'pods/portforward' },
]

/** Throws what stands against it, as an error of exit code 3; nothing was created then. */
export async function preflight(
  plan: Plan,
  provider: Provider,
  context: PreflightContext,
): Promise<Prepared> {
  await checkKind(plan)
  const logins = plan.options.images === 'team' ? await teamLogins(plan, context) : NO_LOGIN
  const { size, existing, builds = false } = await provider.preflight(plan.usedImages, context.progress)
  if (provider.operators === 'built-in' || !plan.lock) return { size, builds, operators: [], logins }
  const folder = join(plan.options.checkout, 'devenv')
  const load = async (operators: Operator[]) => {
    const loaded = await loadOperators(operators, {
      folder,
      checkout: plan.options.checkout,
      size,
      environment: plan.options.name,
      fetch: fetchOptions(plan.options, context.progress, context.signal),
    })
    const { exclusions } = plan.environment.gitops
    return loaded.map((one) => ({ ...one, objects: withExclusions(one.objects, exclusions) }))
  }
  if (!existing) {
    const loaded = await load(plan.lock.operators)
    return {
      size,
      builds,
      logins,
      operators: loaded.map((one) => ({ ...one, action: 'install', adopted: [] })),
    }
  }
  const kube = await KubeClient.fromText(existing.kubeconfig, `context ${plan.choice.context}`)
  try {
    context.progress('operators that are there already')
    const found = await detect(kube, plan, existing.objects, load)
    const decisions = decideOperators(found, plan.options.name, plan.options.adoptOperators === true)
    for (const { operator, action, found: there } of decisions)
      if (action === 'adopt')
        context.progress(
          `${operator.title} is adopted: ${there.controllers[0]?.version ?? 'nothing is seen to run it'}`,
        )
    checkPlaces(decisions, plan)
    const install = decisions.filter(({ action }) => action === 'install').map(({ operator }) => operator)
    const loaded = await load(install)
    const objects = [...existing.objects, ...loaded.flatMap((one) => one.objects), ...placesOf(plan)]
    await checkAccess(kube, objects, plan.choice.context ?? '')
    await checkForeign(kube, objects, plan)
    if (existing.question) await ask(existing.question, context)
    return {
      size,
      builds,
      logins,
      operators: decisions.map(({ operator, action, found: there }) => ({
        operator,
        action,
        objects: loaded.find((one) => one.operator === operator)?.objects ?? [],
        adopted: there.controllers,
      })),
    }
  } finally {
    kube.close()
  }
}

function teamLogins({ options, usedImages, builds, lock }: Plan, { progress, signal }: PreflightContext) {
  const { registryPassword: password } = options
  return pullSecretFor({
    images: usedImages.map(({ image }) => image),
    patterns: builds.map(({ match }) => match),
    upstreams: lock?.mirrors ?? {},
    env: { ...process.env, ...(password === undefined ? {} : { DEVENV_REGISTRY_PASSWORD: password }) },
    offline: options.offline === true,
    progress,
    signal,
  })
}

/** Who may not even look gets the whole list of what is missing, not the first refusal. */
async function detect(
  kube: KubeClient,
  plan: Plan,
  objects: KubeObject[],
  load: (operators: Operator[]) => Promise<LoadedOperator[]>,
): Promise<Found[]> {
  const operators = plan.lock?.operators ?? []
  try {
    return await detectOperators(kube, operators)
  } catch (thrown) {
    if (!isKubeError(thrown, 403)) throw thrown
    const loaded = await load(operators)
    const all = [...objects, ...loaded.flatMap((one) => one.objects), ...placesOf(plan)]
    await checkAccess(kube, all, plan.choice.context ?? '')
    throw thrown
  }
}

/** Argo CD reads Applications in its own namespace only. */
function checkPlaces(decisions: Decision[], plan: Plan): void {
  const { namespace } = plan.environment.prerequisites.appProject
  const argo = decisions.find(({ operator, action }) => operator.name === 'argo-cd' && action === 'adopt')
  const there = argo?.found.controllers[0]?.namespace ?? namespace
  if (there === namespace) return
  throw new DevenvError(
    'CONFLICT',
    `Argo CD runs in namespace ${there}, the Application is meant for ${namespace}`,
    {
      fix: `Write ${there} into prerequisites.appProject.namespace of devenv/devenv.yaml.`,
    },
  )
}

/** A second cluster under one name would leave the first behind. */
async function checkKind({ options, choice }: Plan): Promise<void> {
  const earlier = await readRecord(options.name)
  if (!earlier || earlier.cluster.kind === choice.kind) return
  throw new DevenvError(
    'CONFLICT',
    `environment ${options.name} is there already, on the ${earlier.cluster.kind} cluster; ${choice.kind} was asked for`,
    { fix: 'npm run down first, or give the new one a --name of its own.' },
  )
}

/** The namespaces that the stack is put into. */
function placesOf(plan: Plan): KubeObject[] {
  const names = [plan.environment.namespace, ...plan.extras.map(({ namespace }) => namespace)]
  return names.map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }))
}

async function checkAccess(kube: KubeClient, objects: KubeObject[], context: string): Promise<void> {
  const refused = await refusedNeeds(kube, [...(await needsOf(kube, objects)), ...USES])
  if (refused.length === 0) return
  throw new DevenvError(
    'ACCESS_DENIED',
    `context ${context} may not do what the environment needs:\n  ${describeNeeds(refused).join('\n  ')}`,
    { fix: 'Use a context with these rights (cluster-admin has them), or have them granted.' },
  )
}

/** Namespaces of operators may be somebody else's; the stack's own and every other object may not. */
async function checkForeign(kube: KubeClient, objects: KubeObject[], plan: Plan): Promise<void> {
  const shared = new Set(plan.lock?.operators.map(({ namespace }) => namespace))
  const foreign = (await foreignObjects(kube, objects, plan.options.name)).filter(
    ({ kind, metadata }) => kind !== 'Namespace' || !shared.has(metadata.name),
  )
  if (foreign.length === 0) return
  const list = foreign.map(
    ({ kind, metadata: { namespace, name } }) => `${kind} ${namespace ? `${namespace}/` : ''}${name}`,
  )
  throw new DevenvError(
    'CONFLICT',
    `these are in the cluster already, and this environment did not make them:\n  ${list.join('\n  ')}`,
    {
      fix: 'Remove them if nobody needs them, or use another cluster: devenv never changes what it did not make.',
    },
  )
}

async function ask(question: string, { confirm }: PreflightContext): Promise<void> {
  if (await confirm(question)) return
  throw new DevenvError('DECLINED', `${question} Nobody said yes; nothing was written`, {
    fix: 'Add --yes if that cluster is the one you mean.',
  })
}
