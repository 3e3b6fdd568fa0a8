/** Known traps that keep pods from becoming ready. */
import { pressureOf } from '../../components/ready/pressure.ts'
import type { KubeObject } from '../../lib/kube/object.ts'
import { condition } from '../../status/conditions.ts'
import { usersOf } from '../secret-users.ts'
import { eventsOf, type Snapshot } from '../snapshot.ts'
import type { Trap } from '../why.ts'
import { capital, clause, count } from '../words.ts'
import { once } from './once.ts'

/** Each trap once, told of the first pod that is in it. */
export function podTraps(pods: KubeObject[], snapshot: Snapshot): Trap[] {
  const found = pods.flatMap((pod) => [
    ...containerTraps(pod),
    ...unscheduled(pod, snapshot),
    ...eventTraps(pod, snapshot),
    ...stuckEnding(pod, snapshot.now),
  ])
  return [...once(found), ...oldSecrets(pods, snapshot)]
}

function containerTraps(pod: KubeObject): Trap[] {
  const { initContainerStatuses = [], containerStatuses = [] } = pod.status ?? {}
  return [...initContainerStatuses, ...containerStatuses].flatMap((status: any) => {
    const reason: string = status.state?.waiting?.reason ?? ''
    if (/^(ErrImagePull|ImagePullBackOff|InvalidImageName|ErrImageNeverPull)$/.test(reason)) {
      return [imagePull(pod, status)]
    }
    if (reason === 'CrashLoopBackOff') return [crashLoop(pod, status)]
    if (reason === 'CreateContainerConfigError') return [missingConfig(status)]
    const last = status.lastState?.terminated
    return last?.reason === 'OOMKilled' ? [outOfMemory(status.name)] : []
  })
}

function imagePull(pod: KubeObject, { name, image, state }: any): Trap {
  const { imagePullPolicy } = (pod.spec?.containers ?? []).find((one: any) => one.name === name) ?? {}
  const message: string = state.waiting.message ?? ''
  if (/no program is mapped/.test(message)) {
    return {
      code: 'image-unmapped',
      text: `Pods are processes here, and no program stands in for image ${image}.`,
      fix: 'Add the line that the message shows to devenv/images.yaml; or was another tag meant?',
    }
  }
  if (imagePullPolicy === 'Always') {
    return {
      code: 'pull-policy-always',
      text: `imagePullPolicy Always asks the registry for ${image} even when the image is on the node already.`,
      fix: 'Set IfNotPresent for images that were built or loaded here; else check tag, registry and pull secret.',
    }
  }
  const refused = /unauthorized|denied|403|401/i.test(message)
  return {
    code: 'image-pull',
    text: refused
      ? `The registry refuses image ${image} to this node.`
      : `Image ${image} cannot be pulled: mostly a tag that does not exist, or a registry out of reach.`,
    fix: refused
      ? 'Check imagePullSecrets of the pod and what is in that Secret.'
      : 'Check the tag; a right one rolls out at once.',
  }
}

function crashLoop(pod: KubeObject, { name, lastState }: any): Trap {
  const { exitCode, reason } = lastState?.terminated ?? {}
  if (reason === 'OOMKilled') return outOfMemory(name)
  const log = `\`kubectl -n ${pod.metadata.namespace} logs ${pod.metadata.name} -c ${name} --previous\``
  if (exitCode === 0) {
    return {
      code: 'ends-by-itself',
      text: `Container ${name} ends with code 0 again and again: a pod of a Deployment is meant to run for ever.`,
      fix: `Keep its process in the foreground, or make it a Job. ${log} shows its last words.`,
    }
  }
  return {
    code: 'crash-loop',
    text: `Container ${name} ends soon after each start${exitCode === undefined ? '' : ` (code ${exitCode})`}; each wait is twice the last, up to 5 min.`,
    fix: `${log} says why it ended; a new template or \`kubectl delete pod\` starts without the wait.`,
  }
}

function outOfMemory(container: string): Trap {
  return {
    code: 'out-of-memory',
    text: `Container ${container} was killed because it passed its memory limit.`,
    fix: 'Raise resources.limits.memory, or let it use less.',
  }
}

function missingConfig({ name, state }: any): Trap {
  const message = clause(state.waiting.message ?? '')
  const secret = /secret "([^"]+)" not found/.exec(message)?.[1] ?? /in Secret \S+\/(\S+)/.exec(message)?.[1]
  return {
    code: 'missing-config',
    text: `Container ${name} cannot be made: ${message}.`,
    fix: secret
      ? `\`npm run why -- secret/${secret}\` says why it is not there. The pod heals by itself once it is.`
      : 'Make what it names. The pod heals by itself once it is there.',
  }
}

