/** Helm charts without Helm: loading, values, and rendering equal to `helm template`. */
export { loadChart } from './chart/load.ts'
export { type SetKind, setValue } from './chart/strvals.ts'
export { overlay as overlayValues, parseValues } from './chart/values.ts'
export { mapFromPlain as valuesFromPlain } from './go/plain.ts'
export { type RenderOptions, renderChart, toText } from './render.ts'
export { TemplateError } from './template/errors.ts'
