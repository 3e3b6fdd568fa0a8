import { expect, it } from 'vitest'
import { DevenvError } from '../../lib/errors.ts'
import type { KubeObject } from '../../lib/kube/object.ts'
import { pressureOf, withPressure } from './pressure.ts'

const node = (status: 'True' | 'False'): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'n', uid: 'u' },
  status: {
    conditions: [
      { type: 'DiskPressure', status, message: 'kubelet has disk pressure' },
      { type: 'Ready', status: 'True', message: 'kubelet is posting ready status' },
    ],
  },
})

it('names the node that is short of something', () => {
  expect(pressureOf([node('False')])).toBeUndefined()
  expect(pressureOf([node('False'), node('True')])).toEqual({
    what: 'node n has DiskPressure (kubelet has disk pressure)',
    fix: expect.stringContaining('docker system prune'),
  })
})

it('leads the failure of a step, and leaves a user’s mistake alone', () => {
  const failed = new DevenvError('STEP_FAILED', 'pod p: no node can run it', { fix: 'describe pod' })
  expect(withPressure(failed, [node('True')])).toMatchObject({
    code: 'STEP_FAILED',
    message: expect.stringMatching(/^node n has DiskPressure.*pod p: no node can run it$/),
    fix: expect.stringContaining('docker system prune'),
  })
  expect(withPressure(failed, [node('False')])).toBe(failed)
  const mistake = new DevenvError('CHART_INVALID', 'no')
  expect(withPressure(mistake, [node('True')])).toBe(mistake)
})
