/** The operators as steps: all applied side by side, and each waited for on its own. */
import type { Controller } from '../components/operators/detect.ts'
import { missingPasswords } from '../components/operators/passwords.ts'
import { untilReachable } from '../components/operators/ready.ts'
import { restartStuck } from '../components/ready/restart-stuck.ts'
import { untilWorkloads, type Watched } from '../components/ready/workloads.ts'
import type { Operator } from '../config/operators.ts'
import { installObjects } from '../lib/kube/install.ts'
import type { KubeObject } from '../lib/kube/object.ts'
import type { Running, UpContext } from './context.ts'
import type { Step } from './step.ts'

export interface PreparedOperator {
  operator: Operator
  action: 'install' | 'adopt'
  /** What `install` applies. */
  objects: KubeObject[]
  /** What runs an adopted one. */
  adopted: Controller[]
}

/** The ids of the steps after which the operators' APIs are served. */
export function installedBy(operators: PreparedOperator[]): string[] {
  return operators
    .filter(({ action }) => action === 'install')
    .map(({ operator }) => `apply-${operator.name}`)
}

/** Two steps for each that is installed, one for an adopted one: nothing waits for a controller that needs its API only. */
export function operatorSteps(
  operators: PreparedOperator[],
  budgetMs: number,
  environment: string,
): Step<UpContext>[] {
  return operators.flatMap((prepared): Step<UpContext>[] => {
    const { operator, action, objects } = prepared
    const title = `${operator.title} ${operator.version}`
    const ready: Step<UpContext> = {
      id: operator.name,
      title: action === 'install' ? title : `${operator.title}, adopted`,
      needs: action === 'install' ? [`apply-${operator.name}`] : ['cluster'],
      budgetMs,
      run: (context, progress) => untilReady(prepared, context as Running, progress),
    }
    if (action === 'adopt') return [ready]
    return [
      {
        id: `apply-${operator.name}`,
        title: `${title}: objects`,
        needs: ['cluster'],
        budgetMs,
        run: async (context, { signal, waiting }) => {
          const { kube, cluster } = context as Running
          const passwords = await missingPasswords(kube, operator, environment)
          const all = [...objects, ...passwords]
          const beforePods = () => cluster.pods?.ready({ signal, waiting })
          await installObjects(kube, all, { title, environment, signal, waiting, beforePods })
          await restartStuck(context as Running, [operator.namespace], { signal, waiting })
        },
      },
      ready,
    ]
  })
}

/**
 * Beside the last waits, a second look at all of them: a program that crashes again and again has moments in which its
 * Deployment is available, and one of them may have been the first look.
 */
export function operatorsStay(
  operators: PreparedOperator[],
  needs: string[],
  budgetMs: number,
): Step<UpContext>[] {
  if (operators.length === 0) return []
  return [
    {
      id: 'operators',
      title: 'Operators keep running',
      needs: [...operators.map(({ operator }) => operator.name), ...needs],
      budgetMs,
      run: (context, waits) =>
        untilWorkloads((context as Running).live, operators.flatMap(workloadsOf), waits),
    },
  ]
}

async function untilReady(
  prepared: PreparedOperator,
  { kube, live, restarted }: Running,
  waits: { signal: AbortSignal; waiting: (what: string) => void },
): Promise<void> {
  await untilWorkloads(live, workloadsOf(prepared), waits, restarted)
  await untilReachable(kube, prepared.operator, waits)
}

function workloadsOf({ action, objects, adopted }: PreparedOperator): Watched[] {
  if (action === 'adopt') return adopted
  return objects
    .filter(({ kind, spec }) => (kind === 'Deployment' || kind === 'StatefulSet') && spec?.replicas !== 0)
    .map(
      ({ kind, metadata }): Watched => ({ kind, namespace: metadata.namespace ?? '', name: metadata.name }),
    )
}
