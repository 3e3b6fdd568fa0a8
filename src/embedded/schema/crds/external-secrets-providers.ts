/** What the package's types do not tell of the stores of External Secrets 2.9: bounds, defaults, rules and newer fields. */
import { ANY, KEY, NAME, NAMESPACE, type Refinements, TEXT } from './fragments.ts'

export const PROVIDERS: Refinements = {
  AWSProvider: {
    customSessionTags: {
      additionalProperties: TEXT,
      type: 'object',
      'x-kubernetes-validations': [
        {
          message:
            'customSessionTags cannot contain automatically injected reserved keys: esoNamespace, esoStoreName, esoStoreKind',
          rule: "!('esoNamespace' in self) && !('esoStoreName' in self) && !('esoStoreKind' in self)",
        },
      ],
    },
    service: { enum: ['SecretsManager', 'ParameterStore', 'CertificateManager'] },
    sessionTagsPolicy: { default: 'None', enum: ['None', 'Simple', 'Custom'], type: 'string' },
  },
  AkeylessAuth: {
    serviceAccountRef: {
      properties: {
        audiences: { items: TEXT, type: 'array' },
        name: { ...NAME, type: 'string' },
        namespace: { ...NAMESPACE, type: 'string' },
      },
      required: ['name'],
      type: 'object',
    },
  },
  AkeylessProvider: {
    ignoreCache: { type: 'boolean' },
  },
  AzureKVProvider: {
    authType: { default: 'ServicePrincipal' },
    customCloudConfig: {
      properties: {
        activeDirectoryEndpoint: TEXT,
        keyVaultDNSSuffix: TEXT,
        keyVaultEndpoint: TEXT,
        resourceManagerEndpoint: TEXT,
      },
      required: ['activeDirectoryEndpoint'],
      type: 'object',
    },
    environmentType: {
      default: 'PublicCloud',
      enum: ['PublicCloud', 'USGovernmentCloud', 'ChinaCloud', 'GermanCloud', 'AzureStackCloud'],
    },
    useAzureSDK: { default: false, type: 'boolean' },
  },
  BeyondtrustServer: {
    decrypt: { default: true, type: 'boolean' },
  },
  CAProvider: {
    key: KEY,
    name: NAME,
    namespace: NAMESPACE,
    type: { enum: ['Secret', 'ConfigMap'] },
  },
  ConjurAuth: {
    cert: ANY,
  },
  ConjurProvider: {
    auth: { minProperties: 1, maxProperties: 1 },
  },
  DopplerAuth: {
    oidcConfig: ANY,
  },
  DopplerProvider: {
    auth: {
      'x-kubernetes-validations': [
        {
          message: "Exactly one of 'secretRef' or 'oidcConfig' must be specified",
          rule: '(has(self.secretRef) && !has(self.oidcConfig)) || (!has(self.secretRef) && has(self.oidcConfig))',
        },
      ],
      required: [],
    },
  },
  FakeProvider: {
    validationResult: { type: 'integer' },
  },
  GCPSMAuth: {
    workloadIdentityFederation: ANY,
  },
  GCPSMProvider: {
    secretVersionSelectionPolicy: { default: 'LatestOrFail', type: 'string' },
  },
  GithubProvider: {
    orgSecretVisibility: { enum: ['all', 'private'], type: 'string' },
    url: { default: 'https://github.com/' },
  },
  GitlabProvider: {
    caBundle: { format: 'byte', type: 'string' },
    caProvider: ANY,
  },
  IBMAuthSecretRef: {
    iamEndpoint: TEXT,
  },
  IBMProvider: {
    auth: { minProperties: 1, maxProperties: 1 },
  },
  InfisicalAuth: {
    awsAuthCredentials: ANY,
    azureAuthCredentials: ANY,
    gcpIamAuthCredentials: ANY,
    gcpIdTokenAuthCredentials: ANY,
    jwtAuthCredentials: ANY,
    kubernetesAuthCredentials: ANY,
    ldapAuthCredentials: ANY,
    ociAuthCredentials: ANY,
    tokenAuthCredentials: ANY,
  },
  InfisicalProvider: {
    caBundle: { format: 'byte', type: 'string' },
    caProvider: ANY,
    hostAPI: { default: 'https://app.infisical.com/api' },
  },
  KeeperSecurityProvider: {
    getByTitleFallback: { type: 'boolean' },
  },
  KubernetesAuth: {
    cert: { required: ['clientCert', 'clientKey'] },
    token: { required: ['bearerToken'] },
  },
  KubernetesProvider: {
    auth: { minProperties: 1, maxProperties: 1 },
    remoteNamespace: { ...NAMESPACE, default: 'default' },
  },
  KubernetesServer: {
    url: { default: 'kubernetes.default' },
  },
  MachineIdentityScopeInWorkspace: {
    expandSecretReferences: { default: true },
    organizationSlug: TEXT,
    recursive: { default: false },
    secretsPath: { default: '/' },
  },
  OnboardbaseProvider: {
    apiHost: { default: 'https://public.onboardbase.com/api/v1/' },
    environment: { default: 'development' },
    project: { default: 'development' },
  },
  PassboltProvider: {
    caBundle: { format: 'byte', type: 'string' },
    caProvider: ANY,
  },
  PulumiProvider: {
    apiUrl: { default: 'https://api.pulumi.com/api/esc' },
    auth: ANY,
  },
  SecretServerProvider: {
    caBundle: { format: 'byte', type: 'string' },
    caProvider: ANY,
    domain: TEXT,
    password: {
      'x-kubernetes-validations': [
        {
          message: 'exactly one of value or secretRef must be set',
          rule: 'has(self.value) != has(self.secretRef)',
        },
      ],
    },
    token: ANY,
    username: {
      'x-kubernetes-validations': [
        {
          message: 'exactly one of value or secretRef must be set',
          rule: 'has(self.value) != has(self.secretRef)',
        },
      ],
    },
  },
  SecretServerProviderRef: {
    value: { minLength: 1 },
  },
  SecretStoreProvider: {
    barbican: ANY,
    beyondtrustworkloadcredentials: ANY,
    crd: ANY,
    dvls: ANY,
    nebiusmysterybox: ANY,
    ngrok: ANY,
    onepasswordSDK: ANY,
    openBao: ANY,
    ovh: ANY,
    pulumi: {
      'x-kubernetes-validations': [
        {
          message: "Exactly one of 'auth' or deprecated 'accessToken' must be specified",
          rule: '(has(self.auth) && !has(self.accessToken)) || (!has(self.auth) && has(self.accessToken))',
        },
      ],
      required: ['environment', 'organization', 'project'],
    },
    secretserver: {
      'x-kubernetes-validations': [
        {
          message: 'either token, or both username and password, must be set',
          rule: 'has(self.token) || (has(self.username) && has(self.password))',
        },
      ],
      required: ['serverURL'],
    },
    volcengine: ANY,
    webhook: { required: ['url'] },
  },
  SenhaseguraProvider: {
    ignoreSslCertificate: { default: false },
  },
  VaultAppRole: {
    path: { default: 'approle' },
  },
  VaultAuth: {
    gcp: ANY,
  },
  VaultCertAuth: {
    path: { default: 'cert', type: 'string' },
    vaultRole: TEXT,
  },
  VaultJwtAuth: {
    path: { default: 'jwt' },
  },
  VaultKubernetesAuth: {
    mountPath: { default: 'kubernetes' },
  },
  VaultLdapAuth: {
    path: { default: 'ldap' },
  },
  VaultProvider: {
    checkAndSet: { properties: { required: { type: 'boolean' } }, type: 'object' },
    version: { default: 'v2', enum: ['v1', 'v2'] },
  },
  VaultUserPassAuth: {
    path: { default: 'userpass' },
  },
  WebhookCAProvider: {
    key: KEY,
    name: NAME,
    namespace: NAMESPACE,
    type: { enum: ['Secret', 'ConfigMap'] },
  },
  WebhookProvider: {
    auth: { minProperties: 1, maxProperties: 1 },
  },
  YandexCertificateManagerProvider: {
    fetching: {
      maxProperties: 1,
      minProperties: 1,
      properties: {
        byID: { type: 'object' },
        byName: { properties: { folderID: TEXT }, required: ['folderID'], type: 'object' },
      },
      type: 'object',
    },
  },
  YandexLockboxProvider: {
    fetching: {
      maxProperties: 1,
      minProperties: 1,
      properties: {
        byID: { type: 'object' },
        byName: { properties: { folderID: TEXT }, required: ['folderID'], type: 'object' },
      },
      type: 'object',
    },
  },
}
