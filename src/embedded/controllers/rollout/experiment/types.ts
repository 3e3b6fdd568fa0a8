/** The parts of an Experiment that its controller reads and writes, as argoproj.io/v1alpha1 has them. */

import type { Condition } from '../../shared/conditions.ts'
import type { AnalysisPhase } from '../analysis/run/types.ts'
import type { AnalysisArgument } from '../types.ts'

/** One pod template that an Experiment runs. */
export interface ExperimentTemplate {
  name: string
  replicas?: number
  minReadySeconds?: number
  selector: any
  template: any
  /** Present: the pods get a Service, called like the ReplicaSet unless it has a name. */
  service?: { name?: string }
}

export interface ExperimentAnalysis {
  name: string
  templateName: string
  clusterScope?: boolean
  args?: AnalysisArgument[]
  /** The Experiment ends when these have succeeded, whatever its duration. */
  requiredForCompletion?: boolean
}

export type TemplatePhase = 'Progressing' | 'Running' | 'Successful' | 'Failed' | 'Error'

export interface TemplateStatus {
  name: string
  replicas: number
  updatedReplicas: number
  readyReplicas: number
  availableReplicas: number
  lastTransitionTime?: string
  status?: TemplatePhase
  message?: string
  serviceName?: string
  podTemplateHash?: string
}

export interface AnalysisStatus {
  name: string
  analysisRun: string
  phase: AnalysisPhase | ''
  message?: string
}

export interface ExperimentStatus {
  phase?: AnalysisPhase
  message?: string
  /** RFC 3339: when all templates were up for the first time. The duration counts from here. */
  availableAt?: string
  templateStatuses?: TemplateStatus[]
  analysisRuns?: AnalysisStatus[]
  conditions?: Condition[]
}
