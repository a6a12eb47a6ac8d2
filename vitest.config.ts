import { defineConfig } from 'vitest/config';

// The source condition points at src, so that unit tests need no build and coverage is of the sources themselves.
// "import" is not among them: Vite adds it where it belongs, and Node would apply it to every `require` as well.
const conditions = ['@sallyport/source', 'node'];

// Read by the CI script, which counts tests.
const reporters = process.env['CI'] === undefined ? ['default'] : ['default', 'json'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    reporters,
    outputFile: { json: 'results/vitest.json' },
    allowOnly: false,
    testTimeout: 20_000,
    hookTimeout: 60_000,
    coverage: {
      provider: 'v8',
      reportOnFailure: true,
      include: ['packages/*/src/**/*.ts'],
      reporter: ['text-summary', 'json-summary'],
    },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['packages/*/test/**/*.test.ts', 'test/*/test/**/*.test.ts'],
          // Also on two cores: many of them wait for a disk, a process or a timer.
          maxWorkers: '100%',
          sequence: { groupOrder: 0 },
        },
      },
      {
        // Starts built programs. They wait for disks, processes and timers as well, so every core gets a file.
        extends: true,
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          maxWorkers: '100%',
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
