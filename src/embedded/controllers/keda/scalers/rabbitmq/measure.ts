/** What a queue's numbers mean in each mode: the metric, and whether the trigger is active. */
import type { Reading } from '../scaler.ts'
import type { Mode } from './config.ts'
import type { QueueInfo } from './queue-info.ts'

/** `activation` is the trigger's activationValue: strictly above it is active. */
export function measure(mode: Mode, queue: QueueInfo, activation: number): Reading {
  const { messages, publishRate: published, deliverRate: delivered } = queue
  switch (mode) {
    case 'QueueLength':
      return { value: messages, active: messages > activation }
    case 'MessageRate':
      return { value: published, active: published > activation || messages > activation }
    case 'DeliverGetRate':
      return { value: delivered, active: delivered > activation }
    case 'PublishedToDeliveredRatio': {
      const stuck = published > 0 && delivered === 0
      const ratio = stuck ? activation : delivered > 0 ? published / delivered : 0
      return { value: ratio, active: stuck || ratio > activation }
    }
    case 'ExpectedQueueConsumptionTime': {
      // Nothing delivered counts as active, even on an empty queue: so 2.20.
      if (delivered === 0) return { value: activation, active: true }
      const eta = (published - delivered) / delivered + messages / delivered
      return { value: eta, active: eta > activation }
    }
  }
}
