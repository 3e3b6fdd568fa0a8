/** devenv.yaml's `gitops.exclusions` in the settings of an Argo CD that is installed: argocd-cm, `resource.exclusions`. */
import { stringify } from 'yaml'
import type { KubeObject } from '../../lib/kube/object.ts'

const SETTINGS = 'argocd-cm'
const KEY = 'resource.exclusions'

export interface Exclusion {
  group: string
  /** None: the whole group. */
  kinds: string[]
}

/**
 * Adds the exclusions to those that Argo CD's manifest brings, which the setting would otherwise replace
 * (operator-manual/declarative-setup, Resource Exclusion). Objects without that ConfigMap stay as they are.
 */
export function withExclusions(objects: KubeObject[], exclusions: Exclusion[]): KubeObject[] {
  if (exclusions.length === 0) return objects
  const added = stringify(
    exclusions.map(({ group, kinds }) => ({
      apiGroups: [group],
      kinds: kinds.length > 0 ? kinds : ['*'],
      clusters: ['*'],
    })),
  )
  return objects.map((object) => {
    if (object.kind !== 'ConfigMap' || object.metadata.name !== SETTINGS) return object
    const brought: string = object.data?.[KEY] ?? ''
    const text = brought === '' || brought.endsWith('\n') ? brought + added : `${brought}\n${added}`
    return { ...object, data: { ...object.data, [KEY]: text } }
  })
}
