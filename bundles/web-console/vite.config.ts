import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'
import { budget } from './build/budget.ts'
import { precompress } from './build/precompress.ts'

const api = process.env.BUSBAR_API ?? 'http://127.0.0.1:8080'

export default defineConfig({
  // Relative, so that the console also works below a reverse proxy's path prefix.
  base: './',
  plugins: [
    react(),
    precompress(),
    budget(
      { loginJsBytes: 90 * 1024, pageJsBytes: 120 * 1024 },
      { frame: 'src/app/SignedIn.tsx', texts: ['src/i18n/en.ts', 'src/i18n/zh.ts'] },
    ),
  ],
  build: {
    outDir: 'target/classes/io/busbar/web/console/app',
    emptyOutDir: true,
    target: 'es2022',
    // The content security policy knows no data: fonts and no inline scripts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: { host: '127.0.0.1', port: 5173, proxy: { '/api': { target: api } } },
  test: {
    environment: 'happy-dom',
    setupFiles: [fileURLToPath(new URL('./test/setup.ts', import.meta.url))],
    include: ['src/**/*.test.{ts,tsx}', 'build/**/*.test.ts'],
    restoreMocks: true,
    // One worker: the build machines are small, and the whole suite takes seconds.
    maxWorkers: 1,
  },
})
