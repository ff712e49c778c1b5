/** One line of a pretty-printed payload. Numbers and texts stand as they came: nothing goes through a double. */
export interface PayloadLine {
  depth: number
  /** Where in the payload: a JSON Pointer, e.g. `/temperatures/0`. Closing brackets have none. */
  path: string | undefined
  key: string | undefined
  text: string
  kind: 'string' | 'number' | 'literal' | 'bracket' | 'text'
  comma: boolean
}

const MAX_LINES = 2_000
/** A longer difference says no more than its first digits and its size. */
const LONGEST_DIFFERENCE = 12
const TOKEN = /\s*(?:("(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)|(true|false|null)|([{}[\],:]))/y

interface Token {
  kind: 'string' | 'number' | 'literal' | 'mark'
  text: string
}

function* tokens(text: string): Generator<Token> {
  TOKEN.lastIndex = 0
  const end = text.trimEnd().length
  while (TOKEN.lastIndex < end) {
    const match = TOKEN.exec(text)
    if (!match) throw new SyntaxError('no JSON')
    if (match[1] !== undefined) yield { kind: 'string', text: match[1] }
    else if (match[2] !== undefined) yield { kind: 'number', text: match[2] }
    else if (match[3] !== undefined) yield { kind: 'literal', text: match[3] }
    else yield { kind: 'mark', text: match[4]! }
  }
}

/** The payload in lines; undefined when it is no JSON. */
export function formatJson(text: string): PayloadLine[] | undefined {
  try {
    JSON.parse(text)
  } catch {
    return undefined
  }
  const lines: PayloadLine[] = []
  const stack: { array: boolean; index: number; path: string }[] = []
  let key: string | undefined
  let expectsKey = false
  const pathOf = () => {
    const top = stack.at(-1)
    if (!top) return ''
    return `${top.path}/${top.array ? top.index : (JSON.parse(key ?? '""') as string).replaceAll('~', '~0').replaceAll('/', '~1')}`
  }
  for (const token of tokens(text)) {
    if (lines.length >= MAX_LINES) {
      lines.push({ depth: 0, path: undefined, key: undefined, text: '…', kind: 'text', comma: false })
      break
    }
    const top = stack.at(-1)
    if (token.kind === 'mark') {
      if (token.text === ',') {
        lines.at(-1)!.comma = true
        if (top!.array) top!.index++
        else expectsKey = true
      } else if (token.text === '{' || token.text === '[') {
        const path = pathOf()
        lines.push({ depth: stack.length, path, key, text: token.text, kind: 'bracket', comma: false })
        stack.push({ array: token.text === '[', index: 0, path })
        expectsKey = token.text === '{'
        key = undefined
      } else if (token.text === '}' || token.text === ']') {
        stack.pop()
        const open = lines.at(-1)!
        if (open.kind === 'bracket' && !open.comma && (open.text === '{' || open.text === '[')) open.text += token.text
        else lines.push({ depth: stack.length, path: undefined, key: undefined, text: token.text, kind: 'bracket', comma: false })
        expectsKey = false
        key = undefined
      }
      continue
    }
    if (expectsKey && token.kind === 'string') {
      key = token.text
      expectsKey = false
      continue
    }
    lines.push({ depth: stack.length, path: pathOf(), key, text: token.text, kind: token.kind, comma: false })
    key = undefined
  }
  return lines
}

/** Values by place, to compare the next payload with. */
export function valuesOf(lines: PayloadLine[]): Map<string, string> {
  const values = new Map<string, string>()
  for (const line of lines) if (line.path !== undefined && line.kind !== 'bracket') values.set(line.path, line.text)
  return values
}

/** How a line differs from before: undefined = not at all; a difference of numbers as text, e.g. `▲ 0.6`. */
export function change(line: PayloadLine, before: Map<string, string> | undefined): string | undefined {
  if (!before || line.path === undefined || line.kind === 'bracket') return undefined
  const old = before.get(line.path)
  if (old === line.text) return undefined
  if (old === undefined || line.kind !== 'number') return ''
  const difference = Number(line.text) - Number(old)
  if (!Number.isFinite(difference) || difference === 0) return ''
  const places = Math.min(6, Math.max(...[line.text, old].map((text) => /\.(\d+)/.exec(text)?.[1]?.length ?? 0)))
  const amount = Math.abs(difference)
  const digits = amount.toFixed(places)
  return `${difference > 0 ? '▲' : '▼'} ${digits.length > LONGEST_DIFFERENCE ? amount.toExponential(2) : digits}`
}
