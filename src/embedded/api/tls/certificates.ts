/** The API server's certificates: an own CA, a server and an administrator certificate, kept in a folder. */
import { createPrivateKey, randomBytes, X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ensureDir, writeFileAtomic } from '../../../lib/paths.ts'
import { isRecord } from '../../store/json.ts'
import type { Certificates } from './bundle.ts'

const FIELDS = ['ca', 'cert', 'key', 'clientCert', 'clientKey', 'tokenKey', 'adminToken'] as const
const FILE = 'certificates.json'
const DAY_MS = 24 * 3600 * 1000
// A certificate that ends during a session would end it: replaced well before.
const RENEW_BEFORE_MS = 30 * DAY_MS

/**
 * The certificates kept in `folder`, made anew when there are none or they end within 30 days.
 * Without a folder nothing is kept. `addresses`: further IPs that the server answers on.
 */
export async function loadCertificates(
  folder: string | undefined,
  options: { addresses?: string[]; nowMs?: number } = {},
): Promise<Certificates> {
  const { addresses = [], nowMs = Date.now() } = options
  const path = folder && join(folder, FILE)
  const kept = path ? await readKept(path) : undefined
  if (kept && isUsable(kept, addresses, nowMs)) return kept
  // The library is only needed where something is to be signed.
  const { issueCertificates } = await import('./issue.ts')
  const issued = {
    ...(await issueCertificates(addresses, nowMs)),
    adminToken: randomBytes(24).toString('base64url'),
  }
  if (folder && path) {
    await ensureDir(folder)
    await writeFileAtomic(path, JSON.stringify(issued))
  }
  return issued
}

async function readKept(path: string): Promise<Certificates | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'))
    if (!isRecord(value) || FIELDS.some((field) => typeof value[field] !== 'string')) return undefined
    return value as Certificates
  } catch {
    // Absent or damaged: new ones replace it.
    return undefined
  }
}

function isUsable(kept: Certificates, addresses: string[], nowMs: number): boolean {
  try {
    createPrivateKey(kept.tokenKey)
    const server = new X509Certificate(kept.cert)
    const all = [new X509Certificate(kept.ca), server, new X509Certificate(kept.clientCert)]
    const fresh = all.every(({ validTo }) => Date.parse(validTo) - nowMs > RENEW_BEFORE_MS)
    return fresh && addresses.every((address) => server.checkIP(address) !== undefined)
  } catch {
    return false
  }
}
