import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { loadChart, type RenderOptions, renderChart, TemplateError, toText } from './index.ts'

let root: string | undefined
afterEach(async () => {
  if (root) await rm(root, { recursive: true })
  root = undefined
})

async function chart(files: Record<string, string>) {
  root = await mkdtemp(join(tmpdir(), 'chart-'))
  const all = { 'c/Chart.yaml': 'apiVersion: v2\nname: c\nversion: 0.1.0\n', ...files }
  for (const [name, text] of Object.entries(all)) {
    await mkdir(dirname(join(root, name)), { recursive: true })
    await writeFile(join(root, name), text)
  }
  return loadChart(join(root, 'c'))
}

const options: RenderOptions = { releaseName: 'r', namespace: 'n', values: {} }

it('gives parsed objects, hooks apart, notes and crds', async () => {
  const rendered = renderChart(
    await chart({
      'c/templates/a.yaml':
        'kind: Job\nmetadata: {name: j, annotations: {helm.sh/hook: "pre-install,test", helm.sh/hook-weight: "3", helm.sh/hook-delete-policy: hook-failed}}\n---\nkind: Service\nnumber: 1\n---\nkind: Secret',
      'c/templates/NOTES.txt': 'hi {{ .Release.Name }}',
      'c/crds/x.yaml': 'kind: CustomResourceDefinition\n---\nkind: CustomResourceDefinition\n',
    }),
    options,
  )
  expect(rendered.manifests.map(({ object }) => object.kind)).toEqual(['Secret', 'Service', 'Job'])
  expect(rendered.manifests[1]).toEqual({
    source: 'c/templates/a.yaml',
    content: 'kind: Service\nnumber: 1',
    object: { kind: 'Service', number: 1 },
  })
  expect(rendered.manifests[2]?.hook).toEqual({
    events: ['pre-install', 'test'],
    weight: 3,
    deletePolicies: ['hook-failed'],
  })
  expect(rendered.notes).toBe('hi r')
  expect(rendered.crds).toHaveLength(2)
  expect(toText(rendered)).not.toContain('CustomResourceDefinition')
})

it('asks the injected lookup', async () => {
  const asked: string[][] = []
  const rendered = renderChart(
    await chart({
      'c/templates/a.yaml':
        'v: {{ (lookup "v1" "Secret" "n" "s").data.k }}\nnone: {{ lookup "v1" "Secret" "n" "" | len }}',
    }),
    {
      ...options,
      lookup: (...query) => {
        asked.push(query)
        return query[3] ? { data: { k: 'found' } } : undefined
      },
    },
  )
  expect(rendered.manifests[0]?.object).toEqual({ v: 'found', none: 0 })
  expect(asked).toEqual([
    ['v1', 'Secret', 'n', 's'],
    ['v1', 'Secret', 'n', ''],
  ])
})

it('leaves the chart as it was, so that it can be rendered again', async () => {
  const loaded = await chart({
    'c/values.yaml': 'm: {a: 1}',
    'c/templates/a.yaml': '{{ $_ := set .Values.m "a" 2 }}a: {{ .Values.m.a }}{{ .Values.n }}',
  })
  const values = { n: 1 }
  const [first, second] = [
    renderChart(loaded, { ...options, values }),
    renderChart(loaded, { ...options, values }),
  ]
  expect(toText(second)).toBe(toText(first))
  expect(loaded.values.get('m')).toEqual(new Map([['a', 1]]))
})

it('loads a dependency from a file:// repository', async () => {
  const loaded = await chart({
    'c/Chart.yaml':
      'apiVersion: v2\nname: c\nversion: 0.1.0\ndependencies: [{name: kid, version: "*", repository: "file://../kid"}]\n',
    'kid/Chart.yaml': 'apiVersion: v2\nname: kid\nversion: 1.0.0\n',
    'kid/values.yaml': 'x: 1',
    'kid/templates/k.yaml': 'x: {{ .Values.x }}',
  })
  expect(renderChart(loaded, { ...options, values: { kid: { x: 2 } } }).manifests[0]).toMatchObject({
    source: 'c/charts/kid/templates/k.yaml',
    object: { x: 2 },
  })
})

it('says where a template failed, in the error and in its cause', async () => {
  const loaded = await chart({ 'c/templates/a.yaml': 'a: 1\nb: {{ .Values.x.y }}' })
  const thrown: any = (() => {
    try {
      renderChart(loaded, options)
    } catch (error) {
      return error
    }
  })()
  expect(thrown).toMatchObject({ code: 'CHART_INVALID' })
  expect(thrown.cause).toBeInstanceOf(TemplateError)
  expect(thrown.cause.place).toEqual({
    template: 'c/templates/a.yaml',
    line: 2,
    column: 13,
    expression: '.Values.x.y',
  })
})

it.each([
  [
    'include',
    '{{ define "r" }}{{ include "r" . }}{{ end }}{{ include "r" . }}',
    'rendering template has a nested reference name: r',
  ],
  [
    'template',
    '{{ define "r" }}{{ template "r" . }}{{ end }}{{ template "r" . }}',
    'exceeded maximum template depth',
  ],
])('stops endless recursion through %s', async (_, text, message) => {
  const loaded = await chart({ 'c/templates/a.yaml': text })
  expect(() => renderChart(loaded, options)).toThrow(message)
})

it('refuses missing dependencies, libraries and the wrong cluster', async () => {
  const base = 'apiVersion: v2\nname: c\nversion: 0.1.0\n'
  const missing = await chart({ 'c/Chart.yaml': `${base}dependencies: [{name: gone, version: "1"}]` })
  expect(() => renderChart(missing, options)).toThrow('missing in charts/ directory: gone')
  expect(() =>
    renderChart({ ...missing, metadata: { ...missing.metadata, type: 'library' } }, options),
  ).toThrow('not installable')
  const picky = { ...missing, metadata: { ...missing.metadata, dependencies: [], kubeVersion: '<1.20' } }
  expect(() => renderChart(picky, options)).toThrow('chart requires kubeVersion: <1.20')
})

const sibling = (version: string, repository = 'file://../kid') => ({
  'c/Chart.yaml': `apiVersion: v2\nname: c\nversion: 0.1.0\ndependencies: [{name: kid, version: "${version}", repository: "${repository}"}]\n`,
  'kid/Chart.yaml': 'apiVersion: v2\nname: kid\nversion: 1.2.0\n',
  'kid/templates/a.yaml': 'kind: Kid',
})

it('reads file:// dependencies where they are', async () => {
  const rendered = renderChart(await chart(sibling('^1.0.0')), options)
  expect(rendered.manifests.map(({ object }) => object.kind)).toEqual(['Kid'])
})

it.each([
  [
    sibling('^2.0.0'),
    /can't get a valid version for 1 subchart\(s\): "kid" \(repository "file:\/\/..\/kid", version "\^2.0.0"\)/,
  ],
  [sibling('^1.0.0', 'file://../gone'), /dependency kid: directory \.\.\/gone not found/],
])('says which dependency cannot be had: %#', async (files, message) => {
  await expect(chart(files)).rejects.toThrow(message)
})

it('names the part of a link’s target that is missing', async () => {
  await chart({})
  await symlink('../gone/deeper/x', join(root!, 'c', 'README.md'))
  await expect(loadChart(join(root!, 'c'))).rejects.toThrow(
    `error evaluating symlink ${root}/c/README.md: lstat ${root}/gone: no such file or directory`,
  )
})
