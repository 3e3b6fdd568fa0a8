import { describe, expect, it } from 'vitest'
import { createCatalog } from './index.ts'
import { admitted, deployment, errorsOf, fullCatalog, infoOf, NOW, pod } from './testing.ts'

function widgets(schema: Record<string, unknown>, extra: Record<string, unknown> = {}) {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'widgets.example.com' } as any,
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: { kind: 'Widget', plural: 'widgets', shortNames: ['wd'] },
      versions: [
        { name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schema }, ...extra },
        { name: 'v1alpha1', served: false, storage: false, schema: { openAPIV3Schema: schema } },
      ],
    },
  }
}

const widget = (spec: Record<string, unknown>) => ({
  apiVersion: 'example.com/v1',
  kind: 'Widget',
  metadata: { name: 'w', namespace: 'default' },
  spec,
})

describe('built-in types', () => {
  const catalog = createCatalog()

  it('are listed by group priority, preferred version first', () => {
    const versions = [...new Set(catalog.resources().map((info) => `${info.group}/${info.version}`))]
    expect(versions[0]).toBe('/v1')
    expect(versions.indexOf('autoscaling/v2')).toBeLessThan(versions.indexOf('autoscaling/v1'))
    expect(versions.at(-1)).toBe('external.metrics.k8s.io/v1beta1')
  })

  it('carry short names, categories, subresources and field selectors', () => {
    const pods = catalog.find('', 'v1', 'pods')!
    expect(pods).toMatchObject({
      singular: 'pod',
      shortNames: ['po'],
      categories: ['all'],
      tracksGeneration: true,
    })
    expect(pods.subresources.find((sub) => sub.name === 'eviction')).toMatchObject({
      group: 'policy',
      version: 'v1',
    })
    expect(pods.selectableFields['spec.nodeName']).toBe('spec.nodeName')
    expect(catalog.find('apps', 'v1', 'deployments')!.scale?.specReplicasPath).toBe('.spec.replicas')
  })

  it('answer the preferred version of a kind when none is given', () => {
    expect(catalog.findKind('autoscaling', undefined, 'HorizontalPodAutoscaler')!.version).toBe('v2')
    expect(catalog.findKind('apps', 'v1beta1', 'Deployment')).toBeUndefined()
  })

  it('all have a schema in the packages', () => {
    for (const info of catalog.resources()) expect(catalog.mergeSchema(info).properties).toBeDefined()
  })
})

describe('pruning', () => {
  it('removes unknown fields and nulls, and tells the path of the former', () => {
    const catalog = createCatalog()
    const object: any = deployment({ replicaz: 3 })
    object.spec.template.spec.containers[0].imagee = 'x'
    object.metadata.creationTimestamp = null
    const info = infoOf(catalog, 'apps/v1', 'Deployment')
    expect(catalog.prune(info, object)).toEqual(['spec.template.spec.containers[0].imagee', 'spec.replicaz'])
    expect(object.spec.replicaz).toBeUndefined()
    expect('creationTimestamp' in object.metadata).toBe(false)
  })

  it('leaves map keys and arbitrary content alone', () => {
    const catalog = fullCatalog()
    const map: any = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'a' },
      data: { 'any.key': 'v' },
    }
    expect(catalog.prune(infoOf(catalog, 'v1', 'ConfigMap'), map)).toEqual([])
    const application: any = {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Application',
      metadata: { name: 'a' },
      spec: { source: { helm: { valuesObject: { deep: [{ a: 1 }] } }, wrong: 1 } },
    }
    expect(catalog.prune(infoOf(catalog, 'argoproj.io/v1alpha1', 'Application'), application)).toEqual([
      'spec.source.wrong',
    ])
    expect(application.spec.source.helm.valuesObject.deep).toEqual([{ a: 1 }])
  })
})

