/** Where an Erlang runtime and a RabbitMQ release are on this machine, however they came here. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Plain data: it travels in the supervisor's spec. */
export interface BrokerInstall {
  /** RabbitMQ's version, `3.13.7`. */
  version: string
  source: 'system' | 'cache' | 'homebrew'
  /** The Erlang runtime's ROOTDIR: holds `erts-*`, `lib` and `bin`. */
  erlangRoot: string
  /** RabbitMQ's release folder: holds `sbin` and `plugins`. */
  rabbitHome: string
}

/** `<erlangRoot>/erts-<version>/bin`, of the newest runtime there. */
export function erlangBin(install: BrokerInstall): string {
  const runtimes = readdirSync(install.erlangRoot).filter((name) => name.startsWith('erts-'))
  const newest = runtimes.sort((a, b) => a.localeCompare(b, 'en', { numeric: true })).at(-1)
  if (!newest) throw new Error(`no Erlang runtime in ${install.erlangRoot}`)
  return join(install.erlangRoot, newest, 'bin')
}

/**
 * Names of all modules that belong to `applications` and what they depend on, from their .app files.
 * The broker loads every one of them while it starts.
 */
export function modulesOf(install: BrokerInstall, applications: string[]): string[] {
  const folders = new Map<string, string>()
  for (const root of [join(install.erlangRoot, 'lib'), join(install.rabbitHome, 'plugins')]) {
    for (const name of readdirSync(root)) folders.set(name.replace(/-[^-]*$/, ''), join(root, name, 'ebin'))
  }
  const modules: string[] = []
  const seen = new Set<string>()
  const visit = (application: string): void => {
    const folder = folders.get(application)
    if (!folder || seen.has(application)) return
    seen.add(application)
    const files = readdirSync(folder)
    if (!files.includes(`${application}.app`)) return
    for (const needed of dependencies(readFileSync(join(folder, `${application}.app`), 'utf8'))) visit(needed)
    for (const file of files) if (file.endsWith('.beam')) modules.push(file.slice(0, -'.beam'.length))
  }
  for (const application of applications) visit(application)
  return modules
}

function dependencies(app: string): string[] {
  return [...app.matchAll(/\{(?:applications|included_applications),\s*\[([^\]]*)\]/g)].flatMap((match) =>
    match[1]!.split(',').map((name) => name.trim().replaceAll("'", '')),
  )
}
