/** `devenv dashboard`: one live page of the environment. */
import { type Command, Option } from 'commander'
import { DevenvError, messageOf } from '../lib/errors.ts'
import { stateDir } from '../lib/paths.ts'
import { readRecord, requireRecord } from '../lib/record.ts'
import { wholeNumber } from './flags.ts'
import { type Io, printResult, progress } from './io.ts'
import type { PageMessage } from './resident-page.ts'

const EXAMPLES = `
The address holds a token after the "#", which a browser never sends anywhere: whoever has it may look at logs,
promote a canary and start a load. Only 127.0.0.1 listens. Address and token stay the same from run to run.
npm run up leaves the page running and prints its address; npm run stop and npm run down end it.

Examples:
  npm run dashboard                         open the page
  npm run dashboard -- --port 8080          a page of its own at that port, until Ctrl-C
  npm run dashboard -- --no-open            print the address, open no browser`

interface Flags {
  port?: number
  open: boolean
  resident?: boolean
}

export function register(program: Command, io: Io): void {
  program
    .command('dashboard')
    .description('open the live page: workloads, queues, canary, secrets, events, logs, and a load')
    .option('--port <n>', 'another page at this port (0: a free one), until Ctrl-C', wholeNumber(0, 65_535))
    .option('--no-open', 'do not open the browser')
    .addOption(new Option('--resident').hideHelp())
    .addHelpText('after', EXAMPLES)
    .action((flags: Flags) => (flags.resident ? resident(io) : dashboard(io, flags)))
}

async function dashboard(io: Io, flags: Flags): Promise<void> {
  await requireRecord(io.name, io.env)
  if (flags.port === undefined) {
    const { residentPage } = await import('./resident-page.ts')
    const page = await residentPage(io.name, io)
    if ('failure' in page)
      throw new DevenvError('CHILD_FAILED', `the page could not be served: ${page.failure}`, {
        fix: 'npm run dashboard -- --port 0 serves one from this terminal.',
      })
    return show(io, page.url, flags.open)
  }
  const { pageUrl, readAccess } = await import('../dashboard/access.ts')
  const { token } = await readAccess(stateDir(io.name, io.env))
  const { firstAborted } = await import('../dashboard/resident.ts')
  await using served = await serve(io, token, flags.port)
  await show(io, pageUrl(served.port, token), flags.open)
  progress(io, 'Ctrl-C ends it')
  await firstAborted(io.signal)
}

async function show(io: Io, url: string, open: boolean): Promise<void> {
  printResult(io, { apiVersion: 'devenv/v1', kind: 'Dashboard', name: io.name, url }, () => url)
  if (!open || !io.stdout.isTTY || io.json) return
  const { openPage } = await import('../dashboard/open-page.ts')
  const trouble = await openPage(stateDir(io.name, io.env), url, io.env)
  if (trouble) progress(io, `no browser was opened: ${trouble}`)
}

/** The process that `up` leaves behind. It prints nothing: its log is kept, and its address holds a token. */
async function resident(io: Io): Promise<void> {
  const folder = stateDir(io.name, io.env)
  const { pageUrl, readAccess, writeAccess } = await import('../dashboard/access.ts')
  const { firstAborted, goneSignal } = await import('../dashboard/resident.ts')
  const tell = (message: PageMessage) => process.send?.(message, () => undefined)
  try {
    const { token, port } = await readAccess(folder)
    const ended = new AbortController()
    await using served = await serveAgain(io, token, port, () => ended.abort())
    await writeAccess(folder, { token, port: served.port })
    tell({ url: pageUrl(served.port, token) })
    await firstAborted(io.signal, ended.signal, goneSignal(folder))
  } catch (thrown) {
    tell({ failure: messageOf(thrown) })
    throw thrown
  }
}

/** The port of last time is only a wish. */
async function serveAgain(io: Io, token: string, last: number | undefined, end: () => void) {
  try {
    return await serve(io, token, last ?? 0, end)
  } catch (thrown) {
    if (last === undefined || !(thrown instanceof DevenvError) || thrown.code !== 'PORT_BUSY') throw thrown
    return await serve(io, token, 0, end)
  }
}

async function serve(io: Io, token: string, port: number, end?: () => void) {
  const { serveDashboard } = await import('../dashboard/server.ts')
  const { syncPeriod } = await import('./why.ts')
  return await serveDashboard({
    token,
    port,
    name: io.name,
    checkout: io.checkout,
    readRecord: () => readRecord(io.name, io.env),
    hpaSyncSeconds: syncPeriod,
    ...(end ? { end } : {}),
  })
}
