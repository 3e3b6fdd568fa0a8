/** Finds a usable RabbitMQ, in order: on PATH, in the cache, Homebrew's, Debian packages into the cache. */
import type { BrokerInstall } from '../../../embedded/node/rabbitmq/install.ts'
import { DevenvError, messageOf } from '../../../lib/errors.ts'
import { which } from '../../../lib/exec.ts'
import { cachedBroker, fetchBroker } from './debian.ts'
import { homebrewBroker, systemBroker } from './system.ts'

export interface EnsureBrokerOptions {
  /** Use what is here; fetch nothing. */
  offline?: boolean
  /** Only one that is unpacked into the cache will do, fetched if need be: it can be taken elsewhere. */
  packaged?: boolean
  onProgress?: (what: string) => void
  /** The PATH to search. */
  path?: string | undefined
}

/** The broker that is here: installed, or unpacked by an earlier run. */
export function findBroker(cacheDir: string, path: string | undefined): BrokerInstall | undefined {
  return systemBroker(path) ?? cachedBroker(cacheDir) ?? homebrewBroker()
}

/** The broker to run. Throws BROKER_MISSING with the command that mends it. */
export async function ensureBroker(
  cacheDir: string,
  options: EnsureBrokerOptions = {},
): Promise<BrokerInstall> {
  const path = options.path ?? process.env.PATH
  const found = options.packaged ? cachedBroker(cacheDir) : findBroker(cacheDir, path)
  if (found) return found
  if (process.platform === 'darwin') throw missing('RabbitMQ is not installed', 'brew install rabbitmq')
  const hasPackages = which('apt-get', path) !== undefined && which('dpkg-deb', path) !== undefined
  if (!hasPackages)
    throw missing(
      'RabbitMQ is not on PATH, and without apt it cannot be fetched',
      "install rabbitmq-server with this system's package manager and put it on PATH",
    )
  if (options.offline)
    throw missing(
      'RabbitMQ is neither on PATH nor in the cache, and --offline forbids fetching it',
      'npm run bundle -- load FILE with a bundle that has it, or sudo apt-get install -y rabbitmq-server',
    )
  try {
    return await fetchBroker(cacheDir, options.onProgress ?? (() => undefined))
  } catch (thrown) {
    const text = messageOf(thrown)
    throw missing(`RabbitMQ's packages could not be fetched: ${text}`, mendFetch(text), thrown)
  }
}

const STALE_LISTS =
  /unable to locate package|no packages found|404 +not found|cannot be authenticated|no installation candidate/i
const UNREACHED =
  /temporary failure resolving|could not resolve|(could not|cannot|unable to) connect|connection (failed|timed out)|network is unreachable/i

/** What makes the next `apt-get download` succeed, from the words of the one that failed. */
export function mendFetch(output: string): string {
  if (STALE_LISTS.test(output)) return 'sudo apt-get update'
  if (UNREACHED.test(output))
    return "apt's servers were not reached: check the network, or apt's proxy setting, then npm run up"
  return 'sudo apt-get install -y rabbitmq-server'
}

function missing(message: string, fix: string, cause?: unknown): DevenvError {
  return new DevenvError('BROKER_MISSING', message, { fix, ...(cause === undefined ? {} : { cause }) })
}
