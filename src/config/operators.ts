/** devenv/operators.lock.yaml: what a real cluster gets, pinned; and the patches that are laid over it. */
import { z } from 'zod'

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'is no sha256 in hex')
const file = z.strictObject({ url: z.url(), sha256 })

const operator = z.strictObject({
  /** Short and stable: flags, labels and folders use it. */
  name: z.string().regex(/^[a-z][-a-z]*$/),
  title: z.string(),
  version: z.string().regex(/^v\d/),
  namespace: z.string(),
  /** Without `lite`, a lite environment gets what a full one gets. */
  manifests: z.strictObject({ full: z.array(file).min(1), lite: z.array(file).min(1).optional() }),
  /** Files of our own objects. */
  objects: z.array(z.string()).default([]),
  patches: z.string().optional(),
  /** Passwords that the product would make for itself, later than its pods ask for them. */
  passwords: z.array(z.strictObject({ secret: z.string(), key: z.string() })).default([]),
  /** How an installation that is there already is found: a CRD, and the last word of its controller's image. */
  detect: z.strictObject({ crd: z.string(), image: z.string() }),
  /** What tells that it works, beside its CRDs and workloads. */
  ready: z
    .strictObject({
      apiServices: z.array(z.string()).default([]),
      /** ValidatingWebhookConfigurations whose certificates the operator fills in itself. */
      webhooks: z.array(z.string()).default([]),
    })
    .default({ apiServices: [], webhooks: [] }),
})

export type Operator = z.output<typeof operator>

export const operatorsSchema = z.strictObject({
  /** Minor versions, inclusive. */
  kubernetes: z.strictObject({ oldest: z.int(), newest: z.int() }),
  tools: z.strictObject({
    k3d: z.strictObject({ version: z.string(), platforms: z.record(z.string(), file) }),
  }),
  images: z.strictObject({
    k3s: z.string(),
    k3dTools: z.string(),
    registry: z.string(),
    vault: z.string(),
    postgres: z.string(),
    git: z.string(),
  }),
  /** What k3s runs by itself, by the size of the environment; a bundle brings them. */
  systemImages: z
    .strictObject({ full: z.array(z.string()), lite: z.array(z.string()) })
    .default({ full: [], lite: [] }),
  /** What the pull-through mirrors stand before, by registry. */
  mirrors: z.strictObject({
    'docker.io': z.url(),
    'ghcr.io': z.url(),
    'quay.io': z.url(),
    'public.ecr.aws': z.url(),
  }),
  operators: z.array(operator),
})

export type OperatorsLock = z.output<typeof operatorsSchema>

export const patchesSchema = z.array(
  z.strictObject({
    target: z.strictObject({ kind: z.string(), name: z.string() }),
    plan: z.enum(['full', 'lite']).optional(),
    merge: z.record(z.string(), z.unknown()).optional(),
    containers: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
    remove: z.literal(true).optional(),
  }),
)

export type Patch = z.output<typeof patchesSchema>[number]
