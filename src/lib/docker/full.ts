/** A disk of the engine without room: how calls that met it are told apart, and what to do about it. */
import { DevenvError, messageOf } from '../errors.ts'
import type { EngineInfo } from './engine.ts'

/** Registries in the engine tell the system's number of it: 28 is ENOSPC, 122 EDQUOT. */
const FULL = /no space left on device|disk quota exceeded|"Err":(28|122)\b/i

/** Whether the engine said that a write found no room. What this process itself could not write has a code. */
export function saysDiskFull(thrown: unknown): boolean {
  let error = thrown
  while (error instanceof Error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return false
    if (FULL.test(error.message)) return true
    error = error.cause
  }
  return false
}

/** The error to throw for it, and how to go on. An engine in a virtual machine names a folder of that machine. */
export function engineFull(
  { DockerRootDir }: Pick<EngineInfo, 'DockerRootDir'>,
  thrown: unknown,
  then: string,
): DevenvError {
  const place = DockerRootDir ? ` (${DockerRootDir})` : ''
  return new DevenvError(
    'ENGINE_FULL',
    `the disk of the Docker engine${place} is full: ${messageOf(thrown)}`,
    {
      cause: thrown,
      fix: `docker system df shows what takes it, docker system prune frees what nothing uses. Then ${then}`,
    },
  )
}
