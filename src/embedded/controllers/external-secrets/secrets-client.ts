/** What a provider gives to the sync: single values, maps and searches, and whether its login works. */
import type { Find, RemoteRef, SecretData } from './types.ts'

export interface SecretsClient {
  /** One value. Throws NoSecretError when the provider has no such secret. */
  getSecret(ref: RemoteRef): Promise<Buffer>
  /** All keys of one secret. */
  getSecretMap(ref: RemoteRef): Promise<SecretData>
  /** Every secret that matches, by name. */
  findSecrets(find: Find): Promise<SecretData>
  /** Throws with the reason when the store cannot be used. */
  validate(): Promise<void>
  /** Gives back what the login got. */
  close(): Promise<void>
}

/** The provider has no such secret: deletion policies turn on this one error. */
export class NoSecretError extends Error {
  override readonly name = 'NoSecretError'
  constructor() {
    super('Secret does not exist')
  }
}
