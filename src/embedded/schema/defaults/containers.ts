/** Defaults of containers and probes (pkg/apis/core/v1/defaults.go). */
import { fill, fillZero, items, type Loose, struct } from './fill.ts'

/** Defaults of one container, init container or ephemeral container. */
export function defaultContainer(container: Loose): void {
  fillZero(container, {
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    imagePullPolicy: pullPolicy(container.image),
  })
  fill(container, { resources: {} })
  for (const port of items(container, 'ports')) fillZero(port, { protocol: 'TCP' })
  for (const env of items(container, 'env')) {
    const field = struct(struct(env, 'valueFrom'), 'fieldRef')
    if (field) fillZero(field, { apiVersion: 'v1' })
  }
  for (const name of ['livenessProbe', 'readinessProbe', 'startupProbe']) {
    const probe = struct(container, name)
    if (probe) defaultProbe(probe)
  }
  for (const hook of ['postStart', 'preStop']) {
    const httpGet = struct(struct(struct(container, 'lifecycle'), hook), 'httpGet')
    if (httpGet) fillZero(httpGet, { scheme: 'HTTP', path: '/' })
  }
}

/** Requests that are absent take the limits. Only for pods: a workload's template stays as written. */
export function defaultRequests(container: Loose): void {
  const resources = struct(container, 'resources')
  const limits = struct(resources, 'limits')
  if (!resources || !limits) return
  resources.requests = { ...limits, ...struct(resources, 'requests') }
}

function defaultProbe(probe: Loose): void {
  fillZero(probe, { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 })
  const httpGet = struct(probe, 'httpGet')
  if (httpGet) fillZero(httpGet, { scheme: 'HTTP', path: '/' })
  const grpc = struct(probe, 'grpc')
  if (grpc) fill(grpc, { service: '' })
}

/** `Always` for the tag `latest` or no tag, unless a digest pins the image. */
function pullPolicy(image: unknown): string {
  if (typeof image !== 'string' || image.includes('@')) return 'IfNotPresent'
  const name = image.slice(image.lastIndexOf('/') + 1)
  const tag = name.includes(':') ? name.slice(name.indexOf(':') + 1) : 'latest'
  return tag === 'latest' ? 'Always' : 'IfNotPresent'
}
