/** The one line of a values file that a release changes. Pure. */
import { type Document, isMap, isScalar, parseDocument, type Scalar } from 'yaml'

export interface TagChange {
  text: string
  /** The tag before. */
  previous: string
}

/**
 * The file with the component's `image.tag` (or plain `tag`) set, every other byte as it was; undefined when the file does not
 * say a tag for it. A component is a key of the file: `core-api`, or `coreApi` in charts that write it so.
 */
export function setTag(text: string, component: string, tag: string): TagChange | undefined {
  const document = parseDocument(text)
  for (const key of [component, camelCase(component)]) {
    const node = tagNode(document, key)
    if (!node?.range) continue
    const [start, end] = node.range
    return {
      text: `${text.slice(0, start)}${quoteLike(text.slice(start, end), tag)}${text.slice(end)}`,
      previous: String(node.value ?? ''),
    }
  }
  return undefined
}

/** What is wrong with the file's syntax, in one line; undefined when it can be read. */
export function syntaxError(text: string): string | undefined {
  return parseDocument(text).errors[0]?.message.split('\n')[0]?.replace(/:$/, '')
}

function tagNode(document: Document, key: string): Scalar | undefined {
  const places = [
    [key, 'image', 'tag'],
    [key, 'tag'],
  ]
  return places.map((place) => document.getIn(place, true)).find((node) => isScalar(node))
}

/** The components of a values file that have an image tag. */
export function taggedComponents(text: string): string[] {
  const { contents } = parseDocument(text)
  if (!isMap(contents)) return []
  return contents.items.flatMap(({ key, value }) =>
    isMap(value) && (value.getIn(['image', 'tag']) ?? value.get('tag')) !== undefined ? [String(key)] : [],
  )
}

/** A tag such as `1.10` or `12e4567` would be read as a number without quotes. */
function quoteLike(former: string, tag: string): string {
  const quote = former[0]
  if (quote === '"' || quote === "'") return `${quote}${tag}${quote}`
  return typeof parseDocument(tag).toJS() === 'string' ? tag : `"${tag}"`
}

function camelCase(name: string): string {
  return name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
}
