import type { Schemas } from '../../api/client'
import { useChildren, useLiveValue } from '../../api/queries'
import { number, t, tn } from '../../i18n'
import { Age } from '../../ui/basics'
import { Failure, TableSkeleton } from '../../ui/states'
import { TableScroll } from '../../ui/tablescroll'
import { PathIcon, qualityCode, QualityDot, TypeBadge } from './icons'
import { unitSign } from './units'

type TreeNode = Schemas['TreeNode']

/** What is right below a path: how much each path holds, what each topic says now. */
export function ChildrenCard({ path, onSelect }: { path: string; onSelect: (path: string) => void }) {
  const children = useChildren(path)
  const rows = children.data?.pages.flatMap((page) => page.nodes) ?? []
  const total = children.data?.pages[0]?.total
  return (
    <section className="card table-card" aria-labelledby="children-title" data-testid="children">
      <div className="card-head">
        <h2 id="children-title">{t('uns.children')}</h2>
        {total !== undefined && <span className="count num">{number(total)}</span>}
      </div>
      {children.isPending ? (
        <TableSkeleton rows={3} columns={4} />
      ) : children.isError ? (
        <Failure error={children.error} retry={children.refetch} />
      ) : rows.length === 0 ? (
        <p className="card-empty">{t('uns.children.none')}</p>
      ) : (
        <>
          <TableScroll label={t('uns.children')}>
            <table aria-label={t('uns.children')}>
              <thead>
                <tr>
                  <th scope="col">{t('field.name')}</th>
                  <th scope="col" className="numeric">
                    {t('value.value')}
                  </th>
                  <th scope="col">{t('value.quality')}</th>
                  <th scope="col" className="from-2">
                    {t('value.lastUpdate')}
                  </th>
                </tr>
              </thead>
              <tbody>
                {rows.map((node) => (
                  <Child key={node.id} node={node} onSelect={onSelect} />
                ))}
              </tbody>
            </table>
          </TableScroll>
          {children.hasNextPage && (
            <div className="table-foot">
              <span>{t('showing', { n: rows.length, total: total ?? rows.length })}</span>
              <button type="button" className="link" onClick={() => !children.isFetchingNextPage && void children.fetchNextPage()}>
                {t('showMore')}
              </button>
            </div>
          )}
        </>
      )}
    </section>
  )
}

function Child({ node, onSelect }: { node: TreeNode; onSelect: (path: string) => void }) {
  const value = useLiveValue(node.liveId)
  const topic = node.type === 'TOPIC'
  const live = value && value.t > 0 ? value : undefined
  const quality = live?.q ?? qualityCode(node.quality)
  const text = live ? live.x : node.text
  const unit = unitSign(live ? live.u : node.unit)
  const at = live ? live.t : node.receivedAt
  return (
    <tr data-testid={`child-${node.name}`}>
      <td>
        <button type="button" className="child" onClick={() => onSelect(node.path)}>
          {topic ? <TypeBadge type={node.topicType} /> : <PathIcon type={node.topicType} />}
          <span className="cut wide">{node.displayName ?? node.name}</span>
        </button>
      </td>
      <td className="numeric">{topic ? <span className="mono cut">{text !== null && quality !== 'N' ? `${text}${unit ? ` ${unit}` : ''}` : '—'}</span> : <span className="sub">{tn('uns.topics', node.topicCount)}</span>}</td>
      <td>
        {topic && (
          <span className="with-dot">
            <QualityDot quality={quality} />
            {t(`quality.${quality ?? 'N'}`)}
          </span>
        )}
      </td>
      <td className="sub num from-2">{at ? <Age time={at} every={10_000} /> : ''}</td>
    </tr>
  )
}
