import { defineConfig } from 'vitest/config'

// One project per kind of test, so that `npm test` can name what failed. The contract cases
// start real processes: one file at a time. The end-to-end runs mostly wait, each for an environment of its own: two at a time.
export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['src/**/*.test.ts', 'workloads/**/*.test.ts', 'test/golden/**/*.test.ts'], testTimeout: 20_000 } },
      { test: { name: 'contract', include: ['test/contract/**/*.test.ts'], testTimeout: 60_000, hookTimeout: 60_000, fileParallelism: false } },
      { test: { name: 'e2e', include: ['test/e2e/**/*.test.ts'], testTimeout: 240_000, hookTimeout: 120_000, maxWorkers: 2 } },
    ],
  },
})
