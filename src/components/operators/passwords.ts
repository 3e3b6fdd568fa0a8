/** Passwords between the parts of an operator, made before the pods that read them. */
import { randomBytes } from 'node:crypto'
import type { Operator } from '../../config/operators.ts'
import type { KubeClient } from '../../lib/kube/client.ts'
import type { KubeObject } from '../../lib/kube/object.ts'
import { owned } from '../../lib/kube/owned.ts'

const BYTES = 24

/**
 * The Secrets that are not there yet, each with a new password. One that is there stays as it is: its readers took
 * the value when they started.
 */
export async function missingPasswords(
  kube: KubeClient,
  { namespace, passwords }: Pick<Operator, 'namespace' | 'passwords'>,
  environment: string,
): Promise<KubeObject[]> {
  const wanted = passwords.map(async ({ secret, key }) => {
    if (await kube.find('v1/secrets', secret, { namespace })) return []
    const object: KubeObject = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: secret, namespace },
      type: 'Opaque',
      data: { [key]: Buffer.from(randomBytes(BYTES).toString('base64url')).toString('base64') },
    }
    return [owned(object, environment)]
  })
  return (await Promise.all(wanted)).flat()
}
