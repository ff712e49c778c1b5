import { useVirtualizer } from '@tanstack/react-virtual'
import { ChevronRight } from 'lucide-react'
import { useEffect, useId, useRef, useState, type DragEvent, type KeyboardEvent, type ReactNode } from 'react'
import { classes } from '../../ui/basics'
import type { Place } from '../../ui/menu'

const ROW_HEIGHT = 28

/** A row of a tree that is drawn as a list. */
export interface ListRow {
  key: string
  depth: number
  /** Among its siblings; missing of rows that only stand for what is not there yet. */
  position?: number
  size?: number
}

interface Props<R extends ListRow> {
  rows: R[]
  selectedKey: string | undefined
  label: string
  testId: string
  rowTestId: (row: R) => string
  content: (row: R) => ReactNode
  /** Whether a branch is open; undefined if the row is none. */
  isOpen: (row: R) => boolean | undefined
  /** What letters are compared with; empty for rows without a name. */
  nameOf: (row: R) => string
  onToggle: (row: R) => void
  onChoose: (row: R) => void
  /** A row came into view. */
  onShown: (row: R) => void
  /** The key for menus, Shift F10 or the right button. */
  onMenu?: ((row: R, at: Place) => void) | undefined
  /** Further keys; whether it was one. */
  onKey?: (key: string, row: R) => boolean
  /** A row was dragged onto another that takes it; missing if rows cannot be dragged. */
  onDrop?: ((dragged: R, target: R) => void) | undefined
  takes?: (dragged: R, target: R) => boolean
}

/**
 * A tree as one focusable list of rows: only those on screen exist. Arrow keys walk, right and left open and close, Home and End jump, letters find
 * the next name.
 */
