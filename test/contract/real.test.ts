/**
 * The same cases on a real cluster with the real operators: DEVENV_CONTRACT_KUBECONFIG names its kubeconfig,
 * DEVENV_CONTRACT_IMAGE an image of test/contract/web.ts that its nodes can pull. Without them nothing runs here.
 * Argo CD's cases run with DEVENV_CONTRACT_GIT_HOST too: an address of this machine that pods can reach (the
 * gateway of Docker's bridge), where the cases' repositories are served for reading.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { KubeConfig } from '@kubernetes/client-node'
import { afterAll, beforeAll, describe } from 'vitest'
import { KubeClient } from '../../src/lib/kube/client.ts'
import { CASES, runCases } from './cases.ts'
import { serveRepositories } from './git-server.ts'

const {
  DEVENV_CONTRACT_KUBECONFIG: kubeconfig,
  DEVENV_CONTRACT_IMAGE: webImage,
  DEVENV_CONTRACT_GIT_HOST: gitHost,
} = process.env

describe.runIf(kubeconfig && webImage)('contract, on a real cluster', () => {
  let kube: KubeClient
  let scratch: string
  let git: Awaited<ReturnType<typeof serveRepositories>> | undefined
  const official = new KubeConfig()

  beforeAll(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'dvr-'))
    kube = await KubeClient.fromFile(kubeconfig!)
    official.loadFromFile(kubeconfig!)
    if (gitHost) git = await serveRepositories(scratch, gitHost)
  })
  afterAll(async () => {
    kube?.close()
    await git?.[Symbol.asyncDispose]()
    await rm(scratch, { recursive: true, force: true })
  })

  const cases = CASES.filter(({ name }) => gitHost || !name.startsWith('Argo CD'))
  runCases(cases, `case-${process.pid}`, () => ({
    kube,
    official,
    kubeconfig: kubeconfig!,
    webImage: webImage!,
    scratch,
    ...(git ? { served: git.base } : {}),
  }))
})
