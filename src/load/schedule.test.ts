import { expect, test } from 'vitest'
import { Schedule } from './schedule.ts'

function all(schedule: Schedule): string[] {
  const order: string[] = []
  for (let due = schedule.next; due; due = schedule.next) {
    order.push(`${due.dueMs}:${due.queue}.${due.index}`)
    schedule.take()
  }
  return order
}

test('the arrivals of all queues in order of time, each with its own number', () => {
  const schedule = new Schedule([
    { size: 3, arrivals: [0, 10, 30].values() },
    { size: 0, arrivals: [].values() },
    { size: 2, arrivals: [5, 30].values() },
  ])
  expect(all(schedule)).toEqual(['0:0.0', '5:2.0', '10:0.1', '30:2.1', '30:0.2'])
  expect(schedule.next).toBeUndefined()
})

test('queues take turns in a burst', () => {
  const schedule = new Schedule([
    { size: 2, arrivals: [0, 0].values() },
    { size: 2, arrivals: [0, 0].values() },
  ])
  expect(all(schedule)).toEqual(['0:0.0', '0:1.0', '0:0.1', '0:1.1'])
})
