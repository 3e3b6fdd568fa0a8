import { describe, expect, it } from 'vitest'
import { type GitServerPod, gitServerObjects } from './git.ts'

const given: GitServerPod = {
  namespace: 'devenv',
  image: 'quay.io/argoproj/argocd:v3.5.1',
  repository: 'stack.git',
  branch: 'main',
  readers: 'argocd',
}
const podOf = (changes: Partial<GitServerPod>) =>
  gitServerObjects({ ...given, ...changes })[0]?.spec?.template.spec

describe('gitServerObjects', () => {
  it('reads a folder of this machine as its user, who alone may, and takes no pushes', () => {
    const pod = podOf({ host: { path: '/var/lib/devenv/git', user: 1000 } })
    expect(pod.securityContext).toMatchObject({ runAsUser: 1000 })
    expect(pod.containers[0].volumeMounts[0].readOnly).toBe(true)
    expect(pod.containers[0].command).not.toContain('--enable=receive-pack')
  })

  it('has a repository of its own elsewhere, filled by pushes', () => {
    const pod = podOf({})
    expect(pod.initContainers).toHaveLength(1)
    expect(pod.containers[0].command).toContain('--enable=receive-pack')
  })
})
