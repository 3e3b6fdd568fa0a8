/** A catalog of a handful of types without schemas of their own: for tests of the API server alone. */
import type { KubeObject } from '../../objects.ts'
import type { Catalog, MergeNode, ResourceInfo } from '../../schema/types.ts'

const VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch']

type Line = Partial<ResourceInfo> & Pick<ResourceInfo, 'group' | 'version' | 'plural' | 'kind'>

function info(line: Line): ResourceInfo {
  const parts = ['get', 'patch', 'update']
  return {
    singular: line.kind.toLowerCase(),
    listKind: `${line.kind}List`,
    shortNames: [],
    categories: [],
    namespaced: true,
    verbs: VERBS,
    subresources: [{ name: 'status', kind: line.kind, verbs: parts }],
    custom: false,
    tracksGeneration: false,
    selectableFields: {},
    ...line,
  }
}

const CORE = { group: '', version: 'v1' }

const TYPES: ResourceInfo[] = [
  info({
    ...CORE,
    plural: 'namespaces',
    kind: 'Namespace',
    namespaced: false,
    subresources: [
      { name: 'status', kind: 'Namespace', verbs: ['get'] },
      { name: 'finalize', kind: 'Namespace', verbs: ['update'] },
    ],
  }),
  info({
    ...CORE,
    plural: 'pods',
    kind: 'Pod',
    tracksGeneration: true,
    selectableFields: { 'spec.nodeName': 'spec.nodeName', 'status.phase': 'status.phase' },
  }),
  info({ ...CORE, plural: 'configmaps', kind: 'ConfigMap', subresources: [] }),
  info({ ...CORE, plural: 'secrets', kind: 'Secret', subresources: [] }),
  info({ ...CORE, plural: 'services', kind: 'Service' }),
  info({
    group: 'apps',
    version: 'v1',
    plural: 'deployments',
    kind: 'Deployment',
    tracksGeneration: true,
    subresources: [
      { name: 'status', kind: 'Deployment', verbs: ['get', 'patch', 'update'] },
      {
        name: 'scale',
        kind: 'Scale',
        group: 'autoscaling',
        version: 'v1',
        verbs: ['get', 'patch', 'update'],
      },
    ],
    scale: {
      specReplicasPath: '.spec.replicas',
      statusReplicasPath: '.status.replicas',
      labelSelectorPath: '.spec.selector',
    },
  }),
  info({ group: 'batch', version: 'v1', plural: 'jobs', kind: 'Job', tracksGeneration: true }),
  info({
    group: 'apiextensions.k8s.io',
    version: 'v1',
    plural: 'customresourcedefinitions',
    kind: 'CustomResourceDefinition',
    namespaced: false,
    tracksGeneration: true,
  }),
]

const CONTAINERS: MergeNode = {
  listType: 'map',
  listMapKeys: ['name'],
  patchStrategy: 'merge',
  patchMergeKey: 'name',
  items: {
    properties: {
      name: {},
      image: {},
      command: { listType: 'atomic', items: {} },
      env: {
        listType: 'map',
        listMapKeys: ['name'],
        patchStrategy: 'merge',
        patchMergeKey: 'name',
        items: { properties: { name: {}, value: {} } },
      },
      ports: {
        listType: 'map',
        listMapKeys: ['containerPort', 'protocol'],
        patchStrategy: 'merge',
        patchMergeKey: 'containerPort',
        items: { properties: { containerPort: {}, protocol: {}, name: {} } },
      },
    },
  },
}

/** Merge rules of the pod template's and metadata's usual fields. */
export const MERGE: MergeNode = {
  properties: {
    apiVersion: {},
    kind: {},
    metadata: {
      properties: {
        name: {},
        namespace: {},
        uid: {},
        resourceVersion: {},
        creationTimestamp: {},
        generation: {},
        managedFields: { listType: 'atomic' },
        labels: { additionalProperties: {} },
        annotations: { additionalProperties: {} },
        finalizers: { listType: 'set', patchStrategy: 'merge', items: {} },
      },
    },
    spec: {
      properties: {
        replicas: {},
        paused: {},
        selector: { mapType: 'atomic' },
        strategy: { patchStrategy: 'retainKeys', properties: { type: {}, rollingUpdate: {} } },
        template: {
          properties: {
            metadata: { properties: { labels: { additionalProperties: {} } } },
            spec: {
              properties: { containers: CONTAINERS, nodeName: {}, tolerations: { listType: 'atomic' } },
            },
          },
        },
        containers: CONTAINERS,
        nodeName: {},
        type: {},
        clusterIP: {},
        ports: {
          listType: 'map',
          listMapKeys: ['port', 'protocol'],
          items: { properties: { port: {}, protocol: {}, name: {} } },
        },
      },
    },
    status: { preserveUnknown: true },
    data: { additionalProperties: {} },
    stringData: { additionalProperties: {} },
    type: {},
  },
}

/** Serves the types above, and custom ones as they are defined; `spec.bogus` is the one unknown field. */
export function fakeCatalog(): Catalog {
  let types = [...TYPES]
  let revision = 0
  const without = (name: string) => types.filter(({ plural, group }) => `${plural}.${group}` !== name)
  return {
    resources: () => types,
    find: (group, version, plural) =>
      types.find((each) => each.group === group && each.version === version && each.plural === plural),
    findKind: (group, version, kind) =>
      types.find(
        (each) => each.group === group && each.kind === kind && (!version || each.version === version),
      ),
    prune(_, object) {
      if (object.spec?.bogus === undefined) return []
      delete object.spec.bogus
      return ['spec.bogus']
    },
    stored: (_info, object) => object,
    decodeError: () => undefined,
    applyDefaults(type, object) {
      if (type.kind === 'Namespace') {
        object.spec ??= {}
        object.spec.finalizers ??= ['kubernetes']
        object.status ??= { phase: 'Active' }
      }
      if (type.kind === 'Deployment') object.spec.replicas ??= 1
    },
    validate: (_, object: KubeObject) =>
      object.metadata.name
        ? []
        : [{ type: 'Required', field: 'metadata.name', detail: 'name or generateName is required' }],
    mergeSchema: (type) => (type.custom ? { preserveUnknown: true } : MERGE),
    table: (_, objects) => ({
      columnDefinitions: [{ name: 'Name', type: 'string', format: 'name', description: '', priority: 0 }],
      rows: objects.map((object) => [object.metadata.name]),
    }),
    openapiPaths: () => ({ 'api/v1': 'A1' }),
    openapiV3: (path) => (path === 'api/v1' ? { openapi: '3.0.0' } : undefined),
    openapiV2: () => ({ swagger: '2.0' }),
    setCustomResource(crd) {
      const { group, names, scope, versions } = crd.spec
      types = without(crd.metadata.name)
      for (const version of versions) {
        types.push(
          info({
            group,
            version: version.name,
            plural: names.plural,
            kind: names.kind,
            custom: true,
            namespaced: scope === 'Namespaced',
            tracksGeneration: true,
            subresources: version.subresources?.status
              ? [{ name: 'status', kind: names.kind, verbs: ['get', 'patch', 'update'] }]
              : [],
          }),
        )
      }
      revision++
    },
    removeCustomResource(name) {
      types = without(name)
      revision++
    },
    get revision() {
      return revision
    },
  }
}
