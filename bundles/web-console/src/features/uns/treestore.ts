import { api, unwrap, type Schemas } from '../../api/client'
import { readRows } from './paging'

export type TreeNode = Schemas['TreeNode']

interface Branch {
  nodes: TreeNode[]
  nextCursor: string | null
  error: Error | undefined
  /** The read that is under way. */
  loading: Promise<void> | undefined
  /** The namespace's revision when it was read. */
  revision: number
  /** Once what is under way is there, it is read again unless it is at least as new as this. */
  atLeast: number
}

export type Row =
  | { kind: 'node'; key: string; node: TreeNode; depth: number; open: boolean; position: number; size: number }
  | { kind: 'wait'; key: string; depth: number; path: string; error: Error | undefined }
  | { kind: 'more'; key: string; depth: number; path: string }

export interface Totals {
  topics: number
  unmodeledTopics: number
}

const PAGE = 500
/** What the server gives at once. */
const LARGEST_PAGE = 1000
const STORED = 'busbar.uns.open'
const STORED_MOST = 500
/** Newer than every revision: what is there does not do, it is read in any case. */
const NOW = Number.MAX_SAFE_INTEGER
/** Reads at once; a browser has six connections to a server, and others need some. */
const READERS = 4

/** Whether a node can be opened: a path, and a topic with nodes below it. */
export function isBranch(node: Pick<TreeNode, 'type' | 'childCount'>): boolean {
  return node.type === 'PATH' || node.childCount > 0
}

export function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')))
}

/** The paths above a path, outermost first: `a/b/c` → `a`, `a/b`. */
export function ancestors(path: string): string[] {
  const levels = path.split('/')
  return levels.slice(1).map((_, index) => levels.slice(0, index + 1).join('/'))
}

/** Lets so many tasks run at once, the others in the order in which they came. */
class Turns {
  private readonly waiting: (() => void)[] = []

  constructor(private free: number) {}

  async run<T>(task: () => Promise<T>): Promise<T> {
    if (this.free > 0) this.free--
    else await new Promise<void>((resolve) => this.waiting.push(resolve))
    try {
      return await task()
    } finally {
      const next = this.waiting.shift()
      if (next) next()
      else this.free++
    }
  }
}

/**
 * The part of the namespace that has been looked at: children are loaded when a branch is opened, page by page, and flattened into rows for a
 * virtual list. A branch that is read again keeps as many rows as it had. Lives outside React; a component subscribes to the rows.
 */
export class TreeStore {
  private readonly branches = new Map<string, Branch>()
  private readonly open = new Set<string>()
  private readonly turns = new Turns(READERS)
  private cached: Row[] | undefined
  private totalsValue: Totals | undefined
  private readonly listeners = new Set<() => void>()

