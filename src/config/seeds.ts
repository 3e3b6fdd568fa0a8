/** seeds/vault.yaml: what Vault holds when the environment comes up. */
import { z } from 'zod'

const generated = z.strictObject({
  generate: z.enum(['password', 'token']),
  length: z.int().min(8).max(256),
  prefix: z.string().optional(),
  ref: z.string().optional(),
})
const named = z.strictObject({ value: z.string(), ref: z.string() })

export const vaultSeedSchema = z.strictObject({
  mount: z.string().min(1),
  paths: z.record(z.string(), z.record(z.string(), z.union([z.string(), generated, named]))),
})

/** How a value is made up. */
export type GeneratedValue = z.output<typeof generated>
export type VaultSeed = z.output<typeof vaultSeedSchema>
