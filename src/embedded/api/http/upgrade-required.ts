/** exec, attach and port-forward without an upgrade. */
import { badRequest } from '../../errors.ts'

export function handleUpgradeRequired(): never {
  throw badRequest('Upgrade request required')
}
