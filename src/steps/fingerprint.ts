/** What an environment was made from, as one hash: a second `up` with the same inputs has nothing to do. */
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { localCharts } from '../components/chart/local-charts.ts'
import { askedFor, type UpOptions } from './options.ts'

/** How programs reach out of this machine: mirrors are made with it. */
const OUTWARD = ['http_proxy', 'https_proxy', 'no_proxy']

/** Hash of the flags that matter, of the user's proxies and certificates, and of every file below devenv/, seeds/ and the chart given. */
export async function fingerprint(
  options: UpOptions,
  env: Record<string, string | undefined> = process.env,
): Promise<string> {
  const hash = createHash('sha256')
  // How long it lives is no part of what it is.
  const { ttlMs: _, ...asked } = askedFor(options)
  hash.update(JSON.stringify(asked, Object.keys(asked).sort()))
  hash.update(JSON.stringify(OUTWARD.map((name) => env[name] ?? env[name.toUpperCase()] ?? '')))
  // A file that cannot be read is told of by who needs it.
  const certificates = env.NODE_EXTRA_CA_CERTS
  if (certificates) hash.update(await readFile(certificates).catch(() => ''))
  const folders = [
    join(options.checkout, 'devenv'),
    join(options.checkout, 'seeds'),
    // A watched chart is synced by itself.
    ...(options.chart && !options.watchChart ? await chartFolders(options.chart) : []),
  ]
  for (const folder of folders) {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
    const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
    for (const file of files.sort())
      hash
        .update(file)
        .update('\0')
        .update(await readFile(file))
  }
  return hash.digest('hex')
}

async function chartFolders(chart: string): Promise<string[]> {
  const { root, folders } = await localCharts(chart)
  return folders.map((folder) => join(root, folder))
}
