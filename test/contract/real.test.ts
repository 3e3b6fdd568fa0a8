/**
 * The same cases on a real cluster with the real operators: DEVENV_CONTRACT_KUBECONFIG names its kubeconfig,
 * DEVENV_CONTRACT_IMAGE an image of test/contract/web.ts that its nodes can pull. Without them nothing runs here.
 * Argo CD's cases need a repository that the cluster can read, which a folder of this machine is not.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { KubeConfig } from '@kubernetes/client-node'
import { afterAll, beforeAll, describe } from 'vitest'
import { KubeClient } from '../../src/lib/kube/client.ts'
import { CASES, runCases } from './cases.ts'

const { DEVENV_CONTRACT_KUBECONFIG: kubeconfig, DEVENV_CONTRACT_IMAGE: webImage } = process.env

describe.runIf(kubeconfig && webImage)('contract, on a real cluster', () => {
  let kube: KubeClient
  let scratch: string
  const official = new KubeConfig()

  beforeAll(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'dvr-'))
    kube = await KubeClient.fromFile(kubeconfig!)
    official.loadFromFile(kubeconfig!)
  })
  afterAll(async () => {
    kube?.close()
    await rm(scratch, { recursive: true, force: true })
  })

  const cases = CASES.filter(({ name }) => !name.startsWith('Argo CD'))
  runCases(cases, `case-${process.pid}`, () => ({
    kube,
    official,
    kubeconfig: kubeconfig!,
    webImage: webImage!,
    scratch,
  }))
})
