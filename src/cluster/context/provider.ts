/** A cluster that exists, by its kubeconfig's context: nothing of it is ours but what we label so. */
import { join } from 'node:path'
import { untilWorkloads } from '../../components/ready/workloads.ts'
import { DevenvError, messageOf } from '../../lib/errors.ts'
import { KubeClient } from '../../lib/kube/client.ts'
import { type FlatContext, flattenContext, looksLocal } from '../../lib/kube/contexts.ts'
import { isKubeError } from '../../lib/kube/errors.ts'
import { installObjects } from '../../lib/kube/install.ts'
import { LiveObjects } from '../../lib/kube/live.ts'
import { forwardService } from '../../lib/kube/portforward.ts'
import { writeFileAtomic } from '../../lib/paths.ts'
import type { Provider, StartedCluster, Waits } from '../provider.ts'
import { serviceCredentials } from '../services/credentials.ts'
import { GIT_PORT } from '../services/git.ts'
import { prepareVault } from '../services/vault.ts'
import { removeFromCluster } from './remove.ts'
import { POSTGRES_PORT, serviceHost, serviceObjects, servicesNamespace, VAULT_PORT } from './services.ts'

export interface ContextOptions {
  name: string
  /** The context's name in the user's kubeconfig. */
  context: string
  stateDir: string
  env: Record<string, string | undefined>
  images: { vault: string; postgres: string; git: string }
  /** Kubernetes minors that the operators support, inclusive. */
  kubernetes: { oldest: number; newest: number }
  vaultMount: string
  postgres: { user: string; password: string; database: string }
  /** The environment's own repository, and the namespace of who reads it. */
  repository: { repository: string; branch: string; readers: string }
}

/** Uses the cluster of one context of the user's kubeconfig, which is read and never written. */
export function contextProvider(options: ContextOptions): Provider {
  const { name, stateDir } = options
  const kubeconfig = join(stateDir, 'kubeconfig')
  const { images, postgres, repository } = options
  const objects = (vaultRootToken: string) =>
    serviceObjects({ environment: name, images, vaultRootToken, postgres, repository })
  return {
    kind: 'context',
    operators: 'installed',
    async probe() {
      const { server } = await flattenContext(options.context, options.env)
      return { available: true, reason: `context ${options.context} is at ${server}` }
    },
    async preflight(_images, progress) {
      const flat = await flattenContext(options.context, options.env)
      progress(`context ${options.context} at ${flat.server}`)
      const version = await answeringVersion(flat)
      warnOfVersion(version, options.kubernetes, progress)
      return {
        size: 'lite',
        existing: {
          kubeconfig: flat.text,
          // What decides about access is their kinds: the credentials are made when they are written.
          objects: objects(''),
          ...(looksLocal(flat)
            ? {}
            : { question: `context ${flat.name} (${flat.server}) does not look local. Write to it?` }),
        },
      }
    },
    async start(progress, signal) {
      const flat = await flattenContext(options.context, options.env)
      await writeFileAtomic(kubeconfig, flat.text)
      await using opened = new AsyncDisposableStack()
      const kube = await KubeClient.fromFile(kubeconfig)
      opened.defer(() => kube.close())
      const namespace = servicesNamespace(name)
      const { vaultRootToken, vaultReadToken } = await serviceCredentials(stateDir)
      await installObjects(kube, objects(vaultRootToken), {
        title: 'services',
        environment: name,
        signal,
        waiting: progress,
      })
      const vault = opened.use(await forwardService(kube, namespace, 'vault', VAULT_PORT))
      const database = opened.use(await forwardService(kube, namespace, 'postgres', POSTGRES_PORT))
      const address = `http://127.0.0.1:${vault.port}`
      const live = opened.use(new LiveObjects(kube))
      const deployment = (service: string, waits: Waits) =>
        untilWorkloads(live, [{ kind: 'Deployment', namespace, name: service }], waits)
      const { gitVersion } = JSON.parse(await kube.raw('GET', '/version')) as { gitVersion: string }
      const forwards = opened.move()
      const started: StartedCluster = {
        kind: 'context',
        kubernetes: gitVersion,
        kubeconfig,
        endpoints: { kubernetes: flat.server },
        gitBase: `git://${serviceHost(name, 'git')}:${GIT_PORT}/`,
        carrier: { namespace, service: 'git', port: GIT_PORT },
        vault: {
          address,
          podAddress: `http://${serviceHost(name, 'vault')}:${VAULT_PORT}`,
          token: vaultRootToken,
          readToken: vaultReadToken,
          async ready(waits) {
            await deployment('vault', waits)
            const { vaultMount: mount } = options
            await prepareVault(
              { address, rootToken: vaultRootToken, mount, readToken: vaultReadToken },
              waits,
            )
          },
        },
        postgres: {
          host: '127.0.0.1',
          port: database.port,
          podHost: serviceHost(name, 'postgres'),
          podPort: POSTGRES_PORT,
          ...postgres,
          ready: (waits) => deployment('postgres', waits),
        },
        services: { kind: 'forward' },
        close: () => forwards.disposeAsync(),
      }
      return started
    },
    remove: (progress) =>
      removeFromCluster({ name, stateDir, context: options.context, env: options.env }, progress),
  }
}

/** A server that takes longer to tell its version is of no use for a bring-up. */
const ANSWER_MS = 15_000

/** Throws ACCESS_DENIED for credentials that are not taken, PROVIDER_UNAVAILABLE for a server that does not answer. */
async function answeringVersion(flat: FlatContext): Promise<string> {
  const kube = await KubeClient.fromText(flat.text, `context ${flat.name}`)
  const signal = AbortSignal.timeout(ANSWER_MS)
  try {
    // Most clusters tell their version to anybody: only a question about oneself shows what the credentials are worth.
    await kube.raw('GET', '/apis', undefined, signal)
    return (JSON.parse(await kube.raw('GET', '/version', undefined, signal)) as { gitVersion: string })
      .gitVersion
  } catch (thrown) {
    if (isKubeError(thrown, 401))
      throw new DevenvError(
        'ACCESS_DENIED',
        `context ${flat.name}: ${flat.server} does not accept its credentials (${messageOf(thrown)}); they have expired or were revoked`,
        { cause: thrown, fix: 'Log in to the cluster again, in the way that you got this kubeconfig.' },
      )
    if (isKubeError(thrown, 403))
      throw new DevenvError('ACCESS_DENIED', `context ${flat.name}: ${messageOf(thrown)}`, { cause: thrown })
    throw new DevenvError(
      'PROVIDER_UNAVAILABLE',
      `context ${flat.name}: ${flat.server} ${signal.aborted ? `has not answered within ${ANSWER_MS / 1000} s` : `does not answer: ${messageOf(thrown)}`}`,
      {
        cause: thrown,
        fix: `kubectl --context ${flat.name} get --raw /version shows whether it can be reached.`,
      },
    )
  } finally {
    kube.close()
  }
}

function warnOfVersion(
  version: string,
  { oldest, newest }: { oldest: number; newest: number },
  progress: (what: string) => void,
): void {
  const minor = Number(/^v1\.(\d+)/.exec(version)?.[1])
  if (minor >= oldest && minor <= newest) return
  progress(`Kubernetes ${version}: the operators are tested on 1.${oldest} to 1.${newest}; going on`)
}
