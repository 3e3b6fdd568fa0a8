import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { renderManifests } from './render.ts'

const STACK = new URL('../../../devenv/stack', import.meta.url).pathname
let chart: string

beforeEach(async () => {
  chart = await mkdtemp(join(tmpdir(), 'chart-'))
  await cp(STACK, chart, { recursive: true })
})
afterEach(() => rm(chart, { recursive: true }))

/** Puts `line` before the given line of a file of the chart, renders, and answers the error. */
async function breakAt(file: string, number: number, line: string) {
  const path = join(chart, file)
  const lines = (await readFile(path, 'utf8')).split('\n')
  await writeFile(path, lines.toSpliced(number - 1, 0, line).join('\n'))
  return renderManifests(chart, { release: 'team1-project', namespace: 'n', values: [] }).catch(
    (thrown: unknown) => thrown,
  )
}

test.each([
  ['values.yaml', 3, '\t: x', 'values.yaml:3'],
  ['charts/core-api/values.yaml', 2, '\t: x', 'charts/core-api/values.yaml:2'],
  [
    'charts/core-api/templates/service.yaml',
    3,
    '{{ .Values.nope.x.y }}',
    'charts/core-api/templates/service.yaml:3',
  ],
  ['charts/core-api/templates/service.yaml', 3, '{{ if }}', 'charts/core-api/templates/service.yaml:3'],
  [
    'charts/core-api/templates/service.yaml',
    3,
    '{{ required "need it" .Values.qq }}',
    'charts/core-api/templates/service.yaml:3',
  ],
  // The line that Helm tells is one of the rendered text, not of the file.
  ['charts/core-api/templates/service.yaml', 3, '  foo: bar: baz', 'charts/core-api/templates/service.yaml'],
])('an error in %s at line %i is located', async (file, number, line, located) => {
  expect(await breakAt(file, number, line)).toMatchObject({
    code: 'CHART_INVALID',
    exitCode: 2,
    fix: `Mend ${join(chart, located)}; nothing was created.`,
  })
})

test('gives the chart’s definitions first, for Kubernetes 1.35', async () => {
  await mkdir(join(chart, 'crds'))
  await writeFile(join(chart, 'crds', 'a.yaml'), 'kind: CustomResourceDefinition\nmetadata: {name: a}\n')
  await writeFile(
    join(chart, 'templates', 'a.yaml'),
    'kind: Version\nmetadata: {name: "{{ .Capabilities.KubeVersion.Minor }}"}\n',
  )
  const manifests = await renderManifests(chart, { release: 'team1-project', namespace: 'n', values: [] })
  expect(manifests[0]?.object.kind).toBe('CustomResourceDefinition')
  expect(manifests.find(({ object }) => object.kind === 'Version')?.object.metadata.name).toBe('35')
})
