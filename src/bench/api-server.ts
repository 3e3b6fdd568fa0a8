/** The embedded API server alone, in a process of its own, for `bench api`: real types, written through to a file. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createApi } from '../embedded/api/index.ts'
import { createCatalog } from '../embedded/schema/index.ts'
import { systemClock } from '../lib/clock.ts'

const [folder = '', namespace = ''] = process.argv.slice(2)
const certificates = JSON.parse(await readFile(join(folder, 'certificates.json'), 'utf8'))
const api = createApi({
  catalog: createCatalog(),
  clock: systemClock,
  storeFile: join(folder, 'objects.sqlite'),
  // No Service is made here.
  allocator: { allocate: () => '', reserve: () => {} },
})
api.client.create('v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } })
const { port } = await api.listen({ certificates })
process.send?.(port)
// Ends with the bench, however that ends.
process.on('disconnect', () => process.exit())
