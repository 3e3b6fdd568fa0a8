/** Programs inside a container that runs. */
import type { Engine } from './engine.ts'

/** Runs it to its end and answers its exit code. Throws the engine's refusal: of a container that does not run, say. */
export async function execIn(
  engine: Engine,
  container: string,
  command: string[],
  signal: AbortSignal,
): Promise<number | null> {
  const exec = await engine.getContainer(container).exec({
    Cmd: command,
    AttachStdout: true,
    AttachStderr: true,
    abortSignal: signal,
  })
  const output = await exec.start({ abortSignal: signal })
  // It has ended when its output has.
  for await (const _ of output);
  const { ExitCode } = await exec.inspect()
  return ExitCode
}
