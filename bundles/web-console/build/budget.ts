import { gzipSync } from 'node:zlib'
import type { Plugin } from 'vite'

export interface Budget {
  /** All JavaScript together, gzipped. */
  allJsBytes: number
  /** What a browser loads before somebody has signed in: the entry and its static imports, gzipped. */
  loginJsBytes: number
}

interface Chunk {
  type: 'chunk' | 'asset'
  fileName: string
  code?: string
  isEntry?: boolean
  imports?: string[]
}

/** Sizes of a bundle in gzipped bytes. */
export function measure(bundle: Record<string, Chunk>): { all: number; login: number } {
  const size = new Map<string, number>()
  for (const chunk of Object.values(bundle)) {
    if (chunk.type === 'chunk') size.set(chunk.fileName, gzipSync(chunk.code ?? '').length)
  }
  const login = new Set<string>()
  const visit = (name: string) => {
    if (login.has(name)) return
    login.add(name)
    for (const next of bundle[name]?.imports ?? []) visit(next)
  }
  for (const chunk of Object.values(bundle)) if (chunk.isEntry) visit(chunk.fileName)
  const sum = (names: Iterable<string>) => [...names].reduce((total, name) => total + (size.get(name) ?? 0), 0)
  return { all: sum(size.keys()), login: sum(login) }
}

/** Fails the build when the JavaScript outgrows what a slow plant network should load. */
export function budget(limits: Budget): Plugin {
  return {
    name: 'busbar-budget',
    apply: 'build',
    generateBundle(_options, bundle) {
      const { all, login } = measure(bundle as unknown as Record<string, Chunk>)
      const kb = (bytes: number) => `${(bytes / 1024).toFixed(1)} KB`
      this.info(`JavaScript gzipped: ${kb(all)} in all, ${kb(login)} until sign-in`)
      if (all > limits.allJsBytes) {
        this.error(`JavaScript is ${kb(all)} gzipped (budget: ${kb(limits.allJsBytes)})`)
      }
      if (login > limits.loginJsBytes) {
        this.error(`JavaScript until sign-in is ${kb(login)} gzipped (budget: ${kb(limits.loginJsBytes)})`)
      }
    },
  }
}
