import { CircleHelp, Folder, Inbox } from 'lucide-react'
import { memo, useEffect, useSyncExternalStore } from 'react'
import { live } from '../../api/live'
import { useLiveValue } from '../../api/queries'
import { number, t, tn } from '../../i18n'
import { Note } from '../../ui/basics'
import { Empty } from '../../ui/states'
import { Chevron, TreeList } from './TreeList'
import type { UnmodeledLevel, UnmodeledRow, UnmodeledStore } from './unmodeledstore'

/** The topics nobody modelled, level by level. Keys as in the tree of the namespace. */
export function UnmodeledTree({ store, selected, onSelect, onBranch }: { store: UnmodeledStore; selected: string | undefined; onSelect: (topic: string) => void; onBranch: (branch: string) => void }) {
  const rows = useSyncExternalStore(store.subscribe, store.rows)
  const notKept = useSyncExternalStore(store.subscribe, store.notKept)
  useEffect(() => {
    store.reload()
    const off = [
      live.on('namespace', (event) => store.noticed(event.unmodeledRevision)),
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

  const toggle = (row: UnmodeledRow) => {
    if (row.kind === 'level' && row.level.branch) void store.setOpen(row.level.path, !row.open)
  }
  const choose = (row: UnmodeledRow) => {
    if (row.kind === 'wait' && row.error) store.retry(row.under)
    else if (row.kind === 'level') {
      if (row.level.topic) onSelect(row.level.path)
      else {
        onBranch(row.level.path)
        // As in the tree of the namespace: a click opens, closing is the chevron's.
        if (!row.open) toggle(row)
      }
    }
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
        <TreeList
          rows={rows}
          selectedKey={selected === undefined ? undefined : `level:${selected}`}
          label={t('uns.unmodeled')}
          testId="unmodeled-tree"
          rowTestId={(row) => (row.kind === 'level' ? `unmodeled-item-${row.level.path}` : row.kind)}
          content={(row) =>
            row.kind === 'level' ? (
              <LevelContent level={row.level} open={row.open} onToggle={() => toggle(row)} />
            ) : (
              <span className="tree-note">{row.kind === 'wait' && row.error ? `${row.error.message} · ${t('retry')}` : t('loading')}</span>
            )
          }
          isOpen={(row) => (row.kind === 'level' && row.level.branch ? row.open : undefined)}
          nameOf={(row) => (row.kind === 'level' ? row.level.name : '')}
          onToggle={toggle}
          onChoose={choose}
          onShown={(row) => {
            if (row.kind === 'more') void store.loadMore(row.under)
          }}
        />
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
      <Chevron open={open} onToggle={onToggle} hidden={!level.branch} />
      {topic ? <CircleHelp size={16} className="muted" aria-hidden /> : <Folder size={16} aria-hidden />}
      <span className="tree-name mono" title={level.path}>
        {level.name || <span className="muted">{t('unmodeled.emptyLevel')}</span>}
      </span>
      {level.branch && <span className="tree-count num">{number(level.topics)}</span>}
      {topic && <LevelValue liveId={topic.liveId} text={topic.text} />}
    </>
  )
}

/** The only part that updates with each value: one subscription per row on screen. */
const LevelValue = memo(function LevelValue({ liveId, text }: { liveId: number; text: string | null }) {
  const value = useLiveValue(liveId)
  return <span className="tree-value mono">{value?.x ?? text ?? ''}</span>
})
