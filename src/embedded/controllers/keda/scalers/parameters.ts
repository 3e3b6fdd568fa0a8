/** Reads a scaler's parameters from trigger metadata, authentication and environment, collecting every error. */
import { parseGoDuration } from '../../../../lib/go-duration.ts'
import type { ScalerConfig } from './scaler.ts'

export type Source = 'triggerMetadata' | 'authParams' | 'resolvedEnv'

/** One read of parameters: ask for all of them, then `throwIfWrong`. */
export class Parameters {
  readonly #config: Pick<ScalerConfig, 'trigger' | 'authParams' | 'resolvedEnv'>
  readonly errors: string[] = []

  constructor(config: Pick<ScalerConfig, 'trigger' | 'authParams' | 'resolvedEnv'>) {
    this.#config = config
  }

  /** The first source that has a value that is not blank; '' when none has. */
  optional(key: string, ...sources: Source[]): string {
    for (const source of sources) {
      const value = this.#from(source, key)?.trim()
      if (value) return value
    }
    return ''
  }

  required(key: string, ...sources: Source[]): string {
    const value = this.optional(key, ...sources)
    if (!value) this.errors.push(`missing required parameter "${key}" in [${sources.join(' ')}]`)
    return value
  }

  number(key: string, fallback: number): number {
    const text = this.optional(key, 'triggerMetadata')
    if (!text) return fallback
    const value = Number(text)
    if (Number.isNaN(value)) this.#invalid(key, text, 'float64')
    return value
  }

  boolean(key: string): boolean {
    const text = this.optional(key, 'triggerMetadata')
    if (/^(1|t|T|true|True|TRUE)$/.test(text)) return true
    if (text && !/^(0|f|F|false|False|FALSE)$/.test(text)) this.#invalid(key, text, 'bool')
    return false
  }

  choice<Value extends string>(
    key: string,
    allowed: readonly Value[],
    fallback: Value,
    ...sources: Source[]
  ): Value {
    const text = this.optional(key, ...sources)
    if (!text) return fallback
    if (!allowed.includes(text as Value)) {
      this.errors.push(`parameter "${key}" value "${text}" must be one of [${allowed.join(' ')}]`)
      return fallback
    }
    return text as Value
  }

  /** An integer is milliseconds, anything else a Go duration. */
  timeoutMs(key: string): number | undefined {
    const text = this.optional(key, 'triggerMetadata')
    if (!text) return undefined
    const ms = /^\d+$/.test(text) ? Number(text) : parseGoDuration(text)
    if (ms === undefined) this.#invalid(key, text, 'time.Duration')
    return ms
  }

  #from(source: Source, key: string): string | undefined {
    const { trigger, authParams, resolvedEnv } = this.#config
    if (source === 'triggerMetadata') return trigger.metadata[key]
    if (source === 'authParams') return authParams[key]
    const variable = trigger.metadata[`${key}FromEnv`]
    return variable === undefined ? undefined : resolvedEnv[variable]
  }

  #invalid(key: string, text: string, type: string): void {
    this.errors.push(
      `unable to set param "${key}" value "${text}": unable to unmarshal to field type ${type}: invalid value`,
    )
  }
}
