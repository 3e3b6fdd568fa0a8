// The bundled charts: what Helm makes of them, and that it is the stack that the documents describe.
// Run with UPDATE_GOLDEN=1 after a wanted change, on a machine with helm.
import { spawnSync } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { type GoldenCase, goldenCases, objectsOf } from './cases.ts'

const cases = await goldenCases()
const hasHelm = spawnSync('helm', ['version']).status === 0

function helmTemplate({ release, namespace, chart, values }: GoldenCase): string {
  const run = spawnSync('helm', ['template', release, chart, '--namespace', namespace, '--values', '-'], {
    input: stringify(values),
    encoding: 'utf8',
  })
  // A warning would be read by everybody who installs the chart.
  if (run.status !== 0 || run.stderr !== '') throw new Error(run.stderr)
  return run.stdout
}

test.skipIf(!hasHelm).each(cases)('helm renders $name as kept', async (golden) => {
  const rendering = helmTemplate(golden)
  if (process.env.UPDATE_GOLDEN) {
    await mkdir(dirname(golden.expected), { recursive: true })
    await writeFile(golden.expected, rendering)
  }
  expect(objectsOf(rendering)).toEqual(objectsOf(await readFile(golden.expected, 'utf8')))
})

async function rendered(name: string) {
  const golden = cases.find((candidate) => candidate.name === name)!
  const objects = objectsOf(await readFile(golden.expected, 'utf8'))
  const find = (kind: string, short: string) =>
    objects.find((object) => object.kind === kind && object.metadata.name === `team1-project-${short}`)
  const all = (kind: string) => objects.filter((object) => object.kind === kind)
  return { objects, find, all }
}

const WORKERS = {
  'job-descr-worker': 'job_description_task',
  'question-worker': 'question_generation_task',
  'resume-worker': 'resume_evaluation_task',
}

describe('the stack', () => {
  test.each(Object.entries(WORKERS))('%s is KEDA’s to scale, on %s', async (name, queue) => {
    const { find } = await rendered('default')
    expect(find('Deployment', name).spec).not.toHaveProperty('replicas')
    const { spec } = find('ScaledObject', `${name}-scaler`)
    expect(spec).toMatchObject({
      scaleTargetRef: { name: `team1-project-${name}` },
      minReplicaCount: 0,
      maxReplicaCount: 5,
      pollingInterval: 30,
      cooldownPeriod: 300,
    })
    expect(spec.triggers).toEqual([
      {
        type: 'rabbitmq',
        metadata: {
          protocol: 'http',
          host: 'http://team1-project-rabbitmq.team1-ns.svc.cluster.local:15672',
          queueName: queue,
          queueLength: '10',
        },
        authenticationRef: { name: 'team1-project-rabbitmq-trigger-auth' },
      },
    ])
    expect(find('Deployment', name).spec.template.spec.containers[0].env).toEqual([
      { name: 'QUEUE', value: queue },
    ])
  })

  test('core-api walks the team’s canary and never loses capacity', async () => {
    const { spec } = (await rendered('default')).find('Rollout', 'core-api')
    expect(spec.replicas).toBe(1)
    expect(spec.strategy.canary).toEqual({
      maxSurge: 1,
      maxUnavailable: 0,
      steps: [
        { setWeight: 20 },
        { pause: { duration: '2m' } },
        { setWeight: 50 },
        { pause: { duration: '2m' } },
        { setWeight: 100 },
      ],
    })
  })

  test('an HPA on the Rollout takes its replicas over', async () => {
    const { find } = await rendered('everything')
    expect(find('Rollout', 'core-api').spec).not.toHaveProperty('replicas')
    expect(find('HorizontalPodAutoscaler', 'core-api').spec).toMatchObject({
      scaleTargetRef: { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout' },
      minReplicas: 2,
      maxReplicas: 5,
    })
  })

  test.each(['default', 'everything'])('%s: whatever a pod refers to is made', async (name) => {
    const { objects, all } = await rendered(name)
    const made = new Set(objects.map((object) => `${object.kind}/${object.metadata.name}`))
    // These Secrets come from the environment.
    made.add('Secret/ghcr-secret')
    for (const { spec } of all('ExternalSecret')) made.add(`Secret/${spec.target.name}`)
    for (const object of [...all('Deployment'), ...all('Rollout')]) {
      for (const reference of referencesOf(object.spec.template.spec)) expect(made).toContain(reference)
    }
  })

  test.each(['default', 'everything'])(
    '%s: every secret is read from a path and key that is seeded',
    async (name) => {
      const { paths } = parse(await readFile(new URL('../../../seeds/vault.yaml', import.meta.url), 'utf8'))
      for (const { spec } of (await rendered(name)).all('ExternalSecret')) {
        for (const { secretKey, remoteRef } of spec.data ?? []) {
          expect(remoteRef.property).toBe(secretKey)
          expect(paths[remoteRef.key.replace(/^team1\//, '')]).toHaveProperty(secretKey)
        }
        for (const { extract } of spec.dataFrom ?? [])
          expect(paths).toHaveProperty(extract.key.replace(/^team1\//, ''))
      }
    },
  )

  test('every image has a program to stand in for it', async () => {
    const { images } = parse(await readFile(new URL('../../../devenv/images.yaml', import.meta.url), 'utf8'))
    const patterns = images.map(({ match }: { match: string }) => match.slice(0, match.lastIndexOf(':') + 1))
    for (const { name, expected } of cases) {
      for (const image of (await readFile(expected, 'utf8')).match(/(?<=image: )\S+/g) ?? []) {
        expect([name, image, patterns.some((pattern: string) => image.startsWith(pattern))]).toEqual([
          name,
          image,
          true,
        ])
      }
    }
  })

  test('the fast profile leaves the chart’s shape as it is', async () => {
    const shape = async (name: string) =>
      (await rendered(name)).objects.map((object) => `${object.kind}/${object.metadata.name}`)
    expect(await shape('fast')).toEqual(await shape('default'))
  })
})

function referencesOf(pod: any): string[] {
  const container = pod.containers[0]
  return [
    `ServiceAccount/${pod.serviceAccountName}`,
    ...pod.imagePullSecrets.map(({ name }: { name: string }) => `Secret/${name}`),
    ...container.envFrom.map((source: any) =>
      source.secretRef ? `Secret/${source.secretRef.name}` : `ConfigMap/${source.configMapRef.name}`,
    ),
  ]
}
