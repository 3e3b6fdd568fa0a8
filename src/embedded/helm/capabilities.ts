/** .Capabilities: what the cluster that the chart is rendered for can do. */

import { chartError } from './chart/error.ts'
import { parseVersion } from './funcs/version.ts'
import { type Field, Struct, withMethods } from './go/value.ts'
import { FuncError } from './template/errors.ts'
import { func } from './template/func.ts'

/** What Helm 3.22 assumes without a cluster. */
const DEFAULT_KUBE_VERSION = 'v1.37.0'
const HELM_VERSION = 'v3.22.0'
const GO_VERSION = 'go1.26.8'

/** The API versions that Helm 3.22 knows by itself. */
const DEFAULT_API_VERSIONS = [
  'v1',
  'admissionregistration.k8s.io/v1 v1alpha1 v1beta1',
  'internal.apiserver.k8s.io/v1alpha1',
  'apps/v1 v1beta1 v1beta2',
  'authentication.k8s.io/v1 v1alpha1 v1beta1',
  'authorization.k8s.io/v1 v1beta1',
  'autoscaling/v1 v2',
  'batch/v1 v1beta1',
  'certificates.k8s.io/v1 v1beta1 v1alpha1',
  'coordination.k8s.io/v1alpha2 v1beta1 v1',
  'discovery.k8s.io/v1 v1beta1',
  'events.k8s.io/v1 v1beta1',
  'extensions/v1beta1',
  'flowcontrol.apiserver.k8s.io/v1 v1beta1 v1beta2 v1beta3',
  'lifecycle.k8s.io/v1alpha1',
  'networking.k8s.io/v1 v1beta1',
  'node.k8s.io/v1 v1alpha1 v1beta1',
  'policy/v1 v1beta1',
  'rbac.authorization.k8s.io/v1 v1beta1 v1alpha1',
  'resource.k8s.io/v1 v1beta2 v1beta1 v1alpha3',
  'scheduling.k8s.io/v1alpha3 v1beta1 v1',
  'storage.k8s.io/v1beta1 v1 v1alpha1',
  'storagemigration.k8s.io/v1 v1beta1',
  'apiextensions.k8s.io/v1beta1 v1',
].flatMap((line) => {
  const [group = '', versions] = line.split('/')
  return versions === undefined ? [group] : versions.split(' ').map((version) => `${group}/${version}`)
})

/** `v1.33.0`, with the v that --kube-version may leave out. Throws CHART_INVALID for what is no version. */
export function normaliseKubeVersion(text = DEFAULT_KUBE_VERSION): string {
  try {
    const { major, minor, patch, prerelease, metadata } = parseVersion(text)
    return `v${major}.${minor}.${patch}${prerelease ? `-${prerelease}` : ''}${metadata ? `+${metadata}` : ''}`
  } catch (error) {
    if (error instanceof FuncError)
      throw chartError(`invalid kube version '${text}': ${error.message}`, error)
    throw error
  }
}

/** `apiVersions` come on top of those that every cluster has: group/version, or group/version/Kind. */
export function capabilities(kubeVersion: string, apiVersions: string[]): Struct {
  const { major, minor } = parseVersion(kubeVersion)
  const kube = new Struct(
    'chartutil.KubeVersion',
    textFields({ Version: kubeVersion, Major: String(major), Minor: String(minor) }),
    { String: func('', () => kubeVersion), GitVersion: func('', () => kubeVersion) },
  )
  kube.pointerStringer = () => kubeVersion
  const versions = [...DEFAULT_API_VERSIONS, ...apiVersions]
  const known = new Set(versions)
  const set = withMethods(versions, 'chartutil.VersionSet', {
    Has: func('string', (version) => known.has(version)),
  })
  const helm = new Struct('version.BuildInfo', [
    { name: 'Version', value: HELM_VERSION, json: 'version', omitEmpty: true },
    { name: 'GitCommit', value: '', json: 'git_commit', omitEmpty: true },
    { name: 'GitTreeState', value: '', json: 'git_tree_state', omitEmpty: true },
    { name: 'GoVersion', value: GO_VERSION, json: 'go_version', omitEmpty: true },
  ])
  return new Struct('*chartutil.Capabilities', [
    { name: 'KubeVersion', value: kube, json: 'KubeVersion' },
    { name: 'APIVersions', value: set, json: 'APIVersions' },
    { name: 'HelmVersion', value: helm, json: 'HelmVersion' },
  ])
}

function textFields(values: Record<string, string>): Field[] {
  return Object.entries(values).map(([name, value]) => ({ name, value, json: name }))
}
