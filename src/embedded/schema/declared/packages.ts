/** Where the packages that declare Kubernetes types are installed, and what upstream calls each type. */
import { createRequire } from 'node:module'
import { dirname, join, sep } from 'node:path'

const require = createRequire(import.meta.url)

const folders = new Map<string, string>()

/** Folder of an installed package, found without loading it. */
export function packageFolder(name: string): string {
  let folder = folders.get(name)
  if (!folder) {
    folder = dirname(require.resolve(`${name}/package.json`))
    folders.set(name, folder)
  }
  return folder
}

const PREFIXES: [folder: string, prefix: string][] = [
  ['kubernetes-models/v1/', 'io.k8s.api.core.v1.'],
  ['kubernetes-models/apiextensions.k8s.io/', 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.'],
  ['kubernetes-models/apiregistration.k8s.io/', 'io.k8s.kube-aggregator.pkg.apis.apiregistration.'],
  ['@kubernetes-models/apimachinery/', 'io.k8s.apimachinery.pkg.'],
]

/** File that declares a built-in type, from its group ('' for core), version and Go name (`apps`, `v1`, `Deployment`). */
export function builtinFile(group: string, version: string, name: string): string {
  return join(packageFolder('kubernetes-models'), group, version, `${name}.d.ts`)
}

/** File that declares a type of apimachinery, as `apis/meta/v1/ObjectMeta`. */
export function machineryFile(path: string): string {
  return join(packageFolder('@kubernetes-models/apimachinery'), `${path}.d.ts`)
}

/** The definition name that Kubernetes publishes for the type in `file`: `io.k8s.api.core.v1.PodSpec`. */
export function definitionName(file: string): string {
  const path = file.slice(file.lastIndexOf(`node_modules${sep}`) + 13, -'.d.ts'.length).replaceAll(sep, '/')
  for (const [folder, prefix] of PREFIXES) {
    if (path.startsWith(folder)) return prefix + path.slice(folder.length).replaceAll('/', '.')
  }
  const [, group = '', ...rest] = path.split('/')
  return ['io.k8s.api', group.split('.')[0], ...rest].join('.')
}
