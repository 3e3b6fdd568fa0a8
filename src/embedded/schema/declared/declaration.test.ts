import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { plainText, readDeclaration } from './declaration.ts'

describe('readDeclaration', () => {
  const folder = mkdtempSync(join(tmpdir(), 'declaration-'))
  afterAll(() => rmSync(folder, { recursive: true }))

  function read(source: string) {
    const file = join(folder, 'Sample.d.ts')
    writeFileSync(file, source)
    return { file, declaration: readDeclaration(file) }
  }

  it('reads an interface with every kind of field', () => {
    const { file, declaration } = read(`import { IOther } from "./Other.js";
import { Model } from "@kubernetes-models/base";
/**
 * A sample.
 */
export interface ISample extends IOther {
    /**
     * First
     * line.
     */
    "name": string;
    "mode"?: "a" | "b";
    "sizes"?: Array<number>;
    "labels"?: {
        [key: string]: string;
    };
    "other"?: IOther;
    "self"?: Array<ISample>;
    "port"?: string | number;
    "raw"?: {};
}
export declare class Sample extends Model<ISample> implements ISample {
}
`)
    expect(plainText(declaration.comment)).toBe('A sample.')
    expect(declaration.bases).toEqual([join(folder, 'Other.d.ts')])
    const { fields } = declaration.type as Extract<typeof declaration.type, { kind: 'struct' }>
    expect(plainText(fields[0]!.comment)).toBe('First\nline.')
    expect(fields.map(({ name, required, type }) => [name, required, type])).toEqual([
      ['name', true, { kind: 'scalar', name: 'string' }],
      ['mode', false, { kind: 'enum', values: ['a', 'b'] }],
      ['sizes', false, { kind: 'list', items: { kind: 'scalar', name: 'number' } }],
      ['labels', false, { kind: 'map', values: { kind: 'scalar', name: 'string' } }],
      ['other', false, { kind: 'reference', file: join(folder, 'Other.d.ts') }],
      ['self', false, { kind: 'list', items: { kind: 'reference', file } }],
      ['port', false, { kind: 'intOrString' }],
      ['raw', false, { kind: 'any' }],
    ])
  })

  it('reads aliases', () => {
    expect(read('export type ISample = string;\n').declaration.type).toEqual({
      kind: 'scalar',
      name: 'string',
    })
    expect(read('export type ISample = "x" | "y";\n').declaration.type).toEqual({
      kind: 'enum',
      values: ['x', 'y'],
    })
  })

  it('refuses a file of another form', () => {
    expect(() => read('export const a = 1\n')).toThrow(/no type declaration/)
  })
})
