/** From the plan's choice of a cluster to its provider. */

import { contextProvider } from '../cluster/context/provider.ts'
import { embeddedProvider } from '../cluster/embedded/provider.ts'
import { neededBuilds } from '../cluster/k3d/builds.ts'
import { k3dProvider } from '../cluster/k3d/provider.ts'
import { namesRegistry } from '../cluster/k3d/reference.ts'
import type { Provider } from '../cluster/provider.ts'
import { withReleases } from '../demo/releases.ts'
import type { FetchOptions } from '../lib/download/artifact.ts'
import { DevenvError } from '../lib/errors.ts'
import { cacheDir } from '../lib/paths.ts'
import type { UpOptions } from './options.ts'
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
      builds: neededBuilds(
        withReleases(
          plan.usedImages.map(({ image }) => image),
          environment.demo,
        ),
        // The team's images are in their registry; what names none is nowhere but here.
        options.images === 'team' ? plan.builds.filter(({ match }) => !namesRegistry(match)) : plan.builds,
      ),
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

/** How pinned files are had in this run. */
export function fetchOptions(
  { offline }: UpOptions,
  progress: (what: string) => void,
  signal: AbortSignal,
): FetchOptions {
  return { cacheDir: cacheDir(), env: process.env, offline: offline === true, onProgress: progress, signal }
}