  constructor() {
    try {
      const stored: unknown = JSON.parse(sessionStorage.getItem(STORED) ?? '[]')
      if (Array.isArray(stored)) for (const path of stored) if (typeof path === 'string') this.open.add(path)
    } catch {
      // Nothing remembered: start closed.
    }
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  rows = (): Row[] => {
    this.cached ??= this.flatten()
    return this.cached
  }

  totals = (): Totals | undefined => this.totalsValue

  rootError(): Error | undefined {
    return this.branches.get('')?.error
  }

  isLoaded(): boolean {
    const root = this.branches.get('')
    return root !== undefined && !root.loading
  }

  /** Loads the root and what was open before; opens the only branch there is. */
  async start(): Promise<void> {
    await this.show('')
    let path = ''
    for (let depth = 0; depth < 4; depth++) {
      const nodes: TreeNode[] | undefined = this.branches.get(path)?.nodes
      if (nodes?.length !== 1 || !isBranch(nodes[0]!)) break
      path = nodes[0]!.path
      if (!this.open.has(path)) await this.setOpen(path, true)
    }
  }

  async setOpen(path: string, open: boolean): Promise<void> {
    if (open) this.open.add(path)
    else this.open.delete(path)
    this.remember()
    this.changed()
    if (open) await this.show(path)
  }

  isOpen(path: string): boolean {
    return this.open.has(path)
  }

  closeAll(): void {
    this.open.clear()
    this.remember()
    this.changed()
  }

  /** Opens everything above a path, and loads as many pages as it takes, so that its row exists. */
  async reveal(path: string): Promise<void> {
    for (const step of [...ancestors(path), path]) {
      await this.loadUntil(parentOf(step), step)
      if (step !== path && !this.open.has(step)) await this.setOpen(step, true)
    }
  }

  async loadMore(path: string): Promise<void> {
    const branch = this.branches.get(path)
    if (!branch?.nextCursor || branch.loading || branch.error) return
    branch.loading = this.append(path, branch, branch.nextCursor)
    await branch.loading
  }

  retry(path: string): void {
    void this.load(path)
  }

  /**
   * Looks at branches again whose children changed, and at those above, which count them; those that are closed are forgotten.
   *
   * @param revision what has been read at this revision of the namespace is new enough
   */
  async reload(parents: readonly string[], revision = NOW): Promise<void> {
    const paths = new Set(parents.flatMap((parent) => [...ancestors(parent), parent]))
    paths.add('')
    await Promise.all([...paths].map((path) => this.update(path, revision)))
  }

  /** Looks at everything again that was read before the latest change: something may have been missed. */
  async refresh(): Promise<void> {
    await this.load('')
    const root = this.branches.get('')
    if (!root || root.error) return
    await Promise.all([...this.branches.keys()].map((path) => path !== '' && this.update(path, root.revision)))
  }

  private async update(path: string, revision: number): Promise<void> {
    const branch = this.branches.get(path)
    if (!branch) return
    if (path !== '' && !this.open.has(path)) this.branches.delete(path)
    else if (branch.loading || branch.error || branch.revision < revision) await this.load(path, revision)
  }

  /** Loads a branch that is not there yet, and those below it that are open. */
  private async show(path: string): Promise<void> {
    const branch = this.branches.get(path)
    if (branch?.loading) await branch.loading
    else if (!branch || branch.error) await this.load(path)
    const nodes = this.branches.get(path)?.nodes ?? []
    await this.showOpen(nodes)
  }

  private async showOpen(nodes: TreeNode[]): Promise<void> {
    const there = (path: string) => this.branches.get(path)?.loading === undefined && this.branches.has(path)
    const opened = nodes.filter((node) => node.childCount > 0 && this.open.has(node.path) && !there(node.path))
    await Promise.all(opened.map((node) => this.show(node.path)))
  }

  private async loadUntil(parent: string, path: string): Promise<void> {
    for (;;) {
      const branch = this.branches.get(parent)
      if (!branch) return
      if (branch.loading) await branch.loading
      else if (!branch.nextCursor || branch.error || branch.nodes.some((node) => node.path === path)) return
      else await this.loadMore(parent)
    }
  }

  private async load(path: string, atLeast = NOW): Promise<void> {
    let branch = this.branches.get(path)
    if (branch?.loading) {
      branch.atLeast = Math.max(branch.atLeast, atLeast)
    } else {
      branch ??= { nodes: [], nextCursor: null, error: undefined, loading: undefined, revision: 0, atLeast: 0 }
      this.branches.set(path, branch)
      branch.loading = this.read(path, branch)
      this.changed()
    }
    await branch.loading
  }

  private async read(path: string, branch: Branch): Promise<void> {
    try {
      do {
        branch.atLeast = 0
        await this.readAll(path, branch)
        branch.error = undefined
      } while (branch.atLeast > branch.revision)
    } catch (failure) {
      this.failed(path, branch, failure as Error & { status?: number })
    } finally {
      branch.loading = undefined
      this.changed()
    }
    void this.showOpen(branch.nodes)
  }

  /** Reads as many rows as were there, so that the list keeps its place. */
  private async readAll(path: string, branch: Branch): Promise<void> {
    let revision: number | undefined
    const read = await readRows(null, branch.nodes.length, PAGE, LARGEST_PAGE, async (cursor, limit) => {
      const page = await this.page(path, cursor ?? undefined, limit)
      revision ??= page.revision
      return { rows: page.nodes, nextCursor: page.nextCursor }
    })
    branch.nodes = read.rows
    branch.nextCursor = read.nextCursor
    branch.revision = revision ?? 0
  }

  private async append(path: string, branch: Branch, cursor: string): Promise<void> {
    try {
      const page = await this.page(path, cursor, PAGE)
      branch.nodes = [...branch.nodes, ...page.nodes]
      branch.nextCursor = page.nextCursor
    } catch (failure) {
      this.failed(path, branch, failure as Error & { status?: number })
    } finally {
      branch.loading = undefined
      this.changed()
    }
    // What was asked for in the meantime.
    if (branch.atLeast > branch.revision) void this.load(path)
    void this.showOpen(branch.nodes)
  }

  private failed(path: string, branch: Branch, error: Error & { status?: number }): void {
    if (error.status === 404) {
      // The branch was deleted meanwhile.
      this.branches.delete(path)
      this.open.delete(path)
      this.remember()
    } else {
      branch.error = error
    }
  }

  private async page(path: string, cursor: string | undefined, limit: number): Promise<Schemas['TreePage']> {
    const page = await this.turns.run(() =>
      unwrap(api.GET('/namespace/tree', { params: { query: { ...(path ? { path } : {}), limit, ...(cursor ? { cursor } : {}) } } })),
    )
    this.totalsValue = { topics: page.topics, unmodeledTopics: page.unmodeledTopics }
    return page
  }

  private flatten(): Row[] {
    const rows: Row[] = []
    const walk = (path: string, depth: number) => {
      const branch = this.branches.get(path)
      if (!branch || (branch.nodes.length === 0 && (branch.loading || branch.error))) {
        if (depth > 0 || branch) rows.push({ kind: 'wait', key: `wait:${path}`, depth, path, error: branch?.error })
        return
      }
      branch.nodes.forEach((node, index) => {
        const open = isBranch(node) && this.open.has(node.path)
        rows.push({ kind: 'node', key: node.path, node, depth, open, position: index + 1, size: branch.nodes.length })
        if (open && node.childCount > 0) walk(node.path, depth + 1)
      })
      if (branch.error) rows.push({ kind: 'wait', key: `wait:${path}`, depth, path, error: branch.error })
      else if (branch.nextCursor) rows.push({ kind: 'more', key: `more:${path}`, depth, path })
    }
    walk('', 0)
    return rows
  }

  private remember(): void {
    try {
      sessionStorage.setItem(STORED, JSON.stringify([...this.open].slice(0, STORED_MOST)))
    } catch {
      // Not remembered over a reload.
    }
  }

  private changed(): void {
    this.cached = undefined
    for (const listener of this.listeners) listener()
  }
}
