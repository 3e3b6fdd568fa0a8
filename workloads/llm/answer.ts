/** Makes an answer to a prompt: the same prompt always gets the same one. */
import { phrasesOf } from './phrases.ts'

interface Schema {
  type?: string
  properties?: Record<string, Schema>
  items?: Schema
  enum?: unknown[]
  minItems?: number
  maxItems?: number
  minimum?: number
  maximum?: number
}

/** Numbers that look random and depend on the seed alone; each call gives the next, from 0 up to 1. */
function sequence(seed: string): () => number {
  let state = 2166136261
  for (const byte of Buffer.from(seed)) state = Math.imul(state ^ byte, 16777619) >>> 0
  return () => {
    // One step of a linear congruential generator; its high bits are the good ones.
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return (state >>> 8) / 2 ** 24
  }
}

/** A value that fits the schema, with words of the prompt in it. */
export function answerTo(schema: unknown, prompt: string): unknown {
  return fill(schema as Schema, 'answer', { words: keywords(prompt), next: sequence(prompt) })
}

/** A few sentences about the prompt, for requests that ask for no shape. */
export function proseTo(prompt: string): string {
  const context = { words: keywords(prompt), next: sequence(prompt) }
  return ['summary', 'expected_answer', 'question']
    .map((name) => phrase(name, context, draw(context)))
    .join(' ')
}

interface Context {
  words: string[]
  next(): number
}

// `turn` says which of its phrases a text takes.
function fill(schema: Schema, name: string, context: Context, turn = draw(context)): unknown {
  if (schema.enum && schema.enum.length > 0) return oneOf(schema.enum, draw(context))
  switch (schema.type) {
    case 'object':
      return Object.fromEntries(
        Object.entries(schema.properties ?? {}).map(([key, part]) => [key, fill(part, key, context, turn)]),
      )
    case 'array':
      return fillArray(schema, name, context)
    case 'integer':
      return Math.round(between(schema, context))
    case 'number':
      return between(schema, context)
    case 'boolean':
      return context.next() < 0.5
    case 'null':
      return null
    default:
      return phrase(name, context, turn)
  }
}

// The items take their phrases in turn: no two are alike before all were used.
function fillArray(schema: Schema, name: string, context: Context): unknown[] {
  const least = schema.minItems ?? 1
  const most = Math.max(least, schema.maxItems ?? least + 2)
  const length = least + (draw(context) % (most - least + 1))
  const first = draw(context)
  return Array.from({ length }, (_, index) => fill(schema.items ?? {}, name, context, first + index))
}

function between(schema: Schema, context: Context): number {
  const least = schema.minimum ?? 0
  return least + context.next() * ((schema.maximum ?? least + 100) - least)
}

function phrase(name: string, context: Context, turn: number): string {
  const word = context.words.length > 0 ? String(oneOf(context.words, draw(context))) : 'the request'
  return String(oneOf(phrasesOf(name), turn)).replace('%s', word)
}

function draw(context: Context): number {
  return Math.floor(context.next() * 1_000_000)
}

function oneOf(choices: unknown[], turn: number): unknown {
  return choices[turn % choices.length]
}

/** Words that say what a prompt is about: names and skills begin with a capital letter. */
function keywords(prompt: string): string[] {
  const found = prompt.match(/(?<![\p{L}\d])\p{Lu}[\p{L}\d+#.-]{2,24}(?<![.-])/gu) ?? []
  return [...new Set(found)].slice(0, 12)
}