describe('decodeError', () => {
  const catalog = createCatalog()
  const decode = (object: any) => catalog.decodeError(infoOf(catalog, object.apiVersion, object.kind), object)

  it('speaks as the Go decoder', () => {
    expect(decode(deployment())).toBeUndefined()
    expect(decode(deployment({ replicas: '3' }))).toBe(
      'json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32',
    )
    expect(decode({ apiVersion: 'v1', kind: 'ConfigMap', metadata: {}, data: { port: 80 } })).toBe(
      'json: cannot unmarshal number into Go struct field ConfigMap.data of type string',
    )
  })

  it('refuses bad quantities and base64', () => {
    const limits = { cpu: 'much' }
    expect(decode(pod({ containers: [{ name: 'a', resources: { limits } }] }))).toMatch(
      /^quantities must match/,
    )
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata: {}, data: { a: 'no base64!' } }
    expect(decode(secret)).toBe('illegal base64 data at input byte 2')
  })
})

describe('custom types', () => {
  const schema = {
    type: 'object',
    properties: {
      spec: {
        type: 'object',
        required: ['size'],
        properties: {
          size: { type: 'integer', minimum: 1 },
          color: { type: 'string', default: 'red', enum: ['red', 'blue'] },
          port: { 'x-kubernetes-int-or-string': true },
          items: {
            type: 'array',
            'x-kubernetes-list-type': 'map',
            'x-kubernetes-list-map-keys': ['name'],
            items: { type: 'object', required: ['name'], properties: { name: { type: 'string' } } },
          },
        },
        'x-kubernetes-validations': [
          { rule: "self.color != 'blue' || self.size > 5", message: 'blue widgets are large' },
          { rule: 'self.size >= oldSelf.size', message: 'may not shrink' },
        ],
      },
    },
  }

  it('are served while their definition is set, and raise the revision', () => {
    const catalog = createCatalog()
    const before = catalog.revision
    catalog.setCustomResource(widgets(schema))
    expect(catalog.revision).toBeGreaterThan(before)
    expect(catalog.find('example.com', 'v1', 'widgets')).toMatchObject({
      custom: true,
      singular: 'widget',
      listKind: 'WidgetList',
      shortNames: ['wd'],
    })
    expect(catalog.find('example.com', 'v1alpha1', 'widgets')).toBeUndefined()
    catalog.removeCustomResource('widgets.example.com')
    expect(catalog.findKind('example.com', undefined, 'Widget')).toBeUndefined()
  })

  it('are refused when their schema is not structural', () => {
    const crd = widgets({ type: 'object', properties: { spec: {} } })
    expect(() => createCatalog().setCustomResource(crd)).toThrow(
      /properties\[spec\].type: .*must not be empty/,
    )
  })

  it('take defaults and drop nulls of fields that are not nullable', () => {
    const catalog = createCatalog()
    catalog.setCustomResource(widgets(schema))
    expect(admitted(catalog, widget({ size: 1, color: null, other: 1 })).spec).toEqual({
      size: 1,
      color: 'red',
    })
  })

  it("report schema violations in kube-openapi's words", () => {
    const catalog = createCatalog()
    catalog.setCustomResource(widgets(schema))
    expect(
      errorsOf(
        catalog,
        widget({ size: 0, color: 'green', port: true, items: [{ name: 'a' }, { name: 'a' }] }),
      ),
    ).toEqual([
      'spec.size: Invalid: spec.size in body should be greater than or equal to 1',
      'spec.color: NotSupported: supported values: "red", "blue"',
      'spec.port: TypeInvalid: spec.port in body must be of type integer,string: "boolean"',
      'spec.items[1]: Duplicate',
      '<nil>: Invalid: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation',
    ])
    expect(errorsOf(catalog, widget({ size: 'big' }))[0]).toBe(
      'spec.size: TypeInvalid: spec.size in body must be of type integer: "string"',
    )
    expect(errorsOf(catalog, widget({}))[0]).toBe('spec.size: Required')
  })

  it('run rules, transition rules only on update', () => {
    const catalog = createCatalog()
    catalog.setCustomResource(widgets(schema))
    expect(errorsOf(catalog, widget({ size: 2, color: 'blue' }))).toEqual([
      'spec: Invalid: blue widgets are large',
    ])
    expect(errorsOf(catalog, widget({ size: 2 }))).toEqual([])
    expect(errorsOf(catalog, widget({ size: 1 }), widget({ size: 2 }))).toEqual([
      'spec: Invalid: may not shrink',
    ])
  })

  it('let what did not change pass on update', () => {
    const catalog = createCatalog()
    catalog.setCustomResource(widgets(schema))
    const bad = { size: 0, color: 'blue' }
    expect(errorsOf(catalog, widget(bad), widget(bad))).toEqual([])
    expect(errorsOf(catalog, widget({ ...bad, color: 'red' }), widget(bad))).toEqual([])
  })

  it('print the columns of their definition', () => {
    const catalog = createCatalog()
    const columns = [
      { name: 'Size', type: 'integer', jsonPath: '.spec.size' },
      { name: 'Ready', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].status' },
      { name: 'Since', type: 'date', jsonPath: '.metadata.creationTimestamp' },
    ]
    catalog.setCustomResource(widgets(schema, { additionalPrinterColumns: columns }))
    const object: any = {
      ...widget({ size: 3 }),
      status: {
        conditions: [
          { type: 'Other', status: 'False' },
          { type: 'Ready', status: 'True' },
        ],
      },
    }
    object.metadata.creationTimestamp = '2026-01-01T23:00:00Z'
    const info = infoOf(catalog, 'example.com/v1', 'Widget')
    const table = catalog.table(info, [object, widget({ size: 1 }) as any], NOW)
    expect(table.columnDefinitions.map((column) => column.name)).toEqual(['Name', 'Size', 'Ready', 'Since'])
    expect(table.rows).toEqual([
      ['w', 3, 'True', '60m'],
      ['w', 1, null, null],
    ])
  })

  it('still work for callers that hold the info of an earlier definition', () => {
    const catalog = createCatalog()
    catalog.setCustomResource(widgets(schema))
    const info = infoOf(catalog, 'example.com/v1', 'Widget')
    catalog.setCustomResource(
      widgets({ ...schema, properties: { ...schema.properties, data: { type: 'string' } } }),
    )
    expect(catalog.prune(info, { ...widget({ size: 1 }), data: 'x' } as any)).toEqual([])
  })
})

