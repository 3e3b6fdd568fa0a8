/** The cluster's network on the loopback: addresses, names and Services of one environment. */
import { lookup } from 'node:dns/promises'
import type { Logger } from '../../lib/log.ts'
import type { Client } from '../client.ts'
import { type KubeObject, keyOf } from '../objects.ts'
import { type AddressAllocator, rangeAllocator } from './allocator.ts'
import { claimBlock } from './block.ts'
import { backendsOf, slicesOf } from './endpoints.ts'
import { hostsLines, type NameRecord, nameRecords, nameTable } from './names.ts'
import { ServicePort } from './proxy.ts'

export interface NetOptions {
  /** Any number that is the environment's own; a recorded block comes back with `exact`. */
  blockHint: number
  exact?: boolean
  log: Logger
}

export interface Net extends AsyncDisposable {
  /** N of the environment's 127.N.0.0/16. */
  readonly block: number
  /** The node's own address, 127.N.0.1. */
  readonly nodeAddress: string
  /** Pods: 127.N.0.2 to 127.N.127.254. */
  readonly pods: AddressAllocator
  /** Services: 127.N.128.1 to 127.N.254.254. */
  readonly services: AddressAllocator
  /** Begins to serve names and Services of this API. */
  attach(client: Client): void
  /** The address of a Service's name, fully qualified down to `service.namespace`. */
  lookup(hostname: string): string | undefined
  /** The Services' lines of a hosts file for pods of the namespace. */
  hostsFor(namespace: string): string
  /** Calls `listener` after names have changed. */
  onChange(listener: () => void): Disposable
}

/** Claims a block of addresses; the rest begins with `attach`. */
export async function createNet(options: NetOptions): Promise<Net> {
  const block = await claimBlock(options.blockHint, options.exact)
  const prefix = `127.${block.number}`
  const pods = rangeAllocator(prefix, 0, 127)
  const nodeAddress = `${prefix}.0.1`
  pods.reserve(nodeAddress)
  const table = new ServiceTable(nodeAddress, options.log.child('net'))
  return {
    block: block.number,
    nodeAddress,
    pods,
    services: rangeAllocator(prefix, 128, 254),
    attach: (client) => table.attach(client),
    lookup: (hostname) => table.lookup(hostname),
    hostsFor: (namespace) => hostsLines(table.records, namespace),
    onChange: (listener) => table.onChange(listener),
    async [Symbol.asyncDispose]() {
      table[Symbol.dispose]()
      await block[Symbol.asyncDispose]()
    },
  }
}

/** Follows Services and EndpointSlices and keeps listeners and names as they say. */
class ServiceTable implements Disposable {
  readonly #nodeAddress: string
  readonly #log: Logger
  readonly #services = new Map<string, KubeObject>()
  readonly #slices = new Map<string, KubeObject>()
  readonly #ports = new Map<string, ServicePort>()
  readonly #external = new Map<string, string>()
  readonly #listeners = new Set<() => void>()
  readonly #watches: Disposable[] = []
  #names = new Map<string, string>()
  #queued = false
  #closed = false
  records: NameRecord[] = []

  constructor(nodeAddress: string, log: Logger) {
    this.#nodeAddress = nodeAddress
    this.#log = log
  }

  attach(client: Client): void {
    const follow = (resource: string, objects: Map<string, KubeObject>) =>
      client.watch(resource, ({ type, object }) => {
        if (type === 'DELETED') objects.delete(keyOf(object))
        else objects.set(keyOf(object), object)
        this.#changed()
      })
    this.#watches.push(follow('v1/services', this.#services))
    this.#watches.push(follow('discovery.k8s.io/v1/endpointslices', this.#slices))
  }

  lookup(hostname: string): string | undefined {
    return this.#names.get(hostname.replace(/\.$/, '').toLowerCase())
  }

  onChange(listener: () => void): Disposable {
    this.#listeners.add(listener)
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) }
  }

  #changed(): void {
    if (this.#queued || this.#closed) return
    this.#queued = true
    setImmediate(() => {
      this.#queued = false
      if (!this.#closed) this.#apply()
    })
  }

  #apply(): void {
    const services = [...this.#services.values()]
    const slices = [...this.#slices.values()]
    this.#applyPorts(services, slices)
    const records = nameRecords(services, slices, (name) => this.#resolveExternal(name))
    if (JSON.stringify(records) === JSON.stringify(this.records)) return
    this.records = records
    this.#names = nameTable(records)
    for (const listener of this.#listeners) listener()
  }

  #applyPorts(services: KubeObject[], slices: KubeObject[]): void {
    const wanted = new Set<string>()
    for (const service of services) {
      const own = slicesOf(
        service,
        slices.filter((slice) => slice.metadata.namespace === service.metadata.namespace),
      )
      for (const port of service.spec?.ports ?? []) {
        if ((port.protocol ?? 'TCP') !== 'TCP') continue
        const backends = backendsOf(port, own)
        for (const key of this.#listenersOf(service, port)) {
          wanted.add(key)
          this.#listener(key).setBackends(backends)
        }
      }
    }
    for (const [key, listener] of this.#ports) {
      if (wanted.has(key)) continue
      listener[Symbol.dispose]()
      this.#ports.delete(key)
    }
  }

  /** `ip:port` of every place where a Service's port is to be had. */
  #listenersOf(service: KubeObject, port: any): string[] {
    const { type, clusterIP } = service.spec
    if (type === 'ExternalName' || !clusterIP || clusterIP === 'None') return []
    const node = port.nodePort ? [`${this.#nodeAddress}:${port.nodePort}`] : []
    return [`${clusterIP}:${port.port}`, ...node]
  }

  #listener(key: string): ServicePort {
    const known = this.#ports.get(key)
    if (known) return known
    const [ip, port] = key.split(':') as [string, string]
    const listener = new ServicePort(ip, Number(port), this.#log)
    this.#ports.set(key, listener)
    return listener
  }

  /** The address of a name outside the cluster; the first question starts the search. */
  #resolveExternal(name: string): string | undefined {
    if (!this.#external.has(name)) {
      this.#external.set(name, '')
      lookup(name, 4).then(
        ({ address }) => {
          this.#external.set(name, address)
          this.#changed()
        },
        (error: Error) => {
          this.#external.delete(name)
          this.#log.warn(`ExternalName ${name}: ${error.message}`)
        },
      )
    }
    return this.#external.get(name) || undefined
  }

  [Symbol.dispose](): void {
    this.#closed = true
    for (const watch of this.#watches) watch[Symbol.dispose]()
    for (const listener of this.#ports.values()) listener[Symbol.dispose]()
    this.#ports.clear()
  }
}
