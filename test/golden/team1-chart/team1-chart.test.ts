/**
 * The chart of the team's own shape, straight from its working copy: `file://` subcharts without archives. Our text
 * must equal that of helm, which needs `helm dependency build` first. UPDATE_GOLDEN=1 records expected.yaml anew.
 */
import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadChart, renderChart, toText } from '../../../src/embedded/helm/index.ts'
import { hasHelm } from '../helm/run-helm.ts'

const fixture = join(import.meta.dirname, '../../fixtures/team1-chart')
const expected = join(import.meta.dirname, 'expected.yaml')
const release = { releaseName: 'team1-project', namespace: 'team1-ns' }

/** What helm makes of a copy of the working copy, after building its dependencies. */
function helmTemplate(): string {
  const copy = mkdtempSync(join(tmpdir(), 'team1-chart-'))
  const helm = (...args: string[]) =>
    execFileSync('helm', args, { cwd: join(copy, 'production'), encoding: 'utf8' })
  try {
    cpSync(fixture, copy, { recursive: true })
    helm('dependency', 'build', '.')
    return helm('template', release.releaseName, '.', '--namespace', release.namespace)
  } finally {
    rmSync(copy, { recursive: true })
  }
}

async function render(values: Record<string, unknown> = {}) {
  return renderChart(await loadChart(join(fixture, 'production')), { ...release, values })
}

describe('a working copy of the team’s own chart', () => {
  it.runIf(process.env.UPDATE_GOLDEN)('is recorded', () => writeFileSync(expected, helmTemplate()))

  it('renders as recorded from helm', async () => {
    expect(toText(await render())).toBe(readFileSync(expected, 'utf8'))
  })

  it.runIf(hasHelm)('renders as the helm of this machine does', async () => {
    expect(toText(await render())).toBe(helmTemplate())
  })

  it('takes the database’s address from the environment', async () => {
    const { manifests } = await render({ postgres: { external: { host: '127.77.0.1', port: 54321 } } })
    const find = (kind: string, name: string) =>
      manifests.find(({ object }) => object.kind === kind && object.metadata.name === `team1-project-${name}`)
        ?.object
    expect(find('Service', 'postgres').spec).toMatchObject({ clusterIP: 'None' })
    expect(find('Endpoints', 'postgres').subsets[0]).toEqual({
      addresses: [{ ip: '127.77.0.1' }],
      ports: [{ name: 'postgres', port: 54321 }],
    })
    expect(find('ConfigMap', 'config').data.POSTGRES_PORT).toBe('54321')
  })

  it('leaves out what tags and conditions switch off', async () => {
    const { manifests } = await render({ tags: { workers: false }, frontend: { enabled: false } })
    const deployments = manifests.flatMap(({ object }) =>
      object.kind === 'Deployment' ? [object.metadata.name] : [],
    )
    expect(deployments).toEqual(['team1-project-rabbitmq'])
  })

  it('says which worker has no queue', async () => {
    await expect(render({ 'question-worker': { queue: '' } })).rejects.toThrow(
      /question-worker\/templates\/scaledobject\.yaml:\d+:\d+\): question-worker\.queue: which queue\?/,
    )
  })
})
