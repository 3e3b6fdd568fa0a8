/** Reads a YAML file against a zod schema and reports every problem at once, each with file:line. */
import { readFile } from 'node:fs/promises'
import { relative } from 'node:path'
import { type Document, isNode, LineCounter, parseDocument } from 'yaml'
import type { z } from 'zod'
import { DevenvError, messageOf } from '../lib/errors.ts'

/**
 * The file's content as the schema describes it. Throws CONFIG_INVALID with one line per problem:
 * `devenv/images.yaml:7: images.2.runner.kind: …`.
 */
export async function readYaml<Schema extends z.ZodType>(
  path: string,
  schema: Schema,
  root: string,
): Promise<z.output<Schema>> {
  const shown = relative(root, path)
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (thrown) {
    throw new DevenvError('CONFIG_INVALID', `${shown}: ${messageOf(thrown)}`, { cause: thrown })
  }
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  if (document.errors.length > 0) {
    throw invalid(
      document.errors.map((error) => `${shown}:${lines.linePos(error.pos[0]).line}: ${error.message}`),
    )
  }
  const result = schema.safeParse(document.toJS())
  if (result.success) return result.data
  throw invalid(
    result.error.issues.flatMap((issue) => {
      const at = (path: readonly PropertyKey[], message: string) =>
        `${shown}:${lineOf(document, path, lines)}: ${path.join('.') || 'the file'}: ${message}`
      return issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => at([...issue.path, key], 'there is no such field'))
        : [at(issue.path, issue.message)]
    }),
  )
}

/** The line of the deepest node on the path that exists: a missing key is reported where its parent begins. */
function lineOf(document: Document, path: readonly PropertyKey[], lines: LineCounter): number {
  for (let depth = path.length; depth >= 0; depth--) {
    const node = document.getIn(path.slice(0, depth), true)
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line
  }
  return 1
}

function invalid(problems: string[]): DevenvError {
  return new DevenvError('CONFIG_INVALID', problems.join('\n'), {
    fix: 'Mend the lines above; nothing was created.',
  })
}
