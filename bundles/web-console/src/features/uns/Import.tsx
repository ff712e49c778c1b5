import { FileJson, Upload } from 'lucide-react'
import { useId, useState } from 'react'
import { api, ApiError, unwrap, type Schemas } from '../../api/client'
import { keys, useChange } from '../../api/queries'
import { t, tn } from '../../i18n'
import { fieldText } from '../../i18n/problem'
import { whyText } from '../../i18n/why'
import { Button, Note } from '../../ui/basics'
import { Dialog } from '../../ui/overlays'
import { toast } from '../../ui/toast'

/** Reads a namespace file, says what it would do, and does it all or not at all. */
export function ImportDialog({ open, onClose, onImported }: { open: boolean; onClose: () => void; onImported: () => void }) {
  return open ? <Form onClose={onClose} onImported={onImported} /> : null
}

function Form({ onClose, onImported }: { onClose: () => void; onImported: () => void }) {
  const [name, setName] = useState('')
  const [file, setFile] = useState<File>()
  const id = useId()
  // The file goes as it is: it may be too large to be read here.
  const call = (dryRun: boolean) => (content: File) =>
    unwrap(
      api.POST('/namespace/import', {
        params: { query: { dryRun } },
        body: {},
        bodySerializer: () => content,
        headers: { 'Content-Type': 'application/json' },
      }),
    )
  const check = useChange(call(true))
  const run = useChange(call(false), keys.namespace)
  const result: Schemas['ImportResult'] | undefined = check.data
  const failure = run.error ?? check.error

  const read = (chosen: File | undefined) => {
    if (!chosen) return
    setName(chosen.name)
    setFile(chosen)
    run.reset()
    check.mutate(chosen)
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('uns.import')}
      description={t('import.text')}
      testId="import-dialog"
      onSubmit={() => {
        if (!file || run.isPending || !result || result.errors.length > 0) return
        run.mutate(file, {
          onSuccess: (done) => {
            toast({ kind: 'ok', text: t('import.done', { created: done.created }) })
            onImported()
            onClose()
          },
        })
      }}
      footer={
        <>
          <span className="grow" />
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button type="submit" variant="primary" busy={run.isPending} disabled={!result || result.errors.length > 0} data-testid="import-run">
            {t('import.run')}
          </Button>
        </>
      }
    >
      <label
        htmlFor={id}
        className="drop"
        onDragOver={(event) => event.preventDefault()}
        onDrop={(event) => {
          event.preventDefault()
          read(event.dataTransfer.files[0])
        }}
      >
        {name ? <FileJson size={22} aria-hidden /> : <Upload size={22} aria-hidden />}
        <span>{name || t('import.choose')}</span>
        <input id={id} type="file" accept="application/json,.json" className="sr" onChange={(event) => read(event.target.files?.[0])} data-testid="import-file" />
      </label>
      {failure && <Refused failure={failure} />}
      {result && result.errors.length === 0 && (
        <Note tone="info" testId="import-preview">
          {t('import.preview', { created: result.created, unchanged: result.unchanged })}
          {result.templates > 0 && ` ${tn('import.templates', result.templates)}`}
          {result.ignoreRules > 0 && ` ${tn('import.ignoreRules', result.ignoreRules)}`}
        </Note>
      )}
      {result && result.errors.length === 0 && result.notes.length > 0 && (
        <Note tone="warn" testId="import-notes">
          {tn('import.notes', result.notes.length + result.moreNotes)}
          <Lines label={t('import.notKept')} lines={result.notes.map(lineOf)} more={result.moreNotes} />
        </Note>
      )}
      {result && result.errors.length > 0 && (
        <Note tone="err">
          {tn('import.errors', result.errors.length + result.moreErrors)}
          <Lines label={t('import.problems')} lines={result.errors.map(lineOf)} more={result.moreErrors} />
        </Note>
      )}
    </Dialog>
  )
}

interface Line {
  place: string
  line: number
  text: string
}

function lineOf({ path, pointer, line, message, why }: Schemas['ImportResult']['errors'][number]): Line {
  return { place: path || pointer, line, text: whyText(why, message) }
}

/** The file was not taken: with the mistakes, if it had some of its own. */
function Refused({ failure }: { failure: Error }) {
  const errors = failure instanceof ApiError ? (failure.problem?.errors ?? []) : []
  if (errors.length === 0) return <Note tone="err">{failure.message}</Note>
  return (
    <Note tone="err">
      {tn('import.refused', errors.length)}
      <Lines
        label={t('import.problems')}
        lines={errors.map((error) => ({ place: error.field || error.pointer, line: Number(error.parameters?.['line'] ?? 0), text: fieldText(error) }))}
        more={0}
      />
    </Note>
  )
}

/** All that the server lists, to scroll through, and how many it does not list. */
function Lines({ label, lines, more }: { label: string; lines: Line[]; more: number }) {
  return (
    <>
      <ul className="errors" tabIndex={0} aria-label={label} data-testid="import-lines">
        {lines.map(({ place, line, text }, index) => (
          <li key={index}>
            {place && <code className="mono">{place}</code>}
            {line > 0 && <span className="muted small num">{t('import.line', { line: String(line) })}</span>}
            <span>{text}</span>
          </li>
        ))}
      </ul>
      {more > 0 && <p className="small" data-testid="import-more">{tn('import.more', more)}</p>}
    </>
  )
}
