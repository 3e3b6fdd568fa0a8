/** Entry of the schema catalog. */
export { createCatalog } from './catalog.ts'
export { operatorCrds } from './crds/index.ts'
