/** The git program: found once, run without prompts and without what the machine's configuration would add. */
import { run, which } from './exec.ts'

export interface GitOptions {
  cwd?: string
  /** Added to the environment of the call. */
  env?: Record<string, string>
  /** Written to git's standard input. */
  input?: string
  /** Default 60 s. */
  timeoutMs?: number
  signal?: AbortSignal
}

/** Path of git on this machine, or undefined. */
export function findGit(): string | undefined {
  return which('git')
}

// A hook or alias of the machine must not act in our repositories, and nothing may wait for a password.
const ENVIRONMENT = {
  GIT_TERMINAL_PROMPT: '0',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_DIR: undefined,
  GIT_WORK_TREE: undefined,
  GIT_INDEX_FILE: undefined,
  LC_ALL: 'C',
}

/** Runs git and answers its output. Throws CHILD_FAILED with git's own words, INTERRUPTED on abort. */
export async function git(args: readonly string[], options: GitOptions = {}): Promise<string> {
  const { cwd, env, input, timeoutMs = 60_000, signal } = options
  const { stdout } = await run(
    'git',
    ['-c', 'core.hooksPath=/dev/null', '-c', 'core.autocrlf=false', ...args],
    {
      env: { ...ENVIRONMENT, ...env },
      timeoutMs,
      ...(cwd === undefined ? {} : { cwd }),
      ...(input === undefined ? {} : { input }),
      ...(signal === undefined ? {} : { signal }),
    },
  )
  return stdout
}

/** Author and committer of commits that devenv makes by itself. */
export const COMMITTER: Record<string, string> = {
  GIT_AUTHOR_NAME: 'devenv',
  GIT_AUTHOR_EMAIL: 'devenv@localhost',
  GIT_COMMITTER_NAME: 'devenv',
  GIT_COMMITTER_EMAIL: 'devenv@localhost',
}
