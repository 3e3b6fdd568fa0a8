/** What the package's types do not tell of External Secrets 2.9's CustomResourceDefinitions: bounds, defaults, rules and newer fields. */
import { ANY, INT_OR_STRING, KEY, NAME, NAMESPACE, type Refinements, TEXT } from './fragments.ts'

export const EXTERNAL_SECRETS: Refinements = {
  ClusterExternalSecretSpec: {
    externalSecretName: NAME,
    namespaces: { items: NAMESPACE },
  },
  ClusterSecretStoreCondition: {
    namespaces: { items: NAMESPACE },
  },
  ExternalSecretData: {
    secretKey: KEY,
    sourceRef: { minProperties: 1, maxProperties: 1 },
  },
  ExternalSecretDataFromRemoteRef: {
    rewrite: { items: { minProperties: 1, maxProperties: 1 } },
    sourceRef: { minProperties: 1, maxProperties: 1 },
  },
  ExternalSecretDataRemoteRef: {
    nullBytePolicy: { enum: ['Ignore', 'Fail'], type: 'string' },
  },
  ExternalSecretFind: {
    nullBytePolicy: { enum: ['Ignore', 'Fail'], type: 'string' },
  },
  ExternalSecretRewrite: {
    merge: {
      properties: {
        conflictPolicy: { default: 'Error', enum: ['Ignore', 'Error'], type: 'string' },
        into: { default: '', type: 'string' },
        priority: { items: TEXT, type: 'array' },
        priorityPolicy: { default: 'Strict', enum: ['IgnoreNotFound', 'Strict'], type: 'string' },
        strategy: { default: 'Extract', enum: ['Extract', 'JSON'], type: 'string' },
      },
      type: 'object',
    },
  },
  ExternalSecretSpec: {
    refreshInterval: { default: '1h0m0s' },
    syncWindows: {
      properties: {
        kind: { enum: ['allow', 'deny'], type: 'string' },
        windows: {
          items: {
            properties: {
              duration: TEXT,
              schedule: {
                minLength: 1,
                pattern:
                  '^(@(annually|yearly|monthly|weekly|daily|midnight|hourly)|@every [^\\s]+.*|[^\\s]+( [^\\s]+){4})$',
                type: 'string',
              },
            },
            required: ['duration', 'schedule'],
            type: 'object',
          },
          minItems: 1,
          type: 'array',
        },
      },
      required: ['kind', 'windows'],
      type: 'object',
    },
    target: { default: { creationPolicy: 'Owner', deletionPolicy: 'Retain' } },
  },
  ExternalSecretStatusCondition: {
    type: { enum: ['Ready', 'Deleted'] },
  },
  ExternalSecretTarget: {
    creationPolicy: { default: 'Owner', enum: ['Owner', 'Orphan', 'Merge', 'None', 'CreateOrMerge'] },
    deletionPolicy: { default: 'Retain' },
    manifest: {
      properties: { apiVersion: { minLength: 1, type: 'string' }, kind: { minLength: 1, type: 'string' } },
      required: ['apiVersion', 'kind'],
      type: 'object',
    },
    name: NAME,
  },
  ExternalSecretTemplate: {
    engineVersion: { default: 'v2' },
    mergePolicy: { default: 'Replace' },
  },
  ExternalSecretTemplateMetadata: {
    finalizers: { items: TEXT, type: 'array' },
  },
  GeneratorRef: {
    apiVersion: { default: 'generators.external-secrets.io/v1alpha1' },
    kind: {
      enum: [
        'ACRAccessToken',
        'BeyondtrustWorkloadCredentialsDynamicSecret',
        'ClusterGenerator',
        'CloudsmithAccessToken',
        'ECRAuthorizationToken',
        'Fake',
        'GCRAccessToken',
        'GithubAccessToken',
        'GitlabDeployToken',
        'QuayAccessToken',
        'Password',
        'SSHKey',
        'STSSessionToken',
        'UUID',
        'VaultDynamicSecret',
        'Webhook',
        'Grafana',
        'MFA',
      ],
    },
    name: NAME,
  },
  PushSecretData: {
    conversionStrategy: { default: 'None' },
  },
  PushSecretSecret: {
    name: NAME,
  },
  PushSecretSpec: {
    dataTo: { type: 'array', items: ANY },
    deletionPolicy: { default: 'None' },
    refreshInterval: { default: '1h0m0s' },
    selector: { minProperties: 1, maxProperties: 1 },
    updatePolicy: { default: 'Replace' },
  },
  PushSecretStoreRef: {
    kind: { default: 'SecretStore' },
    name: NAME,
  },
  SecretKeySelector: {
    key: KEY,
    name: NAME,
    namespace: NAMESPACE,
  },
  SecretStoreRef: {
    name: NAME,
  },
  SecretStoreSpec: {
    refreshInterval: { ...INT_OR_STRING, type: undefined },
    provider: { minProperties: 1, maxProperties: 1 },
  },
  ServiceAccountSelector: {
    name: NAME,
    namespace: NAMESPACE,
  },
  TemplateFrom: {
    target: { default: 'Data', enum: undefined },
    valuesDecodingStrategy: { enum: ['Auto', 'Base64', 'Base64URL', 'None'], type: 'string' },
  },
  TemplateRef: {
    name: NAME,
  },
  TemplateRefItem: {
    key: KEY,
    templateAs: { default: 'Values' },
  },
}
