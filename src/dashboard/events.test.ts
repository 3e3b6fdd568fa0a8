import { expect, it } from 'vitest'
import type { KubeObject } from '../lib/kube/object.ts'
import { eventLine, latestEvents } from './events.ts'

const event = (name: string, fields: object): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Event',
  metadata: { name, namespace: 'team1-ns' },
  involvedObject: { kind: 'Pod', name: 'a' },
  reason: 'Started',
  message: 'Container started',
  type: 'Normal',
  ...fields,
})

it('reads events of either form of the API', () => {
  expect(eventLine(event('a', { lastTimestamp: '2026-01-01T00:00:05Z', count: 3 }))).toEqual({
    at: '2026-01-01T00:00:05Z',
    type: 'Normal',
    object: 'Pod/a',
    reason: 'Started',
    message: 'Container started',
    count: 3,
  })
  const series = { count: 7, lastObservedTime: '2026-01-01T00:00:09.000000Z' }
  expect(
    eventLine(event('b', { eventTime: '2026-01-01T00:00:01.000000Z', lastTimestamp: null, series })),
  ).toMatchObject({ at: '2026-01-01T00:00:09.000000Z', count: 7 })
})

it('keeps the latest, newest first', () => {
  const events = [3, 1, 2].map((second) =>
    event(`e${second}`, { lastTimestamp: `2026-01-01T00:00:0${second}Z` }),
  )
  expect(latestEvents(events, 2).map(({ at }) => at)).toEqual([
    '2026-01-01T00:00:03Z',
    '2026-01-01T00:00:02Z',
  ])
})
