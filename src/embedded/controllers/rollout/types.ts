/** The parts of a Rollout that the controller reads and writes, as argoproj.io/v1alpha1 has them. */
import type { Condition } from '../shared/conditions.ts'

export type PauseReason =
  | 'CanaryPauseStep'
  | 'BlueGreenPause'
  | 'InconclusiveAnalysisRun'
  | 'InconclusiveExperiment'

export interface PauseCondition {
  reason: PauseReason
  /** RFC 3339. */
  startTime: string
}

export interface CanaryStep {
  setWeight?: number
  /** duration: seconds, or a Go duration; absent waits for a person. */
  pause?: { duration?: number | string }
  setCanaryScale?: { weight?: number; replicas?: number; matchTrafficWeight?: boolean }
  analysis?: RolloutAnalysis
  experiment?: ExperimentStep
  setHeaderRoute?: HeaderRoute
  setMirrorRoute?: { name: string; match?: { method?: StringMatch; path?: StringMatch }[] }
  plugin?: { name: string }
}

/** Requests that match all of it go to the canary; without `match` the route goes. */
export interface HeaderRoute {
  name: string
  match?: HeaderMatch[]
}

export interface HeaderMatch {
  headerName: string
  headerValue?: StringMatch
}

export interface StringMatch {
  exact?: string
  prefix?: string
  regex?: string
}

/** An Experiment as a step: the templates are those of the Rollout's own ReplicaSets. */
export interface ExperimentStep {
  templates?: ExperimentStepTemplate[]
  analyses?: (TemplateRef & { name: string; args?: AnalysisArgument[]; requiredForCompletion?: boolean })[]
  /** A Go duration. */
  duration?: string
  dryRun?: { metricName: string }[]
  analysisRunMetadata?: Metadata
  scaleDownDelaySeconds?: number
}

export interface ExperimentStepTemplate {
  name: string
  specRef: 'canary' | 'stable'
  replicas?: number
  metadata?: Metadata
  selector?: any
  service?: { name?: string }
  weight?: number
}

export interface TemplateRef {
  templateName: string
  clusterScope?: boolean
}

export interface RolloutAnalysis {
  templates?: TemplateRef[]
  args?: AnalysisArgument[]
  dryRun?: { metricName: string }[]
  measurementRetention?: { metricName: string; limit: number }[]
  analysisRunMetadata?: Metadata
  startingStep?: number
}

export interface AnalysisArgument {
  name: string
  value?: string
  valueFrom?: {
    podTemplateHashValue?: 'Latest' | 'Stable'
    fieldRef?: { fieldPath: string }
    secretKeyRef?: { name: string; key: string }
  }
}

export interface Metadata {
  labels?: Record<string, string>
  annotations?: Record<string, string>
}

export interface AnalysisRunSummary {
  name: string
  status: string
  message?: string
}

export interface WeightDestination {
  weight: number
  serviceName?: string
  podTemplateHash?: string
}

export interface TrafficWeights {
  canary: WeightDestination
  stable: WeightDestination
  /** Templates of an Experiment step. */
  additional?: WeightDestination[]
  verified?: boolean
}

export interface CanaryStatus {
  /** Name of the Experiment of the current step. */
  currentExperiment?: string
  currentStepAnalysisRunStatus?: AnalysisRunSummary
  currentBackgroundAnalysisRunStatus?: AnalysisRunSummary
  weights?: TrafficWeights
  /** The Service of a ping-pong pair that is the stable one. */
  stablePingPong?: 'ping' | 'pong'
}

export interface BlueGreenStatus {
  previewSelector?: string
  activeSelector?: string
  scaleUpPreviewCheckPoint?: boolean
  prePromotionAnalysisRunStatus?: AnalysisRunSummary
  postPromotionAnalysisRunStatus?: AnalysisRunSummary
}

/** Counters are absent when zero, flags when false, texts when empty. */
export interface RolloutStatus {
  replicas?: number
  updatedReplicas?: number
  readyReplicas?: number
  availableReplicas?: number
  HPAReplicas?: number
  selector?: string
  currentPodHash?: string
  stableRS?: string
  currentStepIndex?: number
  currentStepHash?: string
  collisionCount?: number
  observedGeneration?: string
  workloadObservedGeneration?: string
  restartedAt?: string
  promoteFull?: boolean
  abort?: boolean
  abortedAt?: string
  pauseConditions?: PauseCondition[]
  controllerPause?: boolean
  conditions?: Condition[]
  phase?: string
  message?: string
  canary?: CanaryStatus
  blueGreen?: BlueGreenStatus
}
