/** All checks of an object that decodes: its metadata, and what its schema or its kind demand. */
import type { KubeObject } from '../../objects.ts'
import type { Loose } from '../defaults/fill.ts'
import type { Schema } from '../schema.ts'
import type { FieldError, ResourceInfo } from '../types.ts'
import * as access from './access.ts'
import * as autoscaling from './autoscaling.ts'
import { hasRules, ruleErrors } from './cel.ts'
import * as cluster from './cluster.ts'
import * as config from './config.ts'
import { definitionErrors } from './definition.ts'
import * as jobs from './jobs.ts'
import { metadataErrors } from './metadata.ts'
import { podErrors, podUpdateErrors } from './pod.ts'
import * as services from './services.ts'
import { valueErrors } from './value.ts'
import * as workloads from './workloads.ts'

type Check = (object: Loose, old?: Loose) => FieldError[]

/** By kind: what the registries of the built-in groups check beyond metadata. */
const CHECKS: Record<string, Check> = {
  APIService: cluster.apiServiceErrors,
  ClusterRole: access.roleErrors,
  ClusterRoleBinding: access.bindingErrors,
  ConfigMap: config.configMapErrors,
  CronJob: jobs.cronJobErrors,
  CustomResourceDefinition: definitionErrors,
  DaemonSet: workloads.daemonSetErrors,
  Deployment: workloads.deploymentErrors,
  EndpointSlice: services.endpointSliceErrors,
  Event: cluster.eventErrors,
  HorizontalPodAutoscaler: autoscaling.autoscalerErrors,
  Ingress: services.ingressErrors,
  Job: jobs.jobErrors,
  Lease: cluster.leaseErrors,
  NetworkPolicy: cluster.networkPolicyErrors,
  PersistentVolumeClaim: cluster.claimErrors,
  Pod: (pod, old) => (old ? podUpdateErrors(pod, old) : podErrors(pod)),
  PodDisruptionBudget: autoscaling.disruptionBudgetErrors,
  PriorityClass: cluster.priorityClassErrors,
  ReplicaSet: workloads.replicaSetErrors,
  ReplicationController: workloads.replicationControllerErrors,
  ResourceQuota: cluster.quotaErrors,
  Role: access.roleErrors,
  RoleBinding: access.bindingErrors,
  Secret: config.secretErrors,
  Service: services.serviceErrors,
  StatefulSet: workloads.statefulSetErrors,
  StorageClass: cluster.storageClassErrors,
}

/** Errors of `object`; `old` is the stored one on updates. */
export function validateObject(
  info: ResourceInfo,
  schema: Schema,
  object: KubeObject,
  old?: KubeObject,
): FieldError[] {
  const metadata = () => metadataErrors(info, object, old)
  if (info.custom) return [...metadata(), ...customErrors(schema, object, old)]
  return [...metadata(), ...(CHECKS[info.kind]?.(object, old) ?? [])]
}

/** Errors after which upstream does not run rules: the values they would read may not be there. */
const BLOCKING: FieldError['type'][] = ['Required', 'TypeInvalid', 'TooLong', 'TooMany']

const SKIPPED: FieldError = {
  type: 'Invalid',
  field: '<nil>',
  badValue: null,
  detail:
    'some validation rules were not checked because the object was invalid; correct the existing errors to complete validation',
}

function customErrors(schema: Schema, object: KubeObject, old: KubeObject | undefined): FieldError[] {
  const errors = valueErrors(schema, object, '', old)
  if (!errors.some((error) => BLOCKING.includes(error.type)))
    return [...errors, ...ruleErrors(schema, object, '', old)]
  return hasRules(schema) ? [...errors, SKIPPED] : errors
}
