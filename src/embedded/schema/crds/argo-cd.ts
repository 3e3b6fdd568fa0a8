/** What the package's types do not tell of Argo CD 3.5's CustomResourceDefinitions: bounds, defaults, rules and newer fields. */
import { ANY, type Refinements, TEXT } from './fragments.ts'

export const ARGO_CD: Refinements = {
  AppProjectSpec: {
    description: { maxLength: 255 },
    sourceIntegrity: ANY,
  },
  ApplicationSetStatus: {
    health: {
      properties: {
        lastTransitionTime: { format: 'date-time', type: 'string' },
        message: TEXT,
        status: TEXT,
      },
      type: 'object',
    },
  },
  ApplicationSetSyncPolicy: {
    applicationsSync: { enum: ['create-only', 'create-update', 'create-delete', 'sync'] },
  },
  ApplicationSource: {
    tagPrefix: TEXT,
  },
  ApplicationSummary: {
    isAppOfApps: { type: 'boolean' },
  },
  SCMProviderGeneratorGitea: {
    excludeArchivedRepos: { type: 'boolean' },
  },
  SCMProviderGeneratorGithub: {
    excludeArchivedRepos: { type: 'boolean' },
  },
  SCMProviderGeneratorGitlab: {
    includeArchivedRepos: { type: 'boolean' },
  },
  SourceHydratorStatus: {
    lastComparedDryRevision: TEXT,
  },
  SyncSource: {
    path: { minLength: 1, pattern: '^.{2,}|[^./]$' },
    repoURL: TEXT,
  },
  SyncWindow: {
    syncOverrun: { type: 'boolean' },
  },
}
