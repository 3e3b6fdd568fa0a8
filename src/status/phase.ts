/** The environment's phase, from its parts. Pure. */
import type { RecordPhase } from '../lib/record.ts'
import type {
  ApplicationStatus,
  ComponentStatus,
  FrontDoorStatus,
  Phase,
  SecretStatus,
  WorkloadStatus,
} from './status.ts'

/** What was wrong once may not push what is wrong now off the screen. */
const LONGEST = 100

/** What the environment's record says, and whether an `up` is at work on it. */
export interface Recorded {
  phase: RecordPhase
  failure?: string
  failureMayPass?: boolean
  underWay?: boolean
}

export interface Parts {
  components: ComponentStatus[]
  workloads: WorkloadStatus[]
  secrets: SecretStatus[]
  applications?: ApplicationStatus[]
  frontDoors?: FrontDoorStatus[]
  /** What is wrong with the disk below the state. */
  disk?: string | undefined
}

/** Ready when everything works; a worker that is on its way to more replicas does not make it less so. */
export function phaseOf(recorded: Recorded, parts: Parts): { phase: Phase; message: string } {
  if (recorded.phase === 'Stopped') return { phase: 'Stopped', message: 'npm run up starts it again' }
  const [problem] = problemsOf(parts)
  if (recorded.phase === 'Starting') {
    if (recorded.underWay) return { phase: 'Starting', message: problem ?? 'the bring-up is under way' }
    return unfinished(recorded, problem, isWhole(parts))
  }
  return problem === undefined ? { phase: 'Ready', message: '' } : { phase: 'Degraded', message: problem }
}

/**
 * After an `up` that did not get to its end. What it waited for in vain may have come since: then what is seen now
 * counts, and its failure is told as what was. Any other failure stays until an `up` ends well.
 */
export function unfinished(
  { failure = 'it was ended before it was through', failureMayPass = false }: Recorded,
  problem: string | undefined,
  whole: boolean,
): { phase: Phase; message: string } {
  if (failureMayPass && problem === undefined && whole)
    return { phase: 'Ready', message: `though the last up did not see it: ${failure}` }
  if (failureMayPass && problem !== undefined)
    return {
      phase: 'Degraded',
      message: `${problem}; the last up gave up (npm run up resumes): ${short(failure)}`,
    }
  return { phase: 'Degraded', message: `the last up did not end well (npm run up resumes): ${failure}` }
}

function short(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1)}…`
}

/** The stack is there, all of it, and not only what is there is well. */
function isWhole({ workloads, applications = [], frontDoors = [] }: Parts): boolean {
  return (
    workloads.length > 0 &&
    frontDoors.length > 0 &&
    applications.length > 0 &&
    applications.every(({ sync, health }) => sync === 'Synced' && health === 'Healthy')
  )
}

function problemsOf(parts: Parts): string[] {
  return [
    // First: whatever else fails, fails for this.
    ...(parts.disk === undefined ? [] : [parts.disk]),
    ...parts.components.filter((part) => !part.ready).map((part) => `${part.name}: ${part.message}`),
    ...parts.workloads
      .filter(
        (part) =>
          part.state === 'failing' ||
          (part.state === 'progressing' && part.ready === 0 && part.desired === 1),
      )
      .map((part) => `${part.name}: ${part.why}`),
    ...(parts.applications ?? []).filter((app) => app.failing).map((app) => `Argo CD: ${app.message}`),
    ...parts.secrets.filter((part) => !part.ready).map((part) => `secret ${part.name}: ${part.message}`),
    // Last: what is wrong behind them is the better first sentence.
    ...(parts.frontDoors ?? []).filter((door) => !door.ok).map((door) => `${door.name} ${door.message}`),
  ]
}
