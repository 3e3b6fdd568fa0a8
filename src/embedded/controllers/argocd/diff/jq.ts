/** jqPathExpressions, by jq itself, compiled to WebAssembly and loaded when the first one is met. */
import { isRecord } from '../../../store/json.ts'

/** The object without what the expression selects; unchanged when the expression fails or does not fit. */
export async function deleteByJq<T extends object>(object: T, expression: string): Promise<T> {
  const jq = await import('jq-wasm')
  try {
    const result = await jq.json(object, `del(${expression})`)
    return isRecord(result) ? (result as T) : object
  } catch {
    // Argo CD ignores such errors too: a path may fit one version of an object and not another.
    return object
  }
}
