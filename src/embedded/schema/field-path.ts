/** Field paths as error messages print them: `spec.containers[0].image`, `metadata.labels[a/b]`. */

/** Path of a named field below `path`. */
export function child(path: string, name: string): string {
  return path ? `${path}.${name}` : name
}

/** Path of a list item. */
export function index(path: string, position: number): string {
  return `${path}[${position}]`
}

/** Path of a map's value. */
export function key(path: string, name: string): string {
  return `${path}[${name}]`
}
