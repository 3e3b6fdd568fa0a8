/** The annotations of a ScaledObject that pause it or force it active. */
import { isDeepStrictEqual } from 'node:util'
import type { KubeObject } from '../../objects.ts'

const PREFIX = 'autoscaling.keda.sh/'
const KEYS = ['paused', 'paused-replicas', 'paused-scale-in', 'paused-scale-out', 'force-activation']

export interface Pausing {
  /** Nothing scales at all: no HPA, no loop. */
  paused: boolean
  /** The number to hold, as written; undefined when only `paused` is set. */
  pausedReplicas: string | undefined
  pausedScaleIn: boolean
  pausedScaleOut: boolean
  forceActivation: boolean
}

/** Reads them as KEDA does: a boolean that cannot be parsed counts as true. */
export function pausing({ metadata }: Pick<KubeObject, 'metadata'>): Pausing {
  const value = (key: string) => metadata.annotations?.[PREFIX + key]
  const flag = (key: string) => {
    const text = value(key)
    return text !== undefined && !/^(0|f|F|false|False|FALSE)$/.test(text)
  }
  const pausedReplicas = value('paused-replicas')
  return {
    // paused-replicas pauses by being there, even beside paused: "false".
    paused: flag('paused') || pausedReplicas !== undefined,
    pausedReplicas,
    pausedScaleIn: flag('paused-scale-in'),
    pausedScaleOut: flag('paused-scale-out'),
    forceActivation: flag('force-activation'),
  }
}

/** True when one of these annotations differs. */
export function pausingChanged(a: Pick<KubeObject, 'metadata'>, b: Pick<KubeObject, 'metadata'>): boolean {
  const values = ({ metadata }: Pick<KubeObject, 'metadata'>) =>
    KEYS.map((key) => metadata.annotations?.[PREFIX + key])
  return !isDeepStrictEqual(values(a), values(b))
}
