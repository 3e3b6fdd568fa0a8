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

/** Ready when everything works; a worker that is on its way to more replicas does not make it less so. */
export function phaseOf(
  recorded: { phase: RecordPhase; failure?: string },
  parts: {
    components: ComponentStatus[]
    workloads: WorkloadStatus[]
    secrets: SecretStatus[]
    applications?: ApplicationStatus[]
    frontDoors?: FrontDoorStatus[]
    /** What is wrong with the disk below the state. */
    disk?: string | undefined
  },
): { phase: Phase; message: string } {
  if (recorded.phase === 'Stopped') return { phase: 'Stopped', message: 'npm run up starts it again' }
  const problems = [
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
  if (recorded.phase === 'Starting' && recorded.failure !== undefined)
    return {
      phase: 'Degraded',
      message: `the last up did not end well (npm run up resumes): ${recorded.failure}`,
    }
  if (recorded.phase === 'Starting')
    return { phase: 'Starting', message: problems[0] ?? 'the bring-up is under way' }
  if (problems.length === 0) return { phase: 'Ready', message: '' }
  return { phase: 'Degraded', message: problems[0]! }
}
