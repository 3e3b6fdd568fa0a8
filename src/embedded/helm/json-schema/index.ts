/** JSON Schema as Helm checks values with it: the same verdicts and the same words. */
export { SchemaDocument, SchemaProblem } from './document.ts'
export { failureText } from './failure.ts'
export { validate } from './validate.ts'
