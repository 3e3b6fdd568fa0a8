/** devenv/devenv.yaml: what the environment is made of. */
import { z } from 'zod'

const endpoint = z.strictObject({ service: z.string(), port: z.int().min(1).max(65535) })
const seconds = z.number().positive()

export const environmentSchema = z.strictObject({
  namespace: z.string().regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, 'is no namespace name'),
  release: z.string().min(1),
  /** Folder of the chart, relative to devenv/. */
  chart: z.string().min(1),
  /** The profile that `up` takes without --profile. */
  profile: z.string().min(1),
  prerequisites: z.strictObject({
    secretStore: z.strictObject({ name: z.string(), tokenSecret: z.string(), tokenKey: z.string() }),
    pullSecret: z.string(),
    appProject: z.strictObject({ name: z.string(), namespace: z.string() }),
  }),
  extraCharts: z
    .array(z.strictObject({ release: z.string(), namespace: z.string(), chart: z.string() }))
    .default([]),
  /** How Argo CD syncs the stack. */
  gitops: z.strictObject({
    /** Folder of the chart in the environment's own repository, and the branch that is synced. */
    path: z.string().min(1),
    branch: z.string().min(1),
    syncOptions: z.array(z.string()),
    ignoreDifferences: z.array(
      z.looseObject({ group: z.string().optional(), kind: z.string(), name: z.string().optional() }),
    ),
    /** Kinds that are left out of the Application; no kinds means the whole group. */
    exclusions: z
      .array(z.strictObject({ group: z.string(), kinds: z.array(z.string()).default([]) }))
      .default([]),
  }),
  vault: z.strictObject({ mount: z.string().min(1), seed: z.string() }),
  postgres: z.strictObject({
    database: z.string().regex(/^[a-z_][a-z0-9_]*$/),
    user: z.string().regex(/^[a-z_][a-z0-9_]*$/),
    passwordRef: z.string(),
    sql: z.string(),
  }),
  rabbitmq: z.strictObject({
    service: z.string(),
    usernameRef: z.string(),
    passwordRef: z.string(),
    vhost: z.string(),
    queues: z.record(
      z.string(),
      z.strictObject({ name: z.string(), worker: z.string(), payloads: z.string() }),
    ),
  }),
  load: z.strictObject({
    profile: z.string(),
    messages: z.int().positive(),
    taskMs: z.int().nonnegative(),
    profiles: z.string(),
  }),
  /** Tags of core-api that `demo` releases: the first good one that does not run yet, and one that fails its probes. */
  demo: z.strictObject({ good: z.array(z.string()).min(2), bad: z.string() }),
  endpoints: z.strictObject({
    coreApi: endpoint,
    frontend: endpoint,
    rabbitmq: endpoint,
    rabbitmqManagement: endpoint,
  }),
  /** Seconds. */
  budgets: z.strictObject({
    cluster: seconds,
    secrets: seconds,
    broker: seconds,
    workloads: seconds,
    /** Added to each of them where images are pulled. */
    pulls: seconds,
  }),
})

export type Environment = z.output<typeof environmentSchema>

/** devenv/profiles/NAME.yaml: values laid over the chart's, and the cluster's own timing. */
export const profileSchema = z.looseObject({
  description: z.string(),
  values: z.record(z.string(), z.unknown()),
  cluster: z.looseObject({
    hpaSyncPeriodSeconds: z.number().positive(),
    /** Of k3s' metrics-server, which counts whole seconds. */
    metricsIntervalSeconds: z.int().positive(),
  }),
})

export type Profile = z.output<typeof profileSchema>

const runner = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('node'),
    entry: z.string().min(1),
    env: z.record(z.string(), z.string()).optional(),
  }),
  z.strictObject({ kind: z.literal('rabbitmq'), env: z.record(z.string(), z.string()).optional() }),
  z.strictObject({
    kind: z.literal('exec'),
    command: z.array(z.string()).min(1),
    env: z.record(z.string(), z.string()).optional(),
  }),
])

/** devenv/images.yaml: which local program stands in for which image. */
export const imagesSchema = z.strictObject({
  images: z.array(z.strictObject({ match: z.string().min(1), runner })),
})

/** devenv/builds.yaml: how the images of workloads/ are built. */
export const buildsSchema = z.strictObject({
  builds: z.array(
    z.strictObject({
      match: z.string().min(1),
      context: z.string(),
      dockerfile: z.string(),
      args: z.record(z.string(), z.string()).optional(),
    }),
  ),
})

export type Images = z.output<typeof imagesSchema>
