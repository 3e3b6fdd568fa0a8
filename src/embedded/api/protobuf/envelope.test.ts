import { describe, expect, it } from 'vitest'
import { ApiError } from '../../errors.ts'
import { decodeEnvelope } from './envelope.ts'

function varint(value: number): Buffer {
  const bytes: number[] = []
  let rest = value
  do {
    bytes.push((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0))
    rest >>>= 7
  } while (rest > 0)
  return Buffer.from(bytes)
}

const num = (field: number, value: number) => Buffer.concat([varint(field << 3), varint(value)])
const text = (field: number, value: string | Buffer) =>
  Buffer.concat([varint((field << 3) | 2), varint(Buffer.byteLength(value)), Buffer.from(value)])
const message = (field: number, ...parts: Buffer[]) => text(field, Buffer.concat(parts))

function envelope(apiVersion: string, kind: string, ...raw: Buffer[]): Buffer {
  const typeMeta = message(1, text(1, apiVersion), text(2, kind))
  return Buffer.concat([Buffer.from('k8s\0'), typeMeta, message(2, ...raw)])
}

describe('decodeEnvelope', () => {
  it('reads maps, bytes and metadata, and leaves zero values out', () => {
    const metadata = message(
      1,
      text(1, 's'),
      text(2, ''),
      num(7, 0),
      message(8),
      message(11, text(1, 'a'), text(2, 'b')),
    )
    const data = message(2, text(1, 'key'), text(2, 'value'))
    expect(decodeEnvelope(envelope('v1', 'Secret', metadata, data, text(3, 'Opaque')))).toEqual({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 's', labels: { a: 'b' } },
      data: { key: Buffer.from('value').toString('base64') },
      type: 'Opaque',
    })
  })

  it('keeps zeros behind pointers, and reads quantities and numbers-or-strings', () => {
    const resources = message(8, message(1, text(1, 'cpu'), message(2, text(1, '100m'))))
    const probe = message(
      10,
      message(1, message(2, message(2, num(1, 0), num(2, 8080), text(3, '')))),
      num(2, 5),
    )
    const container = message(2, text(1, 'app'), resources, probe)
    const spec = message(2, num(1, 0), message(3, message(2, container)))
    const strategy = message(4, message(2, message(1, num(1, 1), num(2, 0), text(3, '25%'))))
    const decoded = decodeEnvelope(envelope('apps/v1', 'Deployment', Buffer.concat([spec])) as Buffer) as any
    expect(decoded.spec.replicas).toBe(0)
    expect(decoded.spec.template.spec.containers[0]).toEqual({
      name: 'app',
      resources: { limits: { cpu: '100m' } },
      livenessProbe: { httpGet: { port: 8080 }, initialDelaySeconds: 5 },
    })
    const withStrategy = decodeEnvelope(envelope('apps/v1', 'Deployment', message(2, strategy))) as any
    expect(withStrategy.spec.strategy.rollingUpdate.maxUnavailable).toBe('25%')
  })

  it('reads times', () => {
    const seconds = Date.UTC(2026, 0, 1) / 1000
    const lease = message(2, text(1, 'me'), message(4, num(1, seconds), num(2, 123_456_000)))
    const decoded = decodeEnvelope(envelope('coordination.k8s.io/v1', 'Lease', lease)) as any
    expect(decoded.spec).toEqual({ holderIdentity: 'me', renewTime: '2026-01-01T00:00:00.123456Z' })
  })

  it('finds options of meta/v1 under any version', () => {
    expect(decodeEnvelope(envelope('apps/v1', 'DeleteOptions', num(1, 0), text(4, 'Orphan')))).toMatchObject({
      gracePeriodSeconds: 0,
      propagationPolicy: 'Orphan',
    })
  })

  it.each([
    [Buffer.from('nope'), 400],
    [Buffer.concat([envelope('v1', 'Pod', text(1, 'x')).subarray(0, -1)]), 400],
    [envelope('example.com/v1', 'Widget'), 415],
  ])('refuses %#', (bytes, code) => {
    try {
      decodeEnvelope(bytes)
      expect.unreachable()
    } catch (thrown) {
      expect(thrown).toBeInstanceOf(ApiError)
      expect((thrown as ApiError).code).toBe(code)
    }
  })
})
