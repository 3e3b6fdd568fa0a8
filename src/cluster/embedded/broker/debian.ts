/** RabbitMQ and Erlang from Debian or Ubuntu packages, unpacked into the cache: no root, nothing installed. */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { BrokerInstall } from '../../../embedded/node/rabbitmq/install.ts'
import { erlangBin } from '../../../embedded/node/rabbitmq/install.ts'
import { run } from '../../../lib/exec.ts'
import { isErlangRoot, isRabbitHome, versionOf } from './system.ts'

const ERLANG =
  'asn1 base crypto eldap ftp inets mnesia os-mon parsetools public-key runtime-tools snmp ssl syntax-tools tftp tools xmerl'
const PACKAGES = ['rabbitmq-server', ...ERLANG.split(' ').map((name) => `erlang-${name}`)]
const RECORD = 'install.json'
const DOWNLOAD_TIMEOUT_MS = 300_000

/** What is written beside the unpacked trees. */
interface InstallRecord {
  packages: { file: string; sha256: string }[]
}

/** The newest complete broker in the cache. */
export function cachedBroker(cacheDir: string): BrokerInstall | undefined {
  const store = join(cacheDir, 'rabbitmq')
  if (!existsSync(store)) return undefined
  const folders = readdirSync(store).filter((name) => existsSync(join(store, name, RECORD)))
  const newest = folders.sort((a, b) => a.localeCompare(b, 'en', { numeric: true })).at(-1)
  return newest === undefined ? undefined : installIn(join(store, newest))
}

/** Downloads, unpacks and tries the packages. Another process that does the same is no harm: the first one wins. */
export async function fetchBroker(
  cacheDir: string,
  progress: (what: string) => void,
): Promise<BrokerInstall> {
  const store = join(cacheDir, 'rabbitmq')
  await mkdir(store, { recursive: true, mode: 0o700 })
  const work = await mkdtemp(join(store, '.fetch-'))
  try {
    progress('fetching RabbitMQ and Erlang packages (about 35 MB)')
    // Packages are checked by apt against the distribution's signed lists.
    await run('apt-get', ['download', ...asOurselves(), ...PACKAGES], {
      cwd: work,
      timeoutMs: DOWNLOAD_TIMEOUT_MS,
    })
    const files = (await readdir(work)).filter((name) => name.endsWith('.deb')).sort()
    progress('unpacking RabbitMQ and Erlang')
    const tree = join(work, 'tree')
    await mkdir(tree)
    const packages = await Promise.all(
      files.map(async (file) => {
        await run('dpkg-deb', ['--extract', file, 'tree'], { cwd: work })
        return {
          file,
          sha256: createHash('sha256')
            .update(await readFile(join(work, file)))
            .digest('hex'),
        }
      }),
    )
    await makeRelocatable(tree)
    await writeFile(join(tree, RECORD), JSON.stringify({ packages } satisfies InstallRecord, undefined, 2))
    progress('trying the unpacked Erlang')
    await tryErlang(installIn(tree) ?? fail('the packages do not hold what they should'))
    const folder = join(store, folderName(files))
    await rename(tree, folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error
    })
    return installIn(folder) ?? fail(`${folder} is incomplete: remove it and try again`)
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

function fail(message: string): never {
  throw new Error(message)
}

/** apt as root hands downloads to a user of its own, who cannot write into a private folder. */
function asOurselves(): string[] {
  return process.getuid?.() === 0 ? ['-o', 'APT::Sandbox::User=root'] : []
}

/** `rabbitmq-server_3.10.8-1_all.deb` → `3.10.8-1-x64`. */
function folderName(files: string[]): string {
  const server = files.find((file) => file.startsWith('rabbitmq-server_'))
  const version = server?.split('_')[1] ?? fail('apt-get did not download rabbitmq-server')
  return `${version.replaceAll(/[^\w.+~-]/g, '-')}-${process.arch}`
}

function installIn(tree: string): BrokerInstall | undefined {
  const erlangRoot = join(tree, 'usr/lib/erlang')
  const releases = join(tree, 'usr/lib/rabbitmq/lib')
  if (!isErlangRoot(erlangRoot) || !existsSync(releases)) return undefined
  const rabbitHome = readdirSync(releases)
    .map((name) => join(releases, name))
    .find(isRabbitHome)
  if (rabbitHome === undefined) return undefined
  return { version: versionOf(rabbitHome), source: 'cache', erlangRoot, rabbitHome }
}

/** Debian writes the install folder into the `erl` script: the script finds itself instead. */
async function makeRelocatable(tree: string): Promise<void> {
  const script = join(tree, 'usr/lib/erlang/bin/erl')
  const text = readFileSync(script, 'utf8')
  const root = '$(dirname "$(dirname "$(readlink -f "$0")")")'
  await writeFile(
    script,
    text.replaceAll('ROOTDIR=/usr/lib/erlang', () => `ROOTDIR=${root}`),
  )
  await chmod(script, 0o755)
}

/** Loads the crypto library: the one part that needs a shared library of the system. */
async function tryErlang(install: BrokerInstall): Promise<void> {
  const bin = erlangBin(install)
  await run(join(install.erlangRoot, 'bin/erl'), ['-noshell', '-eval', 'ok = crypto:start(), halt().'], {
    env: { BINDIR: bin, HOME: install.erlangRoot },
    timeoutMs: 20_000,
  })
}