export function TreeList<R extends ListRow>({ rows, selectedKey, label, testId, rowTestId, content, isOpen, nameOf, onToggle, onChoose, onShown, onMenu, onKey, onDrop, takes }: Props<R>) {
  const scroller = useRef<HTMLDivElement>(null)
  const id = useId()
  const [activeKey, setActiveKey] = useState<string>()
  const dragged = useRef<R>(undefined)
  const [overKey, setOverKey] = useState<string>()
  const found = rows.findIndex((row) => row.key === (activeKey ?? selectedKey))
  // The row that was walked to is gone: its neighbour takes its place.
  const activeBefore = useRef(0)
  const active = found >= 0 ? found : Math.max(0, Math.min(activeBefore.current, rows.length - 1))
  useEffect(() => {
    activeBefore.current = active
  })
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: (index) => rows[index]?.key ?? index,
    overscan: 10,
  })

  // A selection from elsewhere (search, palette, URL) comes into view once its row exists.
  const shown = useRef<string>(undefined)
  useEffect(() => {
    if (!selectedKey || shown.current === selectedKey) return
    const index = rows.findIndex((row) => row.key === selectedKey)
    if (index >= 0) {
      shown.current = selectedKey
      setActiveKey(selectedKey)
      virtualizer.scrollToIndex(index, { align: 'auto' })
    }
  }, [rows, selectedKey, virtualizer])

  const items = virtualizer.getVirtualItems()
  const report = useRef(onShown)
  useEffect(() => {
    report.current = onShown
  })
  useEffect(() => {
    for (const item of items) {
      const row = rows[item.index]
      if (row) report.current(row)
    }
  }, [items, rows])

  const choose = (row: R) => {
    setActiveKey(row.key)
    if (row.position !== undefined) shown.current = row.key
    onChoose(row)
  }
  const walkTo = (index: number) => {
    const next = rows[Math.min(rows.length - 1, Math.max(0, index))]
    if (!next) return
    setActiveKey(next.key)
    virtualizer.scrollToIndex(rows.indexOf(next), { align: 'auto' })
  }
  const menuAt = (row: R, at?: Place) => {
    if (row.position === undefined || !onMenu) return
    setActiveKey(row.key)
    // A row that was scrolled out of sight is not there.
    const drawn = (document.getElementById(`${id}-${rows.indexOf(row)}`) ?? scroller.current)?.getBoundingClientRect()
    if (at) onMenu(row, at)
    else if (drawn) onMenu(row, { left: drawn.left + 32, right: drawn.right, top: drawn.top, bottom: Math.min(drawn.bottom, drawn.top + ROW_HEIGHT) })
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const row = rows[active]
    if (!row || event.ctrlKey || event.metaKey || event.altKey) return
    const open = isOpen(row)
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / ROW_HEIGHT) - 1)
    switch (event.key) {
      case 'ArrowDown':
        walkTo(active + 1)
        break
      case 'ArrowUp':
        walkTo(active - 1)
        break
      case 'PageDown':
        walkTo(active + page)
        break
      case 'PageUp':
        walkTo(active - page)
        break
      case 'Home':
        walkTo(0)
        break
      case 'End':
        walkTo(rows.length - 1)
        break
      case 'ArrowRight':
        if (open === false) onToggle(row)
        else if (open) walkTo(active + 1)
        break
      case 'ArrowLeft':
        if (open) onToggle(row)
        else {
          const above = rows.slice(0, active).findLastIndex((other) => other.depth < row.depth)
          if (above >= 0) walkTo(above)
        }
        break
      case 'Enter':
      case ' ':
        choose(row)
        break
      case 'ContextMenu':
        menuAt(row)
        break
      case 'F10':
        if (!event.shiftKey) return
        menuAt(row)
        break
      default: {
        if (onKey?.(event.key, row)) break
        if (event.key.length !== 1 || event.key === '/' || event.key === '?') return
        const letter = event.key.toLowerCase()
        const names = rows.map((other) => nameOf(other).toLowerCase())
        const after = names.findIndex((name, index) => index > active && name.startsWith(letter))
        const next = after >= 0 ? after : names.findIndex((name) => name.startsWith(letter))
        if (next < 0) return
        walkTo(next)
      }
    }
    event.preventDefault()
  }

  const dragging = (row: R) =>
    onDrop && row.position !== undefined
      ? {
          draggable: true,
          onDragStart: (event: DragEvent) => {
            dragged.current = row
            event.dataTransfer.effectAllowed = 'move'
            event.dataTransfer.setData('text/plain', row.key)
          },
          onDragOver: (event: DragEvent) => {
            if (!dragged.current || !takes?.(dragged.current, row)) return
            event.preventDefault()
            setOverKey(row.key)
          },
          onDragLeave: () => setOverKey((key) => (key === row.key ? undefined : key)),
          onDragEnd: () => {
            dragged.current = undefined
            setOverKey(undefined)
          },
          onDrop: (event: DragEvent) => {
            const from = dragged.current
            dragged.current = undefined
            setOverKey(undefined)
            if (!from || !takes?.(from, row)) return
            event.preventDefault()
            onDrop(from, row)
          },
        }
      : {}

  return (
    <div
      ref={scroller}
      className="tree"
      role="tree"
      aria-label={label}
      tabIndex={0}
      aria-activedescendant={rows[active] ? `${id}-${active}` : undefined}
      onKeyDown={onKeyDown}
      data-testid={testId}
    >
      <div className="tree-inner" role="presentation" style={{ height: virtualizer.getTotalSize() }}>
        {items.map((item) => {
          const row = rows[item.index]
          if (!row) return null
          return (
            <div
              key={row.key}
              id={`${id}-${item.index}`}
              className={classes('tree-row', row.key === selectedKey && 'on', item.index === active && 'active', row.key === overKey && 'drop')}
              {...dragging(row)}
              style={{ transform: `translateY(${item.start}px)`, paddingLeft: 12 + row.depth * 16 }}
              role="treeitem"
              aria-level={row.depth + 1}
              aria-selected={row.key === selectedKey}
              aria-expanded={isOpen(row)}
              aria-posinset={row.position}
              aria-setsize={row.size}
              onClick={() => choose(row)}
              onDoubleClick={() => onToggle(row)}
              onContextMenu={(event) => {
                if (row.position === undefined || !onMenu) return
                event.preventDefault()
                menuAt(row, { left: event.clientX, right: event.clientX, top: event.clientY, bottom: event.clientY })
              }}
              data-testid={rowTestId(row)}
            >
              {Array.from({ length: row.depth }, (_, depth) => (
                <span key={depth} className="guide" style={{ left: 20 + depth * 16 }} aria-hidden />
              ))}
              {content(row)}
            </div>
          )
        })}
      </div>
    </div>
  )
}

/** Opens and closes a branch; an empty place of the same size for what is none. */
export function Chevron({ open, onToggle, hidden }: { open: boolean; onToggle: () => void; hidden?: boolean }) {
  if (hidden) return <span className="chevron" />
  return (
    <span
      className={classes('chevron', open && 'open')}
      aria-hidden
      onClick={(event) => {
        event.stopPropagation()
        onToggle()
      }}
      data-testid="tree-toggle"
    >
      <ChevronRight size={15} />
    </span>
  )
}
