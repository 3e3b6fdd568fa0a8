/** What people type: the real kubectl against the cluster. Without kubectl on PATH there are no cases. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { which } from '../../../src/lib/exec.ts'
import type { ContractCase } from '../case.ts'
import { PATIENCE_MS, webDeployment } from '../case.ts'
import { kubectl } from '../kubectl.ts'

const TIMEOUT = `--timeout=${PATIENCE_MS / 1000}s`

export function kubectlCases(): ContractCase[] {
  if (!which('kubectl')) {
    process.stderr.write('contract: no kubectl on PATH, its cases are left out\n')
    return []
  }
  return CASES
}

const CASES: ContractCase[] = [
  {
    name: 'kubectl apply, get, scale, rollout status, logs, delete',
    async run(context) {
      const manifest = JSON.stringify(webDeployment(context, 'web', 1))
      expect(await kubectl(context, ['apply', '-f', '-'], manifest)).toContain('deployment.apps/web created')
      expect(await kubectl(context, ['apply', '-f', '-'], manifest)).toContain(
        'deployment.apps/web unchanged',
      )
      expect(await kubectl(context, ['rollout', 'status', 'deploy/web', TIMEOUT])).toContain(
        'successfully rolled out',
      )
      await kubectl(context, ['scale', 'deploy/web', '--replicas=2'])
      await kubectl(context, ['wait', 'deploy/web', '--for=jsonpath={.status.readyReplicas}=2', TIMEOUT])
      expect(await kubectl(context, ['get', 'deploy', 'web', '--no-headers'])).toMatch(
        /^web\s+2\/2\s+2\s+2\s+\d+s$/,
      )
      expect(await kubectl(context, ['logs', 'deploy/web'])).toContain('listening on 8080')
      expect(await kubectl(context, ['delete', 'deploy', 'web'])).toContain('deleted')
    },
  },
  {
    name: 'kubectl describe shows events and conditions',
    async run(context) {
      await kubectl(context, ['apply', '-f', '-'], JSON.stringify(webDeployment(context, 'web', 1)))
      await kubectl(context, ['rollout', 'status', 'deploy/web', TIMEOUT])
      const deployment = await kubectl(context, ['describe', 'deploy', 'web'])
      expect(deployment).toContain('MinimumReplicasAvailable')
      expect(deployment).toContain('ScalingReplicaSet')
      const pod = await kubectl(context, ['describe', 'pod', '-l', 'app=web'])
      expect(pod).toMatch(/Successfully assigned/)
      expect(pod).toMatch(/Started/)
    },
  },
  {
    name: 'kubectl exec runs a command in the pod and passes its exit code on',
    async run(context) {
      await kubectl(context, ['apply', '-f', '-'], JSON.stringify(webDeployment(context, 'web', 1)))
      await kubectl(context, ['rollout', 'status', 'deploy/web', TIMEOUT])
      expect(await kubectl(context, ['exec', 'deploy/web', '--', 'echo', 'hello'])).toBe('hello')
      await expect(kubectl(context, ['exec', 'deploy/web', '--', 'sh', '-c', 'exit 7'])).rejects.toThrow(
        /exit code 7/,
      )
    },
  },
  {
    name: 'kubectl explain, server-side apply, diff and patch',
    async run(context) {
      expect(await kubectl(context, ['explain', 'deployment.spec.replicas'])).toContain('replicas')
      const manifest = JSON.stringify({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'c' },
        data: { a: '1' },
      })
      expect(await kubectl(context, ['apply', '--server-side', '-f', '-'], manifest)).toContain(
        'serverside-applied',
      )
      await kubectl(context, ['patch', 'configmap', 'c', '--type=merge', '-p', '{"data":{"b":"2"}}'])
      expect(await kubectl(context, ['get', 'configmap', 'c', '-o', 'jsonpath={.data}'])).toBe(
        '{"a":"1","b":"2"}',
      )
    },
  },
  {
    name: 'kubectl refuses a manifest with an unknown field',
    async run(context) {
      const folder = await mkdtemp(join(tmpdir(), 'dvk-'))
      try {
        const file = join(folder, 'bad.json')
        await writeFile(
          file,
          JSON.stringify({
            apiVersion: 'v1',
            kind: 'Service',
            metadata: { name: 's' },
            spec: { prots: [], ports: [{ port: 1 }] },
          }),
        )
        await expect(kubectl(context, ['apply', '-f', file])).rejects.toThrow(/unknown field "spec\.prots"/)
      } finally {
        await rm(folder, { recursive: true, force: true })
      }
    },
  },
]
