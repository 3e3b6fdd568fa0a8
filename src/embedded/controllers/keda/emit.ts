/** Events of the KEDA operator about a ScaledObject. */
import type { Context } from '../runtime/controller.ts'
import { recordEvent } from '../runtime/events.ts'
import { KEDA_OPERATOR } from './resources.ts'
import type { ScaledObject } from './types.ts'

export function emit(
  { client, clock }: Pick<Context, 'client' | 'clock'>,
  regarding: ScaledObject,
  type: 'Normal' | 'Warning',
  reason: string,
  message: string,
): void {
  recordEvent(client, clock.now(), { regarding, type, reason, message, component: KEDA_OPERATOR })
}
