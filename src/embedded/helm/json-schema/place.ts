/** One place of the values under one schema: what a keyword's check works with. */
import type { Schema, SchemaDocument } from './document.ts'
import type { Failure } from './failure.ts'

/** Which members of a value a schema has looked at, for unevaluatedProperties and unevaluatedItems. */
export type Seen = Set<string>

/** One place of the values under one schema. */
export interface Place {
  document: SchemaDocument
  schema: { readonly [keyword: string]: any }
  at: readonly string[]
  seen: Seen
  failures: Failure[]
  fail(text: string, causes?: Failure[]): void
  add(failure: Failure | undefined): void
  /** Another schema for the same value. */
  self(schema: Schema): Failure | undefined
  /** A schema for a member of the value. */
  member(schema: Schema, value: unknown, name: string): Failure | undefined
  /** A schema for something that is no part of the values; what fails names no place in them. */
  apart(schema: Schema, value: unknown): Failure[]
}