function unscheduled(pod: KubeObject, { nodes }: Snapshot): Trap[] {
  const state = condition(pod, 'PodScheduled')
  const evicted = pod.status?.reason === 'Evicted'
  const pressure = evicted || state?.status === 'False' ? pressureOf(nodes) : undefined
  if (pressure) {
    const text = `${capital(pressure.what)}: it takes no pods and evicts those that it has.`
    return [{ code: 'node-pressure', text, fix: pressure.fix }]
  }
  if (evicted || state?.status !== 'False') return []
  return [
    {
      code: 'unschedulable',
      text: `No node takes pod ${pod.metadata.name}: ${clause(state.message ?? state.reason ?? 'no reason given')}.`,
      fix: 'Lower its requests, free a node, or mend its nodeSelector and tolerations.',
    },
  ]
}

function eventTraps(pod: KubeObject, snapshot: Snapshot): Trap[] {
  const events = eventsOf(snapshot, pod)
  const killed = events.findLast(
    ({ reason, message }) => reason === 'Killing' && /failed (liveness|startup) probe/.test(message ?? ''),
  )
  const mount = events.findLast(({ reason }) => reason === 'FailedMount')
  const started = (pod.status?.containerStatuses ?? []).some(({ state }: any) => state?.running)
  const traps: Trap[] = killed ? [] : failingProbe(pod, events)
  if (killed) {
    const probe = /failed (liveness|startup) probe/.exec(killed.message)?.[1]
    traps.push({
      code: `${probe}-kills`,
      text: `Its ${probe} probe failed, so the kubelet restarts it: ${clause(killed.message)}.`,
      fix:
        probe === 'liveness'
          ? 'Give a slow start a startupProbe, or the probe a longer timeoutSeconds and failureThreshold.'
          : 'Give the startupProbe a higher failureThreshold: together with periodSeconds it is the time a start may take.',
    })
  }
  if (mount && !started) {
    traps.push({
      code: 'failed-mount',
      text: `A volume cannot be mounted: ${clause(mount.message ?? '')}.`,
      fix: 'Make the ConfigMap, Secret or claim that it names. The pod goes on by itself.',
    })
  }
  return traps
}

/** A start has some failures; so many in a row are its state. */
const MANY_FAILURES = 3

function failingProbe(pod: KubeObject, events: KubeObject[]): Trap[] {
  const waiting = (pod.status?.containerStatuses ?? []).some(
    ({ ready, state }: any) => !ready && state?.running,
  )
  const failed = events.findLast(({ reason }) => reason === 'Unhealthy')
  if (!waiting || !failed || (failed.series?.count ?? failed.count ?? 1) < MANY_FAILURES) return []
  return [
    {
      code: 'probe-fails',
      text: `Pod ${pod.metadata.name} runs, but its probe fails: ${clause(failed.message ?? '')}.`,
      fix: `${probeHint(failed.message ?? '')} \`npm run logs -- ${pod.metadata.name.replace(/-[a-z0-9]+-[a-z0-9]+$/, '')}\` shows what the program says.`,
    },
  ]
}

function probeHint(message: string): string {
  if (/statuscode: 404/.test(message))
    return 'The program does not know that path: mend the path of the probe.'
  if (/connection refused/.test(message))
    return 'Nobody listens at that port: mend the port of the probe, or what the program listens on.'
  if (/statuscode: 5\d\d/.test(message))
    return 'The program answers that it is not able to serve: something that it needs is missing.'
  if (/deadline exceeded|timed out/.test(message))
    return 'It answers too late: raise timeoutSeconds, or find what it waits for.'
  return 'Mend the probe, or the program.'
}

/** A minute after its grace period: the kubelet or a finalizer holds it. */
function stuckEnding({ metadata }: KubeObject, now: number): Trap[] {
  const due = Date.parse(metadata.deletionTimestamp ?? '')
  if (Number.isNaN(due) || now - due < 60_000) return []
  const holders = metadata.finalizers ?? []
  return [
    {
      code: 'stuck-ending',
      text: `Pod ${metadata.name} should have ended ${Math.round((now - due) / 60_000)} min ago${holders.length > 0 ? `; finalizers hold it: ${holders.join(', ')}` : ''}.`,
      fix: 'Look at its node; `kubectl delete pod --grace-period=0 --force` gives the object up.',
    },
  ]
}

/** Environment variables never change after a container's start. */
function oldSecrets(pods: KubeObject[], { secrets }: Snapshot): Trap[] {
  return secrets.flatMap((secret) => {
    const { old } = usersOf(secret, pods)
    if (old.length === 0) return []
    return [
      {
        code: 'old-environment',
        // Its values are not read: whether it was they that changed is the reader's to know.
        text: `${count(old.length, 'pod')} began before Secret ${secret.name} was last written: if a value changed then, environment variables keep the old one until a restart.`,
        fix: 'Restart the workload: `npm run rollout -- restart` for a Rollout, `kubectl rollout restart deployment` otherwise.',
      },
    ]
  })
}
