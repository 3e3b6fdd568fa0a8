/** What the package's types do not tell of KEDA 2.20's CustomResourceDefinitions: bounds, defaults, rules. */
import { ANY, type Refinements, TEXT } from './fragments.ts'

export const KEDA: Refinements = {
  AuthPodIdentity: {
    externalID: TEXT,
    provider: { enum: ['azure-workload', 'gcp', 'aws', 'aws-eks', 'none'] },
  },
  AuthenticationRef: {
    kind: { enum: ['TriggerAuthentication', 'ClusterTriggerAuthentication'] },
  },
  AwsSecretManager: {
    secrets: { minItems: 1 },
  },
  AzureKeyVault: {
    secrets: { minItems: 1 },
  },
  Fallback: {
    behavior: {
      default: 'static',
      enum: [
        'static',
        'currentReplicas',
        'currentReplicasIfHigher',
        'currentReplicasIfLower',
        'scalingModifiers',
      ],
    },
    failureThreshold: { minimum: 0 },
    replicas: { minimum: 0 },
  },
  GCPSecretManager: {
    secrets: { minItems: 1 },
  },
  HashiCorpVault: {
    authentication: { enum: ['token', 'kubernetes'] },
    secrets: { minItems: 1 },
  },
  Rollout: {
    propagationPolicy: { enum: ['foreground', 'background'] },
    strategy: { enum: ['gradual', 'immediate'] },
  },
  ScaleTarget: {
    name: { minLength: 1 },
  },
  ScaleTriggers: {
    type: { minLength: 1 },
  },
  ScaledJobSpec: {
    failedJobsHistoryLimit: { minimum: 0 },
    maxReplicaCount: { minimum: 1 },
    minReplicaCount: { minimum: 0 },
    pollingInterval: { minimum: 1 },
    rolloutStrategy: { enum: ['gradual', 'immediate'] },
    successfulJobsHistoryLimit: { minimum: 0 },
    triggers: { minItems: 1 },
  },
  ScaledObject: {
    spec: {
      'x-kubernetes-validations': [
        {
          message: 'minReplicaCount must be less than or equal to maxReplicaCount',
          rule: '!has(self.minReplicaCount) || self.minReplicaCount <= (has(self.maxReplicaCount) ? self.maxReplicaCount : 100)',
        },
      ],
    },
  },
  ScaledObjectSpec: {
    cooldownPeriod: { minimum: 0 },
    idleReplicaCount: { minimum: 0 },
    initialCooldownPeriod: { minimum: 0 },
    maxReplicaCount: { minimum: 1 },
    minReplicaCount: { minimum: 0 },
    pollingInterval: { minimum: 1 },
    triggers: { minItems: 1 },
  },
  ScalingModifiers: {
    metricType: { enum: ['AverageValue', 'Value'] },
  },
  ScalingStrategy: {
    multipleScalersCalculation: { enum: ['min', 'avg', 'sum', 'max'] },
    strategy: { enum: ['default', 'custom', 'accurate', 'eager'] },
  },
  TriggerAuthenticationSpec: {
    oauth2: ANY,
  },
  VaultSecret: {
    type: { enum: ['', 'secretV2', 'secret', 'pki'] },
  },
}
