/** A cluster for this folder's tests: the real API in memory, a fake clock, Argo CD, and a git repository. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect } from 'vitest'
import { FakeClock } from '../../../lib/clock.ts'
import { COMMITTER, git } from '../../../lib/git.ts'
import { silentLogger } from '../../../lib/log.ts'
import { createApi } from '../../api/index.ts'
import type { Manifest } from '../../objects.ts'
import { createCatalog, operatorCrds } from '../../schema/index.ts'
import { garbageCollector } from '../garbage-collector/controller.ts'
import { ControllerManager } from '../runtime/manager.ts'
import { servedResources } from '../shared/served.ts'
import { argocdControllers } from './argocd.ts'
import { APPLICATIONS } from './names.ts'
import type { Application, ApplicationSpec } from './types.ts'

export const SERVER = 'https://kubernetes.default.svc'

/** A working copy with one branch, `main`. */
export class TestRepository {
  readonly folder: string

  private constructor(folder: string) {
    this.folder = folder
  }

  static async make(root: string): Promise<TestRepository> {
    const repository = new TestRepository(join(root, 'repo'))
    mkdirSync(repository.folder)
    await git(['init', '--quiet', '--initial-branch=main'], { cwd: repository.folder })
    return repository
  }

  /** Writes files (null removes one) and commits; answers the commit. */
  async commit(files: Record<string, string | null>): Promise<string> {
    const at = { cwd: this.folder, env: COMMITTER }
    for (const [name, text] of Object.entries(files)) {
      const path = join(this.folder, name)
      if (text === null) rmSync(path)
      else {
        mkdirSync(dirname(path), { recursive: true })
        writeFileSync(path, text)
      }
    }
    await git(['add', '--all'], at)
    await git(['commit', '--quiet', '--allow-empty', '-m', 'change'], at)
    return await git(['rev-parse', 'HEAD'], at)
  }
}

/** The parts of a test; dispose it at the end. */
async function startArgocd() {
  const root = mkdtempSync(join(tmpdir(), 'devenv-argocd-'))
  const clock = new FakeClock()
  const catalog = createCatalog()
  const api = createApi({ catalog, clock, allocator: { allocate: () => '127.96.0.1', reserve() {} } })
  const { client } = api
  for (const crd of operatorCrds()) client.create('apiextensions.k8s.io/v1/customresourcedefinitions', crd)
  for (const name of ['argocd', 'shop']) {
    client.create('v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
  }
  const warnings: string[] = []
  const log = { ...silentLogger, warn: (message: string) => void warnings.push(message), child: () => log }
  const manager = new ControllerManager({ client, clock, log })
  const argocd = argocdControllers({
    catalog,
    clock,
    cacheDir: join(root, 'cache'),
    kubeVersion: '1.35.0',
    jitterMs: 0,
  })
  const collector = garbageCollector({ resources: () => servedResources(catalog) })
  for (const controller of [collector, ...argocd]) manager.add(controller)
  const repository = await TestRepository.make(root)

  const settle = async () => {
    do await clock.advance(0)
    while (!manager.idle)
  }
  const app = (name = 'web') => client.get(APPLICATIONS, 'argocd', name) as Application | undefined
  return {
    root,
    clock,
    client,
    api,
    manager,
    repository,
    warnings,
    settle,
    app,
    /** Moves time until `done`; git runs in real time, so each step yields to it. */
    async until(what: string, done: () => unknown, limitMs = 120_000): Promise<void> {
      const realDeadline = Date.now() + 8000
      for (let passed = 0; ; passed += 100) {
        await settle()
        if (done()) return
        if (passed > limitMs && Date.now() > realDeadline) {
          const state = JSON.stringify(app()?.status, undefined, 1)
          throw new Error(`did not happen: ${what}; ${warnings.at(-1)}; ${state}`)
        }
        await new Promise((resolve) => setTimeout(resolve, 2))
        await clock.advance(100)
      }
    },
    createApp(spec: Partial<ApplicationSpec> = {}, metadata: Record<string, unknown> = {}): void {
      const object: Manifest = {
        apiVersion: 'argoproj.io/v1alpha1',
        kind: 'Application',
        metadata: { name: 'web', namespace: 'argocd', ...metadata },
        spec: {
          project: 'default',
          source: { repoURL: repository.folder, path: 'production', targetRevision: 'main' },
          destination: { server: SERVER, namespace: 'shop' },
          ...spec,
        },
      }
      client.create(APPLICATIONS, object)
    },
    async [Symbol.asyncDispose]() {
      await manager[Symbol.asyncDispose]()
      api[Symbol.dispose]()
      rmSync(root, { recursive: true, force: true })
    },
  }
}

type TestArgocd = Awaited<ReturnType<typeof startArgocd>>

/** A cluster for each test of a file, taken down after it; a warning in the log fails the test. */
export function perTest(): { test: TestArgocd; isSynced: () => boolean } {
  let current: TestArgocd
  beforeEach(async () => {
    current = await startArgocd()
  })
  afterEach(async () => {
    await current[Symbol.asyncDispose]()
    expect(current.warnings).toEqual([])
  })
  // Tests name it before the first one has begun.
  const test = new Proxy({} as TestArgocd, { get: (_, key) => Reflect.get(current, key) })
  const isSynced = () => test.app()?.status?.sync?.status === 'Synced' && !test.app()?.operation
  return { test, isSynced }
}

export const AUTOMATED = { automated: { prune: true, selfHeal: true } }

/** A ConfigMap as YAML. */
export function configMapYaml(name: string, value: string, annotations: Record<string, string> = {}): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, ...(Object.keys(annotations).length > 0 ? { annotations } : {}) },
    data: { value },
  })
}
