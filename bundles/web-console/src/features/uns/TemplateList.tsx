import { Layers } from 'lucide-react'
import type { Schemas } from '../../api/client'
import { useTemplates } from '../../api/templates'
import { number, t, tn } from '../../i18n'
import { classes } from '../../ui/basics'
import { Failure, Skeleton } from '../../ui/states'

type Template = Schemas['Template']

/** The share of topics on each version, the latest first, in percent. */
function shares(template: Template): number[] {
  return template.versions.filter(({ topics }) => topics > 0).map(({ topics }) => (100 * topics) / template.topics)
}

/** All templates at left: latest version, and how many topics pin it. */
export function TemplateList({ q, selected, onSelect }: { q: string; selected: string; onSelect: (id: string) => void }) {
  const list = useTemplates(q)
  if (list.isPending) {
    return (
      <div className="tree">
        <Skeleton lines={8} />
      </div>
    )
  }
  if (list.isError) return <Failure error={list.error} retry={list.refetch} />
  const items = list.data.pages.flatMap((page) => page.items)
  if (items.length === 0) return <div className="tree tree-empty">{q ? t('none.match') : t('templates.none')}</div>
  return (
    <>
      <ul className="template-list" aria-label={t('templates.title')} data-testid="template-list">
        {items.map((each) => {
          const parts = shares(each)
          return (
            <li key={each.id}>
              <button type="button" className={classes('template-row', each.id === selected && 'on')} aria-current={each.id === selected ? 'true' : undefined} onClick={() => onSelect(each.id)} data-testid={`template-${each.name}`}>
                <span className="template-mark" aria-hidden>
                  <Layers size={14} />
                </span>
                <span className="two-lines grow">
                  <span className="cut">
                    <strong>{each.name}</strong> <span className="muted num">{each.latest}</span>
                  </span>
                  <span className="muted small">{parts.length > 1 ? t('templates.inUse', { n: parts.length }) : tn('templates.versions', each.versions.length)}</span>
                </span>
                <span className="two-lines template-use">
                  <span className="small num">{tn('uns.topics', each.topics)}</span>
                  {parts.length > 1 && (
                    <span className="share" aria-hidden>
                      {parts.map((part, index) => (
                        <span key={index} style={{ width: `${part}%` }} />
                      ))}
                    </span>
                  )}
                </span>
              </button>
            </li>
          )
        })}
      </ul>
      {list.hasNextPage && (
        <button type="button" className="link template-more" onClick={() => void list.fetchNextPage()}>
          {t('templates.more', { n: number(list.data.pages[0]!.total - items.length) })}
        </button>
      )}
    </>
  )
}