describe('OpenAPI', () => {
  const catalog = fullCatalog()

  it('has a path and a hash for every group version, the hash changing with a definition', () => {
    const paths = catalog.openapiPaths()
    expect(paths).toHaveProperty(['api/v1'])
    expect(paths).toHaveProperty(['apis/keda.sh/v1alpha1'])
    const other = createCatalog()
    other.setCustomResource(widgets({ type: 'object' }))
    const before = other.openapiPaths()['apis/example.com/v1']
    other.setCustomResource(widgets({ type: 'object', description: 'more' }))
    expect(other.openapiPaths()['apis/example.com/v1']).not.toBe(before)
    expect(other.openapiPaths()['api/v1']).toBe(paths['api/v1'])
  })

  it('lets kubectl see that the server validates fields and merges strategically', () => {
    const document: any = catalog.openapiV3('apis/apps/v1')
    const patch = document.paths['/apis/apps/v1/namespaces/{namespace}/deployments/{name}'].patch
    expect(patch['x-kubernetes-group-version-kind']).toEqual({
      group: 'apps',
      version: 'v1',
      kind: 'Deployment',
    })
    expect(patch.parameters.map((parameter: any) => parameter.name)).toContain('fieldValidation')
    expect(Object.keys(patch.requestBody.content)).toContain('application/strategic-merge-patch+json')
    const custom: any = catalog.openapiV3('apis/keda.sh/v1alpha1')
    const types =
      custom.paths['/apis/keda.sh/v1alpha1/namespaces/{namespace}/scaledobjects/{name}'].patch.requestBody
    expect(Object.keys(types.content)).not.toContain('application/strategic-merge-patch+json')
  })

  it('describes kinds with merge hints, and resolves every reference', () => {
    const document: any = catalog.openapiV3('api/v1')
    const { schemas } = document.components
    expect(schemas['io.k8s.api.core.v1.Pod']['x-kubernetes-group-version-kind']).toEqual([
      { group: '', version: 'v1', kind: 'Pod' },
    ])
    const { containers } = schemas['io.k8s.api.core.v1.PodSpec'].properties
    expect(containers).toMatchObject({ type: 'array', 'x-kubernetes-patch-merge-key': 'name' })
    expect(containers.description).toMatch(/containers/)
    for (const [, name] of JSON.stringify(document).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      expect(schemas).toHaveProperty([name!])
    }
  })

  it('knows no document for a group version that is not served', () => {
    expect(catalog.openapiV3('apis/nope/v1')).toBeUndefined()
  })
})
