/** The rabbitmq scaler: one queue (or a pattern of queues) over the management API or AMQP. */
import { messageOf } from '../../../../../lib/errors.ts'
import { metricName, normalizeName, queryEscape } from '../../hpa/metric-name.ts'
import { externalMetricSpec, externalMetricType } from '../external-metric.ts'
import type { ScalerFactory } from '../scaler.ts'
import { parseRabbitmq } from './config.ts'
import { maskPassword } from './management-url.ts'
import { measure } from './measure.ts'
import { amqpSource } from './rabbitmq-amqp.ts'
import { managementSource } from './rabbitmq-http.ts'

/** AMQP connects here already; HTTP asks the broker first when read. */
export const rabbitmqScaler: ScalerFactory = async (config) => {
  const type = externalMetricType(config.trigger.metricType)
  const rabbitmq = parseRabbitmq(config)
  const { namespace, name } = config.scaledObject
  const source =
    rabbitmq.protocol === 'amqp'
      ? await amqpSource(rabbitmq, config.lookup, `keda-${namespace}-${name}`)
      : managementSource(rabbitmq, config.lookup)
  const metric = metricName(config.triggerIndex, normalizeName(`rabbitmq-${queryEscape(rabbitmq.queueName)}`))
  return {
    metricSpec: externalMetricSpec(name, metric, type, rabbitmq.value),
    external: {
      metricName: metric,
      target: rabbitmq.value,
      async read() {
        try {
          return measure(rabbitmq.mode, await source.inspect(), rabbitmq.activationValue)
        } catch (thrown) {
          throw new Error(`error inspecting RabbitMQ: ${maskPassword(messageOf(thrown))}`, { cause: thrown })
        }
      },
    },
    close: () => source.close(),
  }
}
