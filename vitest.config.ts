import { defineConfig } from 'vitest/config'

// One project per kind of test, so that `npm test` can name what failed. The end-to-end run and the contract
// cases start real processes and brokers: one file at a time, on machines with two cores.
export default defineConfig({
  test: {
    reporters: process.env.CI ? ['default'] : ['default'],
    projects: [
      { test: { name: 'unit', include: ['src/**/*.test.ts', 'workloads/**/*.test.ts', 'test/golden/**/*.test.ts'], testTimeout: 20_000 } },
      { test: { name: 'contract', include: ['test/contract/**/*.test.ts'], testTimeout: 60_000, hookTimeout: 60_000, fileParallelism: false } },
      { test: { name: 'e2e', include: ['test/e2e/**/*.test.ts'], testTimeout: 240_000, hookTimeout: 120_000, fileParallelism: false } },
    ],
  },
})
