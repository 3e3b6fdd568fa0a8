/** From the plan's choice of a cluster to its provider. */

import { contextProvider } from '../cluster/context/provider.ts'
import { embeddedProvider } from '../cluster/embedded/provider.ts'
import { k3dProvider } from '../cluster/k3d/provider.ts'
import type { Provider } from '../cluster/provider.ts'
import { DevenvError } from '../lib/errors.ts'
import { cacheDir } from '../lib/paths.ts'
import { buildsOf } from './bundle/needs.ts'
import { checkOffline } from './bundle/offline.ts'
import { fetchOptions } from './fetch-options.ts'
import type { Plan } from './plan.ts'

/** The provider of the plan's choice. */
export function providerFor(plan: Plan, progress: (what: string) => void, signal: AbortSignal): Provider {
  const { options, choice, environment, profile, secrets, lock } = plan
  const postgres = {
    user: environment.postgres.user,
    password: secrets.values[environment.postgres.passwordRef] ?? '',
    database: environment.postgres.database,
  }
  if (choice.kind === 'embedded') {
    return embeddedProvider({
      name: options.name,
      checkout: options.checkout,
      stateDir: plan.stateDir,
      cacheDir: cacheDir(),
      images: { file: 'devenv/images.yaml', rules: plan.images.images },
      ports: plan.usedPorts,
      hpaSyncPeriodMs: profile.cluster.hpaSyncPeriodSeconds * 1000,
      exclusions: environment.gitops.exclusions,
      postgres,
      vaultMount: environment.vault.mount,
      ttlMs: options.ttlMs,
      offline: options.offline === true,
    })
  }
  if (!lock) throw new DevenvError('BUG', `no lock file for ${choice.kind}`)
  const common = {
    name: options.name,
    stateDir: plan.stateDir,
    env: process.env,
    vaultMount: environment.vault.mount,
    postgres,
    repository: {
      repository: `${environment.release}.git`,
      branch: environment.gitops.branch,
      readers: environment.prerequisites.appProject.namespace,
    },
  }
  if (choice.kind === 'k3d') {
    return k3dProvider({
      ...common,
      checkout: options.checkout,
      lock,
      fetch: fetchOptions(options, progress, signal),
      hpaSyncPeriodSeconds: profile.cluster.hpaSyncPeriodSeconds,
      metricsIntervalSeconds: profile.cluster.metricsIntervalSeconds,
      builds: buildsOf(plan),
      ...(options.offline
        ? { checkOffline: (engine, size) => checkOffline(plan, { engine, size, progress, signal }) }
        : {}),
    })
  }
  if (choice.context === undefined) throw new DevenvError('BUG', 'a context without a name')
  return contextProvider({
    ...common,
    context: choice.context,
    images: lock.images,
    kubernetes: lock.kubernetes,
  })
}
