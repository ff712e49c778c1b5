import { gzipSync } from 'node:zlib'
import type { Plugin } from 'vite'

/** Limits in gzipped bytes. */
export interface Budget {
  /** What a browser loads before somebody has signed in: the entry and its static imports. */
  loginJsBytes: number
  /** What each page needs beyond that until it is on the screen: the frame around the pages, the texts of one language, the page. */
  pageJsBytes: number
}

/** Which modules the parts begin with, as the ends of their paths. */
export interface Parts {
  frame: string
  texts: string[]
}

interface Chunk {
  type: 'chunk' | 'asset'
  fileName: string
  code?: string
  isEntry?: boolean
  facadeModuleId?: string | null
  imports?: string[]
  dynamicImports?: string[]
}

export interface Sizes {
  login: number
  /** By the file of the page; a page is what the entry or the frame loads when it is needed. */
  pages: Map<string, number>
}

/** Sizes of a bundle in gzipped bytes. */
export function measure(bundle: Record<string, Chunk>, parts: Parts): Sizes {
  const chunks = Object.values(bundle).filter((chunk) => chunk.type === 'chunk')
  const sizes = new Map(chunks.map((chunk) => [chunk.fileName, gzipSync(chunk.code ?? '').length]))
  const sum = (names: Iterable<string>) => [...names].reduce((total, name) => total + (sizes.get(name) ?? 0), 0)
  /** Chunks and what they import statically, each once, without what is there already. */
  const closure = (start: Iterable<string>, there: ReadonlySet<string> = new Set()) => {
    const found = new Set<string>()
    const visit = (name: string) => {
      if (found.has(name) || there.has(name)) return
      found.add(name)
      for (const next of bundle[name]?.imports ?? []) visit(next)
    }
    for (const name of start) visit(name)
    return found
  }
  const lazy = (names: Iterable<string>) => new Set([...names].flatMap((name) => bundle[name]?.dynamicImports ?? []))
  const chunkOf = (module: string) => {
    const chunk = chunks.find((each) => each.facadeModuleId?.endsWith(module))
    if (!chunk) throw new Error(`${module} has no chunk of its own`)
    return chunk.fileName
  }

  const login = closure(chunks.filter((chunk) => chunk.isEntry).map((chunk) => chunk.fileName))
  const frame = chunkOf(parts.frame)
  const texts = parts.texts.map(chunkOf)
  const language = Math.max(...texts.map((text) => sum(closure([text], login))))
  const pages = new Map<string, number>()
  for (const page of lazy(login)) {
    if (page !== frame && !texts.includes(page)) pages.set(page, sum(closure([page], login)))
  }
  for (const page of lazy(closure([frame], login))) pages.set(page, sum(closure([frame, page], login)) + language)
  return { login: sum(login), pages }
}

/** Fails the build when a page needs more JavaScript than a slow plant network should load. */
export function budget(limits: Budget, parts: Parts): Plugin {
  return {
    name: 'busbar-budget',
    apply: 'build',
    generateBundle(_options, bundle) {
      const { login, pages } = measure(bundle as unknown as Record<string, Chunk>, parts)
      const kb = (bytes: number) => `${(bytes / 1024).toFixed(1)} KB`
      const rows = [...pages].map(([page, bytes]) => `${page} ${kb(bytes)}`)
      this.info(`JavaScript gzipped: ${kb(login)} until sign-in; then, for each page: ${rows.join(', ')}`)
      if (login > limits.loginJsBytes) {
        this.error(`JavaScript until sign-in is ${kb(login)} gzipped (budget: ${kb(limits.loginJsBytes)})`)
      }
      for (const [page, bytes] of pages) {
        if (bytes > limits.pageJsBytes) this.error(`JavaScript of ${page} is ${kb(bytes)} gzipped (budget: ${kb(limits.pageJsBytes)})`)
      }
    },
  }
}
