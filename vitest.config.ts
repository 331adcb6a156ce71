import { defineConfig } from 'vitest/config'

/**
 * Two projects: `unit` is pure and parallel; `live` starts real clusters through test/lab and runs one
 * file at a time, because the machine has two cores.
 */
export default defineConfig({
  test: {
    disableConsoleIntercept: true,
    projects: [
      {
        test: {
          name: 'unit',
          setupFiles: ['test/property-seed.ts'],
          include: ['test/**/*.test.ts'],
          exclude: ['test/live/**'],
          disableConsoleIntercept: true,
          testTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'live',
          include: ['test/live/**/*.test.ts'],
          disableConsoleIntercept: true,
          fileParallelism: false,
          testTimeout: 180_000,
          hookTimeout: 180_000,
          // Brokers, load and tests share two cores in CI: another try tells a fault of ours from a slow moment, and is printed.
          retry: process.env['CI'] === undefined ? 0 : 2,
        },
      },
    ],
  },
})
