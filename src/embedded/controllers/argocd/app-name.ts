/** The name by which an Application tracks its objects, and back. */
import { keyOf, parseKey } from '../../objects.ts'
import type { Application } from './types.ts'

/** The plain name in the controller's namespace, `namespace_name` elsewhere. */
export function trackingName(
  { metadata }: Pick<Application, 'metadata'>,
  controllerNamespace: string,
): string {
  const { namespace = '', name } = metadata
  return namespace === controllerNamespace ? name : `${namespace}_${name}`
}

/** The work queue's key of a tracking name. */
export function keyOfTrackingName(trackingName: string, controllerNamespace: string): string {
  const separator = trackingName.indexOf('_')
  return separator < 0
    ? keyOf({ metadata: { namespace: controllerNamespace, name: trackingName } })
    : keyOf({
        metadata: { namespace: trackingName.slice(0, separator), name: trackingName.slice(separator + 1) },
      })
}

/** `argocd/web` as messages name an Application of a tracking name. */
export function titleOfKey(key: string): string {
  const { namespace, name } = parseKey(key)
  return namespace ? `${namespace}/${name}` : name
}
