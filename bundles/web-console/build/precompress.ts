import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import type { Plugin } from 'vite'

/** What compresses well; fonts are compressed already. */
const TEXT = /\.(js|css|svg|json|txt|webmanifest)$/

export function filesBelow(dir: string): string[] {
  return readdirSync(dir, { withFileTypes: true }).flatMap((entry) => {
    const path = join(dir, entry.name)
    return entry.isDirectory() ? filesBelow(path) : [path]
  })
}

/**
 * Writes a `.br` and a `.gz` beside every text file, for the servlet to choose by Accept-Encoding. `index.html` is
 * left out: the servlet adapts it to the depth of the path, and it is small.
 */
export function precompress(): Plugin {
  let outDir = ''
  return {
    name: 'busbar-precompress',
    apply: 'build',
    configResolved(config) {
      outDir = config.build.outDir
    },
    closeBundle() {
      for (const path of filesBelow(outDir)) {
        if (!TEXT.test(path) || statSync(path).size < 1024) continue
        const bytes = readFileSync(path)
        writeFileSync(
          `${path}.br`,
          brotliCompressSync(bytes, {
            params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
          }),
        )
        writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }))
      }
    },
  }
}
