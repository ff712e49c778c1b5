import { api, unwrap, type Schemas } from '../../api/client'

export type TreeNode = Schemas['TreeNode']

interface Branch {
  nodes: TreeNode[]
  nextCursor: string | null
  loading: boolean
  error: Error | undefined
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
const STORED = 'busbar.uns.open'

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')))
}

/** The paths above a path, outermost first: `a/b/c` → `a`, `a/b`. */
export function ancestors(path: string): string[] {
  const levels = path.split('/')
  return levels.slice(1).map((_, index) => levels.slice(0, index + 1).join('/'))
}

/**
 * The part of the namespace that has been looked at: children are loaded when a branch is opened, page by page, and flattened into rows for a
 * virtual list. Lives outside React; a component subscribes to the rows.
 */
export class TreeStore {
  private readonly branches = new Map<string, Branch>()
  private readonly open = new Set<string>()
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
    await this.load('')
    await Promise.all([...this.open].map((path) => this.load(path)))
    let path = ''
    for (let depth = 0; depth < 4; depth++) {
      const nodes: TreeNode[] | undefined = this.branches.get(path)?.nodes
      if (nodes?.length !== 1 || nodes[0]!.type !== 'PATH') break
      path = nodes[0]!.path
      if (!this.open.has(path)) await this.setOpen(path, true)
    }
  }

  async setOpen(path: string, open: boolean): Promise<void> {
    if (open) this.open.add(path)
    else this.open.delete(path)
    this.remember()
    this.changed()
    if (open && !this.branches.has(path)) await this.load(path)
  }

  isOpen(path: string): boolean {
    return this.open.has(path)
  }

  closeAll(): void {
    this.open.clear()
    this.remember()
    this.changed()
  }

  /** Opens everything above a path, so that its row exists. */
  async reveal(path: string): Promise<void> {
    for (const above of ancestors(path)) if (!this.open.has(above)) await this.setOpen(above, true)
  }

  async loadMore(path: string): Promise<void> {
    const branch = this.branches.get(path)
    if (branch?.nextCursor && !branch.loading) await this.load(path, branch.nextCursor)
  }

  retry(path: string): void {
    void this.load(path)
  }

  /** Looks at branches again whose children changed; those never opened are forgotten. */
  reload(parents: readonly string[] | 'all'): void {
    const paths = parents === 'all' ? [...this.branches.keys()] : new Set([...parents, ...parents.map(parentOf), ''])
    for (const path of paths) {
      if (path === '' || this.open.has(path)) {
        if (this.branches.has(path)) void this.load(path)
      } else {
        this.branches.delete(path)
      }
    }
  }

  private async load(path: string, cursor?: string): Promise<void> {
    const before = this.branches.get(path)
    this.branches.set(path, { nodes: before?.nodes ?? [], nextCursor: before?.nextCursor ?? null, loading: true, error: undefined })
    this.changed()
    try {
      // Reload as many as were shown, so that the list does not jump.
      const limit = cursor ? PAGE : Math.min(1000, Math.max(PAGE, before?.nodes.length ?? 0))
      const page = await unwrap(
        api.GET('/namespace/tree', { params: { query: { ...(path ? { path } : {}), limit, ...(cursor ? { cursor } : {}) } } }),
      )
      const nodes = cursor ? [...(before?.nodes ?? []), ...page.nodes] : page.nodes
      this.branches.set(path, { nodes, nextCursor: page.nextCursor, loading: false, error: undefined })
      this.totalsValue = { topics: page.topics, unmodeledTopics: page.unmodeledTopics }
    } catch (failure) {
      const error = failure as Error & { status?: number }
      if (error.status === 404) {
        // The branch was deleted meanwhile.
        this.branches.delete(path)
        this.open.delete(path)
        this.remember()
      } else {
        this.branches.set(path, { nodes: before?.nodes ?? [], nextCursor: before?.nextCursor ?? null, loading: false, error })
      }
    }
    this.changed()
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
        const open = node.type === 'PATH' && this.open.has(node.path)
        rows.push({ kind: 'node', key: node.path, node, depth, open, position: index + 1, size: branch.nodes.length })
        if (open && node.childCount > 0) walk(node.path, depth + 1)
      })
      if (branch.nextCursor) rows.push({ kind: 'more', key: `more:${path}`, depth, path })
    }
    walk('', 0)
    return rows
  }

  private remember(): void {
    try {
      sessionStorage.setItem(STORED, JSON.stringify([...this.open].slice(0, 500)))
    } catch {
      // Not remembered over a reload.
    }
  }

  private changed(): void {
    this.cached = undefined
    for (const listener of this.listeners) listener()
  }
}
