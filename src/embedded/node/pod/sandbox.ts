/** What a pod's containers share: its address, its folder, its hosts file, the objects they read. */
import { closeSync, constants, ftruncateSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { KubeObject } from '../../objects.ts'
import type { EnvironmentSources } from '../env/environment.ts'
import type { PodHost } from './host.ts'
import type { ProgramContext } from './program.ts'

export class Sandbox implements Disposable {
  readonly host: PodHost
  readonly folder: string
  readonly ip: string
  readonly hostsFile: string
  readonly #pod: KubeObject
  #hosts = ''
  /** True once the pod is gone: nothing is started any more. */
  closed = false

  /** Takes an address (the one that the pod had, if it is free) and makes the pod's folder. */
  constructor(host: PodHost, pod: KubeObject) {
    this.host = host
    this.#pod = pod
    this.folder = join(host.podsDir, pod.metadata.uid)
    this.hostsFile = join(this.folder, 'etc-hosts')
    mkdirSync(this.folder, { recursive: true, mode: 0o700 })
    this.ip = pod.spec.hostNetwork ? host.net.nodeAddress : host.net.pods.take(pod.status?.podIP)
    this.writeHosts()
  }

  /** Brings the hosts file up to date, in place: it is mounted by its inode. */
  writeHosts(): void {
    const { metadata, spec } = this.#pod
    const name = spec.hostname ?? metadata.name
    const qualified = spec.subdomain
      ? `${name}.${spec.subdomain}.${metadata.namespace}.svc.cluster.local `
      : ''
    const aliases = (spec.hostAliases ?? []).map(
      (alias: { ip: string; hostnames?: string[] }) => `${alias.ip}\t${(alias.hostnames ?? []).join(' ')}`,
    )
    const text = [
      '127.0.0.1\tlocalhost',
      '::1\tlocalhost ip6-localhost ip6-loopback',
      `${this.ip}\t${qualified}${name}`,
      ...aliases,
      this.host.net.hostsFor(metadata.namespace!),
    ].join('\n')
    if (text === this.#hosts) return
    this.#hosts = text
    replaceContent(this.hostsFile, text)
  }

  sources(): EnvironmentSources {
    const { client, net, allocatable } = this.host
    return {
      configMap: (namespace, name) => client.get('v1/configmaps', namespace, name),
      secret: (namespace, name) => client.get('v1/secrets', namespace, name),
      services: (namespace) => client.list('v1/services', { namespace }),
      addresses: { podIP: this.ip, hostIP: net.nodeAddress },
      allocatable,
    }
  }

  programContext(folder: string): ProgramContext {
    const { host } = this
    return {
      podIp: this.ip,
      podName: this.#pod.spec.hostname ?? this.#pod.metadata.name,
      folder,
      hostsFile: this.hostsFile,
      checkout: host.checkout,
      cacheDir: host.cacheDir,
      environmentName: host.environmentName,
      broker: host.broker,
      resolveInProcess: host.tier === 'groups',
    }
  }

  [Symbol.dispose](): void {
    this.closed = true
    if (!this.#pod.spec.hostNetwork) this.host.net.pods.release(this.ip)
  }
}

/** Writes before it cuts: a reader in between sees the new names, never an empty file. */
function replaceContent(path: string, text: string): void {
  const file = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o644)
  try {
    const bytes = Buffer.from(text)
    writeSync(file, bytes, 0, bytes.length, 0)
    ftruncateSync(file, bytes.length)
  } finally {
    closeSync(file)
  }
}
