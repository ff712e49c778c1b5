import { useVirtualizer } from '@tanstack/react-virtual'
import { ChevronRight, CircleHelp, Folder, Inbox } from 'lucide-react'
import { memo, useEffect, useId, useRef, useState, useSyncExternalStore, type KeyboardEvent } from 'react'
import { live } from '../../api/live'
import { useLiveValue } from '../../api/queries'
import { number, t, tn } from '../../i18n'
import { classes, Note } from '../../ui/basics'
import { Empty } from '../../ui/states'
import type { UnmodeledLevel, UnmodeledRow, UnmodeledStore } from './unmodeledstore'

const ROW_HEIGHT = 28

/** The topics nobody modelled, level by level. Keys as in the tree of the namespace. */
export function UnmodeledTree({ store, selected, onSelect, onBranch }: { store: UnmodeledStore; selected: string | undefined; onSelect: (topic: string) => void; onBranch: (branch: string) => void }) {
  const rows = useSyncExternalStore(store.subscribe, store.rows)
  const notKept = useSyncExternalStore(store.subscribe, store.notKept)
  const scroller = useRef<HTMLDivElement>(null)
  const id = useId()
  const [activeKey, setActiveKey] = useState<string>()
  const selectedKey = selected === undefined ? undefined : `level:${selected}`
  const active = Math.max(
    0,
    rows.findIndex((row) => row.key === (activeKey ?? selectedKey)),
  )
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: (index) => rows[index]?.key ?? index,
    overscan: 10,
  })

  useEffect(() => {
    store.reload()
    const off = [
      live.on('namespace', () => store.reloadSoon()),
      live.on('lost', () => store.reload()),
      live.on('hello', (hello) => !hello.resumed && store.reload()),
    ]
    return () => {
      off.forEach((stop) => stop())
      store.stop()
    }
  }, [store])
  useEffect(() => {
    if (selected) void store.reveal(selected)
  }, [store, selected])

  // A selection from elsewhere (search, URL) comes into view once its row exists.
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
  useEffect(() => {
    for (const item of items) {
      const row = rows[item.index]
      if (row?.kind === 'more') void store.loadMore(row.under)
    }
  }, [items, rows, store])

  const toggle = (row: UnmodeledRow) => {
    if (row.kind === 'level' && row.level.branch) void store.setOpen(row.level.path, !row.open)
  }
  const choose = (row: UnmodeledRow) => {
    setActiveKey(row.key)
    if (row.kind === 'wait' && row.error) store.retry(row.under)
    else if (row.kind === 'level') {
      shown.current = row.key
      if (row.level.topic) onSelect(row.level.path)
      else {
        onBranch(row.level.path)
        // As in the tree of the namespace: a click opens, closing is the chevron's.
        if (!row.open) toggle(row)
      }
    }
  }
  const walkTo = (index: number) => {
    const next = rows[Math.min(rows.length - 1, Math.max(0, index))]
    if (!next) return
    setActiveKey(next.key)
    virtualizer.scrollToIndex(rows.indexOf(next), { align: 'auto' })
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const row = rows[active]
    if (!row || event.ctrlKey || event.metaKey || event.altKey) return
    const branch = row.kind === 'level' && row.level.branch
    const open = row.kind === 'level' && row.open
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
        if (branch && !open) toggle(row)
        else if (open) walkTo(active + 1)
        break
      case 'ArrowLeft':
        if (open) toggle(row)
        else {
          const above = rows.slice(0, active).findLastIndex((other) => other.depth < row.depth)
          if (above >= 0) walkTo(above)
        }
        break
      case 'Enter':
      case ' ':
        choose(row)
        break
      default:
        return
    }
    event.preventDefault()
  }

  return (
    <>
      {rows.length === 0 ? (
        <div className="tree" data-testid="unmodeled-empty">
          <Empty icon={<Inbox size={22} />} title={t('unmodeled.none.title')}>
            {t('unmodeled.none.text')}
          </Empty>
        </div>
      ) : (
        <div
          ref={scroller}
          className="tree"
          role="tree"
          aria-label={t('uns.unmodeled')}
          tabIndex={0}
          aria-activedescendant={rows[active] ? `${id}-${active}` : undefined}
          onKeyDown={onKeyDown}
          data-testid="unmodeled-tree"
        >
          <div className="tree-inner" role="presentation" style={{ height: virtualizer.getTotalSize() }}>
            {items.map((item) => {
              const row = rows[item.index]
              if (!row) return null
              const level = row.kind === 'level' ? row : undefined
              return (
                <div
                  key={row.key}
                  id={`${id}-${item.index}`}
                  className={classes('tree-row', row.key === selectedKey && 'on', item.index === active && 'active')}
                  style={{ transform: `translateY(${item.start}px)`, paddingLeft: 12 + row.depth * 16 }}
                  role="treeitem"
                  aria-level={row.depth + 1}
                  aria-selected={row.key === selectedKey}
                  aria-expanded={level?.level.branch ? level.open : undefined}
                  aria-posinset={level?.position}
                  aria-setsize={level?.size}
                  onClick={() => choose(row)}
                  onDoubleClick={() => toggle(row)}
                  data-testid={level ? `unmodeled-item-${level.level.path}` : row.kind}
                >
                  {Array.from({ length: row.depth }, (_, depth) => (
                    <span key={depth} className="guide" style={{ left: 20 + depth * 16 }} aria-hidden />
                  ))}
                  {level ? (
                    <LevelContent level={level.level} open={level.open} onToggle={() => toggle(row)} />
                  ) : (
                    <span className="tree-note">{row.kind === 'wait' && row.error ? `${row.error.message} · ${t('retry')}` : t('loading')}</span>
                  )}
                </div>
              )
            })}
          </div>
        </div>
      )}
      {notKept > 0 && (
        <div className="unmodeled-lost" data-testid="unmodeled-not-kept">
          <Note tone="warn">{tn('unmodeled.notKept', notKept)}</Note>
        </div>
      )}
    </>
  )
}

function LevelContent({ level, open, onToggle }: { level: UnmodeledLevel; open: boolean; onToggle: () => void }) {
  const { topic } = level
  return (
    <>
      {level.branch ? (
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
      ) : (
        <span className="chevron" />
      )}
      {topic ? <CircleHelp size={16} className="muted" aria-hidden /> : <Folder size={16} aria-hidden />}
      <span className="tree-name mono" title={level.path}>
        {level.name || <span className="muted">{t('unmodeled.emptyLevel')}</span>}
      </span>
      {level.branch && <span className="tree-count num">{number(level.topics)}</span>}
      {topic && <LevelValue liveId={topic.liveId} text={topic.text} />}
    </>
  )
}

/** The only part that updates five times a second: one subscription per row on screen. */
const LevelValue = memo(function LevelValue({ liveId, text }: { liveId: number; text: string | null }) {
  const value = useLiveValue(liveId)
  return <span className="tree-value mono">{value?.x ?? text ?? ''}</span>
})
