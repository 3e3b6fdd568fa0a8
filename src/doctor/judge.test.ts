import { describe, expect, it } from 'vitest'
import type { Finding } from './check.ts'
import { judge } from './judge.ts'

const disk: Finding = { name: 'disk for state', verdict: 'ok', message: '9000 MB free' }
const loopback = (verdict: Finding['verdict']): Finding => ({
  name: 'addresses 127/8',
  verdict,
  message: 'only 127.0.0.1 can be bound',
  cluster: 'embedded',
})
const engine = (verdict: Finding['verdict']): Finding => ({
  name: 'Docker engine',
  verdict,
  message: 'Docker Desktop 28.5.1',
  cluster: 'k3d',
})

describe('judge', () => {
  it('lets a Mac with an engine run k3d, whatever the embedded cluster lacks there', () => {
    const { able, clusters, findings } = judge([disk, loopback('missing'), engine('ok')])
    expect({ able, clusters }).toEqual({ able: true, clusters: ['k3d'] })
    expect(findings[1]).toMatchObject({
      verdict: 'optional',
      message: 'only 127.0.0.1 can be bound; k3d does without',
    })
  })

  it('needs no engine where the embedded cluster runs', () => {
    const { clusters, findings } = judge([disk, loopback('ok'), engine('missing')])
    expect(clusters).toEqual(['embedded'])
    expect(findings[2]).toMatchObject({ verdict: 'optional' })
  })

  it('keeps what is missing for both where neither runs', () => {
    const { able, findings } = judge([disk, loopback('missing'), engine('missing')])
    expect(able).toBe(false)
    expect(findings.map(({ verdict }) => verdict)).toEqual(['ok', 'missing', 'missing'])
  })

  it('is stopped by what every kind needs', () => {
    expect(judge([{ ...disk, verdict: 'missing' }, loopback('ok'), engine('ok')])).toMatchObject({
      able: false,
      clusters: [],
    })
  })
})
