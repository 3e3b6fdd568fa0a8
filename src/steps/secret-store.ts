/** The namespace, and what the stack's secrets are read by. */
import { applyManifests } from '../components/chart/apply.ts'
import { missingReady } from '../components/ready/conditions.ts'
import { namespaceManifest, prerequisiteManifests } from '../components/secrets/store.ts'
import { FIELD_MANAGER, type Running } from './context.ts'
import type { StepProgress } from './step.ts'

/** Applies them and waits for the SecretStore. `logins` are those of the images' registries. */
export async function store(
  context: Running,
  { waiting, signal }: StepProgress,
  logins: string,
): Promise<void> {
  const { plan, kube, cluster, live } = context
  const { namespace, prerequisites, vault } = plan.environment
  const manifests = [
    namespaceManifest(namespace, plan.options.name),
    ...prerequisiteManifests({
      environment: plan.options.name,
      namespace,
      secretStore: prerequisites.secretStore,
      pullSecret: prerequisites.pullSecret,
      logins,
      vault: { address: cluster.vault.podAddress, mount: vault.mount, token: cluster.vault.readToken },
    }),
  ]
  await applyManifests(kube, manifests, { namespace, fieldManager: FIELD_MANAGER, signal })
  const { name } = prerequisites.secretStore
  await live.until(
    () => {
      const missing = missingReady(live.get('external-secrets.io/v1/secretstores', namespace, name))
      return missing ? { waiting: `SecretStore ${name}: ${missing}` } : { done: undefined }
    },
    { signal, onWaiting: (state) => waiting(state.waiting) },
  )
}
