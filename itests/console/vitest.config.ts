import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** The walk first: it is what the product promises; the rest in alphabetical order. */
class WalkFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = (file: TestSpecification) => (file.moduleId.includes('walkthrough') ? 0 : 1)
    return [...files].sort((a, b) => rank(a) - rank(b) || a.moduleId.localeCompare(b.moduleId))
  }
}

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts'],
    globalSetup: ['src/harness/global-setup.ts'],
    reporters: ['verbose', './src/harness/summary-reporter.ts'],
    // Every file has its own server; one at a time, in order, as a person would do it.
    pool: 'forks',
    fileParallelism: false,
    sequence: { concurrent: false, shuffle: false, sequencer: WalkFirst },
    testTimeout: 30_000,
    hookTimeout: 60_000,
    teardownTimeout: 20_000,
    retry: 0,
  },
})
