/** The cluster's DNS as a table: every Service's names and what they stand for. */
import { isIP } from 'node:net'
import type { KubeObject } from '../objects.ts'
import { headlessRecords, slicesOf } from './endpoints.ts'

export interface NameRecord {
  namespace: string
  service: string
  ip: string
  /** Set for a pod's own name below a headless Service. */
  hostname?: string
}

/**
 * The records of all Services. `external` answers the address of an ExternalName's target that is neither an
 * address nor a Service, undefined while it is unknown.
 */
export function nameRecords(
  services: KubeObject[],
  slices: KubeObject[],
  external: (name: string) => string | undefined,
): NameRecord[] {
  const records: NameRecord[] = []
  const aliases: { namespace: string; service: string; target: string }[] = []
  for (const service of services) {
    const { name, namespace } = service.metadata
    const base = { namespace: namespace!, service: name }
    const { type, clusterIP, externalName } = service.spec ?? {}
    if (type === 'ExternalName') aliases.push({ ...base, target: String(externalName).replace(/\.$/, '') })
    else if (clusterIP && clusterIP !== 'None') records.push({ ...base, ip: clusterIP })
    else {
      const own = slicesOf(
        service,
        slices.filter((slice) => slice.metadata.namespace === namespace),
      )
      for (const { ip, hostname } of headlessRecords(service, own)) {
        records.push({ ...base, ip })
        if (hostname) records.push({ ...base, ip, hostname })
      }
    }
  }
  const table = nameTable(records)
  for (const { target, ...base } of aliases) {
    const ip = isIP(target)
      ? target
      : target === 'localhost'
        ? '127.0.0.1'
        : (table.get(target) ?? external(target))
    if (ip) records.push({ ...base, ip })
  }
  return records
}

/** The names of a record, longest first; the bare ones only for the namespace that asks. */
function namesOf(record: NameRecord, namespace: string | undefined): string[] {
  const head = record.hostname ? `${record.hostname}.${record.service}` : record.service
  const scoped = `${head}.${record.namespace}`
  const names = [`${scoped}.svc.cluster.local`, `${scoped}.svc`, scoped]
  return record.namespace === namespace ? [...names, head] : names
}

/** Name → address; of several addresses the first. */
export function nameTable(records: NameRecord[], namespace?: string): Map<string, string> {
  const table = new Map<string, string>()
  for (const record of records) {
    for (const name of namesOf(record, namespace)) if (!table.has(name)) table.set(name, record.ip)
  }
  return table
}

/** Lines of a hosts file for pods of a namespace. */
export function hostsLines(records: NameRecord[], namespace: string): string {
  return records.map((record) => `${record.ip}\t${namesOf(record, namespace).join(' ')}\n`).join('')
}
