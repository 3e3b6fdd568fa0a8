/** Where the steps of a canary come from, when it is not git: values of the Application go over those of the chart. */
import { isDeepStrictEqual } from 'node:util'
import type { KubeObject } from '../lib/kube/object.ts'
import type { Snapshot } from './snapshot.ts'
import { applicationOf } from './traps/gitops.ts'
import { type ChainStep, link } from './why.ts'

/** A sentence for a Rollout whose steps the Application's own values set; nothing otherwise. */
export function stepsOrigin(rollout: KubeObject, snapshot: Snapshot): ChainStep[] {
  const steps: unknown[] = rollout.spec?.strategy?.canary?.steps ?? []
  const application = steps.length > 0 ? applicationOf(rollout, snapshot) : undefined
  const values: unknown = application?.spec?.source?.helm?.valuesObject
  const path = pathTo(values, steps, [])
  if (!path) return []
  const text = `The steps are those of the Application (spec.source.helm.valuesObject, ${path.join('.')}): they override values.yaml, so that an edit of it in git does not change them.`
  return [link('steps', path.join('.'), text)]
}

function pathTo(value: unknown, steps: unknown[], path: string[]): string[] | undefined {
  if (path.at(-1) === 'steps' && isDeepStrictEqual(value, steps)) return path
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  for (const [name, below] of Object.entries(value)) {
    const found = pathTo(below, steps, [...path, name])
    if (found) return found
  }
  return undefined
}
