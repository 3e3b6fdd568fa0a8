/** Commands that sentences name, ready to paste. */
import type { KubeObject } from '../lib/kube/object.ts'

/** Any new annotation makes External Secrets read the store at once. */
export function forceSync({ metadata }: KubeObject): string {
  return `kubectl -n ${metadata.namespace} annotate externalsecret ${metadata.name} force-sync=$(date +%s) --overwrite`
}
