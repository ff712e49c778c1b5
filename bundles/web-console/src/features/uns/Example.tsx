import { Factory, Lightbulb } from 'lucide-react'
import { api, unwrap } from '../../api/client'
import { keys, useChange } from '../../api/queries'
import { t } from '../../i18n'
import { Button, Note } from '../../ui/basics'
import { toast } from '../../ui/toast'

/** The path of the example in its file; its label says what it is also after a rename. */
const EXAMPLE = 'Example'
const LABEL = 'example'

/** Makes a small namespace to look around in; the whole of it lies below one path, so that one deletion removes it. */
export function ExampleButton({ onMade }: { onMade: (path: string) => void }) {
  const make = useChange(async () => {
    const { default: document } = await import('./example.json')
    await unwrap(
      api.POST('/namespace/import', {
        params: { query: { dryRun: false } },
        body: {},
        bodySerializer: () => JSON.stringify(document),
        headers: { 'Content-Type': 'application/json' },
      }),
    )
    // Here, not when all is looked up anew: by then the namespace is not empty, and the button gone.
    onMade(EXAMPLE)
  }, keys.namespace)
  return (
    <Button
      icon={<Factory size={16} aria-hidden />}
      busy={make.isPending}
      onClick={() => make.mutate(undefined, { onError: (error) => toast({ kind: 'error', text: error.message }) })}
      data-testid="make-example"
    >
      {t('example.make')}
    </Button>
  )
}

/** On the page of the example: what it is for, and how to be rid of it. */
export function ExampleNote({ labels, onRemove }: { labels: string[]; onRemove: (() => void) | undefined }) {
  if (!labels.includes(LABEL)) return null
  return (
    <Note tone="info" icon={<Lightbulb size={17} aria-hidden />} testId="example-note">
      <p>{t('example.note')}</p>
      {onRemove && (
        <span className="remedies">
          <Button onClick={onRemove} data-testid="remove-example">
            {t('example.remove')}
          </Button>
        </span>
      )}
    </Note>
  )
}
