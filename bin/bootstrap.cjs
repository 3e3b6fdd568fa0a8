// Sets up a fresh clone: `npm ci` when node_modules is missing or older than the lock file, then the pinned
// Node. Plain CommonJS, so that any Node from 18 on can run it.
const { spawn, spawnSync } = require('node:child_process')
const { createHash } = require('node:crypto')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { pathToFileURL } = require('node:url')

const ROOT = path.dirname(__dirname)
const MODULES = path.join(ROOT, 'node_modules')
const MARKER = path.join(MODULES, '.devenv-lock-hash')
const NEWEST_KNOWN = 24
const PREFLIGHT = 3
const NPM_LINES = 12

/** Runs `entry` (a path below the checkout) with the arguments, in this process when its Node will do. */
async function handOver(entry, args) {
  ensureInstalled()
  const script = path.join(ROOT, entry)
  if (major(process.versions.node) >= NEWEST_KNOWN) {
    process.argv = [process.execPath, script, ...args]
    enableCompileCache()
    await import(pathToFileURL(script).href)
    return
  }
  // Through this file again, which turns the code cache on: most of the way to the first line is compiling.
  const child = spawn(pinnedNode(), [require.main.filename, ...args], { stdio: 'inherit' })
  // A terminal sends Ctrl-C to the whole group; what a supervisor sends only to us goes on to the child, which
  // takes the same signal twice for one.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  const code = await new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (status, signal) => resolve(status ?? 128 + (os.constants.signals[signal] || 0)))
  })
  process.exit(code)
}

function major(version) {
  return Number(version.split('.')[0])
}

/** Code caches beside the other caches: the second start of any command is faster. */
function enableCompileCache() {
  const home =
    process.env.DEVENV_HOME ||
    path.join(process.env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache'), 'devenv')
  const directory = process.env.DEVENV_HOME ? path.join(home, 'cache', 'compile') : path.join(home, 'compile')
  // Node's own recursive mkdir never ends below /proc; without the folder there is no cache, and what DEVENV_HOME
  // lacks is told by the command itself.
  if (makeFolder(directory)) require('node:module').enableCompileCache(directory)
}

/** `mkdir -p`; false when it cannot be made. */
function makeFolder(directory) {
  if (fs.existsSync(directory)) return true
  if (directory === path.dirname(directory) || !makeFolder(path.dirname(directory))) return false
  try {
    fs.mkdirSync(directory, { mode: 0o700 })
    return true
  } catch (error) {
    return error.code === 'EEXIST'
  }
}

function pinnedNode() {
  const packages = [
    `node-${process.platform}-${process.arch}`,
    `node-bin-${process.platform}-${process.arch}`,
  ]
  for (const name of packages) {
    const binary = path.join(MODULES, name, 'bin', 'node')
    if (fs.existsSync(binary)) return binary
  }
  throw preflight(
    `this is Node ${process.versions.node}, devenv needs Node ${NEWEST_KNOWN} or newer, and no packaged one exists for ${process.platform}-${process.arch}`,
    `install Node ${NEWEST_KNOWN} and run the command again`,
  )
}

function ensureInstalled() {
  const lock = fs.readFileSync(path.join(ROOT, 'package-lock.json'))
  const hash = createHash('sha256').update(lock).digest('hex')
  if (isInstalled(hash)) return
  process.stderr.write('devenv: installing packages (once per checkout)…\n')
  const started = Date.now()
  // npm tells the path of its own script to what it runs; outside npm, the one on PATH serves.
  const npm = process.env.npm_execpath
  const flags = ['ci', '--no-audit', '--no-fund', '--loglevel=error']
  const options = { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8', maxBuffer: 64 << 20 }
  const result =
    npm && /\.c?js$/.test(npm)
      ? spawnSync(process.execPath, [npm, ...flags], options)
      : spawnSync('npm', flags, options)
  if (result.error)
    throw preflight(
      `npm could not be started: ${result.error.message}`,
      'install npm (it comes with Node.js)',
    )
  if (result.status !== 0) {
    process.stderr.write(firstLines(result.stderr || result.stdout))
    throw preflight(
      `npm ci failed (exit ${result.status})`,
      'its output is above; check the network, the registry setting and the free disk space',
    )
  }
  fs.writeFileSync(MARKER, hash)
  process.stderr.write(`devenv: packages installed in ${((Date.now() - started) / 1000).toFixed(1)} s\n`)
}

/** npm says what is wrong first; its usage text follows, which helps nobody here. */
function firstLines(text) {
  return `${text.split('\n').slice(0, NPM_LINES).join('\n')}\n`
}

function isInstalled(hash) {
  try {
    return fs.readFileSync(MARKER, 'utf8') === hash
  } catch {
    return installedByNpm(hash)
  }
}

/** True when npm itself installed after the lock file was written; remembers it by content from then on. */
function installedByNpm(hash) {
  try {
    const installed = fs.statSync(path.join(MODULES, '.package-lock.json')).mtimeMs
    if (installed < fs.statSync(path.join(ROOT, 'package-lock.json')).mtimeMs) return false
    fs.writeFileSync(MARKER, hash)
    return true
  } catch {
    return false
  }
}

function preflight(message, fix) {
  return Object.assign(new Error(`${message}\n  fix: ${fix}`), { exitCode: PREFLIGHT })
}

module.exports = { handOver }
