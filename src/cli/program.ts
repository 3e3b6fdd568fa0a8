/** The command line: one commander program; every failure ends here as text (or JSON) and an exit code. */
import { Command, CommanderError } from 'commander'
import { DevenvError, EXIT, toDevenvError } from '../lib/errors.ts'
import { fitHelp } from './fit-help.ts'
import { globalFlags, type Io } from './io.ts'
import { printError } from './print-error.ts'

type Register = (program: Command, io: Io) => void

type Commands = Record<string, () => Promise<{ register: Register }>>

const LAST_GROUP = 'This machine and this project:'

/** Command → the module that knows it, loaded only when it is asked for (or for the list in --help, by heading). */
const GROUPS: Record<string, Commands> = {
  'The environment:': {
    up: () => import('./up.ts'),
    status: () => import('./status.ts'),
    stop: () => import('./stop.ts'),
    start: () => import('./start.ts'),
    down: () => import('./down.ts'),
    checkpoint: () => import('./checkpoint.ts'),
    restore: () => import('./restore.ts'),
  },
  'To show and to prove:': {
    load: () => import('./load.ts'),
    demo: () => import('./demo.ts'),
    report: () => import('./report.ts'),
    dashboard: () => import('./dashboard.ts'),
  },
  'To change and to explain:': {
    release: () => import('./release.ts'),
    rollout: () => import('./rollout.ts'),
    secret: () => import('./secret.ts'),
    why: () => import('./why.ts'),
    lint: () => import('./lint.ts'),
    diagnose: () => import('./diagnose.ts'),
  },
  'To look inside:': {
    logs: () => import('./logs.ts'),
    kubectl: () => import('./kubectl.ts'),
    env: () => import('./env.ts'),
    'port-forward': () => import('./port-forward.ts'),
    paths: () => import('./paths.ts'),
  },
  [LAST_GROUP]: {
    doctor: () => import('./doctor.ts'),
    purge: () => import('./purge.ts'),
    bundle: () => import('./bundle.ts'),
    parity: () => import('./parity.ts'),
    bench: () => import('./bench.ts'),
  },
}
const COMMANDS: Commands = Object.assign({}, ...Object.values(GROUPS))

const DEFAULT_WIDTH = 80

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
    .configureOutput({
      // Only help comes this way; commander fits its lists into as many columns.
      writeOut: (text) => io.stdout.write(fitHelp(text, helpWidth(io))),
      writeErr: (text) => io.stderr.write(text),
      getOutHelpWidth: () => helpWidth(io),
    })
    .addHelpCommand(
      new Command('help')
        .argument('[command]')
        .helpGroup(LAST_GROUP)
        .description('show the help of a command'),
    )
    .exitOverride()
    .showHelpAfterError('(--help shows the flags)')
  globalFlags(program, io)
  const asked = args.find((arg) => Object.hasOwn(COMMANDS, arg))
  if (asked) (await COMMANDS[asked]!()).register(program, io)
  else
    for (const [heading, commands] of Object.entries(GROUPS)) {
      program.commandsGroup(heading)
      for (const load of Object.values(commands)) (await load()).register(program, io)
    }
  return program
}

function helpWidth({ stdout }: Io): number {
  return (stdout.isTTY && stdout.columns) || DEFAULT_WIDTH
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
