/** `devenv dashboard`: one live page of the environment, until Ctrl-C. */
import { once } from 'node:events'
import type { Command } from 'commander'
import { DevenvError } from '../lib/errors.ts'
import { stateDir } from '../lib/paths.ts'
import { readRecord, requireRecord } from '../lib/record.ts'
import { wholeNumber } from './flags.ts'
import { type Io, printResult, progress } from './io.ts'

const EXAMPLES = `
The address holds a token after the "#", which a browser never sends anywhere: whoever has it may look at logs,
promote a canary and start a load. Only 127.0.0.1 listens. Address and token stay the same from run to run.

Examples:
  npm run dashboard
  npm run dashboard -- --port 8080
  npm run dashboard -- --no-open            print the address, open no browser`

interface Flags {
  port?: number
  open: boolean
}

export function register(program: Command, io: Io): void {
  program
    .command('dashboard')
    .description('One live page: workloads, queues, canary, secrets, events, logs, and a load')
    .option(
      '--port <n>',
      'listen there (default: the port of last time, or a free one)',
      wholeNumber(0, 65_535),
    )
    .option('--no-open', 'do not open the browser')
    .addHelpText('after', EXAMPLES)
    .action((flags: Flags) => dashboard(io, flags))
}

async function dashboard(io: Io, flags: Flags): Promise<void> {
  const record = await requireRecord(io.name, io.env)
  const folder = stateDir(record.name, io.env)
  const { openPage } = await import('../dashboard/open-page.ts')
  const { pageUrl, readAccess, writeAccess } = await import('../dashboard/access.ts')
  const { token, port: lastPort } = await readAccess(folder)
  await using served = await serve(io, token, flags.port, lastPort)
  await writeAccess(folder, { token, port: served.port })
  const url = pageUrl(served.port, token)
  printResult(io, { apiVersion: 'devenv/v1', kind: 'Dashboard', name: io.name, url }, () => url)
  progress(io, 'Ctrl-C ends it')
  if (flags.open && io.stdout.isTTY && !io.json) {
    const trouble = await openPage(folder, url, io.env)
    if (trouble) progress(io, `no browser was opened: ${trouble}`)
  }
  if (!io.signal.aborted) await once(io.signal, 'abort')
}

/** A port that was asked for must be free; the one of last time is only a wish. */
async function serve(io: Io, token: string, asked: number | undefined, lastPort: number | undefined) {
  const { serveDashboard } = await import('../dashboard/server.ts')
  const { syncPeriod } = await import('./why.ts')
  const options = {
    token,
    name: io.name,
    checkout: io.checkout,
    readRecord: () => readRecord(io.name, io.env),
    hpaSyncSeconds: syncPeriod,
  }
  try {
    return await serveDashboard({ ...options, port: asked ?? lastPort ?? 0 })
  } catch (thrown) {
    const taken = thrown instanceof DevenvError && thrown.code === 'PORT_BUSY'
    if (!taken || asked !== undefined || lastPort === undefined) throw thrown
    progress(io, `127.0.0.1:${lastPort} is in use by now: the page moves to another port`)
    return await serveDashboard({ ...options, port: 0 })
  }
}
