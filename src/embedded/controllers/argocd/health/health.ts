/** Health of one object: the check of its kind, or none for kinds that have no health. */
import type { KubeObject } from '../../../objects.ts'
import { HOOK_FINALIZER } from '../names.ts'
import { groupOf } from '../tracking.ts'
import type { Health, HealthCode } from '../types.ts'
import { horizontalPodAutoscaler, podDisruptionBudget, scaledObject } from './autoscaling.ts'
import { cronJob, job, pod } from './jobs.ts'
import { ingress, persistentVolumeClaim, service } from './networking.ts'
import { analysisRun, customResourceDefinition, readyCondition, rollout } from './operators.ts'
import { daemonSet, deployment, replicaSet, statefulSet } from './workloads.ts'

const CHECKS: Record<string, (object: KubeObject) => Health | undefined> = {
  'apps/Deployment': deployment,
  'apps/ReplicaSet': replicaSet,
  'apps/StatefulSet': statefulSet,
  'apps/DaemonSet': daemonSet,
  'batch/Job': job,
  'batch/CronJob': cronJob,
  '/Pod': pod,
  '/Service': service,
  '/PersistentVolumeClaim': persistentVolumeClaim,
  'networking.k8s.io/Ingress': ingress,
  'autoscaling/HorizontalPodAutoscaler': horizontalPodAutoscaler,
  'policy/PodDisruptionBudget': podDisruptionBudget,
  'apiextensions.k8s.io/CustomResourceDefinition': customResourceDefinition,
  'argoproj.io/Rollout': rollout,
  'argoproj.io/AnalysisRun': analysisRun,
  'keda.sh/ScaledObject': scaledObject,
  'external-secrets.io/ExternalSecret': readyCondition,
  'external-secrets.io/SecretStore': readyCondition,
  'external-secrets.io/ClusterSecretStore': readyCondition,
  'external-secrets.io/PushSecret': readyCondition,
}

/** Undefined: this kind has no health. */
export function healthOf(object: KubeObject): Health | undefined {
  if (object.metadata.deletionTimestamp && !object.metadata.finalizers?.includes(HOOK_FINALIZER)) {
    return { status: 'Progressing', message: 'Pending deletion' }
  }
  return CHECKS[`${groupOf(object.apiVersion)}/${object.kind}`]?.(object)
}

/** Best to worst. */
const ORDER: HealthCode[] = ['Healthy', 'Suspended', 'Progressing', 'Missing', 'Degraded', 'Unknown']

/** The worse of two. */
export function worse(a: HealthCode, b: HealthCode): HealthCode {
  return ORDER.indexOf(b) > ORDER.indexOf(a) ? b : a
}
