import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import * as lint from './lint.ts'
import { runCommand } from './testing-io.ts'

const checkout = join(import.meta.dirname, '../..')
let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lint-'))
})
afterEach(() => rm(folder, { recursive: true }))

const run = (...args: string[]) =>
  runCommand(lint.register, ['lint', ...args], { DEVENV_HOME: folder }, checkout)

test.each(['fast', 'team'])('our own chart is clean with the profile %s', async (profile) => {
  const { stdout, exitCode, error } = await run('--json', '--profile', profile)
  expect(error).toBeUndefined()
  expect(JSON.parse(stdout)).toMatchObject({ apiVersion: 'devenv/v1', kind: 'Lint', findings: [] })
  expect(exitCode).toBe(0)
})

test('a chart of the team’s own shape: warnings with the template, and exit code 0', async () => {
  const { stdout, exitCode } = await run(
    '--json',
    '--chart',
    join(checkout, 'test/fixtures/team1-chart/production'),
  )
  const { errors, findings } = JSON.parse(stdout)
  expect({ errors, exitCode }).toEqual({ errors: 0, exitCode: 0 })
  expect(findings).toContainEqual(
    expect.objectContaining({
      rule: 'pull-always',
      object: 'Deployment team1-project-frontend',
      source: expect.stringMatching(/templates\/.*deployment\.yaml$/),
    }),
  )
})

const RENDERED = `---
# Source: stack/templates/hpa.yaml
kind: HorizontalPodAutoscaler
apiVersion: autoscaling/v2
metadata: { name: hpa }
spec: { scaleTargetRef: { kind: Deployment, name: gone }, maxReplicas: 3 }
`

test('errors are told with the template that helm named, and end with exit code 1', async () => {
  await writeFile(join(folder, 'rendered.yaml'), RENDERED)
  const { stdout, exitCode } = await run('--manifests', folder)
  expect(exitCode).toBe(1)
  expect(stdout.split('\n')).toEqual([
    'error HorizontalPodAutoscaler hpa (stack/templates/hpa.yaml)',
    '  Deployment gone is not among the objects. [scale-target-missing]',
    '  mend: Mend scaleTargetRef (without a kind a ScaledObject means a Deployment).',
    '',
    '1 error, 0 warnings in 1 object',
    '',
  ])
})

test('a template is no YAML, and the answer says so', async () => {
  await writeFile(join(folder, 'x.yaml'), 'a: {{ .Values.x }}\nb: [\n')
  expect((await run('--manifests', folder)).error).toMatchObject({ code: 'CONFIG_INVALID', exitCode: 2 })
  expect((await run('--manifests', join(folder, 'none'))).error).toMatchObject({ code: 'USAGE' })
})

test('--rules lists them', async () => {
  expect((await run('--rules')).stdout).toMatch(/^static-replicas +spec\.replicas in a manifest/)
})
