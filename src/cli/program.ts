/** The command line: one commander program; every failure ends here as text (or JSON) and an exit code. */
import { Command, CommanderError } from 'commander'
import { DevenvError, EXIT, toDevenvError } from '../lib/errors.ts'
import { globalFlags, type Io } from './io.ts'
import { printError } from './print-error.ts'

type Register = (program: Command, io: Io) => void

/** Command → the module that knows it, loaded only when it is asked for (or for the list in --help). */
const COMMANDS: Record<string, () => Promise<{ register: Register }>> = {
  up: () => import('./up.ts'),
  status: () => import('./status.ts'),
  load: () => import('./load.ts'),
  release: () => import('./release.ts'),
  rollout: () => import('./rollout.ts'),
  demo: () => import('./demo.ts'),
  report: () => import('./report.ts'),
  why: () => import('./why.ts'),
  dashboard: () => import('./dashboard.ts'),
  lint: () => import('./lint.ts'),
  logs: () => import('./logs.ts'),
  kubectl: () => import('./kubectl.ts'),
  env: () => import('./env.ts'),
  'port-forward': () => import('./port-forward.ts'),
  secret: () => import('./secret.ts'),
  diagnose: () => import('./diagnose.ts'),
  checkpoint: () => import('./checkpoint.ts'),
  restore: () => import('./restore.ts'),
  stop: () => import('./stop.ts'),
  start: () => import('./start.ts'),
  down: () => import('./down.ts'),
  doctor: () => import('./doctor.ts'),
  purge: () => import('./purge.ts'),
  paths: () => import('./paths.ts'),
  parity: () => import('./parity.ts'),
  bundle: () => import('./bundle.ts'),
  bench: () => import('./bench.ts'),
}

const EXAMPLES = `
Examples:
  npm run up                              bring the environment up
  npm run load -- --messages 300 --wait   fill the queues, watch the workers go 0→5→0
  npm run demo                            the whole story, each step with its proof
  npm run status                          what there is, and why
  npm run down                            remove everything

Through npm, flags come after "--"; bin/devenv takes them directly.`

/** Runs one command line; resolves with the exit code and never throws. */
export async function runProgram(args: string[], io: Io): Promise<number> {
  try {
    const program = await buildProgram(args, io)
    await program.parseAsync(args, { from: 'user' })
    return io.exitCode
  } catch (thrown) {
    if (thrown instanceof CommanderError) return usageExit(thrown, args, io)
    const error = toDevenvError(thrown)
    printError(error, io)
    return error.exitCode
  }
}

async function buildProgram(args: string[], io: Io): Promise<Command> {
  const program = new Command('devenv')
    .description('The team1 stack on this machine: GitOps, canary releases, queue autoscaling and secrets.')
    .addHelpText('after', EXAMPLES)
    .configureOutput({ writeOut: (text) => io.stdout.write(text), writeErr: (text) => io.stderr.write(text) })
    .exitOverride()
    .showHelpAfterError('(--help shows the flags)')
  globalFlags(program, io)
  const asked = args.find((arg) => Object.hasOwn(COMMANDS, arg))
  const modules = asked ? [COMMANDS[asked]!] : Object.values(COMMANDS)
  for (const load of modules) (await load()).register(program, io)
  return program
}

/** commander has printed its message by now; with --json the object follows on stdout. */
function usageExit(error: CommanderError, args: string[], io: Io): number {
  if (error.exitCode === 0) return EXIT.done
  if (args.includes('--json')) {
    io.json = true
    printError(new DevenvError('USAGE', error.message.replace(/^error: /, '')), io)
  }
  return EXIT.usage
}
