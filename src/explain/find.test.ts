import { expect, test } from 'vitest'
import { explain } from './find.ts'
import { deployment, object, pod, QUEUE, RELEASE, scaledObject, snapshot } from './testing.ts'

const slashed = scaledObject(false)
slashed.spec.triggers[0].metadata.queueName = 'Team/Orders'

test('a queue with a slash and capitals', () => {
  const found = explain('queue/Team/Orders', RELEASE, { ...objects, scaledObjects: [slashed] })
  expect(found.name).toBe('team1-project-question-worker')
})

const objects = snapshot({
  workloads: [deployment('question-worker', 0), deployment('rabbitmq', 1)],
  scaledObjects: [scaledObject(false)],
  pods: [pod('rabbitmq-1', true), pod('rabbitmq-2', false)],
  applications: [
    object('Application', 'x', { metadata: { name: RELEASE, namespace: 'argocd' } }),
    object('Application', 'x', { metadata: { name: 'rabbitmq', namespace: 'argocd' } }),
  ],
  externalSecrets: [object('ExternalSecret', 'made', { spec: { target: { name: 'rabbitmq-secrets' } } })],
  secrets: [
    { namespace: 'team1-ns', name: 'rabbitmq-secrets', keys: [] },
    { namespace: 'team1-ns', name: 'tls-secret', keys: [] },
  ],
})

test.each([
  ['question-worker', 'Deployment team1-project-question-worker'],
  ['team1-project-question-worker', 'Deployment team1-project-question-worker'],
  ['deploy/question-worker', 'Deployment team1-project-question-worker'],
  ['so/question-worker-scaler', 'Deployment team1-project-question-worker'],
  [`queue/${QUEUE}`, 'Deployment team1-project-question-worker'],
  [QUEUE, 'Deployment team1-project-question-worker'],
  ['Deployment/rabbitmq', 'Deployment team1-project-rabbitmq'],
  ['deployment/rabbitmq', 'Deployment team1-project-rabbitmq'],
  ['app/rabbitmq', 'Application rabbitmq'],
  ['team1-project', 'Application team1-project'],
  ['pod/rabbitmq', 'Pod team1-project-rabbitmq-2'],
  ['rabbitmq-1', 'Pod team1-project-rabbitmq-1'],
  ['secret/rabbitmq-secrets', 'ExternalSecret team1-project-made'],
  ['tls-secret', 'Secret tls-secret'],
])('%s is %s', (text, expected) => {
  const { of, name } = explain(text, RELEASE, objects)
  expect(`${of} ${name}`).toBe(expected)
})

test.each([
  ['rabbitmq', /^"rabbitmq" is ambiguous$/, /deploy\/team1-project-rabbitmq, app\/rabbitmq/],
  ['nothing', /^there is no "nothing"$/, /There are: question-worker, rabbitmq; or name a pod/],
  ['secret/nothing', /^there is no/, /There are: made, tls-secret/],
  ['toaster/x', /there are rollout\/, deploy\//, /^$/],
])('%s is refused, and what there is is said', (text, message, fix) => {
  const thrown = (() => {
    try {
      return explain(text, RELEASE, objects)
    } catch (error) {
      return error as Error & { code: string; fix?: string }
    }
  })() as Error & { code: string; fix?: string }
  expect(thrown.code).toBe('USAGE')
  expect(thrown.message).toMatch(message)
  expect(thrown.fix ?? '').toMatch(fix)
})
