import { useVirtualizer } from '@tanstack/react-virtual'
import { ChevronRight } from 'lucide-react'
import { memo, useEffect, useId, useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import type { Schemas } from '../../api/client'
import { useLiveValue } from '../../api/queries'
import { number, t } from '../../i18n'
import { classes } from '../../ui/basics'
import type { Place } from '../../ui/menu'
import { PathIcon, qualityCode, QualityDot, TypeBadge } from './icons'
import { isBranch, type Row, type TreeNode, type TreeStore } from './treestore'
import { unitSign } from './units'

const ROW_HEIGHT = 28

interface Props {
  store: TreeStore
  entries: Row[]
  selected: string | undefined
  onSelect: (path: string) => void
  /** F2; missing for people who may not change anything, as the next one. */
  onRename?: ((node: TreeNode) => void) | undefined
  /** The Delete key. */
  onDelete?: ((node: TreeNode) => void) | undefined
  /** The key for menus, Shift F10 or the right button. */
  onMenu: (node: TreeNode, at: Place) => void
}

/**
 * The tree as one focusable list of rows: only those on screen exist. Arrow keys walk, right and left open and close, Home and End jump, letters
 * find the next name; F2 renames, Delete deletes, the key for menus shows what else can be done.
 */
export function Tree({ store, entries, selected: selectedKey, onSelect, onRename, onDelete, onMenu }: Props) {
  const scroller = useRef<HTMLDivElement>(null)
  const id = useId()
  const [activeKey, setActiveKey] = useState<string>()
  const found = entries.findIndex((entry) => entry.key === (activeKey ?? selectedKey))
  // The row that was walked to is gone: its neighbour takes its place.
  const activeBefore = useRef(0)
  const active = found >= 0 ? found : Math.max(0, Math.min(activeBefore.current, entries.length - 1))
  useEffect(() => {
    activeBefore.current = active
  })
  const virtualizer = useVirtualizer({
    count: entries.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: (index) => entries[index]?.key ?? index,
    overscan: 10,
  })

  // A selection from elsewhere (search, palette, URL) comes into view once its row exists.
  const shown = useRef<string>(undefined)
  useEffect(() => {
    if (!selectedKey || shown.current === selectedKey) return
    const index = entries.findIndex((entry) => entry.key === selectedKey)
    if (index >= 0) {
      shown.current = selectedKey
      setActiveKey(selectedKey)
      virtualizer.scrollToIndex(index, { align: 'auto' })
    }
  }, [entries, selectedKey, virtualizer])

  const items = virtualizer.getVirtualItems()
  useEffect(() => {
    for (const item of items) {
      const entry = entries[item.index]
      if (entry?.kind === 'more') void store.loadMore(entry.path)
    }
  }, [items, entries, store])

  const choose = (entry: Row | undefined) => {
    if (!entry) return
    setActiveKey(entry.key)
    if (entry.kind === 'node') {
      shown.current = entry.key
      onSelect(entry.node.path)
    } else if (entry.kind === 'wait' && entry.error) store.retry(entry.path)
  }
  const toggle = (entry: Row) => {
    if (entry.kind === 'node' && isBranch(entry.node)) void store.setOpen(entry.node.path, !entry.open)
  }
  const walkTo = (index: number) => {
    const next = entries[Math.min(entries.length - 1, Math.max(0, index))]
    if (!next) return
    setActiveKey(next.key)
    virtualizer.scrollToIndex(entries.indexOf(next), { align: 'auto' })
  }
  const menuAt = (entry: Row | undefined, at?: Place) => {
    if (entry?.kind !== 'node') return
    setActiveKey(entry.key)
    // A row that was scrolled out of sight is not there.
    const row = (document.getElementById(`${id}-${entries.indexOf(entry)}`) ?? scroller.current)?.getBoundingClientRect()
    if (at) onMenu(entry.node, at)
    else if (row) onMenu(entry.node, { left: row.left + 32, right: row.right, top: row.top, bottom: Math.min(row.bottom, row.top + ROW_HEIGHT) })
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const entry = entries[active]
    if (!entry || event.ctrlKey || event.metaKey || event.altKey) return
    const isOpen = entry.kind === 'node' && entry.open
    const canOpen = entry.kind === 'node' && isBranch(entry.node)
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
        walkTo(entries.length - 1)
        break
      case 'ArrowRight':
        if (canOpen && !isOpen) toggle(entry)
        else if (isOpen) walkTo(active + 1)
        break
      case 'ArrowLeft':
        if (isOpen) toggle(entry)
        else {
          const above = entries.slice(0, active).findLastIndex((other) => other.depth < entry.depth)
          if (above >= 0) walkTo(above)
        }
        break
      case 'Enter':
      case ' ':
        choose(entry)
        break
      case 'F2':
        if (entry.kind === 'node') onRename?.(entry.node)
        break
      case 'Delete':
        if (entry.kind === 'node') onDelete?.(entry.node)
        break
      case 'ContextMenu':
        menuAt(entry)
        break
      case 'F10':
        if (!event.shiftKey) return
        menuAt(entry)
        break
      default: {
        if (event.key.length !== 1 || event.key === '/' || event.key === '?') return
        const letter = event.key.toLowerCase()
        const names = entries.map((other) => (other.kind === 'node' ? other.node.name.toLowerCase() : ''))
        const after = names.findIndex((name, index) => index > active && name.startsWith(letter))
        const found = after >= 0 ? after : names.findIndex((name) => name.startsWith(letter))
        if (found < 0) return
        walkTo(found)
      }
    }
    event.preventDefault()
  }

  return (
    <div
      ref={scroller}
      className="tree"
      role="tree"
      aria-label={t('uns.tree')}
      tabIndex={0}
      aria-activedescendant={entries[active] ? `${id}-${active}` : undefined}
      onKeyDown={onKeyDown}
      data-testid="uns-tree"
    >
      <div className="tree-inner" role="presentation" style={{ height: virtualizer.getTotalSize() }}>
        {items.map((item) => {
          const entry = entries[item.index]
          if (!entry) return null
          return (
            <div
              key={entry.key}
              id={`${id}-${item.index}`}
              className={classes('tree-row', entry.key === selectedKey && 'on', item.index === active && 'active')}
              style={{ transform: `translateY(${item.start}px)`, paddingLeft: 12 + entry.depth * 16 }}
              role="treeitem"
              aria-level={entry.depth + 1}
              aria-selected={entry.key === selectedKey}
              aria-expanded={entry.kind === 'node' && isBranch(entry.node) ? entry.open : undefined}
              aria-posinset={'position' in entry ? entry.position : undefined}
              aria-setsize={'size' in entry ? entry.size : undefined}
              onClick={() => choose(entry)}
              onDoubleClick={() => toggle(entry)}
              onContextMenu={(event) => {
                if (entry.kind !== 'node') return
                event.preventDefault()
                menuAt(entry, { left: event.clientX, right: event.clientX, top: event.clientY, bottom: event.clientY })
              }}
              data-testid={entry.kind === 'node' ? `tree-item-${entry.node.path}` : entry.kind}
            >
              {Array.from({ length: entry.depth }, (_, depth) => (
                <span key={depth} className="guide" style={{ left: 20 + depth * 16 }} aria-hidden />
              ))}
              <RowContent entry={entry} onToggle={() => toggle(entry)} />
            </div>
          )
        })}
      </div>
    </div>
  )
}

