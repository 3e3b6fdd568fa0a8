/** Lays patches, which are data in devenv/operators/, over the objects of a manifest. */
import type { Patch } from '../../config/operators.ts'
import type { KubeObject } from '../../lib/kube/object.ts'

export type Size = 'full' | 'lite'

/** The objects with every patch that fits their kind, name and the size, in the order of the patches. */
export function patchObjects(objects: KubeObject[], patches: Patch[], size: Size): KubeObject[] {
  let patched = objects
  for (const patch of patches) {
    if (patch.plan !== undefined && patch.plan !== size) continue
    const fits = ({ kind, metadata }: KubeObject) =>
      kind === patch.target.kind && matches(patch.target.name, metadata.name)
    patched = patched.flatMap((object) => {
      if (!fits(object)) return [object]
      return patch.remove ? [] : [patchOne(object, patch)]
    })
  }
  return patched
}

function patchOne(object: KubeObject, { merge, containers }: Patch): KubeObject {
  const merged = merge ? (mergePatch(object, merge) as KubeObject) : object
  const pod = merged.spec?.template?.spec
  if (!containers || !pod) return merged
  const patchAll = (list: { name: string }[] | undefined) =>
    list?.map((container) =>
      Object.entries(containers)
        .filter(([name]) => matches(name, container.name))
        .reduce<unknown>((result, [, patch]) => mergePatch(result, patch), container),
    )
  const spec = {
    ...pod,
    containers: patchAll(pod.containers),
    ...(pod.initContainers ? { initContainers: patchAll(pod.initContainers) } : {}),
  }
  return { ...merged, spec: { ...merged.spec, template: { ...merged.spec.template, spec } } }
}

/** RFC 7386: objects are merged, null removes, everything else replaces. */
function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) return patch
  const result: Record<string, unknown> = isRecord(target) ? { ...target } : {}
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key]
    else result[key] = mergePatch(result[key], value)
  }
  return result
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function matches(pattern: string, name: string): boolean {
  return pattern === '*' || pattern === name
}
