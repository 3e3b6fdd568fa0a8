import { describe, expect, it } from 'vitest'
import { fullCatalog, infoOf } from '../testing.ts'

describe('mergeSchema', () => {
  const catalog = fullCatalog()

  it('has the merge keys and list types of pods', () => {
    const spec = catalog.mergeSchema(infoOf(catalog, 'v1', 'Pod')).properties!.spec!.properties!
    expect(spec.containers).toMatchObject({
      patchStrategy: 'merge',
      patchMergeKey: 'name',
      listType: 'map',
      listMapKeys: ['name'],
    })
    expect(spec.containers!.items!.properties!.ports).toMatchObject({
      patchMergeKey: 'containerPort',
      listMapKeys: ['containerPort', 'protocol'],
    })
    expect(spec.volumes!.patchStrategy).toBe('merge,retainKeys')
    expect(spec.tolerations!.listType).toBeUndefined()
    expect(spec.nodeSelector!.mapType).toBe('atomic')
  })

  it('has atomic structs and retained keys', () => {
    const spec = catalog.mergeSchema(infoOf(catalog, 'apps/v1', 'Deployment')).properties!.spec!.properties!
    expect(spec.selector!.mapType).toBe('atomic')
    expect(spec.strategy!.patchStrategy).toBe('retainKeys')
    expect(spec.strategy!.properties).toHaveProperty('rollingUpdate')
  })

  it('has the metadata rules for built-in and custom kinds alike', () => {
    for (const [apiVersion, kind] of [
      ['v1', 'Secret'],
      ['keda.sh/v1alpha1', 'ScaledObject'],
    ] as const) {
      const metadata = catalog.mergeSchema(infoOf(catalog, apiVersion, kind)).properties!.metadata!
        .properties!
      expect(metadata.finalizers).toMatchObject({ listType: 'set', patchStrategy: 'merge' })
      expect(metadata.ownerReferences!.listMapKeys).toEqual(['uid'])
    }
  })

  it('follows a schema that contains itself', () => {
    const schema = catalog.mergeSchema(infoOf(catalog, 'apiextensions.k8s.io/v1', 'CustomResourceDefinition'))
    const version = schema.properties!.spec!.properties!.versions!.items!
    const root = version.properties!.schema!.properties!.openAPIV3Schema!
    expect(root.properties!.properties!.additionalProperties).toBe(root)
  })
})
