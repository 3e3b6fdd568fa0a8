/** The one way in which this folder reports a chart that cannot be used. */
import { DevenvError } from '../../../lib/errors.ts'

export function chartError(message: string, cause?: unknown): DevenvError {
  return new DevenvError('CHART_INVALID', message, cause === undefined ? {} : { cause })
}
