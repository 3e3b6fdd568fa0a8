/** The page's own files and the libraries that it imports, straight from node_modules: nothing is built or fetched. */
import { readdirSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const PAGE = fileURLToPath(new URL('./page', import.meta.url))
const require = createRequire(import.meta.url)

/** Each is one file without imports of its own, so that the page needs no import map (which is an inline script). */
const MODULES: Record<string, [packageName: string, file: string]> = {
  'preact.js': ['preact', 'dist/preact.module.js'],
  'htm.js': ['htm', 'dist/htm.module.js'],
  'signals.js': ['@preact/signals-core', 'dist/signals-core.module.js'],
  'uplot.js': ['uplot', 'dist/uPlot.esm.js'],
  'uplot.css': ['uplot', 'dist/uPlot.min.css'],
}

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
}

/** For every answer: no inline script or style, nothing from elsewhere, in nobody's frame. */
export const SECURITY_HEADERS = {
  'Content-Security-Policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
}

export interface PageFile {
  type: string
  body: Buffer
}

/** The file at a URL path, undefined where there is none: what is not listed beforehand cannot be had. */
export type PageFiles = (path: string) => Promise<PageFile | undefined>

/** Lists the page's folder and finds the libraries. */
export function pageFiles(): PageFiles {
  const own = readdirSync(PAGE, { recursive: true, encoding: 'utf8' }).filter((name) => TYPES[extname(name)])
  const places = new Map<string, string>([
    ['/', join(PAGE, 'index.html')],
    ...own.map((name) => [`/${name}`, join(PAGE, name)] as const),
    ...Object.entries(MODULES).map(
      ([name, [from, file]]) => [`/modules/${name}`, join(packageFolder(from), file)] as const,
    ),
  ])
  return async (path) => {
    const place = places.get(path)
    return place === undefined ? undefined : { type: TYPES[extname(place)]!, body: await readFile(place) }
  }
}

/** Not every package exports its files or its package.json, so the folder is found from the entry upwards. */
function packageFolder(name: string): string {
  for (let folder = dirname(require.resolve(name)); folder !== dirname(folder); folder = dirname(folder)) {
    if (nameOf(folder) === name) return folder
  }
  throw new Error(`the package ${name} has no folder`)
}

function nameOf(folder: string): string | undefined {
  try {
    return (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { name?: string }).name
  } catch {
    return undefined
  }
}
