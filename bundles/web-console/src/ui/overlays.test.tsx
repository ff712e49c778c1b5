import { render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { useState } from 'react'
import { describe, expect, it, vi } from 'vitest'
import { Button, Field, Input, Note } from './basics'
import { Confirm, Dialog } from './overlays'

function Form({ refuse }: { refuse?: boolean }) {
  const [tried, setTried] = useState(false)
  const [failure, setFailure] = useState<Error>()
  return (
    <Dialog
      open
      onClose={() => undefined}
      title="Form"
      failure={failure}
      onSubmit={() => {
        setTried(true)
        if (refuse) setTimeout(() => setFailure(new Error('refused by the server')))
      }}
      footer={<Button type="submit">Save</Button>}
    >
      {failure && <Note tone="err">{failure.message}</Note>}
      <Field label="Fine">{(props) => <Input {...props} />}</Field>
      <Field label="Wrong" error={tried && !refuse ? 'is missing' : undefined}>{(props) => <Input {...props} />}</Field>
    </Dialog>
  )
}

it('a mistake in the form is scrolled to and focused when it is submitted', async () => {
  const scrolled = vi.fn()
  Element.prototype.scrollIntoView = scrolled
  render(<Form />)

  await userEvent.click(screen.getByRole('button', { name: 'Save' }))

  expect(document.activeElement).toBe(screen.getByLabelText('Wrong'))
  expect(scrolled).toHaveBeenCalled()
})

it('what the server refuses later is scrolled to and focused as well', async () => {
  render(<Form refuse />)

  await userEvent.click(screen.getByRole('button', { name: 'Save' }))

  await waitFor(() => expect(document.activeElement).toBe(screen.getByRole('alert')))
})

describe('focus after a dialog', () => {
  it('returns to what opened the first of two dialogs that followed each other', async () => {
    function Page() {
      const [step, setStep] = useState(0)
      return (
        <>
          <Button onClick={() => setStep(1)}>New</Button>
          {step === 1 && (
            <Dialog open onClose={() => setStep(0)} title="Form" onSubmit={() => setStep(2)} footer={<Button type="submit">Create</Button>}>
              form
            </Dialog>
          )}
          {step === 2 && (
            <Dialog open sticky onClose={() => setStep(0)} title="Secret" footer={<Button onClick={() => setStep(0)}>Done</Button>}>
              secret
            </Dialog>
          )}
        </>
      )
    }
    render(<Page />)
    await userEvent.click(screen.getByRole('button', { name: 'New' }))
    await userEvent.click(screen.getByRole('button', { name: 'Create' }))

    await userEvent.click(screen.getByRole('button', { name: 'Done' }))

    await waitFor(() => expect(document.activeElement).toBe(screen.getByRole('button', { name: 'New' })))
  })

  it('goes to a neighbour when what opened it is gone', async () => {
    function Page() {
      const [rows, setRows] = useState(['a', 'b', 'c'])
      const [asked, setAsked] = useState<string>()
      return (
        <main id="main" tabIndex={-1}>
          <ul>
            {rows.map((row) => (
              <li key={row}>
                <Button onClick={() => setAsked(row)}>{row}</Button>
              </li>
            ))}
          </ul>
          <Confirm open={asked !== undefined} onClose={() => setAsked(undefined)} title="Delete?" action="Delete" run={async () => setRows(rows.filter((row) => row !== asked))}>
            sure?
          </Confirm>
        </main>
      )
    }
    render(<Page />)
    await userEvent.click(screen.getByRole('button', { name: 'b' }))

    await userEvent.click(screen.getByTestId('confirm-action'))

    await waitFor(() => expect(document.activeElement).toBe(screen.getByRole('button', { name: 'c' })))
  })
})

it('a button that removes its row leaves the focus to the next row', async () => {
  function Rows() {
    const [rows, setRows] = useState(['a', 'b', 'c'])
    return (
      <ul>
        {rows.map((row) => (
          <li key={row}>
            <Input aria-label={row} />
            <Button onClick={() => setRows(rows.filter((other) => other !== row))}>Remove {row}</Button>
          </li>
        ))}
      </ul>
    )
  }
  render(<Rows />)

  await userEvent.click(screen.getByRole('button', { name: 'Remove b' }))

  await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText('c')))
})

it('what concerns much has to be confirmed by typing', async () => {
  const run = vi.fn(async () => undefined)
  render(
    <Confirm open onClose={() => undefined} title="Delete?" action="Delete" word="Lyon" run={run}>
      all of it
    </Confirm>,
  )
  const action = screen.getByTestId<HTMLButtonElement>('confirm-action')
  expect(action.disabled).toBe(true)

  await userEvent.type(screen.getByTestId('confirm-word'), 'Lyon')
  await userEvent.click(action)

  expect(run).toHaveBeenCalledOnce()
})