function Chevron({ open, onToggle, hidden }: { open: boolean; onToggle: () => void; hidden?: boolean }) {
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

function RowContent({ entry, onToggle }: { entry: Row; onToggle: () => void }): ReactNode {
  switch (entry.kind) {
    case 'wait':
      return <span className="tree-note">{entry.error ? `${entry.error.message} · ${t('retry')}` : t('loading')}</span>
    case 'more':
      return <span className="tree-note">{t('loading')}</span>
    case 'node':
      return (
        <>
          <Chevron open={entry.open} onToggle={onToggle} hidden={entry.node.childCount === 0} />
          {entry.node.type === 'PATH' ? (
            <>
              <PathIcon type={entry.node.topicType} />
              <span className="tree-name">{entry.node.displayName ?? entry.node.name}</span>
              <span className="tree-count num">{number(entry.node.topicCount)}</span>
            </>
          ) : (
            <TopicContent node={entry.node} />
          )}
        </>
      )
  }
}

/** The only part of the tree that updates five times a second: one subscription per row on screen. */
const TopicContent = memo(function TopicContent({ node }: { node: Schemas['TreeNode'] }) {
  const value = useLiveValue(node.liveId)
  const quality = value?.q ?? qualityCode(node.quality)
  const text = value && value.t > 0 ? value.x : node.text
  const violations = value?.w ?? node.violations
  const unit = unitSign(value && value.t > 0 ? value.u : node.unit)
  return (
    <>
      <TypeBadge type={node.topicType} />
      <span className="tree-name">{node.displayName ?? node.name}</span>
      {violations > 0 && <span className="dot dot-warn" role="img" aria-label={t('violations.some')} title={t('violations.some')} />}
      <span className="tree-value mono">{text !== null && quality !== 'N' ? `${text}${unit ? ` ${unit}` : ''}` : ''}</span>
      <QualityDot quality={quality} />
    </>
  )
})
